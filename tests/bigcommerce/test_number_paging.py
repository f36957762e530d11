"""Subscribers: paged by number, from the last page to the first."""

from itertools import count

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import MalformedAnswerError
from bigcommerce.sandbox import Fault, Sandbox, Shop
from bigcommerce.sandbox.journal import Received
from tests.bigcommerce.crowds import add_subscribers, before_call, ids

SUBSCRIBERS = "^/v3/customers/subscribers"


@pytest.fixture(params=["asc", "desc"])
def order(request: pytest.FixtureRequest, sandbox: Sandbox) -> str:
    """Either order in which a vendor may list subscribers."""
    sandbox.switches.subscriber_order = request.param
    return str(request.param)


@pytest.mark.parametrize("number", [0, 1, 250, 251, 750])
def test_all_are_read(client: Client, shop: Shop, order: str, number: int) -> None:
    add_subscribers(shop, number)

    pages = list(client.subscribers())

    assert sorted(ids(pages)) == list(range(1, number + 1))
    assert pages[-1].cursor is None
    assert pages[0].total == number


def test_one_page_is_one_call(client: Client, shop: Shop) -> None:
    add_subscribers(shop, 250)

    list(client.subscribers())

    assert client.calls == 1


def test_several_pages_are_read_last_page_first(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_subscribers(shop, 600)

    list(client.subscribers())

    asked = [each.query.rpartition("page=")[2] for each in sandbox.requests]
    assert asked == ["1", "3", "2", "1"]


def test_a_walk_goes_on_after_any_page(client: Client, shop: Shop, order: str) -> None:
    add_subscribers(shop, 1000)
    pages = list(client.subscribers())

    for number, page in enumerate(pages[:-1], start=1):
        rest = list(client.subscribers(cursor=page.cursor))

        assert ids(pages[:number]) + ids(rest) == ids(pages)
        assert rest[-1].cursor is None


@pytest.mark.parametrize("boundary", [1, 2, 3, 4])
def test_deletions_meanwhile_hide_nobody(
    client: Client, shop: Shop, sandbox: Sandbox, order: str, boundary: int
) -> None:
    add_subscribers(shop, 1000)
    gone = {*range(1, 11), *range(500, 505), *range(990, 1001)}

    def leave() -> None:
        for number in gone:
            shop.delete_subscriber(f"subscriber{number - 1}@example.com")

    sandbox.on_request(before_call(boundary + 1, leave))

    found = set(ids(client.subscribers()))

    assert found >= set(range(1, 1001)) - gone


@pytest.mark.parametrize("boundary", [1, 2, 3, 4])
def test_newcomers_meanwhile_hide_nobody(
    client: Client, shop: Shop, sandbox: Sandbox, order: str, boundary: int
) -> None:
    add_subscribers(shop, 1000)

    def join() -> None:
        for number in range(10):
            shop.subscribe(f"new{number}@example.com")

    sandbox.on_request(before_call(boundary + 1, join))

    assert set(ids(client.subscribers())) >= set(range(1, 1001))


def test_a_listing_that_never_stands_still_is_an_error(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    sandbox.switches.subscriber_order = "desc"
    add_subscribers(shop, 600)
    numbers = count()

    def join(_: Received) -> None:
        shop.subscribe(f"new{next(numbers)}@example.com")

    sandbox.on_request(join)

    with pytest.raises(MalformedAnswerError, match="add up"):
        list(client.subscribers())


def test_newcomers_for_ever_at_the_end_do_not_hold_up_a_walk(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_subscribers(shop, 600)
    numbers = count()

    def join(_: Received) -> None:
        shop.subscribe(f"new{next(numbers)}@example.com")

    sandbox.on_request(join)

    assert set(ids(client.subscribers())) >= set(range(1, 601))
    assert client.calls == 4


def test_a_server_that_always_sends_page_1_is_an_error(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_subscribers(shop, 1000)
    sandbox.faults.add(Fault(act="repeat-page", path=SUBSCRIBERS, times=None))

    with pytest.raises(MalformedAnswerError, match="got page 1"):
        list(client.subscribers())

    assert client.calls == 2


@pytest.mark.parametrize("skip", range(5))
def test_an_empty_page_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox, skip: int
) -> None:
    add_subscribers(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path=SUBSCRIBERS, skip=skip))

    assert sorted(ids(client.subscribers())) == list(range(1, 1001))


def test_an_empty_page_for_ever_is_never_the_end(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_subscribers(shop, 1000)
    sandbox.faults.add(Fault(act="empty-page", path=SUBSCRIBERS, skip=2, times=None))

    with pytest.raises(MalformedAnswerError, match="empty"):
        list(client.subscribers())


@pytest.mark.parametrize("skip", range(1, 5))
def test_a_total_that_shrinks_to_one_page_makes_the_walk_begin_again(
    client: Client, shop: Shop, sandbox: Sandbox, skip: int
) -> None:
    add_subscribers(shop, 1000)
    sandbox.faults.add(Fault(act="shrink", path=SUBSCRIBERS, skip=skip, total=250))

    assert set(ids(client.subscribers())) == set(range(1, 1001))


def test_a_listing_that_claims_one_page_for_many_rows_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    add_subscribers(shop, 1000)
    sandbox.faults.add(Fault(act="shrink", path=SUBSCRIBERS))

    assert set(ids(client.subscribers())) == set(range(1, 1001))


def test_rows_missing_for_ever_are_an_error(client: Client, shop: Shop, sandbox: Sandbox) -> None:
    add_subscribers(shop, 600)
    lie = b'{"data":[{"id":1,"email":"a@example.com","date_created":"2026-03-01T00:00:00Z",'
    lie += b'"date_modified":"2026-03-01T00:00:00Z"}],"meta":{"pagination":{"total":600,'
    lie += b'"per_page":250,"total_pages":3}}}'
    sandbox.faults.add(Fault(status=200, raw_body=lie, path="page=2", times=None))

    with pytest.raises(MalformedAnswerError, match="add up"):
        list(client.subscribers())
