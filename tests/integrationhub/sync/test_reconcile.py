"""Tests of the complete read that finds deletions and consents that moved without a date."""

import pytest

from integrationhub.models import Contact, Cursor
from integrationhub.reasons import Reason

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def a_day_later(settings):
    """Let the next run read everything again."""
    return lambda: setattr(settings, "FULL_READ_HOURS", 0)


def test_a_deleted_subscriber_leaves_the_book_and_is_suppressed_nowhere(
    shop, mail, books, run_once, contact_of, a_day_later
):
    for name in ("jane", "jo"):
        shop.subscribe(f"{name}@shop.example")
    run_once()
    shop.delete_subscriber("jane@shop.example")
    a_day_later()

    run = run_once()

    assert mail.members(books[0]) == ["jo@shop.example"]
    assert mail.contact("jane@shop.example")["status"] == "subscribed"
    assert contact_of("jane@shop.example").subscribers_reason == Reason.NOT_A_SUBSCRIBER
    assert run.removed == 1


def test_a_deleted_customer_leaves_the_customers_book(shop, mail, books, run_once, a_day_later):
    buyer = shop.add_customer(email="buyer@shop.example")
    shop.place_order(customer_id=buyer)
    run_once()
    shop.delete_customer(buyer)
    a_day_later()

    run_once()

    assert mail.members(books[1]) == []
    assert mail.contact("buyer@shop.example") is not None


def test_what_a_read_did_not_show_but_the_store_still_has_stays(
    shop, shop_server, mail, books, run_once, a_day_later
):
    customer = shop.add_customer(email="jane@shop.example")
    shop.place_order(customer_id=customer)
    run_once()
    shop.edit_customer(customer, email="janet@shop.example")
    a_day_later()

    run_once()

    assert mail.members(books[1]) == ["janet@shop.example"]
    assert Contact.objects.get().customer_id == customer


def test_an_unsubscribe_that_did_not_move_the_date_is_found(
    shop, mail, books, run_once, a_day_later
):
    shop.subscribe("jane@shop.example")
    run_once()
    before = shop.subscriber("jane@shop.example").date_modified
    shop.edit_subscriber("jane@shop.example", consents=[], modified_at=before)
    a_day_later()

    run_once()

    assert mail.members(books[0]) == []


def test_a_complete_read_of_an_unchanged_store_sends_nothing(
    seeded_shop, mail_server, books, run_once, a_day_later
):
    run_once()
    mail_server.requests.clear()
    a_day_later()

    run = run_once()

    assert run.reason == Reason.NOTHING_TO_DO
    assert run.rows_read > 300
    assert {request.method for request in mail_server.requests} == {"GET"}
    assert not Cursor.objects.filter(is_full=True, position__gt="").exists()
