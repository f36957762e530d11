"""Long listings cut into sections that are read at once, and the cursor that spans them all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Generic, Protocol, Self

import msgspec

from bigcommerce.crew import Crew
from bigcommerce.envelopes import RowT
from bigcommerce.paging import Pages
from bigcommerce.records import Page

Bounds = tuple[str, str]
WAY = "sections"
DONE = "done"


class Section(msgspec.Struct, omit_defaults=True):
    """A part of a listing: what it holds, and how far it is read.

    `bounds` are from and to what; `cursor` empty at its beginning, and DONE at its end. So many
    rows as `expected` are thought to be in it, `total` were told, and `read` are read.
    """

    bounds: Bounds
    cursor: str = ""
    total: int | None = None
    expected: int = 0
    read: int = 0


class Sections(msgspec.Struct, omit_defaults=True):
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
        if self.total is None:
            return False
        told = [part.total for part in self.parts if part.total is not None]
        untold = [max(part.expected, part.read) for part in self.parts if part.total is None]
        slack = self.total // (2 * len(self.parts))
        is_too_little = not untold and sum(told) < self.total
        return is_too_little or sum(told) + sum(untold) > self.total + slack


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning(Generic[RowT]):
    """How a reading begins: with these pages, all there are unless it goes on in sections."""

    pages: Iterable[Page[RowT]]
    sections: Sections | None = None


class Cut(Protocol[RowT]):
    """How a listing is read: `begin` and `section` in sections, `plain` in one piece."""

    def begin(self) -> Beginning[RowT]:
        """What is read before there are sections, if there are any."""

    def section(self, part: Section) -> Iterator[Page[RowT]]:
        """What is left of one section."""

    def plain(self, cursor: str | None) -> Iterator[Page[RowT]]:
        """All of it, or what is left."""


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
        walks = [self._cut.section(part) for part in unread]
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
    """Note how far a section is read, and how many rows it told at its beginning, or had."""
    if not part.cursor:
        part.total = page.total
    part.read += len(page.records) + len(page.unreadable)
    part.cursor = page.cursor or DONE
    if part.cursor == DONE and part.total is None:
        part.total = part.read


def _page(sections: Sections, pages: Sequence[Page[RowT]]) -> Page[RowT]:
    """Return pages of several sections as one: whoever keeps them is spared some work."""
    is_last = all(part.cursor == DONE for part in sections.parts)
    return Page(
        records=[record for page in pages for record in page.records],
        cursor=None if is_last else str(sections),
        total=sections.total,
        unreadable=tuple(row for page in pages for row in page.unreadable),
    )
