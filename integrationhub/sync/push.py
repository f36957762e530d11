"""What Dotdigital has not yet accepted is brought there: resubscriptions, removals, imports."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from dotdigital.errors import NotFoundError, RejectedError
from dotdigital.records import BulkRemovalStatus, ResubscribeStatus
from integrationhub.models import Audience, Contact, OptOut, Person
from integrationhub.sync.consent import Consent
from integrationhub.sync.decide import decide
from integrationhub.sync.deciding import decide_all
from integrationhub.sync.imports import finish_open_imports, send_all
from integrationhub.sync.ledger import opt_outs_of
from integrationhub.sync.look_up import look_up
from integrationhub.sync.opt_outs import AddressBookDeletedError
from integrationhub.sync.safety import check_additions, check_removals
from integrationhub.sync.shift import Shift
from integrationhub.sync.trial import choose_trial

PAGE = 500
ONE_BY_ONE = 10
PATIENCE_SECONDS = 20.0
CHECKED_PER_RUN = 20
SHORTEST_CHECK, LONGEST_CHECK = timedelta(hours=1), timedelta(days=2)
CHALLENGE_ENDS = timedelta(days=30)
ASKED = ("resubscription_asked_at", "resubscription_check_at", "resubscription_yes_at")

_RESUBSCRIPTIONS = {
    ResubscribeStatus.ADDED: OptOut.Resubscription.ADDED,
    ResubscribeStatus.CHALLENGED: OptOut.Resubscription.CHALLENGED,
    ResubscribeStatus.REFUSED: OptOut.Resubscription.REFUSED,
}


def push(shift: Shift) -> None:
    """Carry out every decision, opt-outs first."""
    finish_open_imports(shift)
    decide_all(shift)
    _follow_challenges(shift)
    _resubscribe_all(shift)
    decide_all(shift)
    _take_leave(shift)
    decide_all(shift)
    check_additions(shift)
    choose_trial(shift)
    send_all(shift)
    if shift.store.is_filling:  # these are decided as they are sent
        _resubscribe_all(shift)
        _take_leave(shift)
        send_all(shift)


def _take_leave(shift: Shift) -> None:
    check_removals(shift)
    _remove_all(shift)


def _resubscribe_all(shift: Shift) -> None:
    if shift.store.is_trial:  # nobody comes back either, before a person has looked
        return
    while page := Contact.objects.in_stage(shift.store, Contact.Stage.RESUBSCRIBE, limit=PAGE):
        opt_outs = opt_outs_of(shift.store, page)
        for contact in page:
            _resubscribe(shift, contact, opt_outs[contact.id])


def _resubscribe(shift: Shift, contact: Person, opt_outs: Sequence[OptOut]) -> None:
    decision = decide(contact, opt_outs, shift.rules)
    opt_out = decision.consent.opt_out
    if decision.is_resubscription_due and opt_out is not None:
        opt_out.resubscription = _ask(shift, contact, decision.consent, opt_out)
    with shift.page():
        if opt_out is not None:
            opt_out.save(update_fields=["resubscription"])
        Contact.objects.filter(pk=contact.id).update(stage=Contact.Stage.DECIDE)


def _ask(shift: Shift, contact: Person, consent: Consent, opt_out: OptOut) -> OptOut.Resubscription:
    """Ask Dotdigital to take the person back; at most once, for each time mails the person."""
    if opt_out.resubscription_asked_at is not None:
        return OptOut.Resubscription.CHALLENGED
    opt_out.resubscription_asked_at = opt_out.resubscription_check_at = shift.now()
    opt_out.resubscription_yes_at = consent.updated_at
    with shift.write():
        opt_out.save(update_fields=ASKED)
    try:
        answer = shift.destination.resubscribe(
            shift.rules.books[Audience.SUBSCRIBERS],
            contact.email,
            challenge=shift.store.is_challenging_resubscribers,
        )
    except NotFoundError as error:
        if _is_book_missing(error):
            raise AddressBookDeletedError(str(error)) from error
        return OptOut.Resubscription.ADDED  # Dotdigital has forgotten the person: nothing to lift
    except RejectedError:
        return OptOut.Resubscription.REFUSED
    return _RESUBSCRIPTIONS[answer]


def _is_book_missing(error: NotFoundError) -> bool:
    return "ADDRESSBOOK" in error.code.upper()


def _follow_challenges(shift: Shift) -> None:
    """See who has clicked the link in Dotdigital's mail since we last looked."""
    asked = OptOut.objects.filter(
        store=shift.store,
        resubscription=OptOut.Resubscription.CHALLENGED,
        resubscription_check_at__lte=shift.now(),
    )
    for opt_out in asked.order_by("resubscription_check_at", "pk")[:CHECKED_PER_RUN]:
        _follow(shift, opt_out)


def _follow(shift: Shift, opt_out: OptOut) -> None:
    found = look_up(shift, opt_out.email)
    book = shift.rules.books.get(Audience.SUBSCRIBERS, 0)
    if found is not None and found.channel_status.lower() == "subscribed":
        in_book = found.lists.get(book, "").lower()
        if in_book == "subscribed" or (opt_out.is_account_wide and not in_book):
            opt_out.resubscription = OptOut.Resubscription.ADDED
    opt_out.resubscription_check_at = _next_check(opt_out, shift.now())
    with shift.page():
        opt_out.save(update_fields=["resubscription", "resubscription_check_at"])
        people = Contact.objects.filter(store=shift.store, email=opt_out.email)
        people.update(stage=Contact.Stage.DECIDE)


def _next_check(opt_out: OptOut, now: datetime) -> datetime | None:
    """Return when to look again: most people click soon or never, and after a month we stop."""
    age = now - (opt_out.resubscription_asked_at or now)
    if age > CHALLENGE_ENDS:
        return None
    return now + min(max(age / 2, SHORTEST_CHECK), LONGEST_CHECK)


def _remove_all(shift: Shift) -> None:
    while page := Contact.objects.in_stage(shift.store, Contact.Stage.REMOVE, limit=PAGE):
        opt_outs = opt_outs_of(shift.store, page)
        leaving: defaultdict[int, list[Person]] = defaultdict(list)
        for contact in page:
            for book in decide(contact, opt_outs[contact.id], shift.rules).removals:
                leaving[book].append(contact)
        for book, contacts in leaving.items():
            _remove(shift, book, contacts)
        _finish_removals(shift, page, leaving)


def _remove(shift: Shift, book: int, contacts: Sequence[Person]) -> None:
    """Take people out of one book; they stay in the account, and nothing is suppressed."""
    ids = [found for contact in contacts if (found := _dotdigital_id(shift, contact))]
    try:
        if len(ids) <= ONE_BY_ONE or not _removed_at_once(shift, book, ids):
            for contact_id in ids:
                shift.hold()
                shift.destination.remove_from_address_book(book, contact_id)
    except NotFoundError as error:
        if book in shift.rules.books.values():
            raise AddressBookDeletedError(str(error)) from error


def _removed_at_once(shift: Shift, book: int, ids: Sequence[int]) -> bool:
    """Remove many in one call, and answer whether Dotdigital says that it has been done."""
    shift.hold()
    removal_id = shift.destination.remove_many_from_address_book(book, ids)
    status = shift.destination.await_bulk_removal(removal_id, patience=PATIENCE_SECONDS)
    return status is BulkRemovalStatus.COMPLETED


def _dotdigital_id(shift: Shift, contact: Person) -> int | None:
    if contact.dotdigital_id is not None:
        return contact.dotdigital_id
    found = look_up(shift, contact.email)
    return found.contact_id if found else None


def _finish_removals(
    shift: Shift, page: Sequence[Person], leaving: dict[int, list[Person]]
) -> None:
    for book, contacts in leaving.items():
        for contact in contacts:
            contact.leave(book)
    for contact in page:
        contact.stage = Contact.Stage.DECIDE
    shift.run.removed += len({contact.id for people in leaving.values() for contact in people})
    with shift.page():
        Contact.objects.save_decisions(page, with_books=True)
