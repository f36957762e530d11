"""Opt-outs seen in Dotdigital go back to BigCommerce, each with a receipt."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from bigcommerce.errors import NotFoundError, RejectedError
from bigcommerce.records import Subscriber
from integrationhub.models import Contact, OptOut
from integrationhub.sync.absorb import absorb_customers, absorb_subscribers, complete_customers
from integrationhub.sync.attributes import write_no
from integrationhub.sync.clocks import compare_clocks
from integrationhub.sync.consent import NEWSLETTER, is_opted_in, judge
from integrationhub.sync.ledger import opt_outs_of
from integrationhub.sync.reconcile import forget_records
from integrationhub.sync.shift import Shift

PAGE = 100
ATTEMPTS = 5
FIRST_PAUSE = timedelta(hours=1)
SIGNED = ("receipt", "note", "written_at", "attempts", "retry_at", "is_in_attributes")


def write_back(shift: Shift) -> None:
    """Take back in BigCommerce the opt-in of everybody who said no in Dotdigital since then.

    One person at a time; nobody is created, and a newer opt-in in the store is left alone.
    """
    while page := list(_due(shift).order_by("pk")[:PAGE]):
        for opt_out in page:
            _write_one(shift, opt_out)
    refused = OptOut.objects.filter(store=shift.store, receipt=OptOut.Receipt.REFUSED)
    shift.run.write_backs_refused = refused.count()


def _due(shift: Shift) -> "QuerySet[OptOut]":
    is_retried = Q(receipt=OptOut.Receipt.REFUSED, retry_at__lte=shift.now())
    found: QuerySet[OptOut] = OptOut.objects.filter(
        Q(receipt=OptOut.Receipt.PENDING) | is_retried, store=shift.store
    )
    return found


def _write_one(shift: Shift, opt_out: OptOut) -> None:
    try:
        receipt = _written(shift, opt_out)
    except NotFoundError:
        receipt = OptOut.Receipt.NOT_IN_STORE
    except RejectedError as error:
        receipt, opt_out.note = OptOut.Receipt.REFUSED, str(error)[:255]
    _sign(shift, opt_out, receipt)


def _written(shift: Shift, opt_out: OptOut) -> OptOut.Receipt:
    email = _address(shift, opt_out)
    subscriber = shift.source.subscriber_by_email(email)
    compare_clocks(shift)
    contact = _look_up(shift, email, subscriber)
    if contact is None:
        return OptOut.Receipt.NOT_IN_STORE
    consent = judge(contact, opt_outs_of(shift.store, [contact])[contact.pk], shift.rules)
    if consent.accepts_marketing:
        return OptOut.Receipt.SUPERSEDED
    receipt = _apply(shift, contact, subscriber)
    write_no(shift, opt_out, contact)
    return receipt


def _address(shift: Shift, opt_out: OptOut) -> str:
    """Return the address that the store knows the person by; it may have changed since."""
    people = Contact.objects.filter(store=shift.store)
    if opt_out.dotdigital_id is None or people.filter(email=opt_out.email).exists():
        return opt_out.email
    moved = people.filter(dotdigital_id=opt_out.dotdigital_id).values_list("email", flat=True)
    found: str | None = moved.first()
    return found or opt_out.email


def _look_up(shift: Shift, email: str, subscriber: Subscriber | None) -> Contact | None:
    """Bring what the store says of this person right now into the ledger, and return the row."""
    if subscriber is not None:
        with shift.write():
            absorb_subscribers(shift, [subscriber])
    contacts = Contact.objects.filter(store=shift.store, email=email)
    known: Contact | None = contacts.first()
    if known is not None and subscriber is None and known.subscriber_id:
        _learn_what_became_of(shift, known.subscriber_id)
        known = contacts.first()
    if known is not None:
        return known
    customers = complete_customers(shift, shift.source.customers_by_email([email]))
    with shift.write():
        absorb_customers(shift, customers)
    found: Contact | None = contacts.first()
    return found


def _learn_what_became_of(shift: Shift, subscriber_id: int) -> None:
    """Bring into the ledger that a subscriber record is deleted, or at another address now."""
    there = shift.source.subscribers_by_id([subscriber_id])
    with shift.write():
        if there:
            absorb_subscribers(shift, there)
        else:
            forget_records(shift, {subscriber_id}, "subscriber_id")


def _apply(shift: Shift, contact: Contact, subscriber: Subscriber | None) -> OptOut.Receipt:
    if subscriber is None:
        return OptOut.Receipt.ALREADY_OUT if contact.customer_id else OptOut.Receipt.NOT_IN_STORE
    if not is_opted_in(contact, shift.rules):
        return OptOut.Receipt.ALREADY_OUT
    left = [consent for consent in subscriber.consents or () if consent != NEWSLETTER]
    answer = shift.source.update_subscriber(subscriber, consents=left)
    with shift.write():
        absorb_subscribers(shift, [answer])
    is_written = NEWSLETTER not in (answer.consents or ())
    return OptOut.Receipt.CONFIRMED if is_written else OptOut.Receipt.REFUSED


def _sign(shift: Shift, opt_out: OptOut, receipt: OptOut.Receipt) -> None:
    """Fill in the receipt, and have the person decided anew."""
    opt_out.receipt, opt_out.retry_at = receipt, None
    if receipt == OptOut.Receipt.CONFIRMED:
        opt_out.written_at = shift.now()
        shift.run.written_back += 1
    if receipt == OptOut.Receipt.REFUSED:
        _try_again_or_park(opt_out, shift.now())
    with shift.page():
        opt_out.save(update_fields=SIGNED)
        if receipt != OptOut.Receipt.REFUSED:
            _people(shift, opt_out).update(stage=Contact.Stage.DECIDE)


def _try_again_or_park(opt_out: OptOut, now: datetime) -> None:
    """Say when a refused write is tried again; after some refusals, when the person changes."""
    opt_out.attempts += 1
    if opt_out.attempts < ATTEMPTS:
        opt_out.retry_at = now + FIRST_PAUSE * 4 ** (opt_out.attempts - 1)


def _people(shift: Shift, opt_out: OptOut) -> "QuerySet[Contact]":
    is_they = Q(email=opt_out.email)
    if opt_out.dotdigital_id is not None:
        is_they |= Q(dotdigital_id=opt_out.dotdigital_id)
    found: QuerySet[Contact] = Contact.objects.filter(is_they, store=shift.store)
    return found
