"""What happened to one person, the latest first: seen, decided, sent, written back, asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from integrationhub.models import Contact, ContactImport, ContactRequest, OptOut
from integrationhub.people import removals
from integrationhub.people.answers import answers_of, spoken
from integrationhub.people.known import Known

REQUESTS_TOLD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; `run` is the sync in which it did, where that is known."""

    at: datetime
    sentence: str
    run: int | None = None


def timeline_of(known: Known) -> list[Event]:
    """Return everything that the ledger can date of one person."""
    events = [*_of_opt_outs(known), *_of_requests(known)]
    if known.contact is not None:
        events += [*_of_the_store(known.contact), *_of_the_sync(known, known.contact)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _of_the_store(contact: Contact) -> Iterator[Event]:
    if contact.consent_changed_at and contact.has_subscriber_record:
        said = "Agreed to the newsletter in the store."
        if "marketing_newsletter" not in (contact.consents or ()):
            said = "The store's record last changed to: no newsletter."
        if contact.consents is None:
            said = "Signed up in the store, which does not say for what."
        yield Event(at=contact.consent_changed_at, sentence=said)


def _of_the_sync(known: Known, contact: Contact) -> Iterator[Event]:
    run = contact.decided_in
    if run is not None:
        at = run.finished_at or run.heartbeat_at
        said = f"Decided: {spoken(answers_of(known))}"
        yield Event(at=at, sentence=said, run=run.pk)
    if contact.sent_at:
        yield _sending(contact, contact.sent_at)


def _sending(contact: Contact, sent_at: datetime) -> Event:
    batch = contact.contact_import or _import_of(contact, sent_at)
    if batch is None:
        return Event(at=sent_at, sentence="Sent to Dotdigital.")
    others = f", in an import of {batch.sent:,}" if batch.sent > 1 else ""
    ends = {
        ContactImport.Status.FINISHED: "Dotdigital has carried it out",
        ContactImport.Status.REFUSED: "Dotdigital refused it",
        ContactImport.Status.UNKNOWN: "its answer was lost, and it is sent again",
    }.get(ContactImport.Status(batch.status), "its answer is awaited")
    return Event(at=sent_at, sentence=f"Sent to Dotdigital{others}: {ends}.", run=batch.run_id)


def _import_of(contact: Contact, sent_at: datetime) -> ContactImport | None:
    """Return the import in which somebody was sent, by its time: settled people let go of it."""
    of_the_run = ContactImport.objects.filter(run=contact.decided_in_id, created_at=sent_at)
    found: ContactImport | None = of_the_run.first()
    return found


def _of_opt_outs(known: Known) -> Iterator[Event]:
    for row in known.opt_outs:
        said = removals.happened(row, known)
        yield Event(at=row.removed_at, sentence=f"{said[:1].upper()}{said[1:]}.")
        became = removals.BECAME[OptOut.Receipt(row.receipt)]
        seen = "Seen by the hub"
        if became and row.receipt != OptOut.Receipt.CONFIRMED:
            seen = f"{seen}; {became}"
        yield Event(at=row.seen_at, sentence=f"{seen}.")
        if row.written_at:
            said = "Written back to BigCommerce, read again there and confirmed."
            yield Event(at=row.written_at, sentence=said)
        if row.resubscription_asked_at:
            said = removals.RETURNS[OptOut.Resubscription(row.resubscription)]
            yield Event(at=row.resubscription_asked_at, sentence=f"{said or 'Asked to return'}.")


def _of_requests(known: Known) -> Iterator[Event]:
    asked = ContactRequest.objects.filter(store=known.store, email=known.email)
    for row in asked.select_related("requested_by").order_by("-pk")[:REQUESTS_TOLD]:
        who = row.requested_by.email if row.requested_by else "Somebody"
        said = f"{who} asked for this contact to be synced."
        yield Event(at=row.requested_at, sentence=said)
        if row.read_at:
            said = "Read anew from BigCommerce, because somebody asked."
            if not row.is_known:
                said = "Asked for, and BigCommerce did not know the address."
            yield Event(at=row.read_at, sentence=said, run=row.read_in_id)
