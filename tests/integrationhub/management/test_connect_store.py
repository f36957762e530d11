"""`manage.py connect_store`, called as Django calls it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from integrationhub import disconnecting
from integrationhub.models import Account, AddressBookMapping, Store
from tests.conftest import ACCESS_TOKEN, API_PASSWORD, API_USER, STORE_HASH

pytestmark = pytest.mark.django_db
SECRETS = ("--token", ACCESS_TOKEN, "--api-user", API_USER, "--api-password", API_PASSWORD)


def connect(*options):
    out = StringIO()
    call_command("connect_store", "acme", STORE_HASH, *options, stdout=out)
    return out.getvalue()


def books():
    rows = AddressBookMapping.objects.values_list("audience", "address_book__name")
    return dict(rows)


def test_a_store_is_connected_with_the_default_book(shop, mail):
    connect(*SECRETS, "--account-name", "Acme Ltd")

    store = Store.objects.get()
    assert (store.account.slug, store.account.name) == ("acme", "Acme Ltd")
    assert (store.store_hash, store.access_token) == (STORE_HASH, ACCESS_TOKEN)
    assert books() == {"subscribers": "Store subscribers"}


def test_the_named_books_are_made_when_absent_and_taken_when_there(shop, mail):
    known = mail.add_address_book("VIP")

    connect(*SECRETS, "--subscribers-book", "vip", "--customers-book", "Buyers")

    assert books() == {"subscribers": "VIP", "customers": "Buyers"}
    chosen = AddressBookMapping.objects.get(audience="subscribers").address_book
    assert chosen.dotdigital_id == known


def test_connecting_again_keeps_the_books_that_are_not_named(shop, mail):
    connect(*SECRETS, "--subscribers-book", "VIP", "--customers-book", "Buyers")

    connect(*SECRETS)

    assert books() == {"subscribers": "VIP", "customers": "Buyers"}


def test_a_disconnected_store_is_connected_again_with_its_books(shop, mail):
    connect(*SECRETS, "--subscribers-book", "VIP")
    disconnecting.disconnect(Store.objects.get(), now=timezone.now())

    connect(*SECRETS)

    assert not Store.objects.get().is_disconnected
    assert books() == {"subscribers": "VIP"}


def test_an_empty_name_ends_the_sync_of_customers(shop, mail):
    connect(*SECRETS, "--customers-book", "Buyers")

    connect(*SECRETS, "--customers-book", "")

    assert books() == {"subscribers": "Store subscribers"}


def test_the_same_book_for_both_is_refused_before_anything_is_done(shop, mail):
    with pytest.raises(CommandError, match="different address books") as refusal:
        connect(*SECRETS, "--subscribers-book", "All", "--customers-book", "ALL")

    assert refusal.value.returncode == 2
    assert not Account.objects.exists()


def test_the_default_book_of_the_subscribers_is_refused_for_customers_too(shop, mail):
    with pytest.raises(CommandError, match="different address books"):
        connect(*SECRETS, "--customers-book", "Store subscribers")


def test_secrets_may_come_from_the_settings(shop, mail, settings):
    settings.BIGCOMMERCE_ACCESS_TOKEN = ACCESS_TOKEN
    settings.DOTDIGITAL_API_USER = API_USER
    settings.DOTDIGITAL_API_PASSWORD = API_PASSWORD

    connect()

    assert Store.objects.get().access_token == ACCESS_TOKEN


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--token", "BigCommerce did not accept the access token"),
        ("--api-password", "Dotdigital did not accept the API user or its password"),
    ],
)
def test_a_wrong_secret_ends_in_a_sentence_and_nothing_is_kept(shop, mail, option, sentence):
    with pytest.raises(CommandError, match=sentence):
        connect(*SECRETS, option, "wrong")

    assert not Account.objects.exists()


def test_an_impossible_slug_is_refused_with_a_sentence(shop, mail):
    with pytest.raises(CommandError, match="letters, digits"):
        call_command("connect_store", "no such/slug", STORE_HASH, *SECRETS)


def test_the_report_names_everything_but_the_secrets(shop, mail):
    told = connect(*SECRETS, "--json")

    report = json.loads(told)
    assert report["store"] == STORE_HASH
    assert report["name"] == "Test shop"
    assert report["dotdigital_account"] == "Test account"
    assert report["subscribers_book"] == "Store subscribers"
    assert report["customers_book"] is None
    assert ACCESS_TOKEN not in told
    assert API_PASSWORD not in told


def test_people_get_a_table(shop, mail):
    told = connect(*SECRETS)

    assert f"Connected {STORE_HASH}" in told
    assert "Store subscribers" in told


def test_without_a_terminal_a_missing_secret_is_a_sentence(hub):
    told = hub.run("connect_store", "acme", STORE_HASH)

    assert told.returncode == 2
    assert "is missing, and there is no terminal to ask on. Set BIGCOMMERCE_ACCESS_TOKEN." in (
        told.stderr
    )
    assert "Traceback" not in told.stderr
