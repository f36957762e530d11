"""Opt-outs seen in Dotdigital go back to BigCommerce, each with a receipt."""

from bigcommerce.errors import NotFoundError, RejectedError
from bigcommerce.records import NewAttributeValue, Subscriber
from integrationhub.models import Contact, OptOut, Store
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
    subscriber = shift.source.subscriber_by_email(opt_out.email)
    contact = _look_up(shift, opt_out, subscriber)
    if contact is None:
        return _sign(shift, opt_out, OptOut.Receipt.NOT_IN_STORE)
    consent = judge(contact, opt_outs_of(shift.store, [contact])[contact.pk], shift.rules)
    if consent.is_superseded:
        return _sign(shift, opt_out, OptOut.Receipt.SUPERSEDED)
    try:
        return _sign(shift, opt_out, _apply(shift, opt_out, contact, subscriber))
    except NotFoundError:
        return _sign(shift, opt_out, OptOut.Receipt.NOT_IN_STORE)
    except RejectedError as error:
        return _sign(shift, opt_out, OptOut.Receipt.REFUSED, note=str(error)[:255])


def _look_up(shift: Shift, opt_out: OptOut, subscriber: Subscriber | None) -> Contact | None:
    """Bring what the store says of this person right now into the ledger, and return the row."""
    if subscriber is not None:
        with shift.write():
            absorb_subscribers(shift, [subscriber])
    contacts = Contact.objects.filter(store=shift.store, email=opt_out.email)
    known: Contact | None = contacts.first()
    if known is not None:
        return known
    customers = complete_customers(shift, shift.source.customers_by_email([opt_out.email]))
    with shift.write():
        absorb_customers(shift, customers)
    found: Contact | None = contacts.first()
    return found


def _apply(
    shift: Shift, opt_out: OptOut, contact: Contact, subscriber: Subscriber | None
) -> OptOut.Receipt:
    if contact.customer_id and shift.store.is_writing_attributes:
        _write_attributes(shift, opt_out, contact.customer_id)
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


def _write_attributes(shift: Shift, opt_out: OptOut, customer_id: int) -> None:
    ids = _attribute_ids(shift, shift.store)
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


def _attribute_ids(shift: Shift, store: Store) -> dict[str, int]:
    """Return the ids of our two attribute definitions; they are made once."""
    if set(ATTRIBUTES) <= set(store.attribute_ids):
        return dict(store.attribute_ids)
    ids = {attribute.name: attribute.id for attribute in shift.source.attributes()}
    for name, kind in ATTRIBUTES.items():
        if name not in ids:
            ids[name] = shift.source.create_attribute(name, kind).id
    store.attribute_ids = {name: ids[name] for name in ATTRIBUTES}
    store.save(update_fields=["attribute_ids"])
    return dict(store.attribute_ids)


def _sign(shift: Shift, opt_out: OptOut, receipt: OptOut.Receipt, note: str = "") -> None:
    """Fill in the receipt, and have the person decided anew."""
    opt_out.receipt, opt_out.note = receipt, note
    if receipt == OptOut.Receipt.CONFIRMED:
        opt_out.written_at = shift.now()
        shift.run.written_back += 1
    with shift.page():
        opt_out.save(update_fields=["receipt", "note", "written_at"])
        people = Contact.objects.filter(store=shift.store, email=opt_out.email)
        people.update(stage=Contact.Stage.DECIDE)
