"""The made-up people: always the same, and every kind of trouble among them."""

import time
import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import time_machine

from bigcommerce.sandbox import Sandbox, Shop
from bigcommerce.sandbox.crowd import gather
from bigcommerce.sandbox.seed import TAGS_ATTRIBUTE, populate

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE = 3000
RESERVED = ("example.com", "example.org", "example.net", ".example")


@pytest.fixture(scope="module")
def crowd() -> Shop:
    """A store full of people, which no test changes."""
    with Sandbox() as sandbox:
        shop = sandbox.add_store("abc12")
    populate(shop, PEOPLE, until=UNTIL)
    return shop


def emails(shop: Shop) -> list[str]:
    tables = shop.tables
    return [
        *(row.email for row in tables.customers.ordered()),
        *(row.email for row in tables.subscribers.ordered()),
        *(row.billing_address.email for row in tables.orders.ordered()),
    ]


def test_the_same_number_and_seed_are_the_same_people(sandbox: Sandbox, shop: Shop) -> None:
    twin = sandbox.add_store("twin")
    twin.store_hash = shop.store_hash

    with time_machine.travel(UNTIL, tick=False):
        populate(shop, 200, seed=3, until=UNTIL)
        populate(twin, 200, seed=3, until=UNTIL)

    assert rows(shop) == rows(twin)


def rows(shop: Shop) -> bytes:
    tables = shop.tables
    every = (tables.customers, tables.subscribers, tables.orders, tables.addresses, tables.values)
    return msgspec.json.encode([table.ordered() for table in every])


def test_another_seed_is_other_people(sandbox: Sandbox, shop: Shop) -> None:
    other = sandbox.add_store("other")

    populate(shop, 50, seed=1, until=UNTIL)
    populate(other, 50, seed=2, until=UNTIL)

    assert set(emails(shop)) != set(emails(other))


def test_there_are_as_many_people_as_asked_for(crowd: Shop) -> None:
    assert len({each.lower() for each in emails(crowd)}) == PEOPLE


def test_nobody_could_receive_a_mail(crowd: Shop) -> None:
    assert all(each.lower().endswith(RESERVED) for each in emails(crowd))


def test_names_come_in_many_scripts(crowd: Shop) -> None:
    letters = "".join(row.first_name + row.last_name for row in crowd.tables.customers.ordered())

    scripts = {unicodedata.name(each, "").split(" ")[0] for each in set(letters)}

    assert scripts >= {
        *("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HIRAGANA", "HANGUL"),
        "DEVANAGARI",
    }
    assert "O'Brien" in {row.last_name for row in crowd.tables.customers.ordered()}


def test_addresses_are_written_in_troublesome_ways(crowd: Shop) -> None:
    subscribers = {row.email for row in crowd.tables.subscribers.ordered()}
    customers = {row.email for row in crowd.tables.customers.ordered()}

    assert any("+" in each for each in customers)
    assert any(each != each.lower() for each in customers)
    assert any(each.swapcase() in customers for each in subscribers - customers)


def test_there_are_guests_and_people_who_never_bought(crowd: Shop) -> None:
    orders = crowd.tables.orders.ordered()
    of_guests = Counter(row.billing_address.email for row in orders if not row.customer_id)
    statuses: dict[int, set[int]] = {}
    for row in orders:
        statuses.setdefault(row.customer_id, set()).add(row.status_id)

    assert max(of_guests.values()) > 1
    assert any(row.id not in statuses for row in crowd.tables.customers.ordered())
    assert any(each <= {0, 5, 6} for each in statuses.values())


def test_consents_are_of_every_kind(crowd: Shop) -> None:
    kinds = {tuple(row.consents) for row in crowd.tables.subscribers.ordered()}

    assert kinds == {
        (),
        ("abandoned_cart",),
        ("marketing_newsletter",),
        ("marketing_newsletter", "abandoned_cart"),
    }


def test_some_have_no_phone_a_long_note_many_addresses_a_group_or_tags(crowd: Shop) -> None:
    customers = crowd.tables.customers.ordered()

    assert any(not row.phone for row in customers)
    assert any(len(row.notes) > 1000 for row in customers)
    assert max(len(each) for each in crowd.tables.addresses_of.values()) > 10
    assert len({row.customer_group_id for row in customers}) == 4
    assert crowd.tables.attributes.by_text(TAGS_ATTRIBUTE)
    assert 0 < len(crowd.tables.values) < len(customers)


def test_dates_are_spread_over_years_and_end_before_now(crowd: Shop) -> None:
    created = [row.date_created for row in crowd.tables.customers.ordered()]
    modified = [row.date_modified for row in crowd.tables.orders.ordered()]

    assert max(created) - min(created) > timedelta(days=5 * 365)
    assert max(created + modified) <= UNTIL - timedelta(days=1)
    assert all(each.microsecond == 0 for each in created + modified)


def test_ten_thousand_people_are_made_in_two_seconds(shop: Shop) -> None:
    began = time.process_time()

    populate(shop, 10_000)

    assert time.process_time() - began < 2


def test_a_plain_crowd_has_readers_and_buyers_with_and_without_an_account(shop: Shop) -> None:
    gather(shop, 1000)

    subscribers, orders = shop.tables.subscribers.ordered(), shop.tables.orders.ordered()
    holders = [row for row in subscribers if shop.customer_by_email(row.email)]
    assert (len(shop.tables.customers), len(subscribers), len(orders)) == (1000, 400, 600)
    assert len(holders) == 200
    assert sum(row.customer_id == 0 for row in orders) == 120
