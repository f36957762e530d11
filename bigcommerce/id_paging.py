"""Listings read by rising id: "after the last one I have", which nothing that happens can shift."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Generic

from bigcommerce.envelopes import Rows, RowT
from bigcommerce.errors import MalformedAnswerError
from bigcommerce.paging import LIMIT, Fetch, Position, as_page
from bigcommerce.records import Page

WAY = "id"


class IdWalk(Generic[RowT]):
    """One reading of a v2 listing, which tells no total and ends with an empty answer.

    An empty or short page is believed only when the newest row of the listing has been read.
    """

    def __init__(
        self, fetch: Fetch[RowT], *, until: int | None = None, newest: int | None = None
    ) -> None:
        """Reads up to the id `until`; `newest` is the highest there was when reading began."""
        self._fetch = fetch
        self._until = until
        self._known = newest

    def pages(
        self,
        start: Position | None = None,
        *,
        min_id: int = 0,
        first: Rows[RowT] | None = None,
    ) -> Iterator[Page[RowT]]:
        """Every page of the rows whose id is at least `min_id`, or after `start`.

        `first` is the first of them, if the caller has it already.
        """
        last = int(start.at) if start else max(0, min_id - 1)
        must_have_rows = False
        while True:
            rows = first or self._read(last, must_have_rows=must_have_rows)
            first, last = None, max(rows.ids, default=last)
            is_last = self._is_last(rows, last)
            if rows.ids or is_last:
                yield _page(self._cut_off(rows), None if is_last else last)
            if is_last:
                return
            must_have_rows = not rows.ids

    def first(self, *, min_id: int = 0) -> Rows[RowT]:
        """The first page of those whose id is at least `min_id`."""
        return self._read(max(0, min_id - 1), must_have_rows=False)

    def newest(self, number: int) -> Rows[RowT]:
        """The newest rows, so many at most, the newest one first."""
        return self._fetch("sort=id:desc", f"limit={number}")

    def _read(self, last: int, *, must_have_rows: bool) -> Rows[RowT]:
        rows = self._fetch(
            "sort=id:asc",
            f"min_id={last + 1}",
            f"limit={LIMIT}",
            must_have_rows=must_have_rows,
        )
        if min(rows.ids, default=last + 1) <= last:
            raise MalformedAnswerError("the same page came twice, or the filter by id was ignored")
        return rows

    def _is_last(self, rows: Rows[RowT], last: int) -> bool:
        enough = self._known if self._until is None else self._until
        if enough is not None and last >= enough:
            return True
        return len(rows.ids) < LIMIT and max(self.newest(1).ids, default=0) <= last

    def _cut_off(self, rows: Rows[RowT]) -> Rows[RowT]:
        """The rows up to the id that this walk goes to."""
        if self._until is None:
            return rows
        records = [record for record in rows.records if record.id <= self._until]
        unreadable = tuple(row for row in rows.unreadable if row.id <= self._until)
        return replace(rows, records=records, unreadable=unreadable)


def _page(rows: Rows[RowT], last: int | None) -> Page[RowT]:
    position = None if last is None else Position(way=WAY, at=str(last))
    return as_page(rows, cursor=position, total=None)
