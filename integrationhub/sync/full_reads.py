"""When a source is read as a whole again, and not only for its changes."""

from datetime import datetime, timedelta

from django.conf import settings

from integrationhub.models import Cursor, Store


def is_full_read_due(store: Store, cursor: Cursor, now: datetime) -> bool:
    """Return whether everything is to be read: about daily, at night; or because somebody asks."""
    last = cursor.full_read_at
    if last is None or (store.full_read_requested_at or last) > last:
        return True
    age, day = now - last, timedelta(hours=settings.FULL_READ_HOURS)
    return age > 2 * day or (age > day / 2 and _is_quiet(store, now))


def _is_quiet(store: Store, now: datetime) -> bool:
    """Return whether it is one of the quiet hours where the account lives."""
    hour = now.astimezone(store.account.zone).hour
    begin, end = settings.QUIET_HOURS
    return begin <= hour < end if begin <= end else hour >= begin or hour < end
