"""What SAVE would change, in words."""

from collections.abc import Mapping

from integrationhub.models import Audience
from integrationhub.web.contacts_form import ContactsForm


def changes(form: ContactsForm, in_book: Mapping[str, int]) -> list[str]:
    """Return a sentence for each audience whose choice is another than the saved one.

    `in_book` tells of each audience how many people are in its book.
    """
    return [
        sentence(
            audience,
            before=form.saved[audience].name if audience in form.saved else "",
            after=form.name_of(audience),
            staying=in_book.get(audience, 0),
        )
        for audience in Audience
        if form.is_changed(audience)
    ]


def sentence(audience: Audience, *, before: str, after: str, staying: int) -> str:
    """Return what changes for an audience, and who stays where; no name means no book."""
    if not before:
        return f"{audience.label} go into {after}; they were not synced so far."
    if after:
        return f"{audience.label}: {after} instead of {before}.{_who_stays(staying, before)}"
    return f"{audience.label}: not synced any more.{_who_stays(staying, before)}"


def _who_stays(number: int, book: str) -> str:
    if not number:
        return f" Nobody is taken out of {book}."
    return f" {number:,} {'person stays' if number == 1 else 'people stay'} in {book}."
