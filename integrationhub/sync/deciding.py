"""The step in which everybody about whom something has changed is decided anew."""

from collections.abc import Sequence

from dotdigital.records import ContactToImport
from integrationhub.models import Audience, Contact, OptOut, Person
from integrationhub.models.ledger import ContactQuerySet
from integrationhub.reasons import Reason
from integrationhub.sync.decide import Decision, decide
from integrationhub.sync.ledger import Opinions, opt_outs_of
from integrationhub.sync.payload import fingerprint, payload
from integrationhub.sync.rules import Rules
from integrationhub.sync.shift import Shift, Tally, settled_outcomes

PAGE = 1000
Standing, Stage = Contact.Standing, Contact.Stage
# By plain names and as plain values, for this is done for everybody: looking one up on its class is
# a call each time, and the database's driver takes its time over what is not quite a str or int.
SETTLED, DECIDE, IMPORT = Stage.SETTLED.value, Stage.DECIDE.value, Stage.IMPORT.value
REMOVE, RESUBSCRIBE = Stage.REMOVE.value, Stage.RESUBSCRIBE.value
NONE, IN_THE_BOOK, WAITING = Standing.NONE.value, Standing.IN_BOOK.value, Standing.WAITING.value
LEFT_OUT, FAILED = Standing.LEFT_OUT.value, Standing.FAILED.value
IN_BOOK, IS_WAITING = Reason.IN_BOOK.value, Reason.WAITING.value
AUDIENCES = tuple(Audience)
REOPENED = (
    OptOut.Receipt.CONFIRMED,
    OptOut.Receipt.ALREADY_OUT,
    OptOut.Receipt.NOT_IN_STORE,
    OptOut.Receipt.SUPERSEDED,
)


def decide_all(shift: Shift) -> None:
    """Decide about everybody whose facts have changed, and say what happens next to each.

    While the books are filled nobody need be counted before being sent, and so whoever has
    never been sent is decided when that is done, in one go.
    """
    decide_everybody_if_due(shift)
    is_sent = True if shift.store.is_filling else None
    last = 0
    while page := Contact.objects.in_stage(
        shift.store, DECIDE, after=last, limit=PAGE, is_sent=is_sent
    ):
        last = page[-1].id
        opt_outs = opt_outs_of(shift.store, page)
        with shift.page():
            _decide_page(shift, page, opt_outs)


def decide_everybody_if_due(shift: Shift) -> None:
    """Have everybody decided again after the rules have changed, a page at a time."""
    store = shift.store
    if not store.is_decision_due:
        return
    last = 0
    while page := list(_settled(shift).filter(pk__gt=last).values_list("pk", flat=True)[:PAGE]):
        last = page[-1]
        with shift.page():
            _settled(shift).filter(pk__gte=page[0], pk__lte=last).update(stage=DECIDE)
    with shift.write():
        store.is_decision_due = False
        store.save(update_fields=["is_decision_due"])


def _settled(shift: Shift) -> ContactQuerySet:
    found: ContactQuerySet = Contact.objects.waiting(shift.store, SETTLED)
    return found


def _decide_page(shift: Shift, page: Sequence[Person], opt_outs: Opinions) -> None:
    placed = [contact for contact in page if contact.has_books]
    others = [contact for contact in page if not contact.has_books]
    for contact in page:
        decision = decide(contact, opt_outs.get(contact.id, ()), shift.rules)
        settle_in_mind(contact, decision, shift)
        reopen(decision.consent.owed, opt_outs.get(contact.id, ()))
    Contact.objects.save_decisions(placed, with_books=True)
    Contact.objects.save_decisions(others)
    count_settled(shift, page)


def count_settled(shift: Shift, people: Sequence[Person]) -> None:
    """Count those of the people for whom nothing needs to be done."""
    shift.count(
        Tally(
            outcome
            for person in people
            if person.stage == SETTLED
            for outcome in settled_outcomes(person)
        )
    )


def reopen(owed: OptOut | None, opt_outs: Sequence[OptOut]) -> None:
    """Have a no written back that the store does not, or no longer, know of.

    So too one whose write was refused again and again: with the person, its cause may be gone.
    """
    for opt_out in opt_outs:
        is_unknown = opt_out is owed and opt_out.receipt in REOPENED
        if is_unknown or opt_out.is_parked:
            opt_out.receipt = OptOut.Receipt.PENDING
            opt_out.save(update_fields=["receipt"])


def settle_in_mind(contact: Person, decision: Decision, shift: Shift) -> None:
    """Put a decision into the row: consent, next stage, and a standing in each audience."""
    contact.decided_in_id = shift.run.pk
    stand(contact, decision, shift.rules)


def stand(contact: Person, decision: Decision, rules: Rules) -> None:
    """Put into the row what follows from a decision by these rules."""
    contact.accepts_marketing = decision.consent.accepts_marketing
    contact.accepts_marketing_updated_at = decision.consent.updated_at
    if contact.has_books:
        _drop_books_left(contact, decision)
    contact.stage = _next_stage(contact, decision, rules)
    for audience in AUDIENCES:
        _place(contact, audience, decision)


def _drop_books_left(contact: Person, decision: Decision) -> None:
    """Forget the books that Dotdigital itself has taken the person out of."""
    for audience in AUDIENCES:
        verdict = decision.verdict(audience)
        if verdict.reason is not None and not verdict.is_wanted:
            for book in contact.books_perhaps(audience) - {*decision.removals}:
                contact.leave(book)


def _next_stage(contact: Person, decision: Decision, rules: Rules) -> int:
    if decision.is_resubscription_due:
        return RESUBSCRIBE
    if decision.removals:
        return REMOVE
    if not (contact.accepted_fingerprint or contact.refused_fingerprint):
        is_wanted = decision.subscribers.is_wanted or decision.customers.is_wanted
        return IMPORT if is_wanted else SETTLED
    wanted = payload(contact, decision, rules)
    if wanted is None:
        return SETTLED
    mark = fingerprint(wanted)
    is_accepted = mark == contact.accepted_fingerprint and _is_in_books(contact, wanted)
    is_done = is_accepted or mark == contact.refused_fingerprint
    return SETTLED if is_done else IMPORT


def _is_in_books(contact: Person, wanted: ContactToImport) -> bool:
    return set(wanted.address_book_ids) <= {*contact.subscribers_books, *contact.customers_books}


def _place(contact: Person, audience: Audience, decision: Decision) -> None:
    verdict = decision.verdict(audience)
    if verdict.reason is None:
        contact.place(audience, NONE, "")
    elif not verdict.is_wanted:
        is_invalid = verdict.reason == Reason.INVALID_EMAIL
        contact.place(audience, FAILED if is_invalid else LEFT_OUT, verdict.reason.value)
    elif contact.stage != SETTLED:
        contact.place(audience, WAITING, IS_WAITING)
    elif contact.books(audience):
        contact.place(audience, IN_THE_BOOK, IN_BOOK)
    else:
        _place_refused(contact, audience)


def _place_refused(contact: Person, audience: Audience) -> None:
    """Leave the reason that Dotdigital gave when it refused what would be sent again."""
    if contact.standing(audience) not in {FAILED, LEFT_OUT}:
        contact.place(audience, FAILED, Reason.CONTACT_REFUSED.value)
