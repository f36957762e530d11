"""What one row of v3 (of an import, a POST or a PATCH) does to a contact, or why it does not."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from dotdigital.sandbox import data_fields
from dotdigital.sandbox.people import People
from dotdigital.sandbox.state import AccountState, Contact
from dotdigital.sandbox.switches import Switches

EMAIL = re.compile(
    r"(?=.{3,256}\Z)[^\s@\"(),:;<>\[\]\\\x00]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}",
    re.IGNORECASE | re.ASCII,
)
WRITABLE_STATUSES: Final = frozenset({"subscribed", "unsubscribed", "suppressed"})
CONSENT_KEYS: Final = frozenset({"text", "dateTimeConsented", "url", "ipAddress", "userAgent"})


class RowError(Exception):
    """The row is refused as a whole."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = description


@dataclass(slots=True)
class Written:
    """What became of a row: the contact, whether it is new, and the parts that failed."""

    contact: Contact
    is_new: bool
    failures: list[RowError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes rows into the contacts of one account."""

    state: AccountState
    people: People
    switches: Switches

    def write(self, row: dict[str, Any], *, merge_option: str = "overwrite") -> Written:
        """Create or update the person of this row; raises RowError when none of it is done."""
        values = self._checked_values(row.get("dataFields") or {})
        status = self._checked_status(row)
        written = self._found_or_made(row)
        contact = written.contact
        _merge(contact, values, merge_option)
        self._set_channel(contact, row, status)
        contact.updated_at = self.people.now()
        written.failures += self._join_books(contact, row.get("lists") or [], status)
        written.failures += _consent(contact, row.get("consentRecords") or [])
        return written

    def key(self, row: dict[str, Any]) -> str:
        """What makes two rows of one batch the same person."""
        value = row["identifiers"].get(row["matchIdentifier"], "")
        return f"{row['matchIdentifier']} {value}".strip().lower()

    def _checked_values(self, told: dict[str, Any]) -> dict[str, Any]:
        values = {}
        for name, value in told.items():
            known = self.state.data_fields.get(name.upper())
            if known is None:
                self._unknown_field(name)
                continue
            if not data_fields.fits(known.type, value):
                raise RowError("invalidContact", f"Invalid value for '{known.name}'")
            values[known.name.upper()] = self._checked_length(known.name, known.type, value)
        return values

    def _unknown_field(self, name: str) -> None:
        if self.switches.unknown_data_field != "ignore":
            raise RowError("invalidContact", f"Unknown data field '{name}'")

    def _checked_length(self, name: str, kind: str, value: Any) -> Any:
        if not data_fields.is_over_long(kind, value, self.switches):
            return value
        if self.switches.over_long_value == "clip":
            return value[: self.switches.longest_text]
        raise RowError("invalidContact", f"The value for '{name}' is too long")

    def _checked_status(self, row: dict[str, Any]) -> str | None:
        status: str | None = _channel(row).get("status")
        if status is not None and status.lower() not in WRITABLE_STATUSES:
            raise RowError("invalidContactStatus", f"Invalid status '{status}'")
        return status and status.lower()

    def _found_or_made(self, row: dict[str, Any]) -> Written:
        match, identifiers = row["matchIdentifier"], row["identifiers"]
        if match.lower() == "contactid":
            return Written(self._found_by_id(identifiers), is_new=False)
        if match.lower() != "email":
            raise RowError("invalidMatchIdentifier", f"Unknown identifier '{match}'")
        email = self._checked_email(identifiers.get("email"))
        contact = self.people.undelete(email)
        if contact:
            return Written(contact, is_new=False)
        self._check_room()
        waits = self.switches.is_opt_in_enforced
        made = self.people.add(email, status="pendingOptIn" if waits else "subscribed")
        return Written(made, is_new=True)

    def _found_by_id(self, identifiers: dict[str, Any]) -> Contact:
        contact = self.state.contacts.get(_number(identifiers.get("contactId")))
        if contact is None:
            raise RowError("invalidContactId", "No contact has this id")
        if identifiers.get("email"):
            self._rename(contact, self._checked_email(identifiers["email"]))
        contact.is_binned = False
        return contact

    def _rename(self, contact: Contact, email: str) -> None:
        holder = self.people.named(email)
        if holder is not None and holder is not contact:
            raise RowError("duplicateIdentifier", "Another contact has this address")
        self.people.rename(contact, email)

    def _checked_email(self, told: Any) -> str:
        if told is None:
            raise RowError("noValidIdentifiers", "No valid identifiers")
        email = told.strip() if isinstance(told, str) else ""
        if not EMAIL.fullmatch(email):
            raise RowError("invalidEmail", "Invalid value for 'email'")
        if email.lower() in self.state.globally_suppressed:
            raise RowError("globallySuppressed", "The contact is globally suppressed")
        return email

    def _check_room(self) -> None:
        if len(self.state.contacts) >= self.switches.contact_limit:
            raise RowError("exceedsAllowedContactLimit", "The plan holds no more contacts")

    def _set_channel(self, contact: Contact, row: dict[str, Any], status: str | None) -> None:
        channel = _channel(row)
        if channel.get("optInType"):
            contact.opt_in_type = str(channel["optInType"]).lower()
        if channel.get("emailType"):
            contact.email_type = str(channel["emailType"]).capitalize()
        if status:
            self.people.set_status(contact, status)

    def _join_books(
        self, contact: Contact, wanted: list[int], status: str | None
    ) -> list[RowError]:
        books = self.state.address_books
        known = [each for each in wanted if each in books and not books[each].is_built_in]
        even_if_left = status == "subscribed" or self.switches.import_readds_list_suppressed
        for address_book_id in known:
            self.people.put_in(contact, address_book_id, even_if_left=even_if_left)
        if len(known) == len(wanted):
            return []
        return [RowError("invalidAddressBookIds", "Some of the lists do not exist")]


def _channel(row: dict[str, Any]) -> dict[str, Any]:
    return (row.get("channelProperties") or {}).get("email") or {}


def _number(told: Any) -> int:
    try:
        return int(told)
    except (TypeError, ValueError, OverflowError):
        return 0


def _merge(contact: Contact, values: dict[str, Any], option: str) -> None:
    for name, value in values.items():
        if option == "overwriteIfEmpty" and contact.data_fields.get(name) not in {None, ""}:
            continue
        if option == "overwriteIfNotEmpty" and value in {None, ""}:
            continue
        _set(contact, name, value)


def _set(contact: Contact, name: str, value: Any) -> None:
    if value is None:
        contact.data_fields.pop(name, None)
    else:
        contact.data_fields[name] = value


def _consent(contact: Contact, records: list[dict[str, Any]]) -> list[RowError]:
    if not all(set(each) == CONSENT_KEYS and all(each.values()) for each in records):
        return [RowError("consentRecordsNotApplied", "Consent records were not applied")]
    contact.consent_records += records
    return []
