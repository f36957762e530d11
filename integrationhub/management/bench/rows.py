"""What was measured: a row of the table, its bound, and the median of several."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Any

HEADINGS = ("work", "bound", "measured", "", "bare loop")
PAGE_HEADINGS = ("page", "queries", "bound", "measured", "")
PAGE_BOUND = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing measured; without a bound it is told for comparison only."""

    name: str
    work: str
    unit: str
    measured: float
    bound: float | None = None
    bare: float | None = None

    @property
    def is_within(self) -> bool:
        """Whether the bound is kept."""
        return self.bound is None or self.measured <= self.bound

    @property
    def cells(self) -> Sequence[str]:
        """What stands under the HEADINGS."""
        judged = "" if self.bound is None else "ok" if self.is_within else "OVER"
        spelt = [self._spelt(value) for value in (self.bound, self.measured, self.bare)]
        return self.work, spelt[0] and f"≤ {spelt[0]}", spelt[1], judged, spelt[2]

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {**asdict(self), "is_within": self.is_within}

    def _spelt(self, value: float | None) -> str:
        if value is None:
            return ""
        number = f"{value:,.0f}" if self.unit == "" or value >= 1000 else f"{value:,.2f}"
        return f"{number} {self.unit}".strip()


def medians(rows: Iterable[Row]) -> list[Row]:
    """Return one row of each name, in the order in which the names came."""
    seen = list(rows)
    order = {row.name: place for place, row in reversed(list(enumerate(seen)))}
    by_name = groupby(sorted(seen, key=lambda row: order[row.name]), key=attrgetter("name"))
    return [_median(list(group)) for _, group in by_name]


def _median(rows: Sequence[Row]) -> Row:
    bares = [row.bare for row in rows if row.bare is not None]
    return replace(
        rows[0],
        measured=median(row.measured for row in rows),
        bare=median(bares) if bares else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTime:
    """What one page has taken: milliseconds at the median, and queries."""

    name: str
    milliseconds: float
    queries: int

    @property
    def cells(self) -> Sequence[str]:
        """What stands under the PAGE_HEADINGS."""
        judged = "ok" if self.milliseconds <= PAGE_BOUND else "OVER"
        bound, measured = f"≤ {PAGE_BOUND:g} ms", f"{self.milliseconds:.0f} ms"
        return self.name, str(self.queries), bound, measured, judged

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return asdict(self)


def as_markdown(rows: Iterable[Row | PageTime], headings: Sequence[str] = HEADINGS) -> str:
    """Return the table as a page of documentation shows it."""
    lines = [headings, tuple("---" for _ in headings), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
