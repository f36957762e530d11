"""Orders: read by rising id."""

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import MalformedAnswerError
from bigcommerce.retries import Tuning
from bigcommerce.sandbox import Fault, Sandbox, Shop
from tests.bigcommerce.conftest import NewClient
from tests.bigcommerce.crowds import add_orders, before_call, for_each, ids

ORDERS = "^/v2/orders"


@pytest.mark.parametrize("number", [0, 1, 249, 250, 251, 750])
def test_all_are_read_once(client: Client, shop: Shop, number: int) -> None:
    add_orders(shop, number)

    pages = list(client.orders())

    assert ids(pages) == list(range(1, number + 1))
    assert pages[-1].cursor is None


def test_reading_can_begin_at_an_id(client: Client, shop: Shop) -> None:
    add_orders(shop, 300)

    assert ids(client.orders(min_id=290)) == list(range(290, 301))


def test_a_walk_goes_on_after_any_page(client: Client, shop: Shop) -> None:
    add_orders(shop, 1000)
    pages = list(client.orders())

    for number, page in enumerate(pages[:-1], start=1):
        assert ids(client.orders(cursor=page.cursor)) == ids(pages[number:])


@pytest.mark.parametrize("incomplete", [True, False])
def test_incomplete_orders_may_be_listed_or_not(
    client: Client, shop: Shop, sandbox: Sandbox, incomplete: bool
) -> None:
    sandbox.switches.orders_include_incomplete = incomplete
    done, begun = shop.place_order("a@example.com"), shop.place_order("b@example.com", status_id=0)

    assert ids(client.orders()) == ([done, begun] if incomplete else [done])


def test_archived_orders_are_left_out(client: Client, shop: Shop) -> None:
    kept, archived = shop.place_order("a@example.com"), shop.place_order("b@example.com")
    shop.archive_order(archived)

    assert ids(client.orders()) == [kept]


@pytest.mark.parametrize("boundary", [1, 2, 3])
def test_orders_archived_meanwhile_hide_no_other(
    client: Client, shop: Shop, sandbox: Sandbox, boundary: int
) -> None:
    add_orders(shop, 1000)
    gone = {*range(1, 11), *range(500, 505), *range(990, 1001)}
    sandbox.on_request(before_call(boundary + 1, for_each(gone, shop.archive_order)))

    assert set(ids(client.orders())) >= set(range(1, 1001)) - gone


@pytest.mark.parametrize("boundary", [1, 2, 3])
def test_orders_edited_meanwhile_hide_no_other(
    client: Client, shop: Shop, sandbox: Sandbox, boundary: int
) -> None:
    add_orders(shop, 1000)
    since = datetime.now(UTC) - timedelta(hours=1)
    sandbox.on_request(
        before_call(
            boundary + 1, for_each(range(1, 400), lambda each: shop.set_order_status(each, 2))
        )
    )

    assert ids(client.orders_modified_since(since)) == list(range(1, 1001))


def test_orders_placed_meanwhile_are_read_too(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    add_orders(shop, 251)
    sandbox.on_request(before_call(2, lambda: add_orders(shop, 10)))

    assert ids(client.orders()) == list(range(1, 262))


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
def test_an_empty_answer_in_the_middle_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox, skip: int
) -> None:
    add_orders(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path=ORDERS, skip=skip))

    assert ids(client.orders()) == list(range(1, 1001))


def test_an_empty_answer_for_ever_is_never_the_end(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_orders(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path="min_id=251", times=None))

    with pytest.raises(MalformedAnswerError, match="empty page in the middle"):
        list(client.orders())


def test_a_server_that_always_sends_page_1_is_an_error(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_orders(shop, 1000)
    sandbox.faults.add(Fault(act="repeat-page", path=ORDERS, times=None))

    with pytest.raises(MalformedAnswerError, match="came twice"):
        list(client.orders())

    assert client.calls == 2


def test_a_filter_by_date_that_is_ignored_is_an_error(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    old = b'[{"id":1,"status_id":1,"date_created":"Wed, 01 Jan 2020 00:00:00 +0000",'
    old += b'"date_modified":"Wed, 01 Jan 2020 00:00:00 +0000"}]'
    sandbox.faults.add(Fault(status=200, raw_body=old, path=ORDERS, times=None))

    with pytest.raises(MalformedAnswerError, match="ignored"):
        list(client.orders_modified_since(datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("number", [0, 1, 249, 250, 251, 499, 500, 501, 750, 1020])
def test_several_readers_read_all_once_in_as_few_calls(
    new_client: NewClient, shop: Shop, number: int
) -> None:
    add_orders(shop, number)
    client = new_client(readers=3, tuning=Tuning())

    pages = list(client.orders())

    assert sorted(ids(pages)) == list(range(1, number + 1))
    assert pages[-1].cursor is None
    assert client.calls <= max(2, ceil(number / 250))


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
def test_an_empty_answer_is_never_the_end_for_several_readers(
    new_client: NewClient, shop: Shop, sandbox: Sandbox, skip: int
) -> None:
    add_orders(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path=ORDERS, skip=skip))

    found = ids(new_client(readers=3).orders())

    assert {*found} == {*range(1, 1001)}


def test_a_store_that_does_not_sort_orders_is_read_in_one_piece(
    new_client: NewClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bigcommerce.sandbox.orders_api._sorted", lambda rows, _: rows)
    add_orders(shop, 1010)

    assert ids(new_client(readers=3).orders()) == list(range(1, 1011))
