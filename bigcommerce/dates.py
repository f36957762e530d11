"""Dates as BigCommerce writes and reads them: ISO-8601 in v3, RFC-2822 in v2."""

from abc import ABC
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

_MONTHS = {
    "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
    "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}  # fmt: skip


class LetterDate(ABC):  # noqa: B024  stands for a plain datetime, see below
    """A date that v2 wrote as letters do; decoding one gives a plain datetime."""


LetterDate.register(datetime)


def from_letter(text: str) -> datetime:
    """The moment of `Tue, 20 Nov 2012 00:00:00 +0000`, in UTC; ValueError for no such date."""
    try:
        _, day, month, year, clock, zone = text.split()
        return datetime.fromisoformat(
            f"{year}-{_MONTHS[month]}-{day:0>2}T{clock}{zone}"
        ).astimezone(UTC)
    except (ValueError, KeyError):
        return in_utc(datetime.fromisoformat(text))


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a zone is taken as UTC, as v3 writes it."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def whole_second(moment: datetime) -> datetime:
    """BigCommerce's dates have no fractions: the second the moment lies in, in UTC."""
    return in_utc(moment).replace(microsecond=0)


def v3_filter(moment: datetime) -> str:
    """For a v3 query: colons stay literal, for an encoded colon disables the filter silently."""
    return whole_second(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def v2_filter(moment: datetime) -> str:
    """For a v2 query, where everything must be encoded, the `+` of the zone above all."""
    return quote(format_datetime(whole_second(moment)), safe="")
