"""A complete read of a source now and then finds what incremental ones cannot: deletions."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from bigcommerce.records import Page
from integrationhub.models import Contact, Cursor, SeenRecord
from integrationhub.models.people import RECORDED
from integrationhub.sync.freshness import has_lain
from integrationhub.sync.full_reads import is_full_read_due
from integrationhub.sync.ledger import forget
from integrationhub.sync.shift import Shift

ASKED_AT_ONCE = 250

_LOOK_UPS: Mapping[str, Callable[[Shift, Sequence[int]], Sequence[Any]]] = {
    "customer_id": lambda shift, ids: shift.source.customers_by_id(ids),
    "subscriber_id": lambda shift, ids: shift.source.subscribers_by_id(ids),
}


def begin_full_read_if_due(shift: Shift, cursor: Cursor) -> None:
    """Let the read that begins now be a complete one, if it is time for that.

    One that was cut off goes on, unless it has lain for long, or another was asked for since.
    """
    if cursor.position and not (has_lain(cursor, shift.run) or _is_asked_for_anew(shift, cursor)):
        return
    cursor.position, cursor.read_started_at = "", None
    cursor.is_full = is_full_read_due(shift.store, cursor, shift.now())
    if cursor.is_full:
        with shift.write():
            cursor.seen.all().delete()


def _is_asked_for_anew(shift: Shift, cursor: Cursor) -> bool:
    asked_at, began_at = shift.store.full_read_requested_at, cursor.began_at
    return asked_at is not None and began_at is not None and asked_at > began_at


def note_seen(cursor: Cursor, page: Page[Any], *, key: str) -> None:
    """Remember the page's records; written with the page, so that a cut-off read can go on."""
    if _finds_deletions(cursor, key):
        _note(cursor, (row.id for row in (*page.records, *page.unreadable)))


def _finds_deletions(cursor: Cursor, key: str) -> bool:
    """Return whether this read is a complete one with something to compare it with."""
    return bool(key) and cursor.is_full and cursor.full_read_at is not None


def _note(cursor: Cursor, ids: Iterable[int]) -> None:
    rows = (SeenRecord(cursor=cursor, remote_id=remote_id) for remote_id in ids)
    SeenRecord.objects.bulk_create(rows, ignore_conflicts=True)


def forget_deleted(shift: Shift, cursor: Cursor, last_page: Page[Any], *, key: str) -> None:
    """Take from the ledger what deleted records said; the people leave the books, nothing more.

    Whoever the read has not seen is asked for, a few at a time: only those whom the store then
    does not have are gone.
    """
    if not _finds_deletions(cursor, key):
        return
    with shift.write():
        note_seen(cursor, last_page, key=key)
    while missing := _not_seen(shift, cursor, key):
        there = {record.id for record in _LOOK_UPS[key](shift, missing)}
        with shift.page():
            forget_records(shift, set(missing) - there, key)
            _note(cursor, there)


def _not_seen(shift: Shift, cursor: Cursor, key: str) -> list[int]:
    seen = SeenRecord.objects.filter(cursor=cursor, remote_id=OuterRef(key))
    known = Contact.objects.filter(~Exists(seen), **{"store": shift.store, f"{key}__isnull": False})
    return list(known.order_by(key).values_list(key, flat=True)[:ASKED_AT_ONCE])


def forget_records(shift: Shift, gone: Collection[int], key: str) -> None:
    """Take from the ledger what records that are deleted, by their ids, said of people."""
    people = Contact.objects.with_ids(shift.store, key, gone)
    for person in people:
        forget(person, key)
        person.stage = Contact.Stage.DECIDE
        if key == "customer_id":
            person.counting_order_ids, person.latest_order_id = (), None
    Contact.objects.record(shift.store, [(person, RECORDED) for person in people])
