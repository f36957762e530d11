"""Person: a row of the ledger as the engine works on it.

The engine moves every person of a store several times, and a model instance costs ten times as
much as this. Everything else reads the ledger as `Contact`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from integrationhub.models import bulk

SUBSCRIBERS = "subscribers"
Known = TypeVar("Known")
Books = Sequence[int]

# In the order of Person's own fields, each list going on where the one before ends: what a page
# of a source is compared with, what is known of somebody never sent, and everything.
COMPARED = (
    "id", "email", "customer_id", "subscriber_id", "has_subscriber_record", "consents",
    "consent_changed_at", "counting_order_ids", "latest_order_id", "source_fields",
    "is_moved", "stage", "dotdigital_id",
)  # fmt: skip
NEVER_SENT = (
    *COMPARED, "accepts_marketing", "accepts_marketing_updated_at", "subscribers_standing",
    "subscribers_reason", "customers_standing", "customers_reason", "decided_in",
    "subscribers_books", "customers_books", "sent_books",
)  # fmt: skip
READ = (
    *NEVER_SENT, "accepted_fingerprint", "attempts", "sent_at", "sent_fingerprint",
    "refused_fingerprint", "contact_import",
)  # fmt: skip
RECORDED = (
    "email",
    "customer_id",
    "subscriber_id",
    "has_subscriber_record",
    "consents",
    "consent_changed_at",
    "counting_order_ids",
    "latest_order_id",
    "source_fields",
    "is_moved",
    "stage",
)
DECIDED = (
    "stage",
    "subscribers_standing",
    "subscribers_reason",
    "customers_standing",
    "customers_reason",
    "accepts_marketing",
    "accepts_marketing_updated_at",
    "decided_in",
)
BOOKS = ("subscribers_books", "customers_books", "sent_books")
SENT = (*DECIDED, *BOOKS, "sent_fingerprint", "sent_at", "contact_import")
OUTCOME = (
    "stage",
    "subscribers_standing",
    "subscribers_reason",
    "customers_standing",
    "customers_reason",
    "decided_in",
    *BOOKS,
    "contact_import",
    "dotdigital_id",
    "is_moved",
    "accepted_fingerprint",
    "refused_fingerprint",
    "attempts",
)
_ATTRIBUTES = {
    "source_fields": "source_json",
    "decided_in": "decided_in_id",
    "contact_import": "contact_import_id",
}


class Placed:
    """Where somebody stands as one of an audience, and in which books; not saved by itself."""

    __slots__ = ()
    subscribers_standing: str
    subscribers_reason: str
    customers_standing: str
    customers_reason: str
    subscribers_books: Books
    customers_books: Books
    sent_books: Mapping[str, int]

    def standing(self, audience: str) -> str:
        """Return where this person stands as one of `audience`."""
        return self.subscribers_standing if audience == SUBSCRIBERS else self.customers_standing

    def reason(self, audience: str) -> str:
        """Return the code of the reason for that standing."""
        return self.subscribers_reason if audience == SUBSCRIBERS else self.customers_reason

    def place(self, audience: str, standing: str, reason: str) -> None:
        """Set where this person stands as one of `audience`, and why."""
        if audience == SUBSCRIBERS:
            self.subscribers_standing, self.subscribers_reason = standing, reason  # type: ignore[misc]  # Person has it
        else:
            self.customers_standing, self.customers_reason = standing, reason  # type: ignore[misc]  # Person has it

    def books(self, audience: str) -> Books:
        """Return the Dotdigital ids of the books in which we have put this person."""
        return self.subscribers_books if audience == SUBSCRIBERS else self.customers_books

    def books_perhaps(self, audience: str) -> set[int]:
        """Return those books, and the one that was sent but has not been confirmed."""
        sent = self.sent_books.get(audience)
        return {*self.books(audience)} | ({sent} if sent else set())

    @property
    def has_books(self) -> bool:
        """Whether this person is, or may be, in any book of ours."""
        return bool(self.subscribers_books or self.customers_books or self.sent_books)

    def put_in(self, audience: str, book: int) -> None:
        """Note that the person is in this book as one of `audience`."""
        if audience == SUBSCRIBERS:
            self.subscribers_books = (*self.subscribers_books, book)  # type: ignore[misc]  # Person has it
        else:
            self.customers_books = (*self.customers_books, book)  # type: ignore[misc]  # Person has it

    def leave(self, book: int) -> None:
        """Note that the person is in this book no longer."""
        self.subscribers_books = tuple(each for each in self.subscribers_books if each != book)  # type: ignore[misc]  # Person has it
        self.customers_books = tuple(each for each in self.customers_books if each != book)  # type: ignore[misc]  # Person has it
        sent_books = {key: sent for key, sent in self.sent_books.items() if sent != book}
        self.sent_books = sent_books  # type: ignore[misc]  # whoever inherits this has it


class Person(Placed, msgspec.Struct, gc=False):
    """One row of the ledger; `id` is 0 while the database does not know it.

    Lists are tuples here, and `source_fields` is kept as the JSON text that it is stored as.
    """

    id: int
    email: str
    customer_id: int | None = None
    subscriber_id: int | None = None
    has_subscriber_record: bool = False
    consents: Sequence[str] | None = None
    consent_changed_at: datetime | None = None
    counting_order_ids: Sequence[int] = ()
    latest_order_id: int | None = None
    source_json: str = "{}"
    is_moved: bool = False
    stage: int = 1
    dotdigital_id: int | None = None
    accepts_marketing: bool = False
    accepts_marketing_updated_at: datetime | None = None
    subscribers_standing: str = ""
    subscribers_reason: str = ""
    customers_standing: str = ""
    customers_reason: str = ""
    decided_in_id: int | None = None
    subscribers_books: Books = ()
    customers_books: Books = ()
    sent_books: Mapping[str, int] = {}
    accepted_fingerprint: str = ""
    attempts: int = 0
    sent_at: datetime | None = None
    sent_fingerprint: str = ""
    refused_fingerprint: str = ""
    contact_import_id: int | None = None

    @property
    def pk(self) -> int:
        """Return the primary key, as a model calls it."""
        return self.id

    @property
    def source_fields(self) -> dict[str, str]:
        """Return what the store says, source by source; decoded anew at each call."""
        return _FIELDS.decode(self.source_json)

    @source_fields.setter
    def source_fields(self, fields: Mapping[str, str]) -> None:
        self.source_json = msgspec.json.encode(fields).decode()

    def recorded(self) -> tuple[Any, ...]:
        """Return everything of this row that the store's records tell."""
        return _RECORDED_OF(self)


_FIELDS = msgspec.json.Decoder(dict[str, str])
_RECORDED_OF = attrgetter(*(_ATTRIBUTES.get(name, name) for name in RECORDED))


def from_rows(rows: Sequence[bulk.Row]) -> list[Person]:
    """Return the people whom these rows tell of: of the fields of READ, the first so many.

    Column by column, so that next to nothing is done in Python for each value.
    """
    columns: list[Iterable[Any]] = [*zip(*rows, strict=True)]
    for name, place in zip(READ, range(len(columns)), strict=False):
        if convert := _CONVERTED.get(name):
            columns[place] = map(convert, columns[place])
    return [*map(Person, *columns)] if columns else []


def to_rows(people: Sequence[Person], names: Sequence[str]) -> list[bulk.Row]:
    """Return the named fields of these people, as they are written, each with the id last."""
    attributes = [_ATTRIBUTES.get(name, name) for name in names]
    columns = [
        [_encoded(value) for value in values] if name in _JSON else values
        for name, values in zip(
            [*names, "id"], zip(*map(attrgetter(*attributes, "id"), people), strict=True),
            strict=True,
        )
    ]  # fmt: skip
    return list(zip(*columns, strict=True))


_JSON = frozenset({"consents", "counting_order_ids", *BOOKS})
_MOMENTS = frozenset({"consent_changed_at", "accepts_marketing_updated_at", "sent_at"})


@lru_cache(maxsize=1024)
def _decoded(text: str | None) -> Any:
    """Return a short JSON column, the same object for the same text: never change it."""
    value = None if text is None else msgspec.json.decode(text)
    return tuple(value) if isinstance(value, list) else value


def _encoded(value: Any) -> str | None:
    if value is not None and not value and not isinstance(value, dict):
        return "[]"
    return None if value is None else msgspec.json.encode(value).decode()


_CONVERTED: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_JSON, _decoded),
    **dict.fromkeys(_MOMENTS, bulk.moment),
}
