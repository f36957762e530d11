"""What the vendor writes oddly, and the types of field that take it."""

from datetime import datetime
from typing import TYPE_CHECKING, Optional, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import astuple, force_setattr

from bigcommerce.dates import LetterDate, from_letter, in_utc

ItemT = TypeVar("ItemT")

if TYPE_CHECKING:
    Text = str
    Number = int
    Flag = bool
    Many = tuple[ItemT, ...]
    V2Date = datetime
else:
    # At run time a null is let in, and `Record` puts the field's default in its place.
    Text = str | None
    Number = int | None
    Flag = bool | None
    Many = Optional[tuple[ItemT, ...]]  # noqa: UP045  an alias with a parameter
    V2Date = LetterDate


class Record(Struct, frozen=True, kw_only=True):
    """Takes a null for an empty field."""

    def __post_init__(self) -> None:
        if None in astuple(self):
            _fill_nulls(self)


def _fill_nulls(record: Record) -> None:
    for field in msgspec.structs.fields(record):
        if getattr(record, field.name) is None and field.default is not msgspec.NODEFAULT:
            force_setattr(record, field.name, field.default)


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
