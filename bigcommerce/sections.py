"""Long listings cut into sections that are read at once, and the cursor that spans them all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Generic, Self

import msgspec

from bigcommerce.crew import Crew
from bigcommerce.envelopes import RowT
from bigcommerce.paging import Pages
from bigcommerce.records import Page

Bounds = tuple[str, str]
WAY = "sections"
DONE = "done"


class Section(msgspec.Struct):
    """A part of a listing: what it holds, and how far it is read.

    `bounds` are from and to what; `cursor` empty at its beginning, and DONE at its end.
    """

    bounds: Bounds
    cursor: str = ""
    total: int | None = None


class Sections(msgspec.Struct):
    """Where a reading in sections stands; `total` is that of the whole listing."""

    parts: list[Section]
    total: int | None = None

    @classmethod
    def parse(cls, cursor: str | None) -> Self | None:
        """The sections of a cursor; None for one of another way of reading."""
        way, _, rest = (cursor or "").partition(":")
        return msgspec.json.decode(rest, type=cls) if way == WAY else None

    def __str__(self) -> str:
        return f"{WAY}:{msgspec.json.encode(self).decode()}"

    @property
    def are_doubtful(self) -> bool:
        """Whether the sections cannot be what the listing was cut into.

        Together they must hold all rows, and hardly more: else the bounds were not obeyed.
        """
        totals = [part.total for part in self.parts]
        if self.total is None or None in totals:
            return False
        found = sum(filter(None, totals))
        return not self.total <= found <= self.total + self.total // len(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning(Generic[RowT]):
    """How a reading begins: with these pages, all there are unless it goes on in sections."""

    pages: Iterable[Page[RowT]]
    sections: Sections | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut(Generic[RowT]):
    """How a listing is read: `begin` and `section` in sections, `plain` in one piece."""

    begin: Callable[[], Beginning[RowT]]
    section: Callable[[Bounds, str | None], Iterator[Page[RowT]]]
    plain: Callable[[str | None], Iterator[Page[RowT]]]


class SectionWalk(Generic[RowT]):
    """One reading of a listing, by sections if it is long; plainly where they do not add up."""

    def __init__(self, cut: Cut[RowT]) -> None:
        self._cut = cut

    def pages(self, cursor: str | None = None) -> Pages[RowT]:
        """Every page, from the first or from where `cursor` stands."""
        sections = Sections.parse(cursor)
        if cursor is None:
            begun = self._cut.begin()
            yield from begun.pages
            sections = begun.sections
        elif not sections:
            yield from self._cut.plain(cursor)
        if sections:
            yield from self._side_by_side(sections)

    def _side_by_side(self, sections: Sections) -> Iterator[Page[RowT]]:
        unread = [part for part in sections.parts if part.cursor != DONE]
        walks = [self._cut.section(part.bounds, part.cursor or None) for part in unread]
        with closing(Crew(walks).items()) as items:
            for fetched in items:
                for number, page in fetched:
                    _note(unread[number], page)
                if sections.are_doubtful:
                    break
                yield _page(sections, [page for _, page in fetched])
        if sections.are_doubtful:
            yield from self._cut.plain(None)


def _note(part: Section, page: Page[RowT]) -> None:
    """Note how far a section is read, and how many rows it told at its beginning."""
    if not part.cursor:
        part.total = page.total
    part.cursor = page.cursor or DONE


def _page(sections: Sections, pages: Sequence[Page[RowT]]) -> Page[RowT]:
    """Return pages of several sections as one: whoever keeps them is spared some work."""
    is_last = all(part.cursor == DONE for part in sections.parts)
    return Page(
        records=[record for page in pages for record in page.records],
        cursor=None if is_last else str(sections),
        total=sections.total,
        unreadable=tuple(row for page in pages for row in page.unreadable),
    )
