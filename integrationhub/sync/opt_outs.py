"""Dotdigital's removals come into the ledger."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings

from dotdigital.errors import NotFoundError
from dotdigital.records import Page, Removal
from integrationhub.models import AddressBook, Audience, Contact, Cursor, OptOut
from integrationhub.models.opt_outs import WHOLE_ACCOUNT
from integrationhub.sync.consent import is_a_wish
from integrationhub.sync.rules import Rules
from integrationhub.sync.shift import Shift

THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_SLACK = timedelta(minutes=1)
FORMER_BOOKS_READ = timedelta(days=30)


class AddressBookDeletedError(Exception):
    """An address book that the store's people go into is gone."""


def read_opt_outs(shift: Shift) -> None:
    """Bring every removal since the last read into the ledger: the account's and each book's.

    The first read goes back to the beginning: an old no is respected, though not written back.
    """
    for book, audience in _feeds(shift):
        try:
            _read_feed(shift, book, audience)
        except NotFoundError as error:
            if book in shift.rules.books.values():
                _mark_missing(shift, book)
                raise AddressBookDeletedError(str(error)) from error


def _feeds(shift: Shift) -> list[tuple[int, str]]:
    """Return what to read: the account, each chosen book, and each chosen before.

    Somebody may leave a book just before another one is chosen, or by an old mail's link; after
    some weeks nobody is in a former book because of us.
    """
    chosen = {book: audience.value for audience, book in shift.rules.books.items()}
    cursors = Cursor.objects.filter(store=shift.store, source__startswith="opt-outs:")
    changed_at = shift.store.books_chosen_at
    if changed_at is None or changed_at < shift.now() - FORMER_BOOKS_READ:
        cursors = cursors.none()
    for source in sorted(cursors.values_list("source", flat=True)):
        _, book, audience = source.split(":")
        chosen.setdefault(int(book), audience)
    chosen.pop(WHOLE_ACCOUNT, None)
    return [(WHOLE_ACCOUNT, ""), *sorted(chosen.items())]


def _mark_missing(shift: Shift, book: int) -> None:
    books = AddressBook.objects.of(shift.store.account)
    with shift.write():
        books.filter(dotdigital_id=book).update(is_missing=True)


def _read_feed(shift: Shift, book: int, audience: str) -> None:
    source = f"opt-outs:{book}:{audience}"
    cursor = shift.cursor(source)
    if _is_fresh(shift, cursor):
        return
    for page in _pages(shift, book, cursor):
        if cursor.read_started_at is None:
            cursor.read_started_at = _server_clock(shift)
        with shift.page():
            _record(shift, page.records, book=book, audience=audience)
            if page.cursor is None:
                cursor.complete(shift.run, shift.now())
            else:
                cursor.advance(page.cursor)


def _is_fresh(shift: Shift, cursor: Cursor) -> bool:
    """Return whether this run has read the feed not long ago; a long run reads it again."""
    interval = timedelta(seconds=settings.SYNC_INTERVAL_SECONDS)
    return (
        cursor.completed_in_id == shift.run.pk
        and cursor.completed_at is not None
        and cursor.completed_at > shift.now() - interval
    )


def _server_clock(shift: Shift) -> datetime:
    date = shift.destination.server_date or shift.destination.server_time()
    return date - CLOCK_SLACK


def _pages(shift: Shift, book: int, cursor: Cursor) -> Iterator[Page[Removal]]:
    overlap = timedelta(seconds=settings.SYNC_OVERLAP_SECONDS)
    since = cursor.since - overlap if cursor.since else THE_BEGINNING
    position = cursor.position or None
    if book == WHOLE_ACCOUNT:
        return shift.destination.suppressed_since(since, cursor=position)
    return shift.destination.unsubscribed_since(book, since, cursor=position)


def _record(shift: Shift, removals: Sequence[Removal], *, book: int, audience: str) -> None:
    rows = [_opt_out(shift, row, book=book, audience=audience) for row in removals if row.email]
    known = _known(shift, rows)
    new = [row for row in rows if _key(row) not in known]
    OptOut.objects.bulk_create(new, ignore_conflicts=True)
    _undecide(shift, new)
    shift.run.opt_outs_seen += len(new)


def _key(row: OptOut) -> tuple[str, int, datetime]:
    return (row.email, row.address_book_id, row.removed_at)


def _known(shift: Shift, rows: Sequence[OptOut]) -> set[tuple[str, int, datetime]]:
    same = OptOut.objects.filter(store=shift.store, email__in={row.email for row in rows})
    return set(same.values_list("email", "address_book_id", "removed_at"))


def _undecide(shift: Shift, rows: Sequence[OptOut]) -> None:
    people = Contact.objects.filter(store=shift.store, email__in={row.email for row in rows})
    people.update(stage=Contact.Stage.DECIDE)
    ids = {row.dotdigital_id for row in rows if row.dotdigital_id}
    moved = Contact.objects.filter(store=shift.store, dotdigital_id__in=ids)
    moved.update(stage=Contact.Stage.DECIDE)


def _opt_out(shift: Shift, removal: Removal, *, book: int, audience: str) -> OptOut:
    row = OptOut(
        store=shift.store,
        email=(removal.email or "").strip().lower(),
        dotdigital_id=removal.contact_id,
        address_book_id=book,
        audience=audience,
        removed_at=removal.removed_at,
        reason=removal.reason,
        seen_at=shift.now(),
    )
    row.receipt = first_receipt(row, shift.rules)
    return row


def first_receipt(row: OptOut, rules: Rules) -> OptOut.Receipt:
    """Return whether a removal just seen is to be written back, or why it is not."""
    if row.removed_at < rules.connected_at:
        return OptOut.Receipt.BEFORE_CONNECTION
    if not is_a_wish(row, rules):
        return OptOut.Receipt.NOT_A_WISH
    if row.audience == Audience.CUSTOMERS:
        return OptOut.Receipt.OTHER_BOOK
    return OptOut.Receipt.PENDING
