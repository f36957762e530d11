"""The calls about address books, who is in them, and data fields."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal
from urllib.parse import quote

from dotdigital import shapes, wire
from dotdigital.errors import (
    ApiError,
    MalformedAnswerError,
    NotFoundError,
    SetupError,
    UnavailableError,
)
from dotdigital.http import Call, Session, get, post
from dotdigital.paging import pages
from dotdigital.records import AddressBook, BulkRemovalStatus, DataField

LARGEST_REMOVAL: Final = 1000
UNKNOWN_OUTCOME: Final = (UnavailableError, MalformedAnswerError)


class AddressBookCalls:
    """The part of the client that a session alone is enough for; see `client.Client`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def address_books(self) -> Iterator[AddressBook]:
        """Every address book, the built-in ones too, each once."""
        seen: set[int] = set()
        for page in pages(self._session, "/v2/address-books", AddressBook):
            for book in page.records:
                if book.id not in seen:
                    yield book
                seen.add(book.id)

    def address_book(self, address_book_id: int) -> AddressBook:
        """Raises NotFoundError when it is deleted."""
        call = get(f"/v2/address-books/{address_book_id:d}", name="/v2/address-books/{id}")
        return self._session.ask(call, lambda body: wire.decode(body, AddressBook))

    def create_address_book(self, name: str, *, visibility: str = "Private") -> AddressBook:
        """Names are 1 to 128 characters and unique; raises RejectedError for one that is taken.

        After an answer that got lost, the book is looked for before it is made again.
        """
        wanted = {"name": name, "visibility": visibility}
        call = post("/v2/address-books", wanted, is_repeatable=False)
        try:
            return self._session.ask(call, lambda body: wire.decode(body, AddressBook))
        except UNKNOWN_OUTCOME:
            found = self._address_book_named(name)
        if found:
            return found
        return self._session.ask(call, lambda body: wire.decode(body, AddressBook))

    def data_fields(self) -> list[DataField]:
        """Every data field of the account."""
        rows, _ = self._session.ask(
            get("/v2/data-fields"), lambda body: wire.decode_rows(body, DataField)
        )
        return [shapes.data_field(row) for row in rows]

    def create_data_field(
        self,
        name: str,
        type: Literal["String", "Numeric", "Date", "Boolean"],  # noqa: A002 - their word
        *,
        visibility: str = "Private",
    ) -> None:
        """Makes sure the field is there; raises SetupError when it is there with another type."""
        wanted = {"name": name, "type": type, "visibility": visibility}
        call = post("/v2/data-fields", wanted, is_repeatable=True)
        try:
            self._session.ask(call, wire.nothing_much)
        except ApiError as error:
            if error.code != "ERROR_NON_UNIQUE_DATAFIELD":
                raise
            self._compare_data_field(name, type)

    def remove_from_address_book(self, address_book_id: int, contact_id: int) -> None:
        """The person stays in the account, subscribed; being gone already counts as done.

        Raises NotFoundError when it is the book that is gone.
        """
        path = f"/v2/address-books/{address_book_id:d}/contacts/{contact_id:d}"
        call = Call(method="DELETE", path=path, name="/v2/address-books/{id}/contacts/{id}")
        try:
            self._session.ask(call, wire.nothing_much)
        except NotFoundError as error:
            if error.code != "ERROR_CONTACT_NOT_FOUND":
                raise

    def remove_many_from_address_book(
        self, address_book_id: int, contact_ids: Sequence[int]
    ) -> str:
        """Begins to take at most 1000 contacts out of a book; answers the id of the removal."""
        if not 0 < len(contact_ids) <= LARGEST_REMOVAL:
            raise ValueError(f"between 1 and {LARGEST_REMOVAL} contacts at a time")
        path = f"/v2/address-books/{address_book_id:d}/contacts/delete"
        call = post(path, list(contact_ids), name="/v2/address-books/{id}/contacts/delete")
        return self._session.ask(call, lambda body: wire.decode(body, shapes.BulkRemoval)).id

    def bulk_removal_status(self, removal_id: str) -> BulkRemovalStatus:
        """How the removal stands; raises NotFoundError when Dotdigital no longer knows it."""
        return self._session.ask(_removal_status(removal_id), shapes.bulk_removal_status)

    def await_bulk_removal(self, removal_id: str, *, patience: float) -> BulkRemovalStatus:
        """How the removal ended, or how it stands after `patience` seconds."""
        return self._session.ask_until(
            _removal_status(removal_id),
            shapes.bulk_removal_status,
            is_done=lambda status: status is not BulkRemovalStatus.STARTED,
            patience=patience,
        )

    def _address_book_named(self, name: str) -> AddressBook | None:
        wanted = name.strip().casefold()
        same = (book for book in self.address_books() if book.name.strip().casefold() == wanted)
        return next(same, None)

    def _compare_data_field(self, name: str, wanted: str) -> None:
        types = {field.name.upper(): field.type for field in self.data_fields()}
        found = types.get(name.upper(), wanted)
        if found.lower() != wanted.lower():
            raise SetupError(
                f"the data field {name} exists with type {found}, not {wanted}",
                code="ERROR_NON_UNIQUE_DATAFIELD",
            )


def _removal_status(removal_id: str) -> Call:
    path = f"/v2/contacts/deletion/{quote(removal_id, safe='')}"
    return get(path, name="/v2/contacts/deletion/{id}")
