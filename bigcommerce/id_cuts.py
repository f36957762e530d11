"""Where the orders are cut: by their ids, with the newest page read at the beginning."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise

from bigcommerce.crew import at_once
from bigcommerce.envelopes import Rows
from bigcommerce.id_paging import IdWalk
from bigcommerce.listings import OrderListing
from bigcommerce.paging import LIMIT, Position, as_page
from bigcommerce.records import Order, Page
from bigcommerce.sections import DONE, Beginning, Section, Sections

FEWEST_PAGES = 4
"""So long is a section at least."""


class IdCuts:
    """Cuts the orders at equal distances of their ids, which costs no call.

    The newest page tells which ids there are, and is the last section.
    """

    def __init__(self, listing: OrderListing, *, min_id: int, readers: int) -> None:
        self._listing = listing
        self._min_id = min_id
        self._readers = readers

    def begin(self) -> Beginning[Order]:
        """The oldest page and the newest one, and sections of what lies between."""
        if self._readers == 1:
            return Beginning(pages=self.plain(None))
        walk = IdWalk(self._listing.fetch)
        oldest, newest = at_once(
            [partial(walk.first, min_id=self._min_id), partial(walk.newest, LIMIT)]
        )
        known = _newest_id(newest, has_any=bool(oldest.ids))
        walk = IdWalk(self._listing.fetch, newest=known)
        pages = walk.pages(first=oldest, min_id=self._min_id)
        first = next(pages)
        position = Position.parse(first.cursor)
        if known is None or position is None:
            return Beginning(pages=chain([first], pages))
        return self._between(first, last=int(position.at), newest=newest)

    def section(self, part: Section) -> Iterator[Page[Order]]:
        """What is left of a section."""
        begin, end = (int(each or 0) for each in part.bounds)
        walk = IdWalk(self._listing.fetch, until=end - 1 if end else None)
        return walk.pages(Position.parse(part.cursor or None), min_id=begin)

    def plain(self, cursor: str | None) -> Iterator[Page[Order]]:
        """The orders in one piece."""
        return self._listing.by_id(cursor, min_id=self._min_id)

    def _between(self, first: Page[Order], *, last: int, newest: Rows[Order]) -> Beginning[Order]:
        rest = _after(newest, last)
        if len(rest.ids) < len(newest.ids) or min(rest.ids) == last + 1:
            return Beginning(pages=[first, as_page(rest, cursor=None, total=None)])
        parts = _parts(last + 1, min(rest.ids), self._readers)
        parts.append(Section(bounds=(str(min(rest.ids)), str(max(rest.ids) + 1))))
        sections = Sections(parts=parts)
        begun = str(sections)
        sections.parts[-1].cursor = DONE
        pages = [
            _page(first, begun),
            _page(as_page(rest, cursor=None, total=None), str(sections)),
        ]
        return Beginning(pages=pages, sections=sections)


def _newest_id(newest: Rows[Order], *, has_any: bool) -> int | None:
    """The newest id there is; None where the order asked for was not obeyed, or nothing came."""
    ids = [record.id for record in newest.records]
    if not newest.ids:
        return None if has_any else 0
    is_newest_first = all(before > after for before, after in pairwise(ids))
    return max(newest.ids) if is_newest_first else None


def _after(rows: Rows[Order], last: int) -> Rows[Order]:
    """The rows with a higher id than that, the oldest one first."""
    records = [record for record in reversed(rows.records) if record.id > last]
    unreadable = tuple(row for row in rows.unreadable if row.id > last)
    return replace(rows, records=records, unreadable=unreadable)


def _parts(begin: int, end: int, readers: int) -> list[Section]:
    """The sections from `begin` to `end`; they end with full pages where no id is missing."""
    rows = end - begin
    number = max(1, min(readers, rows // (LIMIT * FEWEST_PAGES)))
    cuts = [begin + rows * each // number // LIMIT * LIMIT for each in range(number)]
    return [Section(bounds=bounds) for bounds in pairwise(map(str, (*cuts, end)))]


def _page(page: Page[Order], cursor: str) -> Page[Order]:
    return Page(records=page.records, cursor=cursor, unreadable=page.unreadable)
