"""How old may be what was read of either side when people are sent by it."""

from datetime import datetime, timedelta

from django.conf import settings

from integrationhub.models import Cursor, SyncRun

SHORTEST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=6)


def shelf_life() -> timedelta:
    """Return how long facts are good for: as long as a store rests between two runs."""
    return max(timedelta(seconds=settings.SYNC_INTERVAL_SECONDS), SHORTEST)


def is_outdated(cursor: Cursor, now: datetime) -> bool:
    """Return whether a source must be read again before people are sent.

    Its first page is as old as the beginning of the read. One that was read again is as old as
    the end: if even that takes long, people must be sent nevertheless.
    """
    if cursor.position:
        return True
    read_at = cursor.completed_at if cursor.is_again else cursor.began_at
    return read_at is None or read_at < now - shelf_life()


def has_lain(cursor: Cursor, run: SyncRun) -> bool:
    """Return whether a read that is going on began so long before this run that it begins anew.

    Somebody whom it has read may have said no since, without a date that would tell.
    """
    began_at = cursor.read_started_at
    return began_at is not None and began_at < run.started_at - LONGEST_REST
