"""The vendor's endpoints, as the vendor documents them, and its open questions both ways."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from bigcommerce.sandbox import Sandbox, Shop
from tests.bigcommerce.crowds import add_customers, add_orders, add_subscribers
from tests.bigcommerce.sandbox.conftest import Ask

SPRING = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v3/customers?foo=1", 422),
        ("/v3/customers?=&page=2", 422),
        ("/v3/customers?include=everything", 422),
        ("/v3/customers?sort=email", 422),
        ("/v3/customers?limit=many", 422),
        ("/v3/customers?id:in=a", 422),
        ("/v3/customers?date_modified:min=soon", 422),
        ("/v3/customers?after=rubbish", 422),
        ("/v3/customers/addresses?customer_id=1", 422),
        ("/v3/customers/attributes?id=1", 422),
        ("/v3/customers/subscribers?sort=id", 422),
        ("/v2/orders?foo=1", 400),
        ("/v2/orders?sort=colour", 400),
    ],
)
def test_a_parameter_that_is_not_known_or_not_right_is_refused(
    ask: Ask, address: str, status: int
) -> None:
    assert ask("GET", address).status_code == status


def test_the_refusal_of_a_filter_names_it(ask: Ask) -> None:
    title = ask("GET", "/v3/customers?foo=1").json()["title"]

    assert title == "The filter(s): foo are not valid filter parameter(s)."


@pytest.mark.parametrize("address", ["/v2/orders", "/v2/orders?page=9", "/v2/customer_groups"])
def test_an_empty_list_of_v2_is_204_and_nothing(ask: Ask, address: str) -> None:
    answer = ask("GET", address)

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("address", ["/v3/customers", "/v3/customers/subscribers"])
def test_an_empty_list_of_v3_is_200_and_no_data(ask: Ask, address: str) -> None:
    body = ask("GET", address).json()

    assert body["data"] == []
    assert body["meta"]["pagination"]["total"] == 0


@pytest.mark.parametrize(("way", "status", "rows"), [("clamp", 200, 250), ("refuse", 413, None)])
def test_more_than_250_to_a_page_is_an_open_question(
    ask: Ask,
    shop: Shop,
    sandbox: Sandbox,
    *,
    way: Literal["clamp", "refuse"],
    status: int,
    rows: int | None,
) -> None:
    sandbox.switches.limit_above_250 = way
    add_customers(shop, 300)

    answer = ask("GET", "/v3/customers?limit=300")

    assert answer.status_code == status
    assert rows is None or len(answer.json()["data"]) == rows


def test_fifty_to_a_page_is_the_default(ask: Ask, shop: Shop) -> None:
    add_customers(shop, 60)
    add_orders(shop, 60)

    assert len(ask("GET", "/v3/customers").json()["data"]) == 50
    assert len(ask("GET", "/v2/orders").json()) == 50


def test_cursors_are_offered_on_page_1_and_alone_after_it(ask: Ask, shop: Shop) -> None:
    add_customers(shop, 3)

    first = ask("GET", "/v3/customers?limit=1").json()["meta"]
    cursor = first["cursor_pagination"]["end_cursor"]
    second = ask("GET", f"/v3/customers?limit=1&after={cursor}").json()["meta"]
    by_number = ask("GET", "/v3/customers?limit=1&page=2").json()["meta"]

    assert set(first) == {"pagination", "cursor_pagination"}
    assert set(second) == {"cursor_pagination"}
    assert set(by_number) == {"pagination"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("id:in=1,3", [1, 3]),
        ("email:in=ANNA@example.com,nobody@example.com", [1]),
        ("name:in=anna%20li", [1]),
        ("name:like=li", [1, 2]),
        ("company:in=laser%20ltd", [2]),
        ("phone:in=123", [3]),
        ("customer_group_id:in=4", [2]),
        ("date_modified=2026-03-01T12:30:15", [1]),
        ("date_modified:max=2026-03-01T12:30:15Z", [1]),
        ("date_modified:min=2026-03-02", [2, 3]),
        ("date_modified:min=1772454615", [2, 3]),
        ("date_created:min=2026-03-02T00:00:00%2B00:00", [2, 3]),
        ("sort=date_modified:desc", [3, 2, 1]),
        ("sort=last_name", [3, 1, 2]),
    ],
)
def test_customers_can_be_filtered_and_sorted(
    ask: Ask, shop: Shop, sandbox: Sandbox, query: str, found: list[int]
) -> None:
    sandbox.switches.encoded_colons_work = True
    shop.add_customer("Anna@example.com", first_name="Anna", last_name="Li", created_at=SPRING)
    later = SPRING + timedelta(days=1)
    shop.add_customer(
        "b@example.com",
        last_name="Lima",
        company="Laser Ltd",
        customer_group_id=4,
        created_at=later,
    )
    shop.add_customer("c@example.com", phone="123", created_at=later + timedelta(days=1))

    listed = ask("GET", f"/v3/customers?{query}").json()["data"]

    assert [each["id"] for each in listed] == found


@pytest.mark.parametrize("works", [True, False])
def test_an_encoded_colon_may_switch_a_filter_off(
    ask: Ask, shop: Shop, sandbox: Sandbox, works: bool
) -> None:
    sandbox.switches.encoded_colons_work = works
    shop.add_customer("a@example.com", created_at=SPRING)

    listed = ask("GET", "/v3/customers?date_modified:min=2027-01-01T00%3A00%3A00Z").json()["data"]

    assert len(listed) == (0 if works else 1)


def test_inclusions_are_left_out_unless_asked_for(ask: Ask, shop: Shop) -> None:
    shop.add_customer("a@example.com", addresses=[{"city": "Cork"}])

    plain = ask("GET", "/v3/customers").json()["data"][0]
    full = ask("GET", "/v3/customers?include=addresses").json()["data"][0]

    assert "address_count" not in plain
    assert (full["address_count"], full["addresses"][0]["city"]) == (1, "Cork")
    assert plain["channel_ids"] is None


@pytest.mark.parametrize("moves", [True, False])
def test_edits_of_addresses_and_attributes_may_move_the_customers_date(
    ask: Ask, shop: Shop, sandbox: Sandbox, moves: bool
) -> None:
    sandbox.switches.address_edit_touches_customer = moves
    sandbox.switches.attribute_edit_touches_customer = moves
    first = shop.add_customer("a@example.com", addresses=[{"city": "Cork"}], created_at=SPRING)
    second = shop.add_customer("b@example.com", created_at=SPRING)
    third = shop.add_customer("c@example.com", created_at=SPRING)

    shop.edit_address(1, city="Galway")
    shop.set_attribute(second, "Tags", "vip")
    shop.add_address(third, city="Cork")

    dates = {each["date_modified"] for each in ask("GET", "/v3/customers").json()["data"]}
    assert ("2026-03-01T12:30:15Z" in dates) is not moves
    assert first == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([{"name": "Tags", "type": "string"}], 200),
        ([{"name": "Known", "type": "string"}], 422),
        ([{"name": "Tags", "type": "colour"}], 422),
        ([{"type": "string"}], 422),
        ({"name": "Tags", "type": "string"}, 422),
        ([{"name": f"A{n}", "type": "string"} for n in range(11)], 413),
    ],
)
def test_attributes_are_made_if_they_are_right(
    ask: Ask, shop: Shop, body: object, status: int
) -> None:
    shop.add_attribute("Known")

    assert ask("POST", "/v3/customers/attributes", json=body).status_code == status


def test_a_store_has_at_most_fifty_attributes(ask: Ask, shop: Shop) -> None:
    for number in range(50):
        shop.add_attribute(f"A{number}")

    answer = ask("POST", "/v3/customers/attributes", json=[{"name": "B", "type": "string"}])

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("change", "status"),
    [({}, 200), ({"customer_id": 9}, 422), ({"attribute_id": 9}, 422), ({"value": "x" * 256}, 422)],
)
def test_attribute_values_are_written_if_they_are_right(
    ask: Ask, shop: Shop, change: dict[str, object], status: int
) -> None:
    shop.add_customer("a@example.com")
    shop.add_attribute("Tags")
    body = [{"customer_id": 1, "attribute_id": 1, "value": "vip", **change}]

    answer = ask("PUT", "/v3/customers/attribute-values", json=body)

    assert answer.status_code == status
    assert shop.attribute_values(1) == ({"Tags": "vip"} if status == 200 else {})


def test_a_batch_has_at_most_ten(ask: Ask, shop: Shop) -> None:
    body = [{"customer_id": 1, "attribute_id": 1, "value": "x"}] * 11

    assert ask("PUT", "/v3/customers/attribute-values", json=body).status_code == 413


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_the_order_of_subscribers_is_an_open_question(
    ask: Ask, shop: Shop, sandbox: Sandbox, order: Literal["asc", "desc"]
) -> None:
    sandbox.switches.subscriber_order = order
    add_subscribers(shop, 3)

    listed = [each["id"] for each in ask("GET", "/v3/customers/subscribers").json()["data"]]

    assert listed == ([1, 2, 3] if order == "asc" else [3, 2, 1])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"consents": []}, 200),
        ({"consents": ["abandoned_cart"], "unknown": 1}, 200),
        ({"email": "B@example.com"}, 409),
        ({"email": "nonsense"}, 422),
        ({"consents": ["other"]}, 422),
        ({"consents": "marketing_newsletter"}, 422),
        ({"order_id": 0}, 422),
        ({"order_id": None}, 200),
        ({"channel_id": 0}, 422),
        ({"first_name": None}, 422),
        ([], 422),
    ],
)
def test_a_subscriber_is_changed_if_the_change_is_right(
    ask: Ask, shop: Shop, body: object, status: int
) -> None:
    shop.subscribe("a@example.com")
    shop.subscribe("b@example.com")

    assert ask("PUT", "/v3/customers/subscribers/1", json=body).status_code == status


@pytest.mark.parametrize(("way", "name"), [("partial", "Anna"), ("replace", "")])
def test_whether_omitted_fields_survive_is_an_open_question(
    ask: Ask, shop: Shop, sandbox: Sandbox, *, way: Literal["partial", "replace"], name: str
) -> None:
    sandbox.switches.subscriber_put = way
    shop.subscribe("a@example.com", first_name="Anna")

    shown = ask("PUT", "/v3/customers/subscribers/1", json={"consents": []}).json()["data"]

    assert (shown["first_name"], shown["email"]) == (name, "a@example.com")


@pytest.mark.parametrize("moves", [True, False])
def test_whether_a_consent_moves_the_date_is_an_open_question(
    ask: Ask, shop: Shop, sandbox: Sandbox, moves: bool
) -> None:
    sandbox.switches.consent_edit_touches_subscriber = moves
    shop.subscribe("a@example.com", created_at=SPRING)

    shown = ask("PUT", "/v3/customers/subscribers/1", json={"consents": []}).json()["data"]

    assert (shown["date_modified"] != "2026-03-01T12:30:15Z") is moves


@pytest.mark.parametrize("way", ["empty", "delete"])
def test_what_the_storefronts_unsubscribing_does_is_an_open_question(
    ask: Ask, shop: Shop, sandbox: Sandbox, way: Literal["empty", "delete"]
) -> None:
    sandbox.switches.storefront_unsubscribe = way
    shop.subscribe("a@example.com", consents=["marketing_newsletter", "abandoned_cart"])

    shop.unsubscribe("A@example.com")

    listed = ask("GET", "/v3/customers/subscribers").json()["data"]
    assert [each["consents"] for each in listed] == ([[]] if way == "empty" else [])


def test_a_subscriber_can_be_made_once(ask: Ask) -> None:
    first = ask("POST", "/v3/customers/subscribers", json={"email": "a@example.com"})
    second = ask("POST", "/v3/customers/subscribers", json={"email": "A@example.com"})
    third = ask("POST", "/v3/customers/subscribers", json={})

    assert [each.status_code for each in (first, second, third)] == [200, 409, 422]
    assert first.json()["data"]["consents"] == []


def test_the_dangerous_deletions_do_what_they_say(ask: Ask, shop: Shop) -> None:
    add_subscribers(shop, 4)

    one = ask("DELETE", "/v3/customers/subscribers/1")
    filtered = ask("DELETE", "/v3/customers/subscribers?email=subscriber1@example.com")
    left = [row.id for row in shop.tables.subscribers.ordered()]
    everything = ask("DELETE", "/v3/customers/subscribers")

    assert {each.status_code for each in (one, filtered, everything)} == {204}
    assert left == [3, 4]
    assert shop.counts()["subscribers"] == 0


def test_an_order_is_shown_as_v2_shows_it(ask: Ask, shop: Shop) -> None:
    shop.place_order("a@example.com", status_id=11, created_at=SPRING)

    shown = ask("GET", "/v2/orders/1").json()

    assert shown["date_created"] == "Sun, 01 Mar 2026 12:30:15 +0000"
    assert (shown["status"], shown["customer_id"]) == ("Awaiting Fulfillment", 0)
    assert shown["total_inc_tax"] == "25.0000"
    assert shown["consignments"]["resource"] == "/orders/1/consignments"
    assert ask("GET", "/v2/orders/1/shipping_addresses").json()[0]["email"] == "a@example.com"


def test_a_customers_order_takes_the_customers_email(ask: Ask, shop: Shop) -> None:
    customer = shop.add_customer("a@example.com")

    shop.place_order(customer_id=customer)

    assert ask("GET", "/v2/orders").json()[0]["billing_address"]["email"] == "a@example.com"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("customer_id=0", [1, 3]),
        ("status_id=5", [2]),
        ("status_id=0", [3]),
        ("email=A@example.com", [1]),
        ("min_id=2", [2, 3]),
        ("max_id=2", [1, 2]),
        ("sort=id:desc", [3, 2, 1]),
        ("sort=status_id:asc", [3, 2, 1]),
        ("min_date_modified=Mon%2C%2002%20Mar%202026%2000%3A00%3A00%20%2B0000", [2, 3]),
        ("max_date_created=2026-03-01T23:00:00%2B00:00", [1]),
        ("limit=1&page=2", [2]),
    ],
)
def test_orders_can_be_filtered_and_sorted(
    ask: Ask, shop: Shop, query: str, found: list[int]
) -> None:
    customer, later = shop.add_customer("b@example.com"), SPRING + timedelta(days=1)
    shop.place_order("a@example.com", created_at=SPRING)
    shop.place_order("b@example.com", customer_id=customer, status_id=5, created_at=later)
    shop.place_order("c@example.com", status_id=0, created_at=later)

    assert [each["id"] for each in ask("GET", f"/v2/orders?{query}").json()] == found


def test_orders_are_counted_by_status(ask: Ask, shop: Shop) -> None:
    shop.place_order("a@example.com", status_id=10)
    shop.place_order("b@example.com", status_id=0)

    counted = ask("GET", "/v2/orders/count").json()

    assert counted["count"] == 2
    assert {each["id"]: each["count"] for each in counted["statuses"]}[10] == 1


def test_any_change_moves_an_orders_date(shop: Shop) -> None:
    number = shop.place_order("a@example.com", created_at=SPRING)

    shop.set_order_status(number, 5)

    order = shop.order(number)
    assert order is not None
    assert order.date_modified > SPRING


def test_channels_are_listed(ask: Ask) -> None:
    assert ask("GET", "/v3/channels").json()["data"][0]["id"] == 1
