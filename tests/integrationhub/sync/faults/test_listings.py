"""Tests of listings that lie about where they end, or that change while they are read."""

import re

import pytest

from bigcommerce.sandbox import Fault
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import buyers, members
from tests.integrationhub.sync.faults.verdict import (
    assert_as_if_nothing_had_happened,
    assert_books_are_kept,
    doubled,
    lost,
    rows_sent,
)

pytestmark = pytest.mark.django_db(transaction=True)

LISTINGS = {
    "customers": r"/v3/customers\?",
    "subscribers": r"/v3/customers/subscribers\?(?!.*email=)",
    "orders": r"/v2/orders\?.*id:asc",
}
LIES = {
    "half the JSON": {"act": "truncate"},
    "HTML": {"status": 200, "body": "<html></html>"},
    "an empty page": {"act": "empty-page"},
    "page 1 again": {"act": "repeat-page"},
    "a cursor to itself": {"act": "stuck-cursor"},
    "only one page": {"act": "shrink"},
    "no content": {"status": 204},
}


@pytest.fixture
def short_pages(shop_server):
    """Let every listing be cut into pages of two."""
    shop_server.switches.largest_page = 2


@pytest.fixture
def tiny_pages(shop_server):
    """Let every listing be cut into pages of one, so that each has a middle."""
    shop_server.switches.largest_page = 1


@pytest.fixture
def full_read(settings):
    """Let the next run read everything again."""
    settings.FULL_READ_HOURS = 1


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_in_the_middle_of_each_listing_is_never_taken_for_its_end(
    undisturbed, world, shop_server, tiny_pages, full_read, lie
):
    for listing in LISTINGS.values():
        shop_server.faults.add(Fault(path=listing, skip=1, **LIES[lie]))

    for _ in range(4):
        last = world.run()

    assert last.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)


NEVER_ENDING = [
    ("customers", "a cursor to itself"),
    ("subscribers", "page 1 again"),
    ("orders", "page 1 again"),
    ("orders", "an empty page"),
]


@pytest.mark.parametrize(("listing", "lie"), NEVER_ENDING)
def test_a_listing_that_never_comes_to_an_end_ends_the_run_within_two_pages(
    undisturbed, world, shop_server, tiny_pages, full_read, cure, listing, lie
):
    shop_server.faults.add(Fault(path=LISTINGS[listing], skip=1, times=None, **LIES[lie]))
    shop_server.requests.clear()
    first = world.run()
    asked = [r for r in shop_server.requests if re.search(LISTINGS[listing], f"{r.path}?{r.query}")]
    cure()

    world.run()

    assert first.reason == Reason.BIGCOMMERCE_MALFORMED
    assert len(asked) <= 5
    assert_as_if_nothing_had_happened(world, undisturbed)


@pytest.fixture
def crowd(new_world, short_pages):
    """A store of a dozen of each kind, connected, with nobody read yet."""
    world = new_world("crowd")
    for number in range(12):
        world.shop.subscribe(f"s{number:02}@shop.example", first_name="Before")
        world.shop.place_order(customer_id=world.shop.add_customer(f"c{number:02}@shop.example"))
    return world


@pytest.fixture
def at_each_page(shop_server):
    """Do something before each further page of a listing is answered."""

    def watch(listing, deed):
        def act(request):
            if (listing in request.path) and "limit=1&" not in f"{request.query}&":
                deed()

        shop_server.on_request(act)
        return shop_server.service.callbacks["before"].clear

    return watch


@pytest.mark.parametrize("listing", ["/v3/customers", "/subscribers", "/v2/orders"])
def test_deletions_and_newcomers_at_every_page_boundary_hide_nobody(
    crowd, at_each_page, settings, listing
):
    numbers = iter(range(100))

    def shuffle():
        number, shop = next(numbers), crowd.shop
        if number < 4:
            shop.delete_subscriber(f"s{number:02}@shop.example")
            shop.delete_customer(shop.customer_by_email(f"c{number:02}@shop.example").id)
            shop.subscribe(f"newcomer{number}@shop.example")
            shop.place_order(f"guest{number}@shop.example")

    leave_alone = at_each_page(listing, shuffle)
    first = crowd.run()
    still_there = lost(crowd) - {f"newcomer{number}@shop.example" for number in range(4)}
    leave_alone()
    settings.FULL_READ_HOURS = 0

    crowd.run()

    assert first.status == SyncRun.Status.COMPLETED
    assert still_there == set()
    assert lost(crowd) == doubled(crowd) == set()
    assert members(crowd.mail, crowd.books[1]) == buyers(crowd.shop)
    assert_books_are_kept(crowd)


@pytest.mark.parametrize("boundary", [1, 3, 4])
def test_who_changes_after_their_page_was_read_arrives_in_the_next_run(
    crowd, at_each_page, boundary
):
    numbers = iter(range(100))

    def rename():
        if next(numbers) == boundary:
            for number in range(12):
                crowd.shop.edit_subscriber(f"s{number:02}@shop.example", first_name="After")

    leave_alone = at_each_page("/subscribers", rename)
    crowd.run()
    leave_alone()

    crowd.run()

    people = [crowd.mail.contact(f"s{number:02}@shop.example") for number in range(12)]
    assert {person["dataFields"]["FIRSTNAME"] for person in people} == {"After"}


def test_a_thousand_rows_with_the_second_of_the_watermark_are_all_there_and_sent_once(
    new_world, shop_server, mail_server
):
    world = new_world("thousand")
    shop_server.clock.freeze(shop_server.clock.second())
    for number in range(500):
        world.shop.subscribe(f"before{number}@shop.example")
    world.run()
    Store.objects.update(safety_number=1000)
    for number in range(500):
        world.shop.subscribe(f"after{number}@shop.example")

    for _ in range(2):
        world.run()

    sent = rows_sent(mail_server.requests, world.mail.user)
    assert lost(world) == doubled(world) == set()
    assert set(sent.values()) == {1}
    assert len(sent) == 1000
