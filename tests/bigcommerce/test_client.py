"""What the client asks of a store, call by call."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import MalformedAnswerError, NotFoundError
from bigcommerce.records import NewAttributeValue
from bigcommerce.sandbox import Fault, Sandbox, Shop
from tests.bigcommerce.conftest import NewClient
from tests.bigcommerce.crowds import add_customers, add_orders, add_subscribers, ids

DateFilter = Literal["working", "ignored", "equality", "refused"]

SPRING = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)


def test_the_store_tells_who_it_is(client: Client) -> None:
    store = client.store()

    assert (store.id, store.name, store.status) == ("abc12", "Tea & Co", "live")
    assert store.timezone.name == "Europe/London"
    assert store.control_panel_base_url == "https://store-abc12.mybigcommerce.com"


def test_time_is_the_servers_clock(client: Client, sandbox: Sandbox) -> None:
    sandbox.clock.freeze(SPRING)

    assert client.time() == SPRING


def test_the_date_of_the_latest_answer_is_kept(client: Client, sandbox: Sandbox) -> None:
    sandbox.clock.freeze(SPRING)
    before = client.server_date

    client.time()

    assert before is None
    assert client.server_date == SPRING


def test_calls_are_counted_with_their_retries(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=500, times=2))

    client.time()

    assert client.calls == 3


def test_a_customer_comes_with_addresses_and_attributes(client: Client, shop: Shop) -> None:
    number = shop.add_customer(
        "o'brien@example.com",
        first_name="Seán",
        last_name="O'Brien",
        phone="+353 1",
        notes="Tea only",
        created_at=SPRING,
        addresses=[{"address1": "1 High St", "city": "Cork", "country_code": "IE"}],
        attributes={"Tags": "vip, tea"},
    )

    [page] = client.customers()

    [customer] = page.records
    assert (customer.id, customer.email, customer.phone) == (
        number,
        "o'brien@example.com",
        "+353 1",
    )
    assert (customer.notes, customer.date_modified) == ("Tea only", SPRING)
    assert [(each.address1, each.country_code) for each in customer.addresses] == [
        ("1 High St", "IE")
    ]
    assert [each.attribute_value for each in customer.attributes] == ["vip, tea"]
    assert (customer.address_count, customer.attribute_count) == (1, 1)


def test_only_customers_changed_since_then_are_read(client: Client, shop: Shop) -> None:
    shop.add_customer("old@example.com", modified_at=SPRING - timedelta(days=1))
    new = shop.add_customer("new@example.com", modified_at=SPRING + timedelta(seconds=1))

    assert ids(client.customers(modified_since=SPRING)) == [new]


def test_colons_of_a_date_travel_literally(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    shop.add_customer("a@example.com", modified_at=SPRING)

    list(client.customers(modified_since=SPRING.replace(microsecond=999_999)))

    assert "date_modified:min=2026-03-01T12:30:15Z" in sandbox.requests[0].query


@pytest.mark.parametrize("inclusive", [True, False])
def test_a_row_on_the_bound_may_come_or_not(
    client: Client, shop: Shop, sandbox: Sandbox, inclusive: bool
) -> None:
    sandbox.switches.min_is_inclusive = inclusive
    number = shop.add_customer("a@example.com", modified_at=SPRING)

    found = ids(client.customers(modified_since=SPRING))

    assert found == ([number] if inclusive else [])


def test_a_filter_the_server_ignores_is_noticed(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    sandbox.switches.subscriber_date_filter = "ignored"
    shop.subscribe("old@example.com", modified_at=SPRING - timedelta(days=1))

    with pytest.raises(MalformedAnswerError, match="ignored"):
        list(client.subscribers(modified_since=SPRING))


def test_customers_are_found_by_many_ids(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    add_customers(shop, 600)

    found = client.customers_by_id([*range(1, 601), 9999])

    assert sorted(each.id for each in found) == list(range(1, 601))
    assert len(sandbox.requests) == 3
    assert all(len(each.query) < 8000 for each in sandbox.requests)


def test_customers_are_found_by_email_however_it_is_written(client: Client, shop: Shop) -> None:
    plus = shop.add_customer("Anna+shop@Example.com")
    add_customers(shop, 120)

    found = client.customers_by_email(
        ["anna+shop@example.com", *(f"customer{each}@example.com" for each in range(120))]
    )

    assert len(found) == 121
    assert plus in {each.id for each in found}


def test_asking_for_nobody_asks_nothing(client: Client) -> None:
    assert client.customers_by_id([]) == []
    assert client.customers_by_email([]) == []
    assert client.calls == 0


def test_the_addresses_beyond_ten_have_their_own_listing(client: Client, shop: Shop) -> None:
    number = shop.add_customer(
        "a@example.com", addresses=[{"address1": f"{each} High St"} for each in range(12)]
    )

    [page] = client.customers()

    assert (len(page.records[0].addresses), page.records[0].address_count) == (10, 12)
    assert len(client.addresses(number)) == 12


def test_the_attribute_values_beyond_ten_have_their_own_listing(client: Client, shop: Shop) -> None:
    number = shop.add_customer(
        "a@example.com", attributes={f"Field {each}": "x" for each in range(12)}
    )

    [page] = client.customers()

    assert (len(page.records[0].attributes), page.records[0].attribute_count) == (10, 12)
    assert len(client.attribute_values(number)) == 12


def test_attributes_are_made_once_and_listed(client: Client) -> None:
    made = client.create_attribute("accepts_marketing", "string")

    assert client.attributes() == [made]
    assert (made.name, made.type) == ("accepts_marketing", "string")


def test_attribute_values_go_ten_to_a_call(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    add_customers(shop, 25)
    attribute = client.create_attribute("accepts_marketing", "string")

    client.set_attribute_values(
        [
            NewAttributeValue(attribute_id=attribute.id, customer_id=each, value="false")
            for each in range(1, 26)
        ]
    )

    assert shop.attribute_values(25) == {"accepts_marketing": "false"}
    assert len(sandbox.requests.matching("PUT", "/v3/customers/attribute-values")) == 3


def test_groups_are_listed(client: Client, shop: Shop) -> None:
    retail = shop.add_group("Retail")

    assert [(each.id, each.name) for each in client.customer_groups()] == [(retail, "Retail")]


def test_a_store_without_groups_has_none(client: Client, shop: Shop) -> None:
    assert client.customer_groups() == []


def test_a_subscriber_tells_its_consents(client: Client, shop: Shop) -> None:
    shop.subscribe("a@example.com", consents=["abandoned_cart"], first_name="A", created_at=SPRING)

    [page] = client.subscribers()

    [subscriber] = page.records
    assert subscriber.consents == ("abandoned_cart",)
    assert (subscriber.first_name, subscriber.order_id) == ("A", None)
    assert subscriber.date_modified == SPRING


def test_the_older_api_told_no_consents(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    sandbox.switches.subscriber_consents_key = False
    shop.subscribe("a@example.com")

    [page] = client.subscribers()

    assert page.records[0].consents is None


@pytest.mark.parametrize(
    ("way", "works"),
    [("working", True), ("ignored", False), ("equality", False), ("refused", False)],
)
def test_whether_subscribers_can_be_filtered_is_found_out(
    client: Client, shop: Shop, sandbox: Sandbox, way: DateFilter, works: bool
) -> None:
    sandbox.switches.subscriber_date_filter = way
    shop.subscribe("a@example.com")

    assert client.subscriber_filter_works() is works


def test_a_store_without_subscribers_counts_as_filtering_them(client: Client, shop: Shop) -> None:
    assert client.subscriber_filter_works()


@pytest.mark.parametrize("ignores_case", [True, False])
def test_a_subscriber_is_found_by_email(
    client: Client, shop: Shop, sandbox: Sandbox, ignores_case: bool
) -> None:
    sandbox.switches.email_filter_ignores_case = ignores_case
    number = shop.subscribe("Anna+news@Example.com")

    found = client.subscriber_by_email(" Anna+news@Example.com ")

    assert found is not None
    assert found.id == number
    assert "%2B" in sandbox.requests[0].query


def test_nobody_is_found_where_nobody_is(client: Client, shop: Shop) -> None:
    assert client.subscriber_by_email("nobody@example.com") is None


@pytest.mark.parametrize("way", ["partial", "replace"])
def test_an_update_keeps_all_but_the_consents(
    client: Client, shop: Shop, sandbox: Sandbox, way: Literal["partial", "replace"]
) -> None:
    sandbox.switches.subscriber_put = way
    shop.subscribe(
        "a@example.com",
        consents=["marketing_newsletter", "abandoned_cart"],
        first_name="A",
        source="order",
        order_id=7,
    )
    before = client.subscriber_by_email("a@example.com")
    assert before is not None

    after = client.update_subscriber(before, consents=["abandoned_cart"])

    kept = shop.subscriber("a@example.com")
    assert kept is not None
    assert after.consents == ("abandoned_cart",)
    assert (kept.first_name, kept.source, kept.order_id) == ("A", "order", 7)


def test_an_update_of_somebody_gone_says_so(client: Client, shop: Shop) -> None:
    shop.subscribe("a@example.com")
    before = client.subscriber_by_email("a@example.com")
    assert before is not None
    shop.delete_subscriber("a@example.com")

    with pytest.raises(NotFoundError):
        client.update_subscriber(before, consents=[])


def test_an_order_tells_who_pays_and_where_it_goes(client: Client, shop: Shop) -> None:
    number = shop.place_order(
        "Guest@example.com",
        status_id=11,
        billing={"first_name": "G", "city": "Cork"},
        shipping={"street_1": "2 Quay", "country_iso2": "IE"},
        created_at=SPRING,
    )

    [page] = client.orders()

    [order] = page.records
    assert (order.id, order.customer_id, order.status_id) == (number, 0, 11)
    assert (order.billing_address.email, order.billing_address.city) == (
        "Guest@example.com",
        "Cork",
    )
    assert [each.street_1 for each in order.shipping_addresses] == ["2 Quay"]
    assert order.date_modified == SPRING


def test_orders_come_without_destinations_where_the_store_knows_no_inclusion(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    sandbox.switches.order_consignments = False
    add_orders(shop, 300)

    pages = list(client.orders())

    assert ids(pages) == list(range(1, 301))
    assert pages[0].records[0].shipping_addresses == ()
    assert sum(each.status == 400 for each in sandbox.requests) == 1


def test_an_order_of_a_download_goes_nowhere(client: Client, shop: Shop) -> None:
    shop.place_order("a@example.com", shipping=())

    [page] = client.orders()

    assert page.records[0].shipping_addresses == ()


def test_only_orders_changed_since_then_are_read(client: Client, shop: Shop) -> None:
    old = shop.place_order("a@example.com", created_at=SPRING - timedelta(days=9))
    shop.place_order("b@example.com", created_at=SPRING - timedelta(days=9))
    shop.edit_order(old, status_id=5, date_modified=SPRING)

    assert ids(client.orders_modified_since(SPRING)) == [old]


def test_orders_are_counted(client: Client, shop: Shop) -> None:
    add_orders(shop, 3)

    assert client.count_orders() == 3


def test_reading_never_changes_anything(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    add_customers(shop, 3)
    add_subscribers(shop, 3)
    add_orders(shop, 3)

    for listing in (client.customers(), client.subscribers(), client.orders()):
        list(listing)

    assert {each.method for each in sandbox.requests} == {"GET"}
    assert sandbox.requests.destructive_calls == 0


@pytest.mark.parametrize("store_hash", ["", "ABC", "a/b", "../x", "a" * 33, "abc\n"])
def test_a_store_hash_of_another_form_is_refused(new_client: NewClient, store_hash: str) -> None:
    with pytest.raises(ValueError, match="store hash"):
        new_client(store_hash=store_hash)


@pytest.mark.parametrize("token", ["", "two words", "line\r\nbreak"])
def test_a_token_of_another_form_is_refused(new_client: NewClient, token: str) -> None:
    with pytest.raises(ValueError, match="access token"):
        new_client(access_token=token)
