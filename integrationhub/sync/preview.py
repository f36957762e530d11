"""The preview: asked for by a person, counted by a run that sends and writes back nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from dotdigital.errors import NotFoundError
from dotdigital.records import Removal
from integrationhub.doorbell import ring
from integrationhub.models import Contact, Cursor, Preview, PreviewRemoval, Store, SyncRun
from integrationhub.reasons import Reason
from integrationhub.sync.endings import Ending
from integrationhub.sync.foretell import PAGE, considered, foretell
from integrationhub.sync.opt_outs import THE_BEGINNING, AddressBookDeletedError
from integrationhub.sync.shift import Shift

CURSORS = "preview:"


def ask(
    store: Store,
    *,
    books: Mapping[str, int],
    names: Mapping[str, str],
    now: datetime,
    by: User | None = None,
) -> bool:
    """Have it counted what these books would mean; answers False while another count goes on."""
    if SyncRun.objects.filter(store=store, finished_at=None, is_preview=True).exists():
        return False
    before = waiting(store)
    due_at = before.due_at if before else store.next_sync_at
    with transaction.atomic():
        Cursor.objects.filter(store=store, source__startswith=CURSORS).delete()
        Preview.objects.filter(store=store).delete()
        Preview.objects.create(
            store=store,
            asked_by=by,
            asked_at=now,
            books=dict(books),
            names=dict(names),
            due_at=due_at,
        )
        Store.objects.filter(pk=store.pk).update(next_sync_at=now)
    ring()
    return True


def waiting(store: Store) -> Preview | None:
    """Return the preview that is asked for and not finished, if there is one."""
    found: Preview | None = Preview.objects.filter(store=store, finished_at=None).first()
    return found


def read_considered_books(shift: Shift) -> None:
    """Read who has left the books that are being considered.

    Not into the ledger: it would be written back, and taken for a no to an audience that may
    never go into that book.
    """
    preview = _of(shift)
    mapped = set(shift.rules.books.values())
    for audience, book in preview.books.items():
        if book and book not in mapped:
            try:
                _read(shift, preview, book, audience)
            except NotFoundError as error:
                raise AddressBookDeletedError(str(error)) from error


def _of(shift: Shift) -> Preview:
    """Return the preview that this run counts; what an earlier run has counted is forgotten."""
    preview: Preview = Preview.objects.get(store=shift.store)
    preview.store = shift.store
    if preview.run_id != shift.run.pk:
        preview.run, preview.position, preview.counts = shift.run, "", {}
        with shift.write():
            preview.save(update_fields=["run", "position", "counts"])
    return preview


def _read(shift: Shift, preview: Preview, book: int, audience: str) -> None:
    cursor = shift.cursor(f"{CURSORS}{book}:{audience}")
    if cursor.completed_in_id == shift.run.pk:
        return
    position = cursor.position or None
    cursor.read_started_at = cursor.read_started_at or shift.now()
    for page in shift.destination.unsubscribed_since(book, THE_BEGINNING, cursor=position):
        rows = list(_removals(preview, page.records, book=book, audience=audience))
        with shift.page():
            PreviewRemoval.objects.bulk_create(rows, ignore_conflicts=True)
            if page.cursor is None:
                cursor.complete(shift.run, shift.now())
            else:
                cursor.advance(page.cursor)


def _removals(
    preview: Preview, records: Sequence[Removal], *, book: int, audience: str
) -> Iterator[PreviewRemoval]:
    for row in records:
        if row.email:
            yield PreviewRemoval(
                preview=preview,
                email=row.email.strip().lower(),
                dotdigital_id=row.contact_id,
                address_book_id=book,
                audience=audience,
                removed_at=row.removed_at,
                reason=row.reason,
            )


def count_people(shift: Shift) -> None:
    """Count what would happen to everybody, page by page, and keep the sums."""
    preview = _of(shift)
    rules = considered(preview)
    while page := Contact.objects.by_email(shift.store, after=preview.position, limit=PAGE):
        for _, audience, outcome, reason in foretell(preview, page, rules):
            sums = preview.counts.setdefault(audience.value, {}).setdefault(outcome, {})
            sums[reason] = sums.get(reason, 0) + 1
        preview.position = page[-1].email
        with shift.page():
            preview.save(update_fields=["position", "counts"])


def end_with(run: SyncRun, ending: Ending, *, now: datetime) -> Ending:
    """Return the ending with the store's preview in mind; belongs in the transaction of the end.

    A preview's own run leaves the store as it was. After another run a preview that waits is next.
    """
    preview = waiting(run.store)
    if preview is None or ending.status is None:
        return ending
    if not run.is_preview:
        preview.due_at = ending.next_sync_at
        preview.save(update_fields=["due_at"])
        return replace(ending, next_sync_at=now)
    is_done = ending.status == SyncRun.Status.COMPLETED
    preview.finished_at = now
    preview.reason, preview.detail = ("", "") if is_done else (ending.reason, ending.detail)
    preview.save(update_fields=["finished_at", "reason", "detail"])
    reason = Reason.PREVIEWED if is_done else ending.reason
    due_at = now if _is_sync_wanted(run.store, preview) else preview.due_at
    detail = "" if is_done else ending.detail
    return replace(ending, reason=reason, detail=detail, next_sync_at=due_at, store={})


def _is_sync_wanted(store: Store, preview: Preview) -> bool:
    """Return whether somebody has saved books or asked for a sync since the preview."""
    chosen_at = store.books_chosen_at
    return bool(store.sync_requested_at or (chosen_at and chosen_at > preview.asked_at))
