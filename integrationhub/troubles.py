"""What is wrong with a store's sync, so that people must be told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from integrationhub.models import ActivityEntry, Store
from integrationhub.reasons import GOES_ON_BY_ITSELF, Reason

INTERVALS_TOLERATED = 2
FAILURES_TOLERATED = 4  # of what heals by itself: with growing pauses more than an hour
OUT_OF_STEP_TOLERATED = timedelta(days=1)  # whatever holds a store: a first run too, be it long
WELL = ""


def interval() -> timedelta:
    """Return how long after the end of a sync the next one is due."""
    return timedelta(seconds=settings.SYNC_INTERVAL_SECONDS)


def is_overdue(store: Store, now: datetime) -> bool:
    """Return whether the next sync is two intervals late: then nobody carries syncs out."""
    due_at, in_work_until = store.next_sync_at, store.lease_expires_at
    if due_at is None or not store.is_sync_enabled or (in_work_until and in_work_until > now):
        return False
    return due_at + INTERVALS_TOLERATED * interval() < now


def trouble_of(store: Store, now: datetime) -> str:
    """Return the code of what people must be told of a store now; WELL when there is nothing.

    What heals by itself is told only when it has not for more than an hour.
    """
    if not store.is_sync_enabled or store.problem == Reason.TRIAL_WAITS:
        return WELL
    if store.problem and store.problem not in GOES_ON_BY_ITSELF:
        return store.problem
    if is_overdue(store, now):
        return Reason.OVERDUE
    if store.problem and store.failures_in_a_row > FAILURES_TOLERATED:
        return store.problem
    return Reason.NOT_IN_STEP if _is_out_of_step(store, now) else WELL


def _is_out_of_step(store: Store, now: datetime) -> bool:
    """Return whether a store with books was not in step for long, and nobody has had to do with it.

    So a store that is told to wait again and again, which is no problem at first, is told of too.
    """
    known = [store.last_synced_at, store.connected_at, store.books_chosen_at]
    if store.alerted_about != Reason.NOT_IN_STEP:
        known.append(store.alerted_at)
    long_ago = now - OUT_OF_STEP_TOLERATED
    if any(at >= long_ago for at in known if at) or not store.address_book_mappings.exists():
        return False
    done = ActivityEntry.objects.of(store.account).filter(Q(store=store) | Q(store=None))
    return not done.filter(timestamp__gte=long_ago).exists()
