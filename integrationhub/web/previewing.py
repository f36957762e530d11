"""A preview as the Contacts section shows it: in words, with its age."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrationhub.models import Audience, Preview, Store, SyncRun
from integrationhub.reasons import GOES_ON_BY_ITSELF, Reason, words
from integrationhub.web.contacts_form import ContactsForm

OUTCOMES = {
    "added": "would be added",
    "updated": "in the book, would be updated",
    "unchanged": "in the book already, nothing to do",
    "left_out": "left out",
    "failed": "cannot be added",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many people, and what would happen to them."""

    number: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What would happen to the people of one audience."""

    audience: Audience
    book: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview as it is shown; `is_of_this_choice` if it is about the books chosen now."""

    preview: Preview
    sides: tuple[Side, ...]
    is_of_this_choice: bool
    is_outdated: bool
    problem: str

    @property
    def is_counting(self) -> bool:
        """Whether it is still to be finished."""
        return self.preview.finished_at is None

    @property
    def is_done(self) -> bool:
        """Whether there is a result."""
        return not self.is_counting and not self.problem

    @property
    def added(self) -> Mapping[str, int]:
        """Return how many of each audience would be added, if that is known of this choice."""
        if not (self.is_done and self.is_of_this_choice):
            return {}
        return {audience: number(self.preview, audience, "added") for audience in Audience}


def books_of(form: ContactsForm) -> tuple[dict[str, int], dict[str, str]]:
    """Return the ids of the books that stand chosen, 0 for one to be made, and their names."""
    names = {audience.value: form.name_of(audience) for audience in Audience}
    names = {audience: name for audience, name in names.items() if name}
    ids = {}
    for audience in names:
        book = form.book(Audience(audience))
        ids[audience] = book.dotdigital_id if book else 0
    return ids, names


def shown(store: Store, form: ContactsForm) -> Shown | None:
    """Return the store's latest preview, if there is one."""
    previews = Preview.objects.of(store.account).filter(store=store)
    preview: Preview | None = previews.select_related("asked_by").first()
    if preview is None:
        return None
    since = SyncRun.objects.of(store.account).filter(store=store, is_preview=False)
    finished_at = preview.finished_at
    return Shown(
        preview=preview,
        sides=tuple(_side(preview, Audience(key)) for key in Audience if key in preview.books),
        is_of_this_choice=_is_of(preview, form),
        is_outdated=bool(finished_at and since.filter(started_at__gt=finished_at).exists()),
        problem=_problem(preview.reason) if preview.reason else "",
    )


def _is_of(preview: Preview, form: ContactsForm) -> bool:
    """Return whether the books that stand chosen were counted; one made since goes by its name."""
    ids, names = books_of(form)
    return preview.books.keys() == ids.keys() and all(
        ids[audience] == book
        or (not book and names[audience].casefold() == preview.names[audience].casefold())
        for audience, book in preview.books.items()
    )


def _problem(code: str) -> str:
    """Return why a count has failed; nobody counts again by themselves, unlike a sync."""
    reason = Reason(code)
    said = words(reason)
    return f"{said.sentence} Count again later." if reason in GOES_ON_BY_ITSELF else said.in_full


def number(preview: Preview, audience: str, outcome: str) -> int:
    """Return how many people of an audience would meet an outcome."""
    return sum(preview.counts.get(audience, {}).get(outcome, {}).values())


def _side(preview: Preview, audience: Audience) -> Side:
    counts: Mapping[str, Any] = preview.counts.get(audience.value, {})
    lines = [Line(number=number(preview, audience, "added"), says=OUTCOMES["added"])]
    lines += [
        Line(number=there, says=OUTCOMES[outcome])
        for outcome in ("updated", "unchanged")
        if (there := number(preview, audience, outcome))
    ]
    for outcome in ("left_out", "failed"):
        reasons = sorted(counts.get(outcome, {}).items(), key=lambda pair: -pair[1])
        lines += [
            Line(number=there, says=f"{OUTCOMES[outcome]}: {words(reason).sentence}")
            for reason, there in reasons
        ]
    return Side(audience=audience, book=preview.names[audience.value], lines=tuple(lines))
