"""People whom a run has read and found as they were, counted once each when it ends."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q

from integrationhub.models import (
    Audience,
    Contact,
    Cursor,
    Person,
    Store,
    SyncRun,
    UnchangedContact,
)
from integrationhub.sync.shift import SETTLED_OUTCOMES, Shift, Tally

# How the ledger shows that a source has a record of somebody.
_KNOWN_TO = {
    "customers": Q(customer_id__isnull=False),
    "subscribers": Q(has_subscriber_record=True),
    "orders": Q(latest_order_id__isnull=False),
}


def note_unchanged(store: Store, people: Sequence[Person]) -> None:
    """Remember who needs nothing done; written with the page, so that a cut-off run can go on.

    Not needed of a complete read: whom that has read, the ledger tells.
    """
    UnchangedContact.objects.bulk_create(
        (
            UnchangedContact(contact_id=contact.pk, store_id=store.pk)
            for contact in people
            if contact.stage == Contact.Stage.SETTLED
        ),
        ignore_conflicts=True,
    )


def count_unchanged(shift: Shift) -> None:
    """Count everybody who was read and needed nothing, each once, whatever spoke of them."""
    noted = UnchangedContact.objects.filter(store=shift.store)
    read = _whom_complete_reads_saw(shift.run)
    if noted.exists():
        read.append(Q(Exists(noted.filter(contact=OuterRef("pk")))))
    if not read:
        return
    with shift.write():
        shift.count(_tally(shift.run, Q(*read, _connector=Q.OR)))
        noted.delete()


def _whom_complete_reads_saw(run: SyncRun) -> list[Q]:
    cursors = Cursor.objects.filter(
        store=run.store, source__in=_KNOWN_TO, full_read_at__gte=run.started_at
    )
    return [_KNOWN_TO[source] for source in cursors.values_list("source", flat=True)]


def _tally(run: SyncRun, read: Q) -> Tally:
    """Return the outcomes of those who were read, but for whom this run has decided about."""
    settled = Contact.objects.filter(store=run.store, stage=Contact.Stage.SETTLED)
    rest = settled.exclude(decided_in=run).filter(read)
    names = [f"{audience.value}_{what}" for audience in Audience for what in ("standing", "reason")]
    tally = Tally()
    for *places, number in rest.values_list(*names).annotate(Count("pk")).order_by():
        for audience, standing, reason in zip(Audience, places[::2], places[1::2], strict=True):
            if standing in SETTLED_OUTCOMES:
                tally[audience.value, SETTLED_OUTCOMES[standing], reason] += number
    return tally
