"""Tests of people who are several records at once, change their address, or go away."""

import pytest

from integrationhub.models import Contact, OptOut, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import buyers, members, readers
from tests.integrationhub.sync.faults.verdict import assert_books_are_kept, doubled, lost

pytestmark = pytest.mark.django_db(transaction=True)
ONE_PERSON = ("Jane.Doe@Shop.example", "jane.doe@shop.example", "JANE.DOE@SHOP.EXAMPLE")
OLD, NEW = "old@shop.example", "new@shop.example"


@pytest.fixture
def empty(new_world):
    """A connected store without anybody in it."""
    return new_world("empty")


def assert_all_is_right(world):
    assert lost(world) == doubled(world) == set()
    assert members(world.mail, world.books[0]) == readers(world.shop)
    assert members(world.mail, world.books[1]) == buyers(world.shop)
    assert_books_are_kept(world)


@pytest.mark.parametrize(("subscriber", "customer", "guest"), [ONE_PERSON, ONE_PERSON[::-1]])
def test_one_person_in_different_case_everywhere_is_one_contact(empty, subscriber, customer, guest):
    empty.shop.subscribe(subscriber)
    empty.shop.place_order(customer_id=empty.shop.add_customer(customer))
    empty.shop.place_order(guest)
    empty.run()
    empty.shop.edit_subscriber(subscriber, email=guest)
    empty.shop.place_order(subscriber)

    empty.run()

    assert Contact.objects.count() == 1
    assert [contact.email.lower() for contact in empty.mail.people] == [ONE_PERSON[1]]
    assert_all_is_right(empty)


def change_of(world, *who):
    """Give those records of one person the new address."""
    if "customer" in who:
        world.shop.edit_customer(world.shop.customer_by_email(OLD).id, email=NEW)
    if "subscriber" in who:
        world.shop.edit_subscriber(OLD, email=NEW)


CHANGES = [
    ("customer",),
    ("subscriber",),
    ("customer", "subscriber"),
]


@pytest.mark.parametrize("is_taken", [False, True])
@pytest.mark.parametrize("who", CHANGES)
def test_a_changed_address_leaves_nobody_doubled_or_behind(empty, settings, who, is_taken):
    empty.shop.subscribe(OLD)
    empty.shop.place_order(customer_id=empty.shop.add_customer(OLD))
    if is_taken:
        empty.shop.place_order(NEW)
    empty.run()
    change_of(empty, *who)

    empty.run()

    assert_all_is_right(empty)


@pytest.mark.parametrize("opted_out_under", [OLD, NEW])
@pytest.mark.parametrize("who", CHANGES)
def test_a_no_under_either_address_counts_for_the_person(
    empty, sandboxes_later, who, opted_out_under
):
    empty.shop.subscribe(OLD)
    empty.shop.place_order(customer_id=empty.shop.add_customer(OLD))
    empty.mail.add_contact(NEW)
    empty.run()
    sandboxes_later(minutes=20)
    empty.mail.unsubscribe(opted_out_under)
    change_of(empty, *who)

    for _ in range(2):
        empty.run()

    now_at = NEW if "subscriber" in who else OLD
    said_no = opted_out_under in {now_at, OLD}
    assert (empty.shop.subscriber(now_at).consents == []) == said_no
    assert empty.mail.contact(opted_out_under)["status"] == "unsubscribed"
    assert not said_no or now_at not in members(empty.mail, empty.books[0])


def test_two_customers_who_swap_their_addresses_stay_two(empty):
    first, second = empty.shop.add_customer(OLD), empty.shop.add_customer(NEW)
    empty.shop.place_order(customer_id=first)
    empty.run()
    empty.shop.edit_customer(second, email="between@shop.example")
    empty.shop.edit_customer(first, email=NEW)
    empty.shop.edit_customer(second, email=OLD)

    for _ in range(2):
        empty.run()

    assert_all_is_right(empty)


@pytest.mark.parametrize("is_subscriber", [True, False])
def test_a_deleted_customer_leaves_their_book_and_nothing_more(empty, settings, is_subscriber):
    buyer = empty.shop.add_customer(OLD)
    empty.shop.place_order(customer_id=buyer)
    if is_subscriber:
        empty.shop.subscribe(OLD)
    empty.run()
    empty.shop.delete_customer(buyer)
    settings.FULL_READ_HOURS = 0

    empty.run()

    assert members(empty.mail, empty.books[1]) == set()
    assert members(empty.mail, empty.books[0]) == readers(empty.shop)
    assert empty.mail.contact(OLD)["status"] == "subscribed"
    assert not OptOut.objects.exists()


def test_a_book_deleted_in_mid_run_is_said_and_another_is_filled(empty, mail_server):
    for number in range(3):
        empty.shop.subscribe(f"p{number}@shop.example")

    def delete_book(request, moment):
        if request.method == "PUT" and empty.books[0] in empty.mail.state.address_books:
            empty.mail.delete_address_book(empty.books[0])

    mail_server.on_request(delete_book)

    run = empty.run()

    assert run.reason == Reason.ADDRESS_BOOK_DELETED
    assert empty.store.problem == Reason.ADDRESS_BOOK_DELETED
    assert not Contact.objects.filter(subscribers_standing="in_book").exists()


def test_a_data_field_deleted_in_mid_run_costs_nobody_their_place(empty, mail_server):
    for number in range(3):
        empty.shop.subscribe(f"p{number}@shop.example", first_name=f"P{number}")

    doomed = ["PHONE", "ACCEPTS_MARKETING"]

    def delete_field(request, moment):
        while doomed and request.method == "PUT" and moment == "before":
            empty.mail.state.data_fields.pop(doomed.pop())

    mail_server.on_request(delete_field)
    empty.run()

    run = empty.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert "ACCEPTS_MARKETING" in empty.mail.state.data_fields
    assert_all_is_right(empty)
