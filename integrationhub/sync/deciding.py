"""The step in which everybody about whom something has changed is decided anew."""

import hashlib
from collections.abc import Sequence

import msgspec
from django.db import transaction

from dotdigital.records import ContactToImport, encode
from integrationhub.models import Audience, Contact, OptOut, Store
from integrationhub.reasons import Reason
from integrationhub.sync.decide import Decision, decide
from integrationhub.sync.ledger import opt_outs_of
from integrationhub.sync.payload import payload
from integrationhub.sync.rules import Rules
from integrationhub.sync.shift import Shift, Tally, settled_outcomes

PAGE = 500
Standing = Contact.Standing
LEFT_OUT = Standing.LEFT_OUT
REOPENED = (
    OptOut.Receipt.CONFIRMED,
    OptOut.Receipt.ALREADY_OUT,
    OptOut.Receipt.NOT_IN_STORE,
    OptOut.Receipt.SUPERSEDED,
)


def decide_all(shift: Shift) -> None:
    """Decide about everybody whose facts have changed, and say what happens next to each."""
    _decide_everybody_if_due(shift.store)
    while page := list(Contact.objects.waiting(shift.store, Contact.Stage.DECIDE)[:PAGE]):
        opt_outs = opt_outs_of(shift.store, page)
        with shift.page():
            _decide_page(shift, page, opt_outs)


def _decide_everybody_if_due(store: Store) -> None:
    if not store.is_decision_due:
        return
    with transaction.atomic():
        settled = Contact.objects.filter(store=store, stage=Contact.Stage.SETTLED)
        settled.update(stage=Contact.Stage.DECIDE)
        store.is_decision_due = False
        store.save(update_fields=["is_decision_due"])


def _decide_page(shift: Shift, page: Sequence[Contact], opt_outs: dict[int, list[OptOut]]) -> None:
    tally = Tally()
    for contact in page:
        decision = decide(contact, opt_outs[contact.pk], shift.rules)
        _reopen(decision.consent.owed, opt_outs[contact.pk])
        settle_in_mind(contact, decision, shift.rules)
        contact.decided_in = shift.run
        if contact.stage == Contact.Stage.SETTLED:
            tally.update(settled_outcomes(contact))
    Contact.objects.save_decisions(page)
    shift.count(tally)


def _reopen(owed: OptOut | None, opt_outs: Sequence[OptOut]) -> None:
    """Have a no written back that the store does not, or no longer, know of.

    So too one whose write was refused again and again: with the person, its cause may be gone.
    """
    for opt_out in opt_outs:
        is_unknown = opt_out is owed and opt_out.receipt in REOPENED
        if is_unknown or opt_out.is_parked:
            opt_out.receipt = OptOut.Receipt.PENDING
            opt_out.save(update_fields=["receipt"])


def settle_in_mind(contact: Contact, decision: Decision, rules: Rules) -> None:
    """Put a decision into the row: consent, next stage, and a standing in each audience."""
    contact.accepts_marketing = decision.consent.accepts_marketing
    contact.accepts_marketing_updated_at = decision.consent.updated_at
    _drop_books_left(contact, decision)
    contact.stage = _next_stage(contact, decision, rules)
    for audience in Audience:
        _place(contact, audience, decision)


def _drop_books_left(contact: Contact, decision: Decision) -> None:
    """Forget the books that Dotdigital itself has taken the person out of."""
    for audience in Audience:
        verdict = decision.verdict(audience)
        if verdict.reason is not None and not verdict.is_wanted:
            for book in contact.books_perhaps(audience) - {*decision.removals}:
                contact.leave(book)


def _next_stage(contact: Contact, decision: Decision, rules: Rules) -> Contact.Stage:
    if decision.is_resubscription_due:
        return Contact.Stage.RESUBSCRIBE
    if decision.removals:
        return Contact.Stage.REMOVE
    wanted = payload(contact, decision, rules)
    if wanted is None:
        return Contact.Stage.SETTLED
    mark = fingerprint(wanted)
    is_accepted = mark == contact.accepted_fingerprint and _is_in_books(contact, wanted)
    is_done = is_accepted or mark == contact.refused_fingerprint
    return Contact.Stage.SETTLED if is_done else Contact.Stage.IMPORT


def _is_in_books(contact: Contact, wanted: ContactToImport) -> bool:
    return set(wanted.address_book_ids) <= {*contact.subscribers_books, *contact.customers_books}


def fingerprint(wanted: ContactToImport) -> str:
    """Return the mark of what is sent, whichever way the person is addressed."""
    row = encode(msgspec.structs.replace(wanted, contact_id=None))
    return hashlib.blake2b(row, digest_size=16).hexdigest()


def _place(contact: Contact, audience: Audience, decision: Decision) -> None:
    verdict = decision.verdict(audience)
    if verdict.reason is None:
        contact.place(audience, Standing.NONE, "")
    elif not verdict.is_wanted:
        is_invalid = verdict.reason == Reason.INVALID_EMAIL
        contact.place(audience, Standing.FAILED if is_invalid else LEFT_OUT, verdict.reason)
    elif contact.stage != Contact.Stage.SETTLED:
        contact.place(audience, Standing.WAITING, Reason.WAITING)
    elif contact.books(audience):
        contact.place(audience, Standing.IN_BOOK, Reason.IN_BOOK)
    else:
        _place_refused(contact, audience)


def _place_refused(contact: Contact, audience: Audience) -> None:
    """Leave the reason that Dotdigital gave when it refused what would be sent again."""
    if contact.standing(audience) not in {Standing.FAILED, LEFT_OUT}:
        contact.place(audience, Standing.FAILED, Reason.CONTACT_REFUSED)
