"""Moments as they are said in a sentence: on 3 May, at 10:20."""

from datetime import datetime

from django.utils import formats, timezone


def day(moment: datetime) -> str:
    """Return a day as people say it; the year only if it is another one."""
    here, today = timezone.localtime(moment), timezone.localtime()
    return formats.date_format(here, "j F" if here.year == today.year else "j F Y")


def clock(moment: datetime) -> str:
    """Return the time of day."""
    return formats.date_format(timezone.localtime(moment), "H:i")


def full(moment: datetime) -> str:
    """Return the day and the time."""
    return f"{day(moment)}, {clock(moment)}"


def after(moment: datetime, before: datetime) -> str:
    """Return a moment told after another one: the time alone on the same day."""
    if timezone.localtime(moment).date() == timezone.localtime(before).date():
        return f"at {clock(moment)}"
    return f"on {day(moment)} at {clock(moment)}"
