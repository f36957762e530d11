"""What a record of BigCommerce says of a person, source by source; pure."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from bigcommerce.records import Address, Customer, Order, OrderAddress, Subscriber
from integrationhub.models import Person
from integrationhub.sync.consent import NEWSLETTER

ORDERS_KEPT = 50
Texts = Mapping[str, str]


def take_customer(person: Person, customer: Customer, *, tags: str) -> None:
    """Put into the ledger's row what a customer record says."""
    person.customer_id = customer.id
    _keep(person, _customer_fields(customer, tags))


def take_subscriber(
    person: Person, subscriber: Subscriber, *, last_read_at: datetime | None = None
) -> None:
    """Put into the ledger's row what a subscriber record says, and since when it says so.

    `last_read_at` is the store's time when all of its subscribers were last read.
    """
    consents = None if subscriber.consents is None else tuple(sorted(subscriber.consents))
    is_new = person.subscriber_id != subscriber.id or not person.has_subscriber_record
    names = {
        "subscriber.first_name": subscriber.first_name,
        "subscriber.last_name": subscriber.last_name,
    }
    if is_new or _says_yes(person.consents) != _says_yes(consents):
        is_all = _others(person.consents) == _others(consents) and _has_names(person, names)
        person.consent_changed_at = _changed_at(
            subscriber, consents, is_new=is_new, unless_all=None if is_all else last_read_at
        )
    person.subscriber_id, person.has_subscriber_record = subscriber.id, True
    person.consents = consents
    _keep(person, names)


def _others(consents: Sequence[str] | None) -> set[str]:
    return {*(consents or ())} - {NEWSLETTER}


def _has_names(person: Person, names: Texts) -> bool:
    kept = person.source_fields
    return all(kept.get(name, "") == value.strip() for name, value in names.items())


def _changed_at(
    subscriber: Subscriber,
    consents: Sequence[str] | None,
    *,
    is_new: bool,
    unless_all: datetime | None,
) -> datetime | None:
    """Return the time that the consent is known to be from.

    On a record seen for the first time a yes is as old as the record: any edit moves
    `date_modified`, and an old yes must never look newer than a no. When the change itself has
    been seen, `date_modified` is its time; unless more has changed meanwhile, for then a yes is
    only known to be newer than the read before.
    """
    if is_new and _says_yes(consents):
        return subscriber.date_created
    if unless_all is not None and _says_yes(consents):
        return min(subscriber.date_modified, unless_all)
    return subscriber.date_modified


def _says_yes(consents: Sequence[str] | None) -> bool:
    return consents is None or NEWSLETTER in consents


def take_order(person: Person, order: Order, *, is_counting: bool) -> None:
    """Put into the ledger's row what an order says: a purchase, a name and an address."""
    others = {*person.counting_order_ids} - {order.id}
    ids = sorted({*others, order.id} if is_counting else others)
    person.counting_order_ids = tuple(ids[-ORDERS_KEPT:])
    is_newest = order.id >= (person.latest_order_id or 0)
    if is_counting and is_newest:
        person.latest_order_id = order.id
        _keep(person, _order_fields(order))


def _keep(person: Person, fields: Texts) -> None:
    """Keep the values of one source; a field that lost its value stays as an empty one."""
    before = {} if person.source_json == "{}" else person.source_fields
    told = {
        name: text for name, value in fields.items() if (text := value.strip()) or name in before
    }
    kept = {**before, **told} if before else told
    if kept != before:
        person.source_fields = kept
        if "\\u0000" in person.source_json:  # PostgreSQL keeps no such character
            person.source_fields = {name: kept[name].replace("\x00", "") for name in kept}


def _customer_fields(customer: Customer, tags: str) -> Texts:
    addresses = sorted(customer.addresses, key=_id) if customer.addresses else [_NOWHERE]
    first = addresses[0]
    return {
        "customer.first_name": customer.first_name,
        "customer.last_name": customer.last_name,
        "customer.phone": customer.phone,
        "customer.note": customer.notes,
        "customer.tags": tags,
        "customer.address_digests": " ".join(map(_digest_of_stored, customer.addresses)),
        "customer.shipping_address_1": first.address1,
        "customer.shipping_address_2": first.address2,
        "customer.shipping_city": first.city,
        "customer.shipping_state": first.state_or_province,
        "customer.shipping_postcode": first.postal_code,
        "customer.shipping_country": first.country,
        "customer.shipping_phone": first.phone,
    }


_NOWHERE = Address(id=0)


def _id(address: Address) -> int:
    return address.id


def _order_fields(order: Order) -> Texts:
    billing = order.billing_address
    places: Sequence[OrderAddress] = order.shipping_addresses
    address = places[0] if places else billing
    return {
        "order.first_name": billing.first_name,
        "order.last_name": billing.last_name,
        "order.phone": billing.phone,
        "order.address_digest": _digest_of_shipped(address),
        "order.shipping_address_1": address.street_1,
        "order.shipping_address_2": address.street_2,
        "order.shipping_city": address.city,
        "order.shipping_state": address.state,
        "order.shipping_postcode": address.zip,
        "order.shipping_country": address.country,
        "order.shipping_phone": address.phone,
    }


def _digest_of_stored(address: Address) -> str:
    return _digest(
        address.address1,
        address.address2,
        address.city,
        address.state_or_province,
        address.postal_code,
        address.country,
    )


def _digest_of_shipped(address: OrderAddress) -> str:
    return _digest(
        address.street_1,
        address.street_2,
        address.city,
        address.state,
        address.zip,
        address.country,
    )


def _digest(*parts: str) -> str:
    """Return a short mark by which two spellings of the same place are known to be one."""
    place = "\n".join(map(str.strip, parts)).casefold()
    return f"{zlib.crc32(place.encode()):08x}"
