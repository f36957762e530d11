"""The people who wait to be sent become batches: a page of decisions, and the bytes for each."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from msgspec import Struct

from integrationhub.models import Contact, Person
from integrationhub.sync.decide import Decision, decide
from integrationhub.sync.deciding import count_settled, reopen, settle_in_mind
from integrationhub.sync.ledger import opt_outs_of
from integrationhub.sync.payload import packed, payload
from integrationhub.sync.rules import Rules
from integrationhub.sync.shift import Shift
from integrationhub.sync.trial import on_trial

PAGE = 1000
IMPORT = Contact.Stage.IMPORT.value
FULL = 50  # a batch goes out when less than this fraction of it is free


class Parcel(Struct, frozen=True):
    """One contact and the bytes that are sent for it."""

    contact: Person
    row: bytes


def is_anybody_waiting(shift: Shift) -> bool:
    """Return whether there is anybody who may have to be sent."""
    if shift.store.is_trial:
        return bool(on_trial(shift))
    return any(
        Contact.objects.in_stage(shift.store, stage, limit=1, is_sent=is_sent)
        for stage, is_sent in _stages(shift)
    )


def next_batch(shift: Shift) -> list[Parcel]:
    """Return the next people with what is to be sent, after settling who needs nothing sent."""
    parcels: list[Parcel] = []
    size = 0
    for page in _pages(shift, parcels):
        for parcel in _pack(shift, page):
            size += len(parcel.row)
            if parcels and size > settings.IMPORT_BATCH_BYTES:
                return parcels
            parcels.append(parcel)
    return parcels


def _pages(shift: Shift, parcels: Sequence[Parcel]) -> Iterator[list[Person]]:
    """Yield pages of people who may have to be sent, until the batch of `parcels` is full."""
    if shift.store.is_trial:
        yield from filter(None, [on_trial(shift)])
        return
    most = settings.IMPORT_BATCH_SIZE
    for stage, is_sent in _stages(shift):
        last = 0
        while (room := most - len(parcels)) * FULL >= most:
            page = Contact.objects.in_stage(
                shift.store, stage, after=last, limit=min(room, PAGE), is_sent=is_sent
            )
            if not page:
                break
            yield page
            last = page[-1].id


def _stages(shift: Shift) -> list[tuple[Contact.Stage, bool | None]]:
    """Return who is looked at: while the books are filled, also those never decided before."""
    waiting: list[tuple[Contact.Stage, bool | None]] = [(Contact.Stage.IMPORT, None)]
    return [*waiting, (Contact.Stage.DECIDE, False)] if shift.store.is_filling else waiting


def _pack(shift: Shift, page: Sequence[Person]) -> list[Parcel]:
    """Decide once more, so that nothing is sent that an opt-out has overtaken."""
    opt_outs = opt_outs_of(shift.store, page)
    parcels, settled = [], []
    with shift.write():
        for contact in page:
            decision = decide(contact, opt_outs.get(contact.id, ()), shift.rules)
            settle_in_mind(contact, decision, shift)
            reopen(decision.consent.owed, opt_outs.get(contact.id, ()))
            wanted = payload(contact, decision, shift.rules)
            if contact.stage == IMPORT and wanted is not None:
                contact.sent_fingerprint, row = packed(wanted, contact)
                _note_books(contact, decision, shift.rules)
                contact.source_json = "{}"  # it stands in the row now; a batch is many people
                parcels.append(Parcel(contact, row))
            else:
                settled.append(contact)
        Contact.objects.save_decisions(settled, with_books=True)
        count_settled(shift, settled)
    if not parcels:  # else they would be packed again, and again, and never sent
        shift.pause()
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
