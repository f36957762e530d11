"""What a worker process of the tests does."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from integrationhub import jobs, sync
from integrationhub.management.commands.sync_store import BUSY, sync_to_the_end
from integrationhub.models import Store, SyncRun

__all__ = ["begin", "jobs", "on_database", "sync_by_pages", "sync_when_free"]
A_WHILE = 0.02


@contextmanager
def on_database(name: str, **options: object) -> Iterator[None]:
    """Let everything in this process work on another database of the same server."""
    kept, values = connections["default"], connections.settings["default"]
    connections.settings["default"] = {
        **values,
        "NAME": name,
        "OPTIONS": {**values["OPTIONS"], **options},
    }
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = kept
        connections.settings["default"] = values


def begin(
    database: str,
    options: Mapping[str, object],
    values: Mapping[str, Any],
    task: Callable[..., None],
    *given: object,
) -> None:
    """Carry out a task on this database with these settings; the first call of a process."""
    with override_settings(**values), on_database(database, **options):
        task(*given)


def sync_when_free(store_id: int) -> None:
    """Sync a store to the end of its run, as soon as the lease of a dead worker is over."""
    while True:
        try:
            sync_to_the_end(Store.objects.get(pk=store_id))
        except CommandError as error:
            if error.returncode != BUSY:
                raise
            time.sleep(A_WHILE)
        else:
            return


def sync_by_pages(store_id: int) -> None:
    """Sync a store to the end of its run, in slices of one page each."""
    while _slice(store_id, timezone.now()).finished_at is None:
        time.sleep(A_WHILE)


def _slice(store_id: int, ends_at: datetime) -> SyncRun:
    while not (lease := sync.claim_store(Store.objects.get(pk=store_id), timezone.now())):
        time.sleep(A_WHILE)
    return sync.work_on(lease, now=timezone.now, ends_at=ends_at)
