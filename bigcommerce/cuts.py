"""Where long listings are cut: by the time of a row's making or by its id, which never change."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Protocol, TypeVar

from msgspec.structs import replace

from bigcommerce.dates import v3_filter
from bigcommerce.envelopes import Identified, Rows
from bigcommerce.id_paging import IdWalk
from bigcommerce.listings import Listing, OrderListing
from bigcommerce.paging import LIMIT, Position
from bigcommerce.records import Order, Page, Unreadable
from bigcommerce.sections import Beginning, Bounds, Cut, Section, Sections, SectionWalk

FEWEST_PAGES = 4
"""So long is a section at least; shorter ones are not worth the calls of cutting."""


class Made(Identified, Protocol):
    """A record that tells when it was made."""

    @property
    def date_created(self) -> datetime:
        """In UTC, to the second."""


MadeT = TypeVar("MadeT", bound=Made)


class Way(Protocol[MadeT]):
    """How a v3 listing is paged: from where a cursor stands, or with its first page at hand."""

    def __call__(
        self, listing: Listing[MadeT], cursor: str | None, /, *, first: Rows[MadeT] | None = None
    ) -> Iterator[Page[MadeT]]:
        """Its pages."""


def by_date_made(listing: Listing[MadeT], way: Way[MadeT], *, readers: int) -> SectionWalk[MadeT]:
    """Cuts a v3 listing where, at equal distances, rows were made; one call for each cut."""

    def begin() -> Beginning[MadeT]:
        first = listing.fetch("page=1")
        cuts = _dates(listing, first, readers) if first.ids else []
        if not cuts:
            return Beginning(pages=way(listing, None, first=first))
        parts = [Section(bounds=each) for each in _between(cuts)]
        return Beginning(pages=(), sections=Sections(parts=parts, total=first.numbers.total))

    def section(bounds: Bounds, cursor: str | None) -> Iterator[Page[MadeT]]:
        return way(listing.narrowed(*_date_filters(bounds)), cursor)

    def plain(cursor: str | None) -> Iterator[Page[MadeT]]:
        return way(listing, cursor)

    return SectionWalk(Cut(begin=begin, section=section, plain=plain))


def _dates(listing: Listing[MadeT], first: Rows[MadeT], readers: int) -> list[str]:
    """Where to cut; nowhere if the listing is short, or all of one moment."""
    total = first.numbers.total or 0
    number = _number(total, readers)
    places = [total * each // number + 1 for each in range(1, number)]
    probed = [listing.fetch(f"page={place}", "limit=1") for place in places]
    dates = {each for rows in probed for each in _made(rows)}
    return sorted(dates.difference(_made(first)))


def _number(rows: int, readers: int) -> int:
    """How many sections so many rows are worth."""
    return max(1, min(readers, rows // (LIMIT * FEWEST_PAGES)))


def _made(rows: Rows[MadeT]) -> list[str]:
    return [v3_filter(record.date_created) for record in rows.records]


def _between(cuts: list[str]) -> list[Bounds]:
    return list(zip(["", *cuts], [*cuts, ""], strict=True))


def _date_filters(bounds: Bounds) -> tuple[str, ...]:
    """The filters of a section; a second is shared, for nobody says which bounds are included."""
    begin, end = bounds
    filters = [f"date_created:min={begin}"] if begin else []
    if end:
        later = datetime.fromisoformat(end) + timedelta(seconds=1)
        filters.append(f"date_created:max={v3_filter(later)}")
    return tuple(filters)


def by_id(listing: OrderListing, *, min_id: int, readers: int) -> SectionWalk[Order]:
    """Cuts the orders at equal distances of their ids; one call."""

    def begin() -> Beginning[Order]:
        pages = plain(None)
        first = next(pages)
        cuts = _ids(listing, first, readers) if first.cursor and readers > 1 else []
        if not cuts:
            return Beginning(pages=chain([first], pages))
        parts = [Section(bounds=each) for each in _between([str(each) for each in cuts])]
        parts[0].cursor = first.cursor or ""
        sections = Sections(parts=parts)
        return Beginning(pages=[replace(first, cursor=str(sections))], sections=sections)

    def section(bounds: Bounds, cursor: str | None) -> Iterator[Page[Order]]:
        begin, end = (int(each or 0) for each in bounds)
        walk = IdWalk(listing.fetch, until=end - 1 if end else None)
        return walk.pages(Position.parse(cursor), min_id=begin)

    def plain(cursor: str | None) -> Iterator[Page[Order]]:
        return listing.by_id(cursor, min_id=min_id)

    return SectionWalk(Cut(begin=begin, section=section, plain=plain))


def _ids(listing: OrderListing, first: Page[Order], readers: int) -> list[int]:
    """The ids to cut at; where none are missing, no section ends with a page that is not full."""
    oldest = min(row.id for row in _rows(first))
    rows = max(listing.fetch("sort=id:desc", "limit=1").ids, default=oldest) - oldest + 1
    number = _number(rows, readers)
    wholes = [rows * each // number // LIMIT * LIMIT for each in range(1, number)]
    return [oldest + whole for whole in wholes]


def _rows(page: Page[Order]) -> list[Order | Unreadable]:
    return [*page.records, *page.unreadable]
