"""Leaving, being taken off and coming back: what the feeds tell and what a challenge does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dotdigital.sandbox.clock import written
from dotdigital.sandbox.people import People
from dotdigital.sandbox.state import AccountState, Contact, Membership
from dotdigital.sandbox.switches import Switches

WHOLE_ACCOUNT: Final = 0
FOR_EVER: Final = frozenset(
    {"ispComplained", "directComplaint", "sharedsuppression", "domainSuppressed", "mailBlocked"}
)
ADDED, CHALLENGED = "ContactAdded", "ContactChallenged"
CANNOT = "ContactCannotBeUnsuppressed"


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Who of an account has left what, and whether they may come back."""

    state: AccountState
    people: People
    switches: Switches

    def leave(self, contact: Contact, address_book_id: int, *, at: datetime | None = None) -> None:
        """Leave one book."""
        if address_book_id not in self.state.address_books:
            raise LookupError(f"there is no address book {address_book_id}")
        left = Membership("suppressed", at or self.people.now())
        contact.lists[address_book_id] = left
        self.people.settle(contact)

    def resubscribe(self, contact: Contact, address_book_id: int, *, challenge: bool) -> str:
        """Ask to have somebody back; answers v2's word for how that went."""
        if contact.status in FOR_EVER:
            return CANNOT
        if challenge and self._left_by_own_wish(contact, address_book_id):
            return self._challenge(contact, address_book_id)
        self._welcome(contact, address_book_id)
        return ADDED

    def confirm(self, contact: Contact) -> None:
        """The click in the challenge mail."""
        if contact.status == "pendingOptIn":
            self.people.set_status(contact, "subscribed")
        for address_book_id in contact.challenges:
            self._welcome(contact, address_book_id)
        contact.challenges, contact.challenged = [], 0

    def removals(self, since: datetime, *, only: str = "") -> list[dict[str, Any]]:
        """The rows of suppressed-since, or of unsubscribed-since with only that status."""
        rows = ((each, each.removed_at) for each in self.people.removed() if not each.is_binned)
        return self._feed(
            since, ((who, when) for who, when in rows if not only or who.status == only)
        )

    def removals_from(self, address_book_id: int, since: datetime) -> list[dict[str, Any]]:
        """The rows of a book's unsubscribed-since; who left the account is not among them."""
        left = (
            self.state.contacts[each] for each in self.state.address_books[address_book_id].left
        )
        rows = ((each, each.lists[address_book_id].removed_at) for each in left)
        return self._feed(since, rows, reason="Unsubscribed")

    def as_v3(self, contact: Contact) -> dict[str, Any]:
        """The whole contact in v3's form."""
        channel = {
            "status": contact.status,
            "emailType": contact.email_type,
            "optInType": _opt_in_type(contact),
        }
        return {
            "contactId": contact.id,
            "status": contact.standing,
            "created": written(contact.created_at),
            "updated": written(contact.updated_at),
            "identifiers": {"email": contact.email},
            "dataFields": contact.data_fields,
            "channelProperties": {"email": channel},
            "lists": list(self._lists(contact)),
            "preferences": [],
            "consentRecords": contact.consent_records,
        }

    def _lists(self, contact: Contact) -> Iterator[dict[str, Any]]:
        for address_book_id, membership in contact.lists.items():
            name = self.state.address_books[address_book_id].name
            yield {"id": address_book_id, "name": name, "status": membership.status}

    def _left_by_own_wish(self, contact: Contact, address_book_id: int) -> bool:
        membership = contact.lists.get(address_book_id)
        has_left_book = membership is not None and membership.status == "suppressed"
        return contact.status == "unsubscribed" or has_left_book

    def _challenge(self, contact: Contact, address_book_id: int) -> str:
        if contact.challenged >= self.switches.challenges_allowed:
            return CANNOT
        contact.challenged += 1
        if address_book_id not in contact.challenges:
            contact.challenges.append(address_book_id)
        return CHALLENGED

    def _welcome(self, contact: Contact, address_book_id: int) -> None:
        self.people.set_status(contact, "subscribed")
        if address_book_id in self.state.address_books:
            self.people.put_in(contact, address_book_id, even_if_left=True)

    def _feed(
        self,
        since: datetime,
        rows: Iterable[tuple[Contact, datetime | None]],
        *,
        reason: str = "",
    ) -> list[dict[str, Any]]:
        until = self.people.now() - timedelta(seconds=self.switches.removal_delay)
        seen = [
            (when, who.id, who)
            for who, when in rows
            if when and when <= until and self._is_since(when, since)
        ]
        seen.sort(reverse=self.switches.newest_first)
        return [_row(who, when, reason or who.v2_status) for when, _, who in seen]

    def _is_since(self, when: datetime, since: datetime) -> bool:
        return when > since or (self.switches.since_is_inclusive and when == since)


def as_v2(contact: Contact) -> dict[str, Any]:
    """The contact in v2's form, without data fields."""
    return {
        "id": contact.id,
        "email": contact.email,
        "optInType": _opt_in_type(contact),
        "emailType": contact.email_type,
        "dataFields": None,
        "status": contact.v2_status,
    }


def _opt_in_type(contact: Contact) -> str:
    known = {"verifieddouble": "VerifiedDouble"}
    return known.get(contact.opt_in_type, contact.opt_in_type.capitalize())


def _row(contact: Contact, when: datetime, reason: str) -> dict[str, Any]:
    return {
        "suppressedContact": as_v2(contact),
        "dateRemoved": written(when),
        "reason": reason,
    }
