"""The one contact store behind v2 and v3: finding people, and who counts in which book."""

from collections.abc import Iterator
from datetime import datetime

from dotdigital.sandbox.clock import Clock
from dotdigital.sandbox.state import MAILABLE, AccountState, Contact, Membership


class People:
    """Contacts of an account by id and by address, which is the same in any case."""

    def __init__(self, state: AccountState, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        contacts = state.contacts.values()
        self._by_email = {contact.email.lower(): contact for contact in contacts}
        self._removed = {contact.id for contact in contacts if contact.removed_at}

    def now(self) -> datetime:
        """The moment, by the sandbox's clock."""
        return self._clock.now()

    def __iter__(self) -> Iterator[Contact]:
        return (each for each in self._state.contacts.values() if not each.is_binned)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def named(self, email: str) -> Contact | None:
        """Whoever has this address and is not in the recycle bin."""
        contact = self._by_email.get(email.strip().lower())
        return contact if contact and not contact.is_binned else None

    def with_id(self, contact_id: int) -> Contact | None:
        """Whoever has this id and is not in the recycle bin."""
        contact = self._state.contacts.get(contact_id)
        return contact if contact and not contact.is_binned else None

    def undelete(self, email: str) -> Contact | None:
        """Whoever has this address, out of the recycle bin again if need be."""
        contact = self._by_email.get(email.strip().lower())
        if contact:
            contact.is_binned = False
        return contact

    def add(self, email: str, *, status: str = "subscribed") -> Contact:
        """A new contact."""
        now = self._clock.now()
        contact = Contact(
            id=self._state.next_id, email=email, created_at=now, updated_at=now, status=status
        )
        self._state.next_id += 1
        self._state.contacts[contact.id] = contact
        self._by_email[email.lower()] = contact
        return contact

    def rename(self, contact: Contact, email: str) -> None:
        """Give a contact another address."""
        self._by_email.pop(contact.email.lower(), None)
        contact.email = email
        self._by_email[email.lower()] = contact

    def bin(self, contact: Contact) -> None:
        """Into the recycle bin, out of every book; that is no unsubscribe."""
        contact.is_binned = True
        for address_book_id in list(contact.lists):
            self.take_out(contact, address_book_id)

    def forget(self, contact: Contact) -> None:
        """Gone for good."""
        self._state.contacts.pop(contact.id, None)
        self._by_email.pop(contact.email.lower(), None)
        self._removed.discard(contact.id)

    def put_in(self, contact: Contact, address_book_id: int, *, even_if_left: bool) -> None:
        """Into a book; whoever left that book stays out unless told otherwise."""
        membership = contact.lists.setdefault(address_book_id, Membership())
        if even_if_left:
            membership.status, membership.removed_at = "subscribed", None
        self.settle(contact)

    def take_out(self, contact: Contact, address_book_id: int) -> None:
        """Out of a book without a trace."""
        contact.lists.pop(address_book_id, None)
        book = self._state.address_books[address_book_id]
        book.members.discard(contact.id)
        book.left.discard(contact.id)

    def set_status(self, contact: Contact, status: str, *, at: datetime | None = None) -> None:
        """The status in the account; any but subscribed takes the person out of the counts."""
        contact.status = status
        is_removed = status not in {"subscribed", "pendingOptIn", "noSubscription"}
        contact.removed_at = (at or self._clock.now()) if is_removed else None
        self.settle(contact)

    def settle(self, contact: Contact) -> None:
        """Bring the counts in line with what the contact says."""
        (self._removed.add if contact.removed_at else self._removed.discard)(contact.id)
        for address_book_id, membership in contact.lists.items():
            book = self._state.address_books[address_book_id]
            is_in = membership.status == "subscribed" and contact.status in MAILABLE
            (book.members.add if is_in else book.members.discard)(contact.id)
            has_left = membership.status == "suppressed"
            (book.left.add if has_left else book.left.discard)(contact.id)

    def removed(self) -> Iterator[Contact]:
        """Everyone removed from the account."""
        return (self._state.contacts[each] for each in self._removed)
