"""Moments as people say them."""

from datetime import datetime

from django.utils import formats, timezone


def day(moment: datetime) -> str:
    """Return the day of a moment, as the account's people count it."""
    return formats.date_format(timezone.localtime(moment), "j F Y")


def when(moment: datetime | None, now: datetime) -> str:
    """Return a moment as people say it today: the time, and the day only if it is another."""
    if moment is None:
        return ""
    here, today = timezone.localtime(moment), timezone.localtime(now)
    if here.date() == today.date():
        return formats.date_format(here, "H:i")
    day = "j M" if here.year == today.year else "j M Y"
    return formats.date_format(here, f"{day}, H:i")
