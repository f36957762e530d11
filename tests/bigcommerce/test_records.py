"""Odd things the vendor writes, and what becomes of them."""

from datetime import UTC, datetime

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import MalformedAnswerError
from bigcommerce.records import Customer, Order, Subscriber
from bigcommerce.sandbox import Fault, Sandbox, Shop
from tests.bigcommerce.crowds import add_customers, add_orders, ids

DATES = '"date_created":"2026-03-01T10:00:00Z","date_modified":"2026-03-01T10:00:00Z"'
LETTERS = (
    '"date_created":"Tue, 20 Nov 2012 00:00:00 +0000",'
    '"date_modified":"Tue, 6 Nov 2012 01:00:00 +0100"'
)


def customer(client: Client, sandbox: Sandbox, fields: str) -> Customer:
    body = f'{{"data":[{{"id":1,"email":"a@example.com",{DATES},{fields}}}],"meta":{{}}}}'
    sandbox.faults.add(Fault(status=200, body=body))
    [page] = client.customers()
    return page.records[0]


def order(client: Client, sandbox: Sandbox, fields: str) -> Order:
    sandbox.faults.add(
        Fault(status=200, body=f'[{{"id":1,"status_id":1,{LETTERS},{fields}}}]'), Fault(status=204)
    )
    [page] = client.orders()
    return page.records[0]


def test_a_null_is_an_empty_field(client: Client, sandbox: Sandbox) -> None:
    fields = (
        '"first_name":null,"phone":null,"customer_group_id":null,"channel_ids":null,'
        '"addresses":null,"attributes":null,"address_count":null,"form_fields":null'
    )

    found = customer(client, sandbox, fields)

    assert (found.first_name, found.phone, found.customer_group_id) == ("", "", 0)
    assert (found.addresses, found.attributes, found.address_count) == ((), (), 0)


def test_a_null_within_an_address_is_an_empty_field(client: Client, sandbox: Sandbox) -> None:
    found = customer(client, sandbox, '"addresses":[{"id":1,"phone":null,"city":"Cork"}]')

    assert (found.addresses[0].phone, found.addresses[0].city) == ("", "Cork")


def test_unknown_fields_are_let_pass(client: Client, sandbox: Sandbox) -> None:
    assert customer(client, sandbox, '"brand_new":{"a":[1]}').id == 1


def test_a_person_may_be_called_null(client: Client, sandbox: Sandbox) -> None:
    found = customer(client, sandbox, '"first_name":"null","last_name":"Null"')

    assert (found.first_name, found.last_name) == ("null", "Null")


def test_a_date_without_a_zone_is_utc(client: Client, sandbox: Sandbox) -> None:
    fields = '"date_created":"2026-03-01T10:00:00","date_modified":"2026-03-01T10:00:00"'

    found = customer(client, sandbox, fields)

    assert found.date_modified == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_dates_of_orders_are_letters(client: Client, sandbox: Sandbox) -> None:
    found = order(client, sandbox, '"customer_id":0')

    assert found.date_modified == datetime(2012, 11, 6, tzinfo=UTC)
    assert type(found.date_modified) is datetime


@pytest.mark.parametrize(
    "consignments",
    [
        '{"url":"https://x.example","resource":"/orders/1/consignments"}',
        "[]",
        '[{"shipping":[]}]',
        '{"pickups":[],"shipping":[],"downloads":[],"email":{"gift_certificates":[]}}',
        '{"shipping":null}',
    ],
)
def test_consignments_come_in_many_shapes(
    client: Client, sandbox: Sandbox, consignments: str
) -> None:
    found = order(client, sandbox, f'"consignments":{consignments}')

    assert found.shipping_addresses == ()


def test_numbers_written_as_text_are_numbers(client: Client, sandbox: Sandbox) -> None:
    assert order(client, sandbox, '"customer_id":"12","channel_id":"1"').customer_id == 12


def test_a_logo_may_be_an_object_or_a_list(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=200, body='{"id":"abc12","logo":{"url":"x"},"timezone":null}'))

    assert client.store().timezone.name == ""


@pytest.mark.parametrize(
    "field",
    [
        '"email":["a@example.com"]',
        '"date_modified":"0000-00-00"',
        '"date_modified":null',
        '"first_name":{"a":1}',
        '"customer_group_id":1e400',
    ],
)
def test_an_odd_row_costs_only_itself(client: Client, sandbox: Sandbox, field: str) -> None:
    good = f'{{"id":1,"email":"a@example.com",{DATES}}}'
    odd = f'{{"id":2,"email":"b@example.com",{DATES},{field}}}'
    sandbox.faults.add(Fault(status=200, body=f'{{"data":[{good},{odd}],"meta":{{}}}}'))

    [page] = client.customers()

    assert [each.id for each in page.records] == [1]
    assert [each.id for each in page.unreadable] == [2]
    assert page.unreadable[0].detail


@pytest.mark.parametrize(
    "meta",
    [
        "[]",
        "null",
        '{"pagination":[]}',
        '{"pagination":null,"cursor_pagination":[]}',
        '{"cursor_pagination":{"end_cursor":"x","links":[]}}',
        '{"cursor_pagination":{"end_cursor":"x","links":{"next":null}}}',
    ],
)
def test_an_empty_object_may_come_as_a_list(client: Client, sandbox: Sandbox, meta: str) -> None:
    body = f'{{"data":[{{"id":1,"email":"a@example.com",{DATES}}}],"meta":{meta}}}'
    sandbox.faults.add(Fault(status=200, body=body))

    [page] = client.customers()

    assert [each.id for each in page.records] == [1]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"A\ud800B", "A\N{REPLACEMENT CHARACTER}B"),
        (rb"\udfff", "\N{REPLACEMENT CHARACTER}"),
        (rb"\ud83c\udf75\ud83c", "\N{TEACUP WITHOUT HANDLE}\N{REPLACEMENT CHARACTER}"),
        (rb"\\ud800\ud800", "\\ud800\N{REPLACEMENT CHARACTER}"),
        (b"A\xff", "A\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_is_no_text_becomes_a_replacement_sign(
    client: Client, sandbox: Sandbox, written: bytes, read: str
) -> None:
    body = b'{"data":[{"id":1,"email":"a@example.com",%s,"first_name":"%s"}],"meta":{}}'
    sandbox.faults.add(Fault(status=200, raw_body=body % (DATES.encode(), written)))

    [page] = client.customers()

    assert page.records[0].first_name == read


def test_an_odd_row_without_an_id_costs_the_page(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=200, body='{"data":["odd"],"meta":{}}', times=None))

    with pytest.raises(MalformedAnswerError, match="without an id"):
        list(client.customers())


def test_odd_rows_count_among_those_read(client: Client, shop: Shop) -> None:
    add_customers(shop, 600)
    shop.edit_customer(7, phone=["odd"])
    shop.edit_customer(250, phone=["odd"])

    pages = list(client.customers())

    assert set(ids(pages)) == set(range(1, 601)) - {7, 250}
    assert [row.id for page in pages for row in page.unreadable] == [7, 250]


def test_odd_orders_do_not_hold_up_the_next(client: Client, shop: Shop) -> None:
    add_orders(shop, 300)
    shop.edit_order(250, channel_id="odd")
    shop.edit_order(300, channel_id="odd")

    pages = list(client.orders())

    assert set(ids(pages)) == set(range(1, 301)) - {250, 300}


def test_records_are_made_by_hand_as_well() -> None:
    now = datetime.now(UTC)

    made = Subscriber(id=1, email="a@example.com", date_created=now, date_modified=now)

    assert (made.first_name, made.consents, made.order_id) == ("", None, None)
