"""What the headers of an answer say about how many calls are left, and for how long to wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

EARLIEST_EPOCH: Final = 1e9
LONGEST_WINDOW: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One tier of the rate limit: `remaining` calls until it starts afresh in `resets_in` s."""

    scope: str
    limit: int
    remaining: int
    resets_in: float


def allowance(headers: Mapping[str, str], *, now: datetime) -> Allowance | None:
    """The tier told, or None when the headers are missing or rubbish.

    The reset is documented as an epoch and elsewhere described as seconds: both are read.
    """
    limit = number(headers.get("X-RateLimit-Limit"))
    remaining = number(headers.get("X-RateLimit-Remaining"))
    reset = number(headers.get("X-RateLimit-Reset"))
    if limit is None or remaining is None or reset is None:
        return None
    seconds = reset - now.timestamp() if reset > EARLIEST_EPOCH else reset
    return Allowance(
        scope=headers.get("X-RateLimit-Scope", "").lower(),
        limit=int(limit),
        remaining=int(remaining),
        resets_in=bounded(seconds),
    )


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds the server asks us to wait: a number or an HTTP date; rubbish is no answer."""
    told = headers.get("Retry-After")
    seconds = number(told)
    if seconds is not None:
        return bounded(seconds)
    moment = http_date(told)
    return bounded((moment - now).total_seconds()) if moment else None


def http_date(text: str | None) -> datetime | None:
    """The moment of a Date header, or None."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def number(text: str | None) -> float | None:
    """The number a header holds, never below nought, or None."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def bounded(seconds: float) -> float:
    """No wait below nought or beyond the longest window there is."""
    return max(0.0, min(seconds, LONGEST_WINDOW))
