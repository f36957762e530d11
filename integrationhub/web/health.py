"""How a store's people stand, audience by audience, and why: what the pages show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from integrationhub.models import (
    AddressBook,
    AddressBookMapping,
    Audience,
    Contact,
    StandingCount,
    Store,
)
from integrationhub.reasons import Words, words
from integrationhub.web.standing import Tone

Standing = Contact.Standing
PARTS = {
    Standing.IN_BOOK: ("In the book", Tone.GOOD),
    Standing.LEFT_OUT: ("Left out on purpose", Tone.QUIET),
    Standing.FAILED: ("Failed", Tone.BAD),
    Standing.WAITING: ("Waiting", Tone.BUSY),
}
WORST_FIRST = (Standing.FAILED, Standing.WAITING, Standing.LEFT_OUT)
LISTED = (Standing.FAILED, Standing.LEFT_OUT)
BAR_WIDTH, NARROWEST = 1000, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """So many people stand somewhere for one reason; `who` names the list of them."""

    who: str
    said: Words
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Everybody of an audience who stands in one place; `start` and `width` draw it in a bar."""

    standing: Contact.Standing
    grounds: Sequence[Grounds]
    start: int
    width: int

    @property
    def label(self) -> str:
        """Return what people call it."""
        return PARTS[self.standing][0]

    @property
    def tone(self) -> Tone:
        """Return its colour."""
        return PARTS[self.standing][1]

    @property
    def number(self) -> int:
        """Return how many people stand there."""
        return sum(each.number for each in self.grounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceHealth:
    """One audience: its book, and its people part by part."""

    audience: Audience
    book: AddressBook | None
    parts: Sequence[Part]
    counted_at: datetime | None

    @property
    def width(self) -> int:
        """Return how wide the bar is."""
        return sum(part.width for part in self.parts)

    @property
    def in_book(self) -> int:
        """Return how many people are in the book."""
        return next(part.number for part in self.parts if part.standing == Standing.IN_BOOK)

    @property
    def explained(self) -> list[Part]:
        """Return the parts whose reasons are worth reading, the worst first."""
        parts = {part.standing: part for part in self.parts if part.number}
        return [parts[standing] for standing in WORST_FIRST if standing in parts]

    @property
    def listed(self) -> list[Part]:
        """Return the parts whose people a page lists one by one."""
        return [part for part in self.explained if part.standing in LISTED]


def health_of(store: Store) -> list[AudienceHealth]:
    """Return the health of each audience that has a book, or people."""
    mappings = AddressBookMapping.objects.of(store.account).filter(store=store)
    books = {row.audience: row.address_book for row in mappings.select_related("address_book")}
    counts = list(StandingCount.objects.of(store.account).filter(store=store).order_by("-number"))
    found = [
        _of_audience(
            audience, books.get(audience), [row for row in counts if row.audience == audience]
        )
        for audience in Audience
    ]
    return [each for each in found if each.book or each.width]


def _of_audience(
    audience: Audience, book: AddressBook | None, counts: Sequence[StandingCount]
) -> AudienceHealth:
    total, start, parts = sum(row.number for row in counts), 0, []
    for standing in PARTS:
        grounds = [_grounds(row) for row in counts if row.standing == standing]
        width = _width(sum(each.number for each in grounds), total)
        parts.append(Part(standing=standing, grounds=grounds, start=start, width=width))
        start += width
    counted_at = counts[0].counted_at if counts else None
    return AudienceHealth(audience=audience, book=book, parts=parts, counted_at=counted_at)


def _width(number: int, total: int) -> int:
    """Return how wide a part is drawn; a few people among a million are still seen."""
    return max(BAR_WIDTH * number // total, NARROWEST) if number else 0


def _grounds(row: StandingCount) -> Grounds:
    who = f"{row.audience}.{row.standing}.{row.reason}"
    return Grounds(who=who, said=words(row.reason), number=row.number)
