"""From the bytes of an answer to our records, forgiving in form and row by row."""

import json
import math
from collections.abc import Hashable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec

from dotdigital.errors import MalformedAnswerError

Shape = TypeVar("Shape")
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode(body: bytes, shape: type[Shape]) -> Shape:
    """The answer in this shape; raises MalformedAnswerError."""
    try:
        answer: Shape = _decoder(cast("Hashable", shape)).decode(body)
    except UNREADABLE:
        return _decode_loosely(body, shape)
    return answer


def _decode_loosely(body: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(loosely(body), shape, strict=False)
    except (*UNREADABLE, ValueError):
        raise MalformedAnswerError("it has another form than promised") from None


def decode_rows(body: bytes, shape: type[Shape]) -> tuple[list[Shape], int]:
    """The rows that can be read, and how many cannot; raises MalformedAnswerError for no list."""
    try:
        return _decoder(list[shape]).decode(body), 0  # type: ignore[valid-type]  # known at run time only
    except UNREADABLE:
        rows = loosely(body)
    if not isinstance(rows, list):
        raise MalformedAnswerError("a list was promised")
    return readable(rows, shape)


def readable(rows: list[Any], shape: type[Shape]) -> tuple[list[Shape], int]:
    """One bad row costs one row."""
    good = []
    for row in rows:
        try:
            good.append(msgspec.convert(row, shape, strict=False))
        except (*UNREADABLE, ValueError):
            continue
    return good, len(rows) - len(good)


def loosely(body: bytes) -> Any:
    """Any JSON at all: keys in camel case whatever they came in, broken text replaced."""
    try:
        return _tidy(json.loads(body.decode("utf-8", "replace")))
    except (ValueError, RecursionError):
        raise MalformedAnswerError("it is not JSON") from None


def nothing_much(body: bytes) -> None:
    """For answers whose status says it all; a gateway's page under that status is none."""
    if body.strip():
        loosely(body)


def moment(text: str) -> datetime | None:
    """A moment in UTC from whatever form of ISO 8601, or None."""
    try:
        told = msgspec.convert(text.strip(), datetime, strict=False)
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (msgspec.ValidationError, OverflowError):
        return None


@lru_cache(maxsize=64)
def _decoder(shape: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast("Any", shape))


def _tidy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _tidy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    is_number = not isinstance(value, float) or math.isfinite(value)
    return value if is_number else None
