"""Where long v3 listings are cut: by the time of a row's making, which never changes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import ClassVar, Generic, Protocol, TypeVar

from bigcommerce.crew import at_once
from bigcommerce.cursor_paging import WAY as AFTER
from bigcommerce.dates import v3_filter
from bigcommerce.envelopes import Identified, Rows
from bigcommerce.listings import Listing
from bigcommerce.paging import LIMIT, Position
from bigcommerce.records import Page
from bigcommerce.sections import Beginning, Bounds, Section, Sections

SHARED = 5
"""Rows by which a section stays below full pages, for those of the same second as its end."""


class Made(Identified, Protocol):
    """A record that tells when it was made."""

    @property
    def date_created(self) -> datetime:
        """In UTC, to the second."""


MadeT = TypeVar("MadeT", bound=Made)
Place = tuple[str, int]  # a moment, and how many rows are no newer, if rows stand as they came


class DateCuts(ABC, Generic[MadeT]):
    """Cuts a v3 listing where, at equal distances, rows were made; one call for each cut.

    A section has at least the `fewest_pages`: for less, cutting is not worth its calls.
    """

    fewest_pages: ClassVar[int]

    def __init__(self, listing: Listing[MadeT], *, readers: int) -> None:
        self._listing = listing
        self._readers = readers

    def begin(self) -> Beginning[MadeT]:
        """Page 1 tells how long the listing is, and so whether and where it is cut."""
        first = self._listing.fetch("page=1")
        places = self._places(first)
        if not places:
            return Beginning(pages=self._onwards(first))
        sections = Sections(parts=_parts(places, first), total=first.numbers.total)
        return Beginning(pages=self._taken(first, sections), sections=sections)

    def section(self, part: Section) -> Iterator[Page[MadeT]]:
        """What is left of a section."""
        return self._part(self._listing.narrowed(*_date_filters(part.bounds)), part)

    @abstractmethod
    def plain(self, cursor: str | None) -> Iterator[Page[MadeT]]:
        """The listing in one piece."""

    @abstractmethod
    def _onwards(self, first: Rows[MadeT]) -> Iterator[Page[MadeT]]:
        """The listing in one piece, with page 1 at hand."""

    @abstractmethod
    def _part(self, listing: Listing[MadeT], part: Section) -> Iterator[Page[MadeT]]:
        """What is left of a section, whose filters the listing has."""

    def _taken(self, _first: Rows[MadeT], _sections: Sections) -> list[Page[MadeT]]:
        """What of page 1 is read with it."""
        return []

    def _places(self, first: Rows[MadeT]) -> list[Place]:
        """Where to cut; nowhere if the listing is short, or all of one moment."""
        total = first.numbers.total or 0
        number = max(1, min(self._readers, total // (LIMIT * self.fewest_pages)))
        wanted = _at_equal_distances(total, number)
        probes = at_once(
            [partial(self._listing.fetch, f"page={each}", "limit=1") for each in wanted]
        )
        if _is_newest_first(first):
            wanted = [total - each + 1 for each in wanted]
        found = {
            moment: place
            for place, rows in zip(wanted, probes, strict=True)
            for moment in _made(rows)
        }
        return sorted((each, found[each]) for each in found.keys() - set(_made(first)))


class CursorCuts(DateCuts[MadeT]):
    """Cuts a listing with cursors; page 1 of it all is also page 1 of its first section."""

    fewest_pages = 8

    def plain(self, cursor: str | None) -> Iterator[Page[MadeT]]:
        """The listing in one piece."""
        return self._listing.by_cursor(cursor)

    def _onwards(self, first: Rows[MadeT]) -> Iterator[Page[MadeT]]:
        return self._listing.by_cursor(first=first)

    def _part(self, listing: Listing[MadeT], part: Section) -> Iterator[Page[MadeT]]:
        return listing.by_cursor(part.cursor or None)

    def _taken(self, first: Rows[MadeT], sections: Sections) -> list[Page[MadeT]]:
        """Page 1, unless a row of it belongs to another section, or it does not tell its end."""
        part = sections.parts[0]
        end = first.meta.cursors.end_cursor
        if not end or not part.expected or first.unreadable or max(_made(first)) > part.bounds[1]:
            return []
        at = Position(way=AFTER, at=end, read=len(first.ids), total=part.expected)
        part.cursor, part.read = str(at), len(first.ids)
        return [Page(records=first.records, cursor=str(sections), total=sections.total)]


class NumberCuts(DateCuts[MadeT]):
    """Cuts a listing without cursors; each section is read from its last page to its first."""

    fewest_pages = 20

    def plain(self, cursor: str | None) -> Iterator[Page[MadeT]]:
        """The listing in one piece."""
        return self._listing.by_number(cursor)

    def _onwards(self, first: Rows[MadeT]) -> Iterator[Page[MadeT]]:
        return self._listing.by_number(first=first)

    def _part(self, listing: Listing[MadeT], part: Section) -> Iterator[Page[MadeT]]:
        return listing.by_number(part.cursor or None, expected=part.expected)


def _at_equal_distances(rows: int, number: int) -> list[int]:
    """The places of the rows to cut at, such that sections end with pages that are full."""
    length = -(-rows // number // LIMIT) * LIMIT - SHARED
    return [length * each for each in range(1, number)]


def _parts(places: list[Place], first: Rows[MadeT]) -> list[Section]:
    """The sections between the cuts, with the rows to expect if rows stand as they were made."""
    cuts = [("", 0), *places, ("", first.numbers.total or 0)]
    lengths = [after - before for (_, before), (_, after) in pairwise(cuts)]
    are_in_order = min(lengths) > 0
    return [
        Section(bounds=(begin, end), expected=length if are_in_order else 0)
        for ((begin, _), (end, _)), length in zip(pairwise(cuts), lengths, strict=True)
    ]


def _made(rows: Rows[MadeT]) -> list[str]:
    return [v3_filter(record.date_created) for record in rows.records]


def _is_newest_first(rows: Rows[MadeT]) -> bool:
    moments = _made(rows)
    return bool(moments) and moments[0] > moments[-1]


def _date_filters(bounds: Bounds) -> tuple[str, ...]:
    """The filters of a section; a second is shared, for nobody says which bounds are included."""
    begin, end = bounds
    filters = [f"date_created:min={begin}"] if begin else []
    if end:
        later = datetime.fromisoformat(end) + timedelta(seconds=1)
        filters.append(f"date_created:max={v3_filter(later)}")
    return tuple(filters)
