"""People are handed to Dotdigital in imports, a batch at a time."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from msgspec import Struct

from dotdigital.errors import NotFoundError, RejectedError, TooManyImportsError
from dotdigital.records import ContactImport as RemoteImport
from dotdigital.records import ImportStatus
from integrationhub.models import Contact, ContactImport, Person
from integrationhub.reasons import Reason
from integrationhub.sync.data_fields import prepare_data_fields
from integrationhub.sync.decide import Decision, decide
from integrationhub.sync.deciding import count_settled, settle_in_mind
from integrationhub.sync.ledger import opt_outs_of
from integrationhub.sync.outcomes import refuse, settle_import
from integrationhub.sync.payload import packed, payload
from integrationhub.sync.rules import Rules
from integrationhub.sync.shift import Shift, SliceOverError

OPEN_IMPORTS = 4
PAGE = 1000
FULL = 50  # a batch goes out when less than this fraction of it is free
PATIENCE_SECONDS = 20.0
LOOK_AGAIN = timedelta(seconds=15)


class ImportRefusedError(Exception):
    """Dotdigital ended an import without carrying it out."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Remember which of its reasons it was."""
        super().__init__(detail)
        self.reason = reason


class Parcel(Struct, frozen=True):
    """One contact and the bytes that are sent for it."""

    contact: Person
    row: bytes


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
    if Contact.objects.filter(store=shift.store, stage__in=_stages(shift)).exists():
        prepare_data_fields(shift)
    while True:
        open_imports = list(_open(shift))
        room = len(open_imports) < OPEN_IMPORTS
        if room and (batch := _next_batch(shift)):
            _send_while_there_is_room(shift, batch, open_imports)
        elif open_imports:
            _see_to_its_end(shift, open_imports[0])
        else:
            return


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


def _next_batch(shift: Shift) -> list[Parcel]:
    """Return the next people with what is to be sent, after settling who needs nothing sent."""
    parcels: list[Parcel] = []
    size = last = 0
    while (room := settings.IMPORT_BATCH_SIZE - len(parcels)) * FULL > settings.IMPORT_BATCH_SIZE:
        limit = min(room, PAGE)
        page = Contact.objects.in_stages(shift.store, _stages(shift), after=last, limit=limit)
        if not page:
            break
        last = page[-1].id
        for parcel in _pack(shift, page):
            size += len(parcel.row)
            if parcels and size > settings.IMPORT_BATCH_BYTES:
                return parcels
            parcels.append(parcel)
    return parcels


def _stages(shift: Shift) -> Sequence[Contact.Stage]:
    """Return who is looked at: while the books are filled, those not decided before as well."""
    waiting = [Contact.Stage.IMPORT]
    return [*waiting, Contact.Stage.DECIDE] if shift.store.is_filling else waiting


def _pack(shift: Shift, page: Sequence[Person]) -> list[Parcel]:
    """Decide once more, so that nothing is sent that an opt-out has overtaken."""
    opt_outs = opt_outs_of(shift.store, page)
    parcels, settled = [], []
    for contact in page:
        decision = decide(contact, opt_outs.get(contact.id, ()), shift.rules)
        settle_in_mind(contact, decision, shift)
        wanted = payload(contact, decision, shift.rules)
        if contact.stage == Contact.Stage.IMPORT and wanted is not None:
            contact.sent_fingerprint, row = packed(wanted, contact)
            _note_books(contact, decision, shift.rules)
            parcels.append(Parcel(contact, row))
        else:
            settled.append(contact)
    if settled:
        with shift.page():
            Contact.objects.save_decisions(settled, with_books=True)
            count_settled(shift, settled)
    return parcels


def _note_books(contact: Person, decision: Decision, rules: Rules) -> None:
    """Note which books are sent; what was sent before, unconfirmed, may have been taken too."""
    sent = {
        audience.value: book
        for audience, book in rules.books.items()
        if decision.verdict(audience).is_wanted
    }
    for audience, book in contact.sent_books.items():
        if sent.get(audience) != book and book not in contact.books(audience):
            contact.put_in(audience, book)
    contact.sent_books = sent


def _send_while_there_is_room(
    shift: Shift, batch: Sequence[Parcel], open_imports: Sequence[ContactImport]
) -> None:
    try:
        _send(shift, batch)
    except TooManyImportsError:
        if not open_imports:
            raise
        _see_to_its_end(shift, open_imports[0])


def _send(shift: Shift, parcels: Sequence[Parcel]) -> None:
    """Send one batch; one that is refused whole is halved until the bad contact stands alone."""
    contact_import = _note_sending(shift, parcels)
    try:
        remote_id = shift.destination.import_contacts([parcel.row for parcel in parcels])
    except RejectedError as error:
        _take_back(shift, contact_import, ContactImport.Status.REFUSED, str(error))
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
        _send(shift, half)


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
            contact.stage, contact.contact_import_id = Contact.Stage.IN_FLIGHT, contact_import.pk
            contact.sent_at = contact_import.created_at
        Contact.objects.save_sent(people)
    return contact_import


def _see_to_its_end(shift: Shift, contact_import: ContactImport) -> None:
    """Wait a little for an import and settle its people, or give the worker back meanwhile."""
    try:
        remote = shift.destination.await_import(contact_import.remote_id, patience=PATIENCE_SECONDS)
    except NotFoundError as error:
        _give_up_on(shift, contact_import, str(error))
        return
    if not remote.is_finished:
        shift.pause()
        raise SliceOverError(at=shift.now() + LOOK_AGAIN)
    _end(shift, contact_import, remote)


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
