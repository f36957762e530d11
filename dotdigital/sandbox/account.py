"""One pretend account: what tests and the demo make it hold, and what its people do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import RLock
from typing import Any, Final

from dotdigital.sandbox import data_fields
from dotdigital.sandbox.clock import Clock
from dotdigital.sandbox.people import People
from dotdigital.sandbox.state import AccountState, AddressBook, Contact, DataField
from dotdigital.sandbox.subscriptions import Subscriptions
from dotdigital.sandbox.switches import Switches
from dotdigital.sandbox.writing import Writer

ALL_CONTACTS: Final = "All contacts"


class Account:
    """An account of the sandbox; its methods are what people do in Dotdigital itself."""

    def __init__(
        self, state: AccountState, *, clock: Clock, switches: Switches, lock: "RLock | None" = None
    ) -> None:
        self.state = state
        self.clock = clock
        self.switches = switches
        self.lock = lock or RLock()
        self.people = People(state, clock)
        self.writer = Writer(state, self.people, switches)
        self.subscriptions = Subscriptions(state, self.people, switches)
        if not state.address_books:
            self._furnish()

    def _furnish(self) -> None:
        for name in ("Test", ALL_CONTACTS):
            self.add_address_book(name)
        self.state.data_fields.update(data_fields.built_in())

    @property
    def user(self) -> str:
        """The API user."""
        return self.state.user

    @property
    def password(self) -> str:
        """The API user's password."""
        return self.state.password

    def set_password(self, password: str) -> None:
        """The owner changes the API user's password."""
        with self.lock:
            self.state.password = password

    def move_to(self, region: str) -> None:
        """The account moves to another region: r1, r2 or r3."""
        with self.lock:
            self.state.region = region

    def tell_endpoint(self, endpoint: str | None) -> None:
        """What account-info names as the API's address; None for the true one."""
        with self.lock:
            self.state.told_endpoint = endpoint

    def add_address_book(self, name: str, *, visibility: str = "Private") -> int:
        """A new address book; its id."""
        with self.lock:
            book = AddressBook(id=self.state.next_id, name=name, visibility=visibility)
            self.state.next_id += 1
            self.state.address_books[book.id] = book
            return book.id

    def delete_address_book(self, address_book_id: int) -> None:
        """The owner deletes a book; its people stay."""
        with self.lock:
            for contact in self.people:
                contact.lists.pop(address_book_id, None)
            del self.state.address_books[address_book_id]

    def add_data_field(self, name: str, kind: str = "String") -> None:
        """The owner adds a data field: String, Numeric, Date or Boolean."""
        with self.lock:
            self.state.data_fields[name.upper()] = DataField(name=name, type=kind)

    def add_contact(
        self,
        email: str,
        *,
        data_fields: Mapping[str, str | int | float | bool] | None = None,
        lists: Sequence[int] = (),
        status: str = "subscribed",
        opt_in_type: str = "unknown",
    ) -> int:
        """Somebody who is in the account already; the id."""
        with self.lock:
            contact = self.people.add(email)
            values = (data_fields or {}).items()
            contact.data_fields = {name.upper(): value for name, value in values}
            contact.opt_in_type = opt_in_type
            for address_book_id in lists:
                self.people.put_in(contact, address_book_id, even_if_left=False)
            self.people.set_status(contact, status)
            return contact.id

    def unsubscribe(self, email: str, *, at: datetime | None = None) -> None:
        """The person unsubscribes from everything."""
        self._remove(email, "unsubscribed", at)

    def bounce(
        self, email: str, *, status: str = "hardBounced", at: datetime | None = None
    ) -> None:
        """Mail to the person comes back: hardBounced or softBounced."""
        self._remove(email, status, at)

    def complain(
        self, email: str, *, status: str = "ispComplained", at: datetime | None = None
    ) -> None:
        """The person marks a mail as spam: ispComplained or directComplaint."""
        self._remove(email, status, at)

    def suppress(self, email: str, *, at: datetime | None = None) -> None:
        """The account's owner blocks the person."""
        self._remove(email, "suppressed", at)

    def unsubscribe_from(
        self, address_book_id: int, email: str, *, at: datetime | None = None
    ) -> None:
        """The person leaves one book and stays in the account."""
        with self.lock:
            self.subscriptions.leave(self.known(email), address_book_id, at=at)

    def confirm_resubscription(self, email: str) -> None:
        """The person clicks in the mail that asked whether they want to come back."""
        with self.lock:
            self.subscriptions.confirm(self.known(email))

    def delete_contact(self, email: str) -> None:
        """The owner puts the person into the recycle bin."""
        with self.lock:
            self.people.bin(self.known(email))

    def globally_suppress(self, email: str) -> None:
        """Dotdigital itself blocks the address for everyone."""
        with self.lock:
            self.state.globally_suppressed.add(email.lower())
            contact = self.people.named(email)
            if contact:
                self.people.set_status(contact, "sharedsuppression")

    def contact(self, email: str) -> dict[str, Any] | None:
        """The person as v3 shows them, or None."""
        with self.lock:
            found = self.people.named(email)
            return self.subscriptions.as_v3(found) if found else None

    def members(self, address_book_id: int) -> list[str]:
        """The addresses counted as in the book, in order."""
        with self.lock:
            members = self.state.address_books[address_book_id].members
            return sorted(self.state.contacts[each].email for each in members)

    def known(self, email: str) -> Contact:
        """The contact; raises LookupError when nobody has this address."""
        contact = self.people.named(email)
        if contact is None:
            raise LookupError(f"nobody here has the address {email}")
        return contact

    def _remove(self, email: str, status: str, at: datetime | None) -> None:
        with self.lock:
            self.people.set_status(self.known(email), status, at=at)
