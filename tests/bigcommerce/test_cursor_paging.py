"""Customers: paged by cursor, and by number where there are no cursors."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import ApiError, MalformedAnswerError
from bigcommerce.sandbox import Fault, Sandbox, Shop
from tests.bigcommerce.crowds import add_customers, before_call, for_each, ids

CUSTOMERS = "^/v3/customers\\?"


@pytest.mark.parametrize("cursors", [True, False])
@pytest.mark.parametrize("end", ["no-link", "empty-page"])
@pytest.mark.parametrize("number", [0, 1, 250, 251, 750])
def test_all_are_read_once(
    client: Client,
    shop: Shop,
    sandbox: Sandbox,
    *,
    cursors: bool,
    end: Literal["no-link", "empty-page"],
    number: int,
) -> None:
    sandbox.switches.customer_cursors = cursors
    sandbox.switches.cursor_end = end
    add_customers(shop, number)

    pages = list(client.customers())

    assert sorted(set(ids(pages))) == list(range(1, number + 1))
    assert pages[-1].cursor is None
    assert pages[0].total == number


def test_one_page_is_one_call(client: Client, shop: Shop) -> None:
    add_customers(shop, 250)

    list(client.customers())

    assert client.calls == 1


def test_every_page_tells_the_total(client: Client, shop: Shop) -> None:
    add_customers(shop, 501)

    assert [page.total for page in client.customers()] == [501, 501, 501]


@pytest.mark.parametrize("cursors", [True, False])
def test_a_walk_goes_on_after_any_page(
    client: Client, shop: Shop, sandbox: Sandbox, cursors: bool
) -> None:
    sandbox.switches.customer_cursors = cursors
    add_customers(shop, 1000)
    pages = list(client.customers())

    for number, page in enumerate(pages[:-1], start=1):
        rest = list(client.customers(cursor=page.cursor))

        assert ids(pages[:number]) + ids(rest) == ids(pages)
        assert rest[-1].cursor is None


def test_a_cursor_goes_into_the_query_encoded(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    with pytest.raises(ApiError):
        list(client.customers(cursor="after:0::a&limit=1#x"))

    assert sandbox.requests[0].query.endswith("&after=a%26limit%3D1%23x")


@pytest.mark.parametrize("cursor", ["rubbish", "after:x:1:a", ""])
def test_a_cursor_that_is_none_of_ours_is_refused(client: Client, cursor: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(client.customers(cursor=cursor))


@pytest.mark.parametrize("cursors", [True, False])
@pytest.mark.parametrize("boundary", [1, 2, 3])
def test_deletions_meanwhile_hide_nobody(
    client: Client, shop: Shop, sandbox: Sandbox, cursors: bool, boundary: int
) -> None:
    sandbox.switches.customer_cursors = cursors
    add_customers(shop, 1000)
    gone = {*range(1, 11), *range(500, 505), *range(990, 1001)}
    sandbox.on_request(before_call(boundary + 1, for_each(gone, shop.delete_customer)))

    found = set(ids(client.customers()))

    assert found >= set(range(1, 1001)) - gone


@pytest.mark.parametrize("boundary", [1, 2, 3])
def test_edits_meanwhile_hide_nobody(
    client: Client, shop: Shop, sandbox: Sandbox, boundary: int
) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    add_customers(shop, 1000)
    sandbox.on_request(
        before_call(
            boundary + 1, for_each(range(1, 400), lambda each: shop.edit_customer(each, phone="1"))
        )
    )

    assert set(ids(client.customers(modified_since=since))) == set(range(1, 1001))


def test_the_new_ones_at_the_end_are_read_too(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    add_customers(shop, 500)
    sandbox.on_request(before_call(2, lambda: [shop.add_customer("new@example.com")]))

    assert set(ids(client.customers())) == set(range(1, 502))


def test_a_cursor_that_points_to_itself_is_an_error(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_customers(shop, 1000)
    sandbox.faults.add(Fault(act="stuck-cursor", path=CUSTOMERS, times=None))

    with pytest.raises(MalformedAnswerError, match="came twice"):
        list(client.customers())

    assert client.calls <= 3


@pytest.mark.parametrize("cursors", [True, False])
def test_a_server_that_always_sends_page_1_is_an_error(
    client: Client, shop: Shop, sandbox: Sandbox, cursors: bool
) -> None:
    sandbox.switches.customer_cursors = cursors
    add_customers(shop, 1000)
    sandbox.faults.add(Fault(act="repeat-page", path=CUSTOMERS, times=None))

    with pytest.raises(MalformedAnswerError, match=r"came twice|got page 1"):
        list(client.customers())

    assert client.calls <= 3


@pytest.mark.parametrize("skip", [1, 2, 3])
def test_an_empty_page_in_the_middle_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox, skip: int
) -> None:
    add_customers(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path=CUSTOMERS, skip=skip))

    assert ids(client.customers()) == list(range(1, 1001))


def test_an_empty_page_for_ever_is_never_the_end(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_customers(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path="after=", skip=1, times=None))

    with pytest.raises(MalformedAnswerError, match="empty"):
        list(client.customers())


def test_an_empty_first_page_of_many_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_customers(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path=CUSTOMERS))

    assert ids(client.customers()) == list(range(1, 1001))


def test_a_listing_that_claims_one_page_for_many_rows_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_customers(shop, 1000)
    sandbox.faults.add(Fault(act="shrink", path=CUSTOMERS))

    assert ids(client.customers()) == list(range(1, 1001))


@pytest.mark.parametrize("skip", [0, 1, 3])
def test_a_body_cut_off_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox, skip: int
) -> None:
    add_customers(shop, 1000)
    sandbox.faults.add(Fault(act="truncate", path=CUSTOMERS, skip=skip))

    assert ids(client.customers()) == list(range(1, 1001))
