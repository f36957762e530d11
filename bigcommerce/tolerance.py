"""What the vendor writes oddly, and the types of field that take it."""

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Optional, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import astuple, force_setattr

from bigcommerce.dates import LetterDate, from_letter, in_utc

ItemT = TypeVar("ItemT")

if TYPE_CHECKING:
    Maybe = Annotated[ItemT, "null is let in"]
    V2Date = datetime
else:
    # At run time a null is let in, and `Record` puts the field's default in its place.
    Maybe = Optional[ItemT]  # noqa: UP045  an alias with a parameter
    V2Date = LetterDate

Text = Maybe[str]
Number = Maybe[int]
Flag = Maybe[bool]
Many = Maybe[tuple[ItemT, ...]]

_PAIRS_AND_HALVES = re.compile(
    rb"\\\\"
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class Record(Struct, frozen=True, kw_only=True, gc=False):
    """Takes a null for an empty field."""

    def __post_init__(self) -> None:
        if None in astuple(self):
            _fill_nulls(self)


def _fill_nulls(record: Record) -> None:
    for name, default in _defaults(type(record)):
        if getattr(record, name) is None:
            force_setattr(record, name, default)


@cache
def _defaults(kind: type[Record]) -> tuple[tuple[str, object], ...]:
    fields = msgspec.structs.fields(kind)
    return tuple((f.name, f.default) for f in fields if f.default is not msgspec.NODEFAULT)


class DatedRecord(Record, frozen=True, kw_only=True):
    """A record of v3, which says when it was made and last changed; no zone means UTC."""

    date_created: datetime
    date_modified: datetime

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.date_created.tzinfo is None:
            force_setattr(self, "date_created", in_utc(self.date_created))
        if self.date_modified.tzinfo is None:
            force_setattr(self, "date_modified", in_utc(self.date_modified))


def decode_odd(kind: type, value: object) -> object:
    """For msgspec's `dec_hook`: the dates of v2."""
    if kind is LetterDate and isinstance(value, str):
        return from_letter(value)
    message = f"Expected a date, got {type(value).__name__}"
    raise ValueError(message)


def mended(body: bytes) -> bytes:
    """JSON with a replacement sign for each byte and each half of a surrogate that is no text."""
    text = body.decode("utf-8", "replace").encode()
    return _PAIRS_AND_HALVES.sub(
        lambda found: rb"\ufffd" if found["half"] else found[0],
        text,
    )
