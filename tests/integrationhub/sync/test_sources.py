"""Tests of what a BigCommerce record says of a person, and of what goes to Dotdigital from it."""

from datetime import UTC, datetime, timedelta

import pytest

from bigcommerce.records import (
    Address,
    BillingAddress,
    Consignments,
    Customer,
    Order,
    ShippingAddress,
    Subscriber,
)
from integrationhub.models import Person
from integrationhub.sync.fields import default_address, recipes, values_of
from integrationhub.sync.sources import take_customer, take_order, take_subscriber

DAY = datetime(2026, 5, 1, tzinfo=UTC)
HOME = {"street_1": "1 High St", "city": "Leeds", "zip": "LS1", "country": "United Kingdom"}
NEWSLETTER = "marketing_newsletter"


def customer(**changes):
    values = {"id": 9, "email": "jo@shop.example", "first_name": "Jo"}
    return Customer(**values | {"date_created": DAY, "date_modified": DAY} | changes)


def order(order_id=3, shipping=None, **changes):
    places = (ShippingAddress(**shipping),) if shipping else ()
    values = {
        "id": order_id,
        "status_id": 10,
        "date_modified": DAY,
        "billing_address": BillingAddress(first_name="Bill", last_name="Payer", **HOME),
        "consignments": Consignments(shipping=places),
    }
    return Order(**values | changes)


def subscriber(consents=(NEWSLETTER,), created=DAY, modified=DAY, **changes):
    return Subscriber(
        id=changes.pop("id", 5),
        email="jo@shop.example",
        consents=consents,
        date_created=created,
        date_modified=modified,
        **changes,
    )


def values(person, *sources):
    recipe = recipes((source, source.upper()) for source in sources)
    fields = person.source_fields
    return values_of(fields, recipe[default_address(fields)], limit=1000)


def stored(number, **changes):
    fields = {"address1": "1 High St", "city": "Leeds", "postal_code": "LS1"}
    return Address(id=number, country="United Kingdom", **fields | changes)


def test_the_customer_record_wins_over_the_order_and_the_order_over_the_subscriber():
    contact = Person(0, "jo@shop.example")

    take_subscriber(contact, subscriber(first_name="Sub", last_name="Scriber"))
    take_order(contact, order(), is_counting=True)
    take_customer(contact, customer(), tags="")

    assert values(contact, "first_name") == {"FIRST_NAME": "Jo"}
    assert values(contact, "last_name") == {"LAST_NAME": "Payer"}


def test_a_field_that_never_had_a_value_is_left_alone():
    contact = Person(0, "jo@shop.example")

    take_customer(contact, customer(), tags="")

    assert values(contact, "phone") == {}


def test_a_field_that_lost_its_value_is_cleared():
    contact = Person(0, "jo@shop.example")
    take_customer(contact, customer(phone="0113 496 0000"), tags="")

    take_customer(contact, customer(phone=""), tags="")

    assert values(contact, "phone") == {"PHONE": None}


@pytest.mark.parametrize(
    ("addresses", "shipped", "city"),
    [
        ((stored(2, city="York"), stored(1, city="Hull")), None, "Hull"),
        ((stored(1, city="Hull"), stored(2)), {**HOME, "city": " leeds "}, "leeds"),
        ((stored(1, city="Hull"),), {**HOME, "city": "Paris"}, "Hull"),
        ((), {**HOME, "city": "Paris"}, "Paris"),
        ((), None, "Leeds"),
    ],
)
def test_the_default_address_is_the_newest_orders_if_stored_else_the_first_stored(
    addresses, shipped, city
):
    contact = Person(0, "jo@shop.example")
    shipping = None if shipped is None else shipped
    take_order(contact, order(shipping=shipping), is_counting=True)

    take_customer(contact, customer(addresses=addresses), tags="")

    assert values(contact, "shipping_city") == {"SHIPPING_CITY": city}


def test_only_the_newest_counting_order_gives_the_name():
    contact = Person(0, "jo@shop.example")
    take_order(contact, order(8), is_counting=True)

    take_order(
        contact, order(4, billing_address=BillingAddress(first_name="Old")), is_counting=True
    )

    assert values(contact, "first_name") == {"FIRST_NAME": "Bill"}
    assert contact.counting_order_ids == (4, 8)


def test_an_order_that_no_longer_counts_is_taken_back():
    contact = Person(0, "jo@shop.example")
    take_order(contact, order(8), is_counting=True)

    take_order(contact, order(8, status_id=5), is_counting=False)

    assert contact.counting_order_ids == ()


def test_the_same_order_twice_is_one_purchase():
    contact = Person(0, "jo@shop.example")

    for _ in range(2):
        take_order(contact, order(8), is_counting=True)

    assert contact.counting_order_ids == (8,)


LATER = DAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("seen", "changed_at"),
    [
        ([subscriber(modified=LATER)], DAY),
        ([subscriber(), subscriber(modified=LATER)], DAY),
        ([subscriber(()), subscriber(modified=LATER)], LATER),
        ([subscriber(), subscriber((), modified=LATER)], LATER),
        ([subscriber((), modified=LATER)], LATER),
        ([subscriber(), subscriber(id=6, created=LATER, modified=LATER)], LATER),
        ([subscriber(), subscriber((NEWSLETTER, "abandoned_cart"), modified=LATER)], DAY),
    ],
)
def test_an_opt_in_is_only_as_new_as_we_know_it_to_be(seen, changed_at):
    contact = Person(0, "jo@shop.example")

    for record in seen:
        take_subscriber(contact, record)

    assert contact.consent_changed_at == changed_at


@pytest.mark.parametrize(
    ("before", "after", "changed_at"),
    [
        ({}, {}, LATER),
        ({"first_name": "Jo"}, {"first_name": "Joan"}, LATER - timedelta(days=1)),
        ({"consents": ("abandoned_cart",)}, {}, LATER - timedelta(days=1)),
    ],
)
def test_a_yes_seen_with_another_edit_is_only_newer_than_the_last_read(before, after, changed_at):
    contact = Person(0, "jo@shop.example")
    take_subscriber(contact, subscriber(**{"consents": (), **before}))

    record = subscriber(modified=LATER, **after)
    take_subscriber(contact, record, last_read_at=LATER - timedelta(days=1))

    assert contact.consent_changed_at == changed_at


def test_text_is_kept_clean():
    contact = Person(0, "jo@shop.example")

    take_customer(contact, customer(notes="  likes\x00 tea "), tags="vip, tea")

    assert values(contact, "note") == {"NOTE": "likes tea"}
    assert values(contact, "tags") == {"TAGS": "vip, tea"}
