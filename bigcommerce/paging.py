"""What every way of paging has in common: where a walk stands, and pages that cannot be right."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, Self

from bigcommerce.envelopes import Rows, RowT
from bigcommerce.errors import MalformedAnswerError
from bigcommerce.records import Page

LIMIT = 250

Pages = Generator[Page[RowT], None, None]
"""The pages of one reading; close it where it is not read to its end."""

Fetch = Callable[..., Rows[RowT]]
"""Asks for one page: takes encoded query parameters, and `must_have_rows=True` where an empty
answer is a fault to ask again for, not an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a walk stands after a page: the text behind a page's `cursor`.

    `at` is what the next page is asked by, `read` and `total` how many rows were read of how many.
    """

    way: str
    at: str
    read: int = 0
    total: int | None = None

    def __str__(self) -> str:
        total = "" if self.total is None else self.total
        return f"{self.way}:{self.read}:{total}:{self.at}"

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The position of a cursor; ValueError for a text that none of our pages carried."""
        if text is None:
            return None
        way, read, total, at = text.split(":", 3)
        return cls(way=way, at=at, read=int(read), total=int(total) if total else None)


class RepeatGuard(Generic[RowT]):
    """Stops a walk on which the server sends the same page or the same cursor again."""

    def __init__(self) -> None:
        self._last_ids: list[int] = []
        self._cursors: set[str] = set()

    def check_page(self, rows: Rows[RowT]) -> None:
        """Raise when the page is the one before it once more."""
        if rows.ids and rows.ids == self._last_ids:
            raise MalformedAnswerError("the same page came twice")
        self._last_ids = rows.ids

    def check_cursor(self, cursor: str) -> None:
        """Raise when the walk has been at this cursor before."""
        if cursor in self._cursors:
            raise MalformedAnswerError("the same cursor came twice")
        self._cursors.add(cursor)


def as_page(rows: Rows[RowT], *, cursor: Position | None, total: int | None) -> Page[RowT]:
    """The page a caller sees."""
    return Page(
        records=rows.records,
        cursor=None if cursor is None else str(cursor),
        total=total,
        unreadable=rows.unreadable,
    )
