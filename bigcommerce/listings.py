"""One listing of a store: which address, which filters, and how its pages are asked for."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote

from bigcommerce.cursor_paging import CursorWalk
from bigcommerce.dates import whole_second
from bigcommerce.envelopes import Identified, Rows, RowT
from bigcommerce.errors import MalformedAnswerError, NotFoundError, RejectedError
from bigcommerce.http import Session
from bigcommerce.id_paging import IdWalk
from bigcommerce.number_paging import NumberWalk
from bigcommerce.paging import LIMIT, Pages, Position, RepeatGuard
from bigcommerce.readers import read_orders
from bigcommerce.records import Order, Page

_LONGEST_LIST = 6000
_CONSIGNMENTS = ("include=consignments", "consignment_structure=object")


class Dated(Identified, Protocol):
    """A record that tells when it was last changed."""

    @property
    def date_modified(self) -> datetime:
        """In UTC, to the second."""


DatedT = TypeVar("DatedT", bound=Dated)


class Listing(Generic[RowT]):
    """Rows of one kind; `filters` are encoded query parameters, sent with every page."""

    def __init__(
        self,
        session: Session,
        path: str,
        read: Callable[[bytes], Rows[RowT]],
        *,
        filters: tuple[str, ...] = (),
    ) -> None:
        self._session = session
        self._path = path
        self._read = read
        self._filters = filters

    def narrowed(self, *filters: str) -> "Listing[RowT]":
        """The same listing with more filters."""
        more = (*self._filters, *filters)
        return Listing(self._session, self._path, self._read, filters=more)

    def fetch(self, *parameters: str, must_have_rows: bool = False) -> Rows[RowT]:
        """One page; an empty one is asked for again where there must be rows."""
        sizes = () if any(each.startswith("limit=") for each in parameters) else (f"limit={LIMIT}",)
        query = "&".join((*sizes, *self._filters, *parameters))
        read = self._read_some if must_have_rows else self._read
        return self._session.get(self._path, read, query)

    def _read_some(self, body: bytes) -> Rows[RowT]:
        rows = self._read(body)
        if not rows.ids:
            raise MalformedAnswerError("an empty page in the middle of a listing")
        return rows

    def by_cursor(
        self, cursor: str | None = None, *, first: Rows[RowT] | None = None
    ) -> Iterator[Page[RowT]]:
        """Its pages by the server's cursors; `first` is page 1 if the caller has it already."""
        return CursorWalk(self.fetch).pages(Position.parse(cursor), first=first)

    def by_number(
        self, cursor: str | None = None, *, first: Rows[RowT] | None = None, expected: int = 0
    ) -> Iterator[Page[RowT]]:
        """Its pages by number, the last one first; `first` as in `by_cursor`.

        It begins quicker where so many rows are `expected`, and there are.
        """
        walk = NumberWalk(self.fetch)
        return walk.pages(Position.parse(cursor), first=first, expected=expected)

    def by_id(self, cursor: str | None = None, *, min_id: int = 0) -> Iterator[Page[RowT]]:
        """Its pages by rising id."""
        return IdWalk(self.fetch).pages(Position.parse(cursor), min_id=min_id)

    def all_rows(self) -> list[RowT]:
        """A short v3 listing as one list."""
        return [record for page in self.by_number() for record in page.records]

    def all_v2_rows(self) -> list[RowT]:
        """A short v2 listing as one list; it ends with an empty page and tells no total."""
        guard: RepeatGuard[RowT] = RepeatGuard()
        found: list[RowT] = []
        for number in count(1):
            rows = self.fetch(f"page={number}")
            guard.check_page(rows)
            found += rows.records
            if not rows.ids:
                break
        return found


class OrderListing(Listing[Order]):
    """The orders, with where they are sent to as long as the store knows that inclusion."""

    def __init__(self, session: Session, *, filters: tuple[str, ...] = ()) -> None:
        super().__init__(session, "/v2/orders", read_orders, filters=filters)
        self._inclusion: tuple[str, ...] = _CONSIGNMENTS

    def fetch(self, *parameters: str, must_have_rows: bool = False) -> Rows[Order]:
        """One page; asked for once more without the inclusion when that is refused."""
        included = self._inclusion
        try:
            return super().fetch(*parameters, *included, must_have_rows=must_have_rows)
        except (RejectedError, NotFoundError):
            if not included:
                raise
        self._inclusion = ()
        return super().fetch(*parameters, must_have_rows=must_have_rows)


def checked_against(pages: Iterator[Page[DatedT]], since: datetime | None) -> Pages[DatedT]:
    """The pages; MalformedAnswerError when the server ignored the filter by date.

    Whether the bound itself is included is nowhere settled, so a row exactly on it may come.
    """
    earliest = None if since is None else whole_second(since)
    for page in pages:
        if earliest and any(record.date_modified < earliest for record in page.records):
            raise MalformedAnswerError("the filter by modification date was ignored")
        yield page


def in_lists(values: list[str], *, most: int) -> Iterator[str]:
    """The values, encoded, as comma lists of at most `most`, short enough for an address."""
    chunk: list[str] = []
    for value in (quote(value, safe="@") for value in values):
        is_full = len(chunk) == most or sum(map(len, chunk)) + len(value) > _LONGEST_LIST
        if chunk and is_full:
            yield ",".join(chunk)
            chunk = []
        chunk.append(value)
    if chunk:
        yield ",".join(chunk)
