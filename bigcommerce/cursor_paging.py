"""Listings paged by cursor, with page numbers where the server offers no cursors."""

from collections.abc import Iterator
from typing import Generic
from urllib.parse import quote

from bigcommerce.envelopes import Rows, RowT
from bigcommerce.errors import MalformedAnswerError
from bigcommerce.number_paging import WAY as BY_NUMBER
from bigcommerce.number_paging import NumberWalk
from bigcommerce.paging import Fetch, Position, RepeatGuard, as_page
from bigcommerce.records import Page

WAY = "after"


class CursorWalk(Generic[RowT]):
    """One reading of a listing; cursors go by id, so edits meanwhile can hide nothing."""

    def __init__(self, fetch: Fetch[RowT]) -> None:
        self._fetch = fetch
        self._guard: RepeatGuard[RowT] = RepeatGuard()
        self._read = 0
        self._total: int | None = None

    def pages(
        self, start: Position | None = None, *, first: Rows[RowT] | None = None
    ) -> Iterator[Page[RowT]]:
        """Every page, from the first, which may be at hand, or from where `start` stands."""
        if start and start.way == BY_NUMBER:
            yield from NumberWalk(self._fetch).pages(start)
        elif start:
            self._read, self._total = start.read, start.total
            yield from self._onwards(self._fetch(_after(start.at)), start.at)
        else:
            yield from self._from_the_beginning(first or self._fetch())

    def _from_the_beginning(self, first: Rows[RowT]) -> Iterator[Page[RowT]]:
        self._total = first.numbers.total
        has_more = (first.numbers.total_pages or 1) > 1
        if has_more and not _end_cursor(first):
            yield from NumberWalk(self._fetch).pages(first=first)
        else:
            yield from self._onwards(first, "")

    def _onwards(self, rows: Rows[RowT], at: str) -> Iterator[Page[RowT]]:
        while True:
            self._guard.check_page(rows)
            self._read += len(rows.ids)
            following = _next_cursor(rows)
            is_cut_off = following is None and self._is_short()
            if is_cut_off:
                following = _cursor_regardless(rows, at)
            yield self._page(rows, following)
            if following is None:
                return
            if not is_cut_off:
                self._guard.check_cursor(following)
            rows, at = self._fetch(_after(following), must_have_rows=is_cut_off), following

    def _page(self, rows: Rows[RowT], following: str | None) -> Page[RowT]:
        position = following and Position(way=WAY, at=following, read=self._read, total=self._total)
        return as_page(rows, cursor=position or None, total=self._total)

    def _is_short(self) -> bool:
        """Whether rows are missing at what looks like the end, even from the total of now."""
        if self._total is None or self._read >= self._total:
            return False
        return self._read < (self._fetch("limit=1").numbers.total or 0)


def _after(cursor: str) -> str:
    return f"after={quote(cursor, safe='')}"


def _end_cursor(rows: Rows[RowT]) -> str | None:
    return rows.meta.cursors.end_cursor


def _cursor_regardless(rows: Rows[RowT], at: str) -> str:
    """The cursor to go on with although the answer says that there is nothing more."""
    cursor = _end_cursor(rows) if rows.ids else at
    if not cursor:
        raise MalformedAnswerError("the listing ends before the total it told")
    return cursor


def _next_cursor(rows: Rows[RowT]) -> str | None:
    """The cursor of the next page; None where the answer says that this is the last."""
    return _end_cursor(rows) if rows.ids and rows.meta.cursors.has_next else None
