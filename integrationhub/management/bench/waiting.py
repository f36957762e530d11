"""Connecting many stores, and waiting for what workers do, inside a measured hub."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

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


def await_run(name: str, *, patience: float) -> float:
    """Return, when the store's run has begun, how many seconds after it was due that was."""
    runs = SyncRun.objects.filter(store__store_hash=name)
    _until(runs.exists, patience, f"{name} has no run")
    due_at = Store.objects.values_list("books_chosen_at", flat=True).get(store_hash=name)
    if due_at is None:
        raise RuntimeError("no book is chosen")
    waited: timedelta = runs.earliest("pk").started_at - due_at
    return waited.total_seconds()


def await_synced(number: int, *, patience: float) -> None:
    """Return when so many stores have had a run that went well."""
    synced = Store.objects.exclude(last_synced_at=None)
    _until(lambda: synced.count() >= number, patience, "not all are synced")


def _until(ask: Callable[[], bool], patience: float, complaint: str) -> None:
    ends_at = time.monotonic() + patience
    while not ask():
        if time.monotonic() > ends_at:
            raise RuntimeError(f"{complaint} after {patience:g} s")
        time.sleep(LOOK_EVERY_SECONDS)
