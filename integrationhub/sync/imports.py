"""People are handed to Dotdigital in imports, a batch at a time."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from dotdigital.errors import NotFoundError, RejectedError, TooManyImportsError
from dotdigital.records import ContactImport as RemoteImport
from dotdigital.records import ImportStatus
from integrationhub.models import Contact, ContactImport
from integrationhub.reasons import Reason
from integrationhub.sync.batches import Parcel, is_anybody_waiting, next_batch
from integrationhub.sync.data_fields import prepare_data_fields, restore_data_fields
from integrationhub.sync.outcomes import refuse, settle_import
from integrationhub.sync.shift import Shift, SliceOverError

OPEN_IMPORTS = 4
IN_FLIGHT = Contact.Stage.IN_FLIGHT.value
PATIENCE_SECONDS = 20.0
LOOK_AGAIN = timedelta(seconds=15)
LOOK_AGAIN_WHEN_STUCK = timedelta(minutes=3)

log = logging.getLogger(__name__)


class ImportRefusedError(Exception):
    """Dotdigital ended an import without carrying it out."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Remember which of its reasons it was."""
        super().__init__(detail)
        self.reason = reason


_REFUSALS = {
    ImportStatus.REJECTED_BY_WATCHDOG: Reason.IMPORT_REJECTED,
    ImportStatus.EXCEEDS_ALLOWED_CONTACT_LIMIT: Reason.CONTACT_LIMIT,
    ImportStatus.FAILED: Reason.IMPORT_FAILED,
}


def finish_open_imports(shift: Shift) -> None:
    """See every import to its end that an earlier slice or run has left open."""
    _take_back_unsent(shift)
    for contact_import in list(_open(shift)):
        _see_to_its_end(shift, contact_import)


def send_all(shift: Shift) -> None:
    """Send everybody who waits, and see every import to its end."""
    if is_anybody_waiting(shift):
        prepare_data_fields(shift)
    while True:
        open_imports = list(_open(shift))
        room = len(open_imports) < OPEN_IMPORTS
        if room and _send_next(shift, open_imports):
            continue
        if not open_imports:
            return
        _see_to_its_end(shift, open_imports[0])


def _send_next(shift: Shift, open_imports: Sequence[ContactImport]) -> bool:
    """Send the next batch, if there is one; it is let go before the next one is packed."""
    batch = next_batch(shift)
    if batch:
        _send_while_there_is_room(shift, batch, open_imports)
    return bool(batch)


def _open(shift: Shift) -> QuerySet[ContactImport]:
    return ContactImport.objects.filter(store=shift.store, finished_at=None).order_by("pk")


def _take_back_unsent(shift: Shift) -> None:
    """Send again what a worker that died may or may not have sent: imports are upserts."""
    for unsent in _open(shift).filter(status=ContactImport.Status.SENDING):
        _take_back(shift, unsent, ContactImport.Status.UNKNOWN, "the answer was lost")


def _take_back(
    shift: Shift, contact_import: ContactImport, status: ContactImport.Status, detail: str
) -> None:
    with shift.write():
        people = contact_import.contacts.filter(stage=Contact.Stage.IN_FLIGHT)
        people.update(stage=Contact.Stage.IMPORT, contact_import=None)
        close_import(shift, contact_import, status, detail)


def close_import(
    shift: Shift, contact_import: ContactImport, status: ContactImport.Status, detail: str = ""
) -> None:
    """Note how an import ended."""
    contact_import.status, contact_import.detail = status, detail
    contact_import.finished_at = shift.now()
    contact_import.save(update_fields=["status", "detail", "finished_at"])


def _send_while_there_is_room(
    shift: Shift, batch: Sequence[Parcel], open_imports: Sequence[ContactImport]
) -> None:
    try:
        _send(shift, batch)
    except TooManyImportsError:
        if not open_imports:
            raise
        _see_to_its_end(shift, open_imports[0])


def _send(shift: Shift, parcels: Sequence[Parcel], *, is_half: bool = False) -> None:
    """Send one batch; one that is refused whole is halved until the bad contact stands alone.

    Unless a data field was deleted: that is made again, and the people are packed again.
    """
    contact_import = _note_sending(shift, parcels)
    try:
        remote_id = shift.destination.import_contacts([parcel.row for parcel in parcels])
    except RejectedError as error:
        _take_back(shift, contact_import, ContactImport.Status.REFUSED, str(error))
        if is_half or not restore_data_fields(shift):
            _halve(shift, parcels, error)
        return
    except TooManyImportsError as error:
        _take_back(shift, contact_import, ContactImport.Status.REFUSED, str(error))
        raise
    contact_import.remote_id, contact_import.status = remote_id, ContactImport.Status.RUNNING
    with shift.page():
        contact_import.save(update_fields=["remote_id", "status"])


def _halve(shift: Shift, parcels: Sequence[Parcel], error: RejectedError) -> None:
    if len(parcels) == 1:
        refuse(shift, parcels[0].contact, error.code)
        return
    middle = len(parcels) // 2
    for half in (parcels[:middle], parcels[middle:]):
        _send(shift, half, is_half=True)


def _note_sending(shift: Shift, parcels: Sequence[Parcel]) -> ContactImport:
    """Write down who is about to be sent, so that a worker's death loses nobody."""
    people = [parcel.contact for parcel in parcels]
    with shift.write():
        contact_import = ContactImport.objects.create(
            store=shift.store,
            run=shift.run,
            books=shift.rules.books_by_name,
            sent=len(people),
            created_at=shift.now(),
        )
        for contact in people:
            contact.stage, contact.contact_import_id = IN_FLIGHT, contact_import.pk
            contact.sent_at = contact_import.created_at
        Contact.objects.save_sent(people)
    return contact_import


def _see_to_its_end(shift: Shift, contact_import: ContactImport) -> None:
    """Wait a little for an import and settle its people, or give the worker back meanwhile."""
    try:
        remote = shift.destination.await_import(
            contact_import.remote_id,
            patience=PATIENCE_SECONDS,
            earliest=_time_to_finish(shift, contact_import),
        )
    except NotFoundError as error:
        _give_up_on(shift, contact_import, str(error))
        return
    if not remote.is_finished:
        shift.pause()
        raise _not_finished(shift, contact_import)
    _end(shift, contact_import, remote)


def _time_to_finish(shift: Shift, contact_import: ContactImport) -> float:
    """Return the seconds in which it is no use asking: an import takes Dotdigital a moment."""
    least: float = settings.IMPORT_ASK_SECONDS
    age = (shift.now() - contact_import.created_at).total_seconds()
    return min(max(least - age, 0.0), least)


def _not_finished(shift: Shift, contact_import: ContactImport) -> SliceOverError:
    """Return what gives the worker back until the import may have ended; a long wait is said."""
    age = shift.now() - contact_import.created_at
    if age < timedelta(seconds=settings.IMPORT_STUCK_SECONDS):
        return SliceOverError(at=shift.now() + LOOK_AGAIN)
    told = f"import {contact_import.remote_id}, sent {contact_import.created_at:%Y-%m-%d %H:%M} UTC"
    log.warning("store %s: %s is not finished", shift.store.pk, told)
    return SliceOverError(
        at=shift.now() + LOOK_AGAIN_WHEN_STUCK, reason=Reason.IMPORT_STUCK, detail=told
    )


def _give_up_on(shift: Shift, contact_import: ContactImport, detail: str) -> None:
    """Send again what Dotdigital no longer knows of; what is young may only not show yet."""
    age = shift.now() - contact_import.created_at
    if age < timedelta(seconds=settings.IMPORT_LOST_SECONDS):
        shift.pause()
        raise SliceOverError(at=shift.now() + LOOK_AGAIN)
    _take_back(shift, contact_import, ContactImport.Status.UNKNOWN, detail)


def _end(shift: Shift, contact_import: ContactImport, remote: RemoteImport) -> None:
    if reason := _REFUSALS.get(remote.status):
        _take_back(shift, contact_import, ContactImport.Status.REFUSED, remote.status.value)
        raise ImportRefusedError(reason, f"import {remote.id}: {remote.status.value}")
    settle_import(shift, contact_import, remote)
