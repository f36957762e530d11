"""Opt-outs seen in Dotdigital go back to BigCommerce, each with a receipt."""

from django.db.models import Q

from bigcommerce.errors import NotFoundError, RejectedError
from bigcommerce.records import NewAttributeValue, Subscriber
from integrationhub.models import Contact, OptOut
from integrationhub.sync.absorb import absorb_customers, absorb_subscribers, complete_customers
from integrationhub.sync.decide import NEWSLETTER, is_opted_in, judge
from integrationhub.sync.ledger import opt_outs_of
from integrationhub.sync.shift import Shift

ATTRIBUTES = {"accepts_marketing": "string", "accepts_marketing_updated_at": "date"}
PAGE = 100


def write_back(shift: Shift) -> None:
    """Take back in BigCommerce the opt-in of everybody who said no in Dotdigital since then.

    One person at a time; nobody is created, and a newer opt-in in the store is left alone.
    """
    pending = OptOut.objects.filter(store=shift.store, receipt=OptOut.Receipt.PENDING)
    while page := list(pending.order_by("pk")[:PAGE]):
        for opt_out in page:
            _write_one(shift, opt_out)


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
    contact = _look_up(shift, email, subscriber)
    if contact is None:
        return OptOut.Receipt.NOT_IN_STORE
    consent = judge(contact, opt_outs_of(shift.store, [contact])[contact.pk], shift.rules)
    if consent.accepts_marketing:
        return OptOut.Receipt.SUPERSEDED
    receipt = _apply(shift, contact, subscriber)
    if contact.customer_id and shift.store.is_writing_attributes:
        _write_attributes_if_taken(shift, opt_out, contact.customer_id)
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
    if known is not None:
        return known
    customers = complete_customers(shift, shift.source.customers_by_email([email]))
    with shift.write():
        absorb_customers(shift, customers)
    found: Contact | None = contacts.first()
    return found


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


def _write_attributes_if_taken(shift: Shift, opt_out: OptOut, customer_id: int) -> None:
    """Write the attributes; they matter less than the consent, so a refusal is only noted."""
    try:
        _write_attributes(shift, opt_out, customer_id)
    except (NotFoundError, RejectedError) as error:
        opt_out.note = f"attributes: {error}"[:255]
        _keep_attribute_ids(shift, {})  # a definition may have been deleted: look again next time


def _write_attributes(shift: Shift, opt_out: OptOut, customer_id: int) -> None:
    ids = _attribute_ids(shift)
    values = {
        "accepts_marketing": "false",
        "accepts_marketing_updated_at": f"{opt_out.removed_at:%Y-%m-%d}",
    }
    shift.source.set_attribute_values(
        [
            NewAttributeValue(attribute_id=ids[name], customer_id=customer_id, value=value)
            for name, value in values.items()
        ]
    )


def _attribute_ids(shift: Shift) -> dict[str, int]:
    """Return the ids of our two attribute definitions; they are made once."""
    if set(ATTRIBUTES) <= set(shift.store.attribute_ids):
        return dict(shift.store.attribute_ids)
    ids = {attribute.name: attribute.id for attribute in shift.source.attributes()}
    for name, kind in ATTRIBUTES.items():
        if name not in ids:
            ids[name] = shift.source.create_attribute(name, kind).id
    _keep_attribute_ids(shift, {name: ids[name] for name in ATTRIBUTES})
    return ids


def _keep_attribute_ids(shift: Shift, ids: dict[str, int]) -> None:
    shift.store.attribute_ids = ids
    with shift.write():
        shift.store.save(update_fields=["attribute_ids"])


def _sign(shift: Shift, opt_out: OptOut, receipt: OptOut.Receipt) -> None:
    """Fill in the receipt, and have the person decided anew."""
    opt_out.receipt = receipt
    if receipt == OptOut.Receipt.CONFIRMED:
        opt_out.written_at = shift.now()
        shift.run.written_back += 1
    is_they = Q(email=opt_out.email)
    if opt_out.dotdigital_id is not None:
        is_they |= Q(dotdigital_id=opt_out.dotdigital_id)
    with shift.page():
        opt_out.save(update_fields=["receipt", "note", "written_at"])
        people = Contact.objects.filter(is_they, store=shift.store)
        people.update(stage=Contact.Stage.DECIDE)
