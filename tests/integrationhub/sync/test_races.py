"""Tests of what happens between a read and a push, and of people who change their address."""

import pytest
from django.utils import timezone

from integrationhub import address_books
from integrationhub.models import Contact, OptOut, Store
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import members

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def just_before(mail_server):
    """Do something once, just before Dotdigital takes the next import."""

    def when_it_comes(deed):
        deeds = [deed]

        def act(request, moment):
            if deeds and moment == "before" and request.method == "PUT":
                deeds.pop()()

        mail_server.on_request(act)

    return when_it_comes


@pytest.mark.parametrize("is_readded", [False, True])
@pytest.mark.parametrize("is_account_wide", [False, True])
def test_an_unsubscribe_between_the_read_and_the_import_still_wins(
    shop, mail, mail_server, books, run_once, just_before, is_readded, is_account_wide
):
    mail_server.switches.import_readds_list_suppressed = is_readded
    shop.subscribe("jane@shop.example", first_name="Jane")
    run_once()
    shop.edit_subscriber("jane@shop.example", first_name="Janet")
    leave = (
        mail.unsubscribe if is_account_wide else lambda who: mail.unsubscribe_from(books[0], who)
    )
    just_before(lambda: leave("jane@shop.example"))
    run_once()

    run_once()

    assert shop.subscriber("jane@shop.example").consents == []
    assert members(mail, books[0]) == set() or is_account_wide
    expected = "unsubscribed" if is_account_wide else "subscribed"
    assert mail.contact("jane@shop.example")["status"] == expected
    assert OptOut.objects.get().receipt == OptOut.Receipt.CONFIRMED


def test_a_changed_address_moves_the_contact_and_doubles_nobody(shop, mail, books, run_once):
    buyer = shop.add_customer(email="old@shop.example")
    shop.place_order(customer_id=buyer)
    run_once()
    contact_id = mail.contact("old@shop.example")["contactId"]
    shop.edit_customer(buyer, email="new@shop.example")

    run_once()

    assert members(mail, books[1]) == {"new@shop.example"}
    assert mail.contact("new@shop.example")["contactId"] == contact_id
    assert mail.contact("old@shop.example") is None
    assert Contact.objects.get().email == "new@shop.example"


def test_an_opt_out_under_a_former_address_still_counts(shop, mail, books, run_once, contact_of):
    reader = shop.subscribe("old@shop.example")
    buyer = shop.add_customer(email="old@shop.example")
    shop.place_order(customer_id=buyer)
    run_once()
    mail.unsubscribe("old@shop.example")
    run_once()
    shop.edit_customer(buyer, email="new@shop.example")

    run_once()

    assert reader
    assert members(mail, books[1]) <= {"old@shop.example"}
    assert contact_of("new@shop.example").customers_reason == Reason.UNSUBSCRIBED


def test_one_person_in_different_case_is_one_contact(shop, mail, books, run_once):
    shop.add_customer(email="Jane.Doe@Shop.example")
    shop.subscribe("jane.doe@shop.example")
    shop.place_order(email="JANE.DOE@SHOP.EXAMPLE")

    run_once()

    contact = Contact.objects.get()
    assert contact.email == "jane.doe@shop.example"
    assert members(mail, books[0]) == members(mail, books[1]) == {"jane.doe@shop.example"}


def test_our_own_write_back_coming_back_is_no_change(shop, mail, mail_server, books, run_once):
    shop.subscribe("jane@shop.example")
    run_once()
    mail.unsubscribe("jane@shop.example")
    run_once()
    mail_server.requests.clear()

    run = run_once()

    assert run.reason == Reason.NOTHING_TO_DO
    assert {request.method for request in mail_server.requests} == {"GET"}
    assert Contact.objects.get().stage == Contact.Stage.SETTLED


def test_a_person_never_mails_themselves_a_second_challenge(
    shop, mail, mail_server, sandboxes_later, books, run_once
):
    shop.subscribe("jane@shop.example")
    run_once()
    mail.unsubscribe("jane@shop.example")
    run_once()
    sandboxes_later(minutes=10)
    shop.subscribe("jane@shop.example")

    for _ in range(3):
        run_once()

    asked = [r for r in mail_server.requests if r.path.endswith("/resubscribe")]
    assert len(asked) == 1


def test_a_new_choice_of_book_fills_it_without_asking_bigcommerce_for_everything(
    shop, shop_server, mail, store, books, run_once
):

    for number in range(4):
        shop.subscribe(f"p{number}@shop.example")
    run_once()
    now = timezone.now()
    other = address_books.ensure(store.account, "Another book", now=now)
    choice = address_books.Choice(subscribers=other, customers=None)
    address_books.assign(Store.objects.get(), choice, now=now)

    run_once()

    assert len(members(mail, other.dotdigital_id)) == 4
    assert len(members(mail, books[0])) == 4


def purge(mail, email):
    """Delete a contact, and empty the recycle bin after it."""
    contact = mail.known(email)
    mail.delete_contact(email)
    mail.people.forget(contact)


def test_somebody_gone_from_dotdigital_for_good_comes_back_into_the_book_when_they_change(
    shop, mail, books, run_once
):
    shop.subscribe("jane@shop.example", first_name="Jane")
    run_once()
    purge(mail, "jane@shop.example")
    shop.edit_subscriber("jane@shop.example", first_name="Janet")
    run_once()

    run_once()

    assert members(mail, books[0]) == {"jane@shop.example"}
