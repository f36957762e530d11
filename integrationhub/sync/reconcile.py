"""A complete read of a source now and then finds what incremental ones cannot: deletions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef

from bigcommerce.records import Page
from integrationhub.models import Contact, Cursor, SeenRecord
from integrationhub.sync.ledger import forget
from integrationhub.sync.shift import Shift

ASKED_AT_ONCE = 250

_LOOK_UPS: Mapping[str, Callable[[Shift, Sequence[int]], Sequence[Any]]] = {
    "customer_id": lambda shift, ids: shift.source.customers_by_id(ids),
    "subscriber_id": lambda shift, ids: shift.source.subscribers_by_id(ids),
}


def begin_full_read_if_due(shift: Shift, cursor: Cursor) -> None:
    """Let the read that begins now be a complete one, once a day and the first time."""
    if cursor.position:
        return
    day = timedelta(hours=settings.FULL_READ_HOURS)
    cursor.is_full = cursor.full_read_at is None or cursor.full_read_at < shift.now() - day
    if cursor.is_full:
        with shift.write():
            cursor.seen.all().delete()


def note_seen(cursor: Cursor, page: Page[Any]) -> None:
    """Remember the page's records; written with the page, so that a cut-off read can go on."""
    if cursor.is_full and cursor.full_read_at is not None:
        SeenRecord.objects.bulk_create(
            (
                SeenRecord(cursor=cursor, remote_id=row.id)
                for row in (*page.records, *page.unreadable)
            ),
            ignore_conflicts=True,
        )


def ask_for_missing(
    shift: Shift, cursor: Cursor, last_page: Page[Any], *, key: str
) -> Collection[int]:
    """Return the ids that the read has not seen and the store, asked for them, does not have."""
    if not key or not cursor.is_full or cursor.full_read_at is None:
        return ()
    seen = SeenRecord.objects.filter(cursor=cursor, remote_id=OuterRef(key))
    known = Contact.objects.filter(~Exists(seen), **{"store": shift.store, f"{key}__isnull": False})
    last_ids = {record.id for record in (*last_page.records, *last_page.unreadable)}
    missing = sorted(set(known.values_list(key, flat=True)) - last_ids)
    there = {record.id for chunk in _chunks(missing) for record in _LOOK_UPS[key](shift, chunk)}
    return set(missing) - there


def _chunks(ids: Sequence[int]) -> Sequence[Sequence[int]]:
    return [ids[start : start + ASKED_AT_ONCE] for start in range(0, len(ids), ASKED_AT_ONCE)]


def forget_deleted(shift: Shift, cursor: Cursor, gone: Collection[int], *, key: str) -> None:
    """Take from the ledger what deleted records said; the people leave the books, nothing more."""
    cursor.seen.all().delete()
    for chunk in _chunks(sorted(gone)):
        people = list(Contact.objects.filter(**{"store": shift.store, f"{key}__in": chunk}))
        for contact in people:
            forget(contact, key)
            contact.stage = Contact.Stage.DECIDE
            if key == "customer_id":
                contact.counting_order_ids, contact.latest_order_id = [], None
        Contact.objects.record(people)
