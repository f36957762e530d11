"""A page of BigCommerce records is taken into the ledger."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bigcommerce.records import Customer, Order, Subscriber
from integrationhub.models import Contact, Cursor, Person, Store
from integrationhub.sync.ledger import LedgerPage, keep_opt_outs, normalise
from integrationhub.sync.rules import rules_of
from integrationhub.sync.shift import Shift
from integrationhub.sync.sources import take_customer, take_order, take_subscriber

LONGEST_EMAIL = 256
TaggedCustomer = tuple[Customer, str]


def complete_customers(shift: Shift, customers: Sequence[Customer]) -> list[TaggedCustomer]:
    """Return each customer with every address and the tags; asks BigCommerce where need be."""
    return [(_with_all_addresses(shift, row), shift.tags.of(row)) for row in customers]


def absorb_customers(shift: Shift, customers: Sequence[TaggedCustomer]) -> LedgerPage:
    """Take account holders into the ledger."""
    people = {_email(row.email): (row, tags) for row, tags in customers}
    people.pop("", None)
    ids = [customer.id for customer, _ in people.values()]
    page = LedgerPage(shift.store, people, key="customer_id", ids=ids)
    for email, (customer, tags) in people.items():
        take_customer(page.person(email, customer.id), customer, tags=tags)
    return _write(shift, page)


def absorb_subscribers(shift: Shift, subscribers: Sequence[Subscriber]) -> LedgerPage:
    """Take subscriber records into the ledger, whatever they have agreed to."""
    _notice_consents_key(shift, subscribers)
    people = {_email(row.email): row for row in sorted(subscribers, key=_by_date)}
    people.pop("", None)
    page = LedgerPage(
        shift.store, people, key="subscriber_id", ids=[row.id for row in people.values()]
    )
    read_at = _last_read_at(shift.store)
    for email, subscriber in people.items():
        person = page.person(email, subscriber.id)
        take_subscriber(person, subscriber, last_read_at=read_at)
    return _write(shift, page)


def _last_read_at(store: Store) -> datetime | None:
    """Return the store's time before its subscribers were last read to the end."""
    reads = Cursor.objects.filter(store=store, source="subscribers")
    found: datetime | None = reads.values_list("since", flat=True).first()
    return found


def complete_orders(shift: Shift, orders: Sequence[Order]) -> Sequence[Order]:
    """Return the orders, having learned whom they name that the ledger does not know yet."""
    ids = {order.customer_id for order in orders if order.customer_id}
    known = Contact.objects.filter(store=shift.store, customer_id__in=ids)
    if unknown := ids - set(known.values_list("customer_id", flat=True)):
        customers = complete_customers(shift, shift.source.customers_by_id(sorted(unknown)))
        with shift.write():
            absorb_customers(shift, customers)
    return orders


def absorb_orders(shift: Shift, orders: Sequence[Order]) -> LedgerPage:
    """Take purchases into the ledger, each with the account holder or guest who made it."""
    guests = {_guest(order) for order in orders} - {""}
    page = LedgerPage(
        shift.store, guests, key="customer_id", ids={order.customer_id for order in orders} - {0}
    )
    for order in sorted(orders, key=lambda order: order.id):
        is_counting = _is_counting(shift.store, order)
        if contact := _buyer(page, order, is_counting=is_counting):
            take_order(contact, order, is_counting=is_counting)
    return _write(shift, page)


def _write(shift: Shift, page: LedgerPage) -> LedgerPage:
    page.compare()
    Contact.objects.record(shift.store, page.changes)
    keep_opt_outs(shift.store, page.moves)
    return page


def _email(email: str) -> str:
    known_by = normalise(email)
    return known_by if len(known_by) <= LONGEST_EMAIL else ""


def _by_date(subscriber: Subscriber) -> tuple[bool, object]:
    return (subscriber.date_modified is not None, subscriber.date_modified)


def _with_all_addresses(shift: Shift, customer: Customer) -> Customer:
    """Return the customer with every address: an answer includes ten at most."""
    if customer.address_count <= len(customer.addresses):
        return customer
    addresses = tuple(shift.source.addresses(customer.id))
    return msgspec.structs.replace(customer, addresses=addresses)


def _notice_consents_key(shift: Shift, subscribers: Sequence[Subscriber]) -> None:
    """Remember that this store's records show consents: from then on a missing one is a no."""
    store = shift.store
    if store.has_consents_key or all(row.consents is None for row in subscribers):
        return
    store.has_consents_key = store.is_decision_due = True
    store.save(update_fields=["has_consents_key", "is_decision_due"])
    shift.rules = rules_of(store)


def _is_counting(store: Store, order: Order) -> bool:
    return not order.is_deleted and order.status_id not in store.uncounted_order_statuses


def _guest(order: Order) -> str:
    return "" if order.customer_id else _email(order.billing_address.email)


def _buyer(page: LedgerPage, order: Order, *, is_counting: bool) -> Person | None:
    if order.customer_id:
        return page.by_id.get(order.customer_id)
    email = _guest(order)
    if not email or not (is_counting or email in page.by_email):
        return None
    return page.person(email, None)
