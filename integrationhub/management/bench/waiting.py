"""Connecting many stores, and waiting for what workers do, inside a measured hub."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet

from integrationhub import address_books, probes, stores
from integrationhub.management.bench.vendors import PASSWORD, TOKEN, user_of
from integrationhub.models import Account, Store, SyncRun

LOOK_EVERY_SECONDS = 0.2


def connect_all(names: list[str], *, now: Callable[[], datetime]) -> None:
    """Connect each store of these hashes in an account of its own; all become due at the end."""
    chosen = []
    for name in names:
        account = Account.objects.create(name=name, slug=name)
        credentials = probes.Credentials(
            store_hash=name, access_token=TOKEN, api_user=user_of(name), password=PASSWORD
        )
        store = stores.connect(account, credentials)
        book = address_books.ensure(account, "Store subscribers", now=now())
        chosen.append((store, address_books.Choice(subscribers=book, customers=None)))
    for store, choice in chosen:
        address_books.assign(store, choice, now=now())


def await_reading(name: str, *, patience: float) -> None:
    """Return when the store's run has read something."""
    runs = SyncRun.objects.filter(store__store_hash=name, rows_read__gt=0)
    _until(runs.exists, patience, f"{name} is not read")


def await_turns(
    names: list[str], *, seconds: float, patience: float, now: Callable[[], datetime]
) -> float:
    """Let these stores become due again and again, and return the longest that one has waited.

    Nobody rings for them: that is left to the workers and their schedule.
    """
    ends_at, longest = time.monotonic() + seconds, timedelta()
    due = Store.objects.filter(store_hash__in=names)
    while time.monotonic() < ends_at:
        due_at = now()
        due.update(next_sync_at=due_at)
        runs = SyncRun.objects.filter(store__store_hash__in=names, started_at__gte=due_at)
        ended = runs.exclude(finished_at=None)
        _until(partial(_are, ended, len(names)), patience, "some have no run")
        longest = max(longest, *(run.started_at - due_at for run in runs))
    return longest.total_seconds()


def await_synced(number: int, *, patience: float) -> None:
    """Return when so many stores have had a run that went well."""
    synced = Store.objects.exclude(last_synced_at=None)
    _until(partial(_are, synced, number), patience, "not all are synced")


def _are(rows: "QuerySet[Any]", number: int) -> bool:
    return rows.count() >= number


def _until(ask: Callable[[], bool], patience: float, complaint: str) -> None:
    ends_at = time.monotonic() + patience
    while not ask():
        if time.monotonic() > ends_at:
            raise RuntimeError(f"{complaint} after {patience:g} s")
        time.sleep(LOOK_EVERY_SECONDS)
