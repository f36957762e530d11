"""One entry in words: who it was, and a sentence for each thing that changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrationhub.activity.words import (
    CREATE,
    DEEDS,
    DETAILS,
    FIELDS,
    ROWS,
    TRIAL,
    UNKNOWN,
    Words,
    plain,
)
from integrationhub.models import ActivityEntry

STAFF = "Your administrator"
NOBODY = "A command on the server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence to be read after the person's name; the next sync may show its effect."""

    text: SafeString
    is_followed: bool


def who_of(entry: ActivityEntry) -> str:
    """Return who did it: a person of the account by name, staff only as such."""
    if entry.is_by_staff:
        return STAFF
    person = entry.actor
    name = person and (person.get_full_name() or person.email or str(person))
    return str(name or entry.actor_email or NOBODY)


def lines_of(entry: ActivityEntry) -> list[Line]:
    """Return a sentence for each thing that changed."""
    besides = {"name": entry.object_repr, **(entry.additional_data or {})}
    if entry.deed:
        return [_line(DEEDS[entry.deed], **besides)]
    kind: str = ContentType.objects.get_for_id(entry.content_type_id).model
    if entry.action == ActivityEntry.Action.UPDATE:
        lines = [_line(words, **besides, **values) for words, values in _changed(kind, entry)]
        return [*lines, _line(TRIAL, **besides)] if besides.get("is_trial") else lines
    place = 1 if entry.action == CREATE else 0
    whole = {name: values[place] for name, values in (entry.changes or {}).items()}
    return [_line(ROWS[kind, entry.action], **{**whole, **besides})]


def _changed(kind: str, entry: ActivityEntry) -> Iterator[tuple[Words, dict[str, Any]]]:
    """Yield the words and values of each field that was changed, in the order of the words."""
    changes, known = dict(entry.changes or {}), FIELDS[kind]
    for name in (*known, *(changes.keys() - known.keys())):
        if name in changes:
            before, after = changes[name]
            yield known.get(name, UNKNOWN), {"column": name, "before": before, "after": after}


def _line(words: Words, **values: Any) -> Line:
    is_off = bool(words.off and not values.get("after"))
    texts = {name: _text(words, name, value) for name, value in values.items()}
    return Line(
        text=format_html(words.off if is_off else words.sentence, **texts),
        is_followed=words.is_followed and not (is_off and words.is_off_the_end),
    )


def _text(words: Words, name: str, value: Any) -> str:
    if name in DETAILS:
        return DETAILS[name](value)
    show = words.show if name in {"before", "after"} else plain
    return format_html("<b>{}</b>", show(value))
