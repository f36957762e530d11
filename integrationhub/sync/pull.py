"""BigCommerce's changes come into the ledger, page by page, each with its cursor."""

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from bigcommerce.paging import Pages
from bigcommerce.records import Page
from integrationhub.models import Contact, Cursor, SyncRun
from integrationhub.sync.absorb import (
    absorb_customers,
    absorb_orders,
    absorb_subscribers,
    complete_customers,
    complete_orders,
)
from integrationhub.sync.freshness import is_outdated
from integrationhub.sync.full_reads import is_full_read_due
from integrationhub.sync.ledger import LedgerPage
from integrationhub.sync.reconcile import (
    begin_full_read_if_due,
    forget_deleted,
    note_seen,
)
from integrationhub.sync.shift import Shift
from integrationhub.sync.unchanged import note_unchanged

CLOCK_SLACK = timedelta(minutes=1)
MUCH = (1000, 4000, 16_000, 64_000, 256_000)  # rows; each a few times more than the one before

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """One listing of BigCommerce: how it is read, completed and taken in.

    `key` is the ledger's column for its ids, where the ledger keeps one: then a complete read
    also finds what is deleted.
    """

    name: str
    key: str
    pages: Callable[[Shift, datetime | None, str | None], Pages[Any]]
    complete: Callable[[Shift, Sequence[Any]], Sequence[Any]]
    absorb: Callable[[Shift, Sequence[Any]], LedgerPage]


def pull(shift: Shift) -> None:
    """Read what has changed since the last complete read; everything, the first time."""
    if _is_only_decided_anew(shift):
        return
    for source in SOURCES:
        cursor = shift.cursor(source.name)
        if cursor.completed_in_id != shift.run.pk:
            begin_full_read_if_due(shift, cursor)
            _read(shift, source, cursor, is_again=False)


def _is_only_decided_anew(shift: Shift) -> bool:
    """Return whether only the rules have changed, and the store was read a moment ago.

    A new field mapping, say, is sent from the ledger. Who presses Sync now has it read.
    """
    store, now = shift.store, shift.now()
    if not store.is_decision_due or store.is_filling or shift.run.trigger == SyncRun.Trigger.PERSON:
        return False
    cursors = [shift.cursor(source.name) for source in SOURCES]
    return not any(
        is_outdated(cursor, now) or is_full_read_due(store, cursor, now) for cursor in cursors
    )


def read_again(shift: Shift) -> None:
    """Read what has changed meanwhile, where the reading took long or was long ago.

    Somebody may have opted out in the store after their page was read.
    """
    for source in SOURCES:
        cursor = shift.cursor(source.name)
        if is_outdated(cursor, shift.now()):
            _read(shift, source, cursor, is_again=True)


def _read(shift: Shift, source: Source, cursor: Cursor, *, is_again: bool) -> None:
    if not cursor.position:
        cursor.began_at, cursor.is_again = shift.now(), is_again
    with closing(source.pages(shift, _since(cursor), cursor.position or None)) as pages:
        for page in pages:
            _take_in(shift, source, cursor, page)


def _take_in(shift: Shift, source: Source, cursor: Cursor, page: Page[Any]) -> None:
    if cursor.read_started_at is None:
        cursor.read_started_at = _server_clock(shift)
        _expect(shift, cursor, page)
    records = source.complete(shift, page.records)
    if page.cursor is None:
        forget_deleted(shift, cursor, page, key=source.key)
    with shift.page():
        people = source.absorb(shift, records)
        if not cursor.is_full:
            note_unchanged(shift.store, people.unchanged)
        _count_rows(shift, page)
        _move(shift, cursor, page, key=source.key)


def _move(shift: Shift, cursor: Cursor, page: Page[Any], *, key: str) -> None:
    if page.cursor is None:
        cursor.seen.all().delete()
        cursor.complete(shift.run, shift.now())
    else:
        note_seen(cursor, page, key=key)
        cursor.advance(page.cursor)


def _expect(shift: Shift, cursor: Cursor, first_page: Page[Any]) -> None:
    """Say how many rows there are to read; only a complete read is worth asking for it."""
    total = first_page.total
    if total is None and cursor.is_full and first_page.cursor:
        total = shift.source.count_orders()
    rows = len(first_page.records) if total is None else total
    shift.run.rows_expected = (shift.run.rows_expected or 0) + rows


def _count_rows(shift: Shift, page: Page[Any]) -> None:
    before = shift.run.rows_read
    shift.run.rows_read += len(page.records)
    if shift.run.is_first and any(before < size <= shift.run.rows_read for size in MUCH):
        Contact.objects.learn_sizes()
    shift.run.rows_expected = max(shift.run.rows_expected or 0, shift.run.rows_read)
    shift.run.rows_unreadable += len(page.unreadable)
    for row in page.unreadable:
        log.warning("store %s: row %s is unreadable: %s", shift.store.pk, row.id, row.detail)


def _since(cursor: Cursor) -> datetime | None:
    if cursor.is_full or cursor.since is None:
        return None
    return cursor.since - timedelta(seconds=settings.SYNC_OVERLAP_SECONDS)


def _server_clock(shift: Shift) -> datetime:
    """Return the store's clock, not ours, a little early: the answer is older than its header."""
    return (shift.source.server_date or shift.source.time()) - CLOCK_SLACK


def _customers(shift: Shift, since: datetime | None, position: str | None) -> Pages[Any]:
    return shift.source.customers(modified_since=since, cursor=position)


def _subscribers(shift: Shift, since: datetime | None, position: str | None) -> Pages[Any]:
    is_filtered = shift.store.is_subscriber_filter_working
    return shift.source.subscribers(modified_since=since if is_filtered else None, cursor=position)


def _orders(shift: Shift, since: datetime | None, position: str | None) -> Pages[Any]:
    if since is None:
        return shift.source.orders(cursor=position)
    return shift.source.orders_modified_since(since, cursor=position)


def _as_they_are(_shift: Shift, records: Sequence[Any]) -> Sequence[Any]:
    return records


SOURCES = (
    Source("customers", "customer_id", _customers, complete_customers, absorb_customers),
    Source("subscribers", "subscriber_id", _subscribers, _as_they_are, absorb_subscribers),
    Source("orders", "", _orders, complete_orders, absorb_orders),
)
