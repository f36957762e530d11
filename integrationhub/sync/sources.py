"""What a record of BigCommerce says of a person, source by source; pure."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from bigcommerce.records import Address, Customer, Order, OrderAddress, Subscriber
from integrationhub.models import Contact
from integrationhub.sync.decide import NEWSLETTER

ORDERS_KEPT = 50


def take_customer(contact: Contact, customer: Customer, *, tags: str) -> None:
    """Put into the ledger's row what a customer record says."""
    contact.customer_id = customer.id
    _set(contact, "customer", _customer_fields(customer, tags))


def take_subscriber(contact: Contact, subscriber: Subscriber) -> None:
    """Put into the ledger's row what a subscriber record says, and since when it says so."""
    consents = None if subscriber.consents is None else sorted(subscriber.consents)
    is_new = contact.subscriber_id != subscriber.id or not contact.has_subscriber_record
    if is_new or _says_yes(contact.consents) != _says_yes(consents):
        contact.consent_changed_at = _changed_at(subscriber, consents, is_new=is_new)
    contact.subscriber_id, contact.has_subscriber_record = subscriber.id, True
    contact.consents = consents
    names = {"first_name": subscriber.first_name, "last_name": subscriber.last_name}
    _set(contact, "subscriber", names)


def _changed_at(
    subscriber: Subscriber, consents: list[str] | None, *, is_new: bool
) -> datetime | None:
    """Return the time that the consent is known to be from.

    On a record seen for the first time a yes is as old as the record: any edit moves
    `date_modified`, and an old yes must never look newer than a no. When the change itself has
    been seen, `date_modified` is its time.
    """
    if is_new and _says_yes(consents):
        return subscriber.date_created
    return subscriber.date_modified


def _says_yes(consents: list[str] | None) -> bool:
    return consents is None or NEWSLETTER in consents


def take_order(contact: Contact, order: Order, *, is_counting: bool) -> None:
    """Put into the ledger's row what an order says: a purchase, a name and an address."""
    others = {*contact.counting_order_ids} - {order.id}
    ids = sorted({*others, order.id} if is_counting else others)
    contact.counting_order_ids = ids[-ORDERS_KEPT:]
    is_newest = order.id >= (contact.latest_order_id or 0)
    if is_counting and is_newest:
        contact.latest_order_id = order.id
        _set(contact, "order", _order_fields(order))


def _set(contact: Contact, source: str, fields: Mapping[str, str | None]) -> None:
    """Keep the values of one source; a field that lost its value stays as an empty one."""
    kept = dict(contact.source_fields)
    for name, value in fields.items():
        text = (value or "").replace("\x00", "").strip()
        if text or f"{source}.{name}" in kept:
            kept[f"{source}.{name}"] = text
    contact.source_fields = kept


def _customer_fields(customer: Customer, tags: str) -> dict[str, str | None]:
    addresses = sorted(customer.addresses, key=lambda address: address.id)
    return {
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "phone": customer.phone,
        "note": customer.notes,
        "tags": tags,
        "address_digests": " ".join(_digest(_stored(address)) for address in addresses),
        **(_stored(addresses[0]) if addresses else _no_address()),
    }


def _order_fields(order: Order) -> dict[str, str | None]:
    billing = order.billing_address
    address = _shipped(order.shipping_addresses[0] if order.shipping_addresses else billing)
    return {
        "first_name": billing.first_name,
        "last_name": billing.last_name,
        "phone": billing.phone,
        "address_digest": _digest(address),
        **address,
    }


def _stored(address: Address) -> dict[str, str | None]:
    return {
        "shipping_address_1": address.address1,
        "shipping_address_2": address.address2,
        "shipping_city": address.city,
        "shipping_state": address.state_or_province,
        "shipping_postcode": address.postal_code,
        "shipping_country": address.country,
        "shipping_phone": address.phone,
    }


def _shipped(address: OrderAddress) -> dict[str, str | None]:
    return {
        "shipping_address_1": address.street_1,
        "shipping_address_2": address.street_2,
        "shipping_city": address.city,
        "shipping_state": address.state,
        "shipping_postcode": address.zip,
        "shipping_country": address.country,
        "shipping_phone": address.phone,
    }


def _no_address() -> dict[str, str | None]:
    return dict.fromkeys(_stored(Address(id=0)))


def _digest(address: Mapping[str, str | None]) -> str:
    """Return a short mark by which two spellings of the same place are known to be one."""
    parts = [
        (value or "").strip().casefold()
        for name, value in address.items()
        if name != "shipping_phone"
    ]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=4).hexdigest()
