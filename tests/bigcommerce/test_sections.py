"""Long listings: cut into sections that several readers read at once."""

import threading
from collections.abc import Callable, Iterator
from math import ceil

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import AuthenticationError, UnavailableError
from bigcommerce.paging import Pages
from bigcommerce.retries import Tuning
from bigcommerce.sandbox import Fault, Sandbox, Shop
from bigcommerce.sandbox.crowd import ORDERS_SHARE, SUBSCRIBERS_SHARE, gather
from tests.bigcommerce.conftest import NewClient
from tests.bigcommerce.crowds import add_customers, add_subscribers, before_call, ids

READERS = 3
PEOPLE = {"customers": 6000, "subscribers": 25_000, "orders": 6000}
NUMBERS = {"customers": 6000, "subscribers": 10_000, "orders": 3600}
kinds = pytest.mark.parametrize("kind", NUMBERS)
Read = Callable[..., Pages]


@pytest.fixture
def crowd(shop: Shop, kind: str) -> Shop:
    """A store with enough of something to be cut."""
    gather(shop, PEOPLE[kind])
    return shop


@pytest.fixture
def client(new_client: NewClient) -> Client:
    """A client with several readers."""
    return new_client(readers=READERS)


@pytest.fixture(autouse=True)
def no_reader_is_left() -> Iterator[None]:
    """Whatever a test does, no thread outlives it."""
    yield
    assert readers() == 0


def readers() -> int:
    """How many readers there are now."""
    return sum(each.name.startswith("reader") for each in threading.enumerate())


@kinds
@pytest.mark.parametrize("is_inclusive", [True, False])
def test_every_row_is_read_and_hardly_one_twice(
    client: Client, crowd: Shop, sandbox: Sandbox, kind: str, is_inclusive: bool
) -> None:
    sandbox.switches.min_is_inclusive = is_inclusive

    pages = list(getattr(client, kind)())

    found = ids(pages)
    assert {*found} == {*range(1, NUMBERS[kind] + 1)}
    assert len(found) <= NUMBERS[kind] + READERS
    assert pages[-1].cursor is None
    assert all(page.cursor for page in pages[:-1])


@pytest.mark.parametrize("people", [1000, 1777, 2000, 4000, 6000, 7800, 10_000, 25_000, 30_000])
def test_a_whole_store_is_read_in_hardly_more_calls_than_it_has_pages(
    new_client: NewClient, shop: Shop, people: int
) -> None:
    client = new_client(readers=READERS, tuning=Tuning())
    gather(shop, people)
    shares = (people, int(people * SUBSCRIBERS_SHARE), int(people * ORDERS_SHARE))
    pages = sum(ceil(rows / 250) for rows in shares)

    rows = [len({*ids(getattr(client, kind)())}) for kind in NUMBERS]

    assert tuple(rows) == shares
    assert client.calls <= 1.01 * pages + 4


@pytest.mark.parametrize("kind", ["subscribers"])
def test_a_listing_with_its_newest_rows_first_is_read_in_sections_too(
    client: Client, crowd: Shop, sandbox: Sandbox, kind: str
) -> None:
    sandbox.switches.subscriber_order = "desc"

    pages = list(client.subscribers())

    assert {*ids(pages)} == {*range(1, NUMBERS[kind] + 1)}
    assert (pages[0].cursor or "").startswith("sections:")


@kinds
def test_several_pages_are_asked_for_at_once(
    client: Client, crowd: Shop, sandbox: Sandbox, kind: str
) -> None:
    sandbox.service.latency = 0.05

    pages = getattr(client, kind)()
    at_once = max(readers() for _ in pages)

    assert at_once >= 2


@kinds
def test_a_reading_goes_on_after_any_page(client: Client, crowd: Shop, kind: str) -> None:
    read: Read = getattr(client, kind)
    pages = list(read())

    for number in range(1, len(pages), 7):
        rest = list(read(cursor=pages[number - 1].cursor))

        assert {*ids(pages[:number])} | {*ids(rest)} == {*range(1, NUMBERS[kind] + 1)}
        assert len(ids(rest)) == len(ids(pages[number:]))
        assert rest[-1].cursor is None


@kinds
def test_a_reading_that_is_given_up_leaves_no_reader(
    client: Client, crowd: Shop, kind: str
) -> None:
    pages = getattr(client, kind)()
    next(pages), next(pages)

    pages.close()

    assert readers() == 0


@kinds
@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (503, UnavailableError)])
def test_a_readers_error_comes_to_the_caller(
    client: Client, crowd: Shop, sandbox: Sandbox, kind: str, status: int, error: type[Exception]
) -> None:
    pages = getattr(client, kind)()
    next(pages)
    sandbox.faults.add(Fault(status=status, times=None))

    with pytest.raises(error):
        list(pages)

    assert readers() == 0


@kinds
@pytest.mark.parametrize("call", [3, 6, 9])
def test_rows_deleted_or_edited_meanwhile_hide_nobody(
    client: Client, crowd: Shop, sandbox: Sandbox, kind: str, call: int
) -> None:
    gone = {*range(1, 40), *range(1000, 1040), *range(2300, 2340)}
    table = getattr(crowd.tables, kind)

    def leave() -> None:
        for number in gone:
            table.remove(number)

    sandbox.on_request(before_call(call, leave))

    found = {*ids(getattr(client, kind)())}

    assert found >= {*range(1, NUMBERS[kind] + 1)} - gone


@pytest.mark.parametrize("kind", ["customers", "subscribers"])
def test_rows_all_made_in_the_same_second_are_read_in_one_piece(
    client: Client, shop: Shop, kind: str
) -> None:
    add = add_customers if kind == "customers" else add_subscribers
    number = 4100 if kind == "customers" else 10_100
    add(shop, number)
    for row in getattr(shop.tables, kind).ordered():
        row.date_created = row.date_modified = shop.clock.second()

    found = ids(getattr(client, kind)())

    assert sorted(found) == [*range(1, number + 1)]


@pytest.mark.parametrize("kind", ["customers", "subscribers"])
def test_a_listing_that_does_not_obey_the_bounds_is_read_in_one_piece(
    client: Client, crowd: Shop, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(f"bigcommerce.sandbox.{kind}_api.by_dates", lambda rows, *_: rows)

    pages = list(getattr(client, kind)())

    assert {*ids(pages)} == {*range(1, NUMBERS[kind] + 1)}
    assert pages[-1].cursor is None


def test_a_short_listing_takes_no_call_more(client: Client, shop: Shop) -> None:
    add_customers(shop, 300)

    list(client.customers())

    assert client.calls == 2
