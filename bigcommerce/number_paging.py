"""Listings paged by number, read from the last page to the first.

Read that way, rows deleted meanwhile only move rows into pages yet to come, so none is missed;
read from the first page on, every deletion would hide the row that slips over a page's edge.
"""

from collections.abc import Iterator
from typing import Generic

from bigcommerce.envelopes import Rows, RowT
from bigcommerce.errors import MalformedAnswerError
from bigcommerce.paging import LIMIT, Fetch, Position, RepeatGuard, as_page
from bigcommerce.records import Page

WAY = "page"
_MOST_PASSES = 3


class NumberWalk(Generic[RowT]):
    """One reading of a listing, repeated from its last page while the numbers do not add up."""

    def __init__(self, fetch: Fetch[RowT]) -> None:
        self._fetch = fetch
        self._guard: RepeatGuard[RowT] = RepeatGuard()
        self._ids: set[int] = set()
        self._read_before = 0
        self._total: int | None = None

    def pages(
        self,
        start: Position | None = None,
        *,
        first: Rows[RowT] | None = None,
        expected: int = 0,
    ) -> Iterator[Page[RowT]]:
        """Every page; `first` is page 1 if the caller has it already.

        Where so many rows are `expected`, what seems to be the last page is asked for first.
        """
        if start:
            self._read_before, self._total = start.read, start.total
            yield from self._downwards(int(start.at))
            return
        if expected > LIMIT:
            yield from self._from(-(-expected // LIMIT))
            return
        first = first or self._fetch("page=1")
        last_page = first.numbers.total_pages or 1
        if last_page == 1:
            yield as_page(first, cursor=None, total=first.numbers.total)
            return
        self._begin_pass(first)
        yield from self._downwards(last_page)

    def _from(self, number: int) -> Iterator[Page[RowT]]:
        """From the page that seems to be the last one; it tells which one is."""
        rows = self._fetch(f"page={number}")
        last_page = rows.numbers.total_pages
        if last_page is None:
            yield from self.pages()
            return
        self._begin_pass(rows)
        if number == last_page:
            self._take(rows, number)
            last_page -= 1
            yield self._page(rows, next_number=last_page)
        yield from self._downwards(max(1, last_page))

    def _downwards(self, number: int) -> Iterator[Page[RowT]]:
        for _ in range(_MOST_PASSES):
            for each in range(number, 1, -1):
                yield self._page(self._read(each), next_number=each - 1)
            first = self._read(1)
            if self._adds_up(first):
                yield as_page(first, cursor=None, total=first.numbers.total)
                return
            number = first.numbers.total_pages or 1
            self._begin_pass(first)
            yield self._page(first, next_number=number)
        raise MalformedAnswerError("the rows read do not add up to the total told")

    def _begin_pass(self, first: Rows[RowT]) -> None:
        self._ids.clear()
        self._read_before = 0
        self._total = first.numbers.total
        self._guard = RepeatGuard()

    def _read(self, number: int) -> Rows[RowT]:
        rows = self._fetch(f"page={number}")
        self._take(rows, number)
        return rows

    def _take(self, rows: Rows[RowT], number: int) -> None:
        told = rows.numbers.current_page
        if told is not None and told != number and number <= (rows.numbers.total_pages or 0):
            raise MalformedAnswerError(f"asked for page {number}, got page {told}")
        self._guard.check_page(rows)
        self._ids.update(rows.ids)

    def _page(self, rows: Rows[RowT], *, next_number: int) -> Page[RowT]:
        position = Position(way=WAY, at=str(next_number), read=self._read_count, total=self._total)
        return as_page(rows, cursor=position, total=self._total)

    @property
    def _read_count(self) -> int:
        return self._read_before + len(self._ids)

    def _adds_up(self, first: Rows[RowT]) -> bool:
        """Whether this pass missed nothing, now that page 1 tells the total again.

        A listing with the oldest rows first grows only at its end, behind us, and what is new
        there can wait; with the newest first, each new row pushes another over a page's edge.
        """
        before, after = self._total, first.numbers.total
        if before is None or after is None:
            return True
        needed = after if _is_newest_first(first) else min(before, after)
        return after >= before and self._read_count >= needed


def _is_newest_first(rows: Rows[RowT]) -> bool:
    ids = [record.id for record in rows.records]
    return bool(ids) and ids[0] > ids[-1]
