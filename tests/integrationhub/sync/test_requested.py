"""One person is read anew because somebody has asked for it."""

import pytest
from django.utils import timezone

from integrationhub.models import Audience, Contact, ContactRequest, OptOut
from integrationhub.reasons import Reason

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(store):
    """Note that somebody wants this person read anew."""

    def note(email):
        return ContactRequest.objects.create(store=store, email=email, requested_at=timezone.now())

    return note


def test_the_person_is_read_decided_and_sent(shop, books, run_once, ask, contact_of):
    shop.subscribe("ann@shop.example")
    run_once()
    sent_at = contact_of("ann@shop.example").sent_at
    request = ask("ann@shop.example")

    run = run_once()

    request.refresh_from_db()
    ann = contact_of("ann@shop.example")
    assert (request.read_in, request.is_known) == (run, True)
    assert ann.standing(Audience.SUBSCRIBERS) == Contact.Standing.IN_BOOK
    assert ann.stage == Contact.Stage.SETTLED
    assert ann.sent_at > sent_at


def test_a_deleted_record_is_noticed_at_once(shop, books, run_once, ask, contact_of):
    shop.subscribe("ann@shop.example")
    run_once()
    shop.delete_subscriber("ann@shop.example")
    ask("ann@shop.example")

    run_once()

    ann = contact_of("ann@shop.example")
    assert ann.subscriber_id is None
    assert ann.reason(Audience.SUBSCRIBERS) == Reason.NOT_A_SUBSCRIBER
    assert ann.subscribers_books == []


def test_who_has_unsubscribed_is_not_brought_back(shop, mail, books, run_once, ask, contact_of):
    shop.subscribe("ann@shop.example")
    run_once()
    mail.unsubscribe("ann@shop.example")
    ask("ann@shop.example")

    run_once()
    ask("ann@shop.example")
    run_once()

    ann = contact_of("ann@shop.example")
    assert ann.reason(Audience.SUBSCRIBERS) == Reason.UNSUBSCRIBED
    assert OptOut.objects.get().receipt == OptOut.Receipt.CONFIRMED
    assert mail.contact("ann@shop.example")["status"] == "unsubscribed"


def test_a_click_in_dotdigitals_mail_is_seen_at_once(
    shop, mail, books, run_once, ask, contact_of, sandboxes_later
):
    shop.subscribe("ann@shop.example")
    run_once()
    mail.unsubscribe("ann@shop.example")
    run_once()
    sandboxes_later(minutes=10)
    shop.subscribe("ann@shop.example")
    run_once()
    run_once()  # has looked, and looks again in an hour
    mail.confirm_resubscription("ann@shop.example")
    run_once()
    waiting = contact_of("ann@shop.example").reason(Audience.SUBSCRIBERS)

    ask("ann@shop.example")
    run_once()

    assert waiting == Reason.AWAITING_CONFIRMATION
    assert contact_of("ann@shop.example").standing(Audience.SUBSCRIBERS) == "in_book"
    assert mail.members(books[0]) == ["ann@shop.example"]


def test_an_address_that_nobody_has_is_answered_too(books, run_once, ask):
    request = ask("nobody@shop.example")

    run = run_once()

    request.refresh_from_db()
    assert (request.read_in, request.is_known) == (run, False)
    assert not Contact.objects.exists()


def test_a_run_that_fails_leaves_the_request_open(shop, books, run_once, ask):
    request = ask("ann@shop.example")
    shop.access_token = "another-token"

    run_once()

    request.refresh_from_db()
    assert request.read_at is None
