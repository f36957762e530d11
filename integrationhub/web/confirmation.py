"""What is asked before people are put into an address book that was newly chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from integrationhub.models import Audience
from integrationhub.web.contacts_form import CONSENT_WARNING, ContactsForm

EVERYBODY, TRIAL = "everybody", "trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomers:
    """The people who would come into a newly chosen book; `number` is None if not counted."""

    audience: Audience
    book: str
    number: int | None

    @property
    def sentence(self) -> str:
        """Return how many would come into which book."""
        if self.number is None:
            return f"{self.audience.label} go into {self.book}: not counted yet."
        people = "person" if self.number == 1 else "people"
        return f"{self.audience.label}: {self.number:,} {people} would be added to {self.book}."

    @property
    def warning(self) -> str:
        """Return what to think of before these people are put into a book."""
        return CONSENT_WARNING if self.audience == Audience.CUSTOMERS else ""


def newcomers(
    form: ContactsForm, counted: Mapping[str, int] | None = None
) -> tuple[Newcomers, ...]:
    """Return who would come into each book that was newly chosen; empty if none was."""
    return tuple(
        Newcomers(
            audience=audience,
            book=form.name_of(audience),
            number=(counted or {}).get(audience.value),
        )
        for audience in Audience
        if form.is_changed(audience) and form.name_of(audience)
    )
