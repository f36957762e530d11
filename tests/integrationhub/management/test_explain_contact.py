"""`manage.py explain_contact`, called as Django calls it."""

import json
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from integrationhub import address_books, sync
from integrationhub.models import Account, OptOut
from tests.conftest import STORE_HASH

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def synced(store):
    """Choose both books; answers a function that carries out one run."""
    now = timezone.now()
    subscribers = address_books.ensure(store.account, "Newsletter", now=now)
    customers = address_books.ensure(store.account, "Buyers", now=now)
    choice = address_books.Choice(subscribers=subscribers, customers=customers)
    address_books.assign(store, choice, now=now)

    def carry_out():
        store.refresh_from_db()
        sync.work_on(sync.claim_store(store, timezone.now()), now=timezone.now)

    return carry_out


def explain(email, *options):
    out = StringIO()
    call_command("explain_contact", STORE_HASH, email, *options, stdout=out)
    return out.getvalue()


def test_the_answer_comes_first_and_names_the_reason_for_each_audience(shop, synced):
    customer = shop.add_customer("ann@shop.example", first_name="Ann")
    shop.place_order("ann@shop.example", customer_id=customer)
    shop.subscribe("ann@shop.example", consents=())
    synced()

    report = json.loads(explain("Ann@Shop.example", "--json"))

    assert report["answer"].startswith("Not in Newsletter: has not agreed")
    assert report["audiences"]["subscribers"]["reason"] == "no_opt_in"
    assert report["audiences"]["subscribers"]["next_step"] == "The person can sign up in the store."
    assert report["audiences"]["customers"]["books"] == ["Buyers"]
    assert report["bigcommerce"]["customer_id"] == customer
    assert report["bigcommerce"]["orders_that_count"] == 1
    assert report["bigcommerce"]["fields"]["customer.first_name"] == "Ann"


def test_an_opt_out_is_told_with_its_receipt(shop, mail, synced):
    shop.subscribe("ann@shop.example")
    synced()
    mail.unsubscribe("ann@shop.example")
    synced()

    report = json.loads(explain("ann@shop.example", "--json"))

    assert report["ledger"]["accepts_marketing"] is False
    (opt_out,) = report["opt_outs"]
    assert opt_out["left"] == "Dotdigital as a whole"
    assert opt_out["receipt_in_words"] == "written to BigCommerce and confirmed"


def test_somebody_who_is_no_person_of_the_store_is_told_too(mail, shop, synced):
    mail.add_contact("stranger@mail.example")
    mail.unsubscribe("stranger@mail.example")
    synced()

    report = json.loads(explain("stranger@mail.example", "--json"))

    assert report["answer"].startswith("Not a person of this store, but unsubscribed in Dotdigital")


def test_people_get_tables(shop, synced):
    shop.subscribe("ann@shop.example")
    synced()

    told = explain("ann@shop.example")

    assert told.startswith("In Newsletter.")
    assert "marketing_newsletter" in told
    assert "Newsletter" in told


def test_times_are_the_account_s_to_the_second_and_stand_whole_in_a_narrow_terminal(
    shop, mail, store, synced, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "80")
    shop.subscribe("ann@shop.example")
    synced()
    mail.unsubscribe("ann@shop.example")
    synced()
    Account.objects.update(time_zone="Asia/Tokyo")

    told = explain("ann@shop.example")

    opt_out = OptOut.objects.get()
    for moment in (opt_out.removed_at, opt_out.seen_at, opt_out.written_at):
        assert f" {moment.astimezone(TOKYO):%Y-%m-%d %H:%M:%S} JST " in told
    assert "+00:00" not in told
    assert max(map(len, told.splitlines()[1:])) <= 80


def test_an_address_that_nobody_has_is_an_error_in_a_sentence(store):
    with pytest.raises(CommandError, match="Nobody with this address") as refusal:
        call_command("explain_contact", STORE_HASH, "nobody@shop.example")

    assert refusal.value.returncode == 1
