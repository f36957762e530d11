"""BigCommerce's changes come into the ledger, page by page, each with its cursor."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from bigcommerce.records import Page
from integrationhub.models import Contact, Cursor
from integrationhub.sync.absorb import (
    absorb_customers,
    absorb_orders,
    absorb_subscribers,
    complete_customers,
    complete_orders,
)
from integrationhub.sync.ledger import LedgerPage
from integrationhub.sync.reconcile import (
    ask_for_missing,
    begin_full_read_if_due,
    forget_deleted,
    note_seen,
)
from integrationhub.sync.shift import Shift, Tally, settled_outcomes

CLOCK_SLACK = timedelta(minutes=1)
Pages = Iterator[Page[Any]]
Unchanged = dict[int, list[tuple[str, str]]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """One listing of BigCommerce: how it is read, completed and taken in.

    `key` is the ledger's column for its ids, where the ledger keeps one: then a complete read
    also finds what is deleted.
    """

    name: str
    key: str
    pages: Callable[[Shift, datetime | None, str | None], Pages]
    complete: Callable[[Shift, Sequence[Any]], Sequence[Any]]
    absorb: Callable[[Shift, Sequence[Any]], LedgerPage]


def pull(shift: Shift) -> None:
    """Read what has changed since the last complete read; everything, the first time."""
    unchanged: Unchanged = {}
    try:
        for source in SOURCES:
            _read(shift, source, unchanged)
    finally:
        _count(shift, unchanged)


def _read(shift: Shift, source: Source, unchanged: Unchanged) -> None:
    cursor, _ = Cursor.objects.get_or_create(store=shift.store, source=source.name)
    if cursor.completed_in_id == shift.run.pk:
        return
    begin_full_read_if_due(shift, cursor)
    for page in source.pages(shift, _since(cursor), cursor.position or None):
        if cursor.read_started_at is None:
            cursor.read_started_at = _server_clock(shift)
        records = source.complete(shift, page.records)
        gone = () if page.cursor else ask_for_missing(shift, cursor, page, key=source.key)
        with shift.page():
            _note(unchanged, source.absorb(shift, records))
            _count_rows(shift, page)
            if page.cursor is None:
                forget_deleted(shift, cursor, gone, key=source.key)
                cursor.complete(shift.run, shift.now())
            else:
                note_seen(cursor, page)
                cursor.advance(page.cursor)


def _count_rows(shift: Shift, page: Page[Any]) -> None:
    shift.run.rows_read += len(page.records)
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


def _note(unchanged: Unchanged, page: LedgerPage) -> None:
    """Remember who is as before and has nothing to wait for; each person once."""
    for contact in page.unchanged:
        if contact.stage == Contact.Stage.SETTLED:
            unchanged[contact.pk] = settled_outcomes(contact)
    for contact in page.changed:
        unchanged.pop(contact.pk, None)


def _count(shift: Shift, unchanged: Unchanged) -> None:
    if unchanged:
        shift.lease.renew(shift.now())
        shift.count(Tally(pair for pairs in unchanged.values() for pair in pairs))


def _customers(shift: Shift, since: datetime | None, position: str | None) -> Pages:
    return shift.source.customers(modified_since=since, cursor=position)


def _subscribers(shift: Shift, since: datetime | None, position: str | None) -> Pages:
    is_filtered = shift.store.is_subscriber_filter_working
    return shift.source.subscribers(modified_since=since if is_filtered else None, cursor=position)


def _orders(shift: Shift, since: datetime | None, position: str | None) -> Pages:
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
