"""The connect page: nothing is saved before both sides have let us in."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bigcommerce.sandbox import Fault as ShopFault
from dotdigital.sandbox import Fault as MailFault
from integrationhub.models import Account, Cursor, Store
from tests.conftest import ACCESS_TOKEN, API_PASSWORD, API_USER, STORE_HASH
from tests.factories import (
    AddressBookMappingFactory,
    MembershipFactory,
    StoreFactory,
    SyncRunFactory,
)
from tests.integrationhub.sync.written import everything
from tests.integrationhub.web.reading import words_of

ENTERED = {
    "store_hash": STORE_HASH,
    "access_token": ACCESS_TOKEN,
    "api_user": API_USER,
    "password": API_PASSWORD,
}


@pytest.fixture
def address(account, shop, mail):
    return reverse("connect", args=[account.slug])


def test_a_store_is_connected_when_both_sides_accept(browser, address):
    answer = browser.post(address, ENTERED, follow=True)

    assert "Test shop is connected." in words_of(answer)
    store = Store.objects.select_related("account").get()
    assert (store.store_hash, store.access_token) == (STORE_HASH, ACCESS_TOKEN)
    assert store.account.dotdigital_password == API_PASSWORD
    assert store.account.dotdigital_name == "Test account"


def test_both_refusals_are_told_at_once_each_beside_its_field(browser, address):
    answer = browser.post(address, {**ENTERED, "access_token": "wrong", "password": "wrong"})

    errors = answer.context["form"].errors
    assert set(errors) == {"access_token", "password"}
    assert "BigCommerce did not accept the access token." in words_of(answer)
    assert "Dotdigital did not accept the API user or its password." in words_of(answer)
    assert not Store.objects.exists()


@pytest.mark.parametrize(
    "pasted",
    [
        "https://api.bigcommerce.com/stores/abc12/v3/",
        "https://store-abc12.mybigcommerce.com/manage",
        "store-abc12.mybigcommerce.com",
        "  abc12 ",
    ],
)
def test_the_store_hash_is_found_in_what_is_pasted(browser, address, pasted):
    browser.post(address, {**ENTERED, "store_hash": pasted})

    assert Store.objects.get().store_hash == "abc12"


@pytest.mark.parametrize("entered", ["ABC 12", "../admin", "abc12?x=1", "a" * 33, "абв"])
def test_what_cannot_be_a_store_hash_is_refused_without_asking_bigcommerce(
    browser, address, shop_server, entered
):
    answer = browser.post(address, {**ENTERED, "store_hash": entered})

    assert "A store hash has lower-case letters and digits only" in words_of(answer)
    assert len(shop_server.requests) == 0


REFUSALS = {
    "a wrong token": ({"access_token": "wrong"}, "BigCommerce did not accept the access token."),
    "an unknown hash": ({"store_hash": "unknown1"}, "the store hash is not this token's"),
    "a wrong password": (
        {"password": "wrong"},
        "Dotdigital did not accept the API user or its password.",
    ),
}


@pytest.mark.parametrize(("entered", "told"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_told_and_nothing_is_saved(browser, address, entered, told):
    answer = browser.post(address, {**ENTERED, **entered})

    assert told in words_of(answer)
    assert_nothing_is_saved()


def test_the_refusal_stands_beside_the_field_of_the_side_that_refused(browser, address):
    shop_said = browser.post(address, {**ENTERED, "access_token": "wrong"})
    mail_said = browser.post(address, {**ENTERED, "password": "wrong"})

    assert 'id="id_access_token_error"' in shop_said.content.decode()
    assert 'id="id_password_error"' in mail_said.content.decode()


def test_a_missing_scope_is_told_with_the_scopes_that_are_needed(browser, address, shop):
    shop.allow(["store_v2_information_read_only", "store_v2_customers"])

    answer = browser.post(address, ENTERED)

    assert "Customers: modify, Orders: read-only" in words_of(answer)
    assert_nothing_is_saved()


TROUBLE = {
    "BigCommerce is down": (ShopFault(act="drop", times=None), None, "BigCommerce could not be"),
    "BigCommerce talks HTML": (
        ShopFault(status=200, body="<html>", times=None),
        None,
        "BigCommerce sent an answer that could not be read.",
    ),
    "Dotdigital is down": (
        None,
        MailFault.named("unavailable", times=None),
        "Dotdigital could not be reached",
    ),
    "Dotdigital talks HTML": (
        None,
        MailFault.named("gateway page", times=None),
        "Dotdigital sent an answer that could not be read.",
    ),
}


@pytest.mark.usefixtures("_no_waiting")
@pytest.mark.parametrize(("shop_fault", "mail_fault", "told"), TROUBLE.values(), ids=TROUBLE)
def test_a_vendor_in_trouble_is_told_and_nothing_is_saved(
    browser, address, shop_server, mail_server, shop_fault, mail_fault, told
):
    if shop_fault:
        shop_server.faults.add(shop_fault)
    if mail_fault:
        mail_server.faults.add(mail_fault)

    answer = browser.post(address, ENTERED)

    assert told in words_of(answer)
    assert_nothing_is_saved()


def test_what_was_refused_is_shown_again_but_no_secret(browser, address):
    html = browser.post(address, {**ENTERED, "password": "wrong-secret"}).content.decode()

    assert API_USER in html
    assert ACCESS_TOKEN not in html
    assert "wrong-secret" not in html


def test_further_fields_are_ignored(browser, address, account):
    browser.post(address, {**ENTERED, "account": "999", "is_sync_enabled": "", "name": "Mine"})

    store = Store.objects.get()
    assert (store.account, store.name, store.is_sync_enabled) == (account, "Test shop", True)


def test_many_tries_in_a_short_time_are_stopped(browser, address, settings, mail_server):
    settings.ACCOUNT_RATE_LIMITS = {"connect_store": "2/m/user"}
    for _ in range(2):
        browser.post(address, {**ENTERED, "password": "wrong"})
    before = len(mail_server.requests)

    answer = browser.post(address, {**ENTERED, "password": "wrong"})

    assert "many tries in a short time" in words_of(answer)
    assert len(mail_server.requests) == before


def test_credentials_are_replaced_and_books_and_history_stay(browser, page, store, shop, mail):
    mapping = AddressBookMappingFactory(store=store)
    shop.access_token = "new-token"

    answer = browser.post(
        page("credentials"), {"access_token": "new-token", "api_user": API_USER}, follow=True
    )

    assert "Both sides accepted the credentials of Test shop." in words_of(answer)
    again = Store.objects.get()
    assert (again.pk, again.access_token) == (store.pk, "new-token")
    assert again.connected_at == store.connected_at
    assert again.address_book_mappings.get() == mapping


def test_with_new_credentials_the_sync_goes_on_where_it_was(browser, page, store, shop, mail):
    SyncRunFactory(store=store)
    since = store.connected_at
    Cursor.objects.create(store=store, source="orders", since=since, is_full=False)
    store.problem, store.safety_number = "dotdigital_credentials", 17
    store.save()
    mail.set_password("new-password")

    browser.post(page("credentials"), {"api_user": API_USER, "password": "new-password"})

    again = Store.objects.get()
    assert again.account.dotdigital_password == "new-password"
    assert again.access_token == ACCESS_TOKEN
    assert (again.problem, again.safety_number) == ("", 17)
    assert again.next_sync_at <= timezone.now()
    assert again.runs.count() == 1
    assert again.cursors.get().since == since


def test_an_api_user_whose_account_has_moved_is_followed_to_its_region(browser, page, store, mail):
    before = Account.objects.get().dotdigital_endpoint
    mail.move_to("r2")

    answer = browser.post(page("credentials"), {"api_user": API_USER}, follow=True)

    assert "Both sides accepted the credentials of Test shop." in words_of(answer)
    assert Account.objects.get().dotdigital_endpoint != before
    assert "Dotdigital lets us in: Test account." in words_of(
        browser.post(page("test_connection"), follow=True)
    )


WRONG_ONES = {
    "another store's token": (
        {"access_token": "token-other1", "api_user": API_USER},
        "the store hash is not this token's",
    ),
    "another account's API user": (
        {"api_user": "apiuser-2@apiconnector.com", "password": "password-2"},
        "This API user belongs to another Dotdigital account than the one connected here.",
    ),
    "an old password": (
        {"api_user": API_USER, "password": "old"},
        "Dotdigital did not accept the API user or its password.",
    ),
}


@pytest.mark.parametrize(("entered", "told"), WRONG_ONES.values(), ids=WRONG_ONES)
def test_the_wrong_credentials_replace_nothing_and_are_said_to_be_wrong(
    browser, page, store, shop_server, mail_server, entered, told
):
    shop_server.add_store("other1", access_token="token-other1")
    mail_server.add_account(user="apiuser-2@apiconnector.com", password="password-2")
    before = everything()

    answer = browser.post(page("credentials"), entered)

    assert told in words_of(answer)
    assert everything() == before


def test_the_store_of_the_address_is_the_one_whose_credentials_are_replaced(
    browser, page, store, shop_server
):
    shop_server.add_store("other1", access_token=ACCESS_TOKEN + "2")

    browser.post(page("credentials"), {**ENTERED, "store_hash": "other1"})

    assert Store.objects.get().store_hash == STORE_HASH


def test_the_stored_password_is_kept_for_the_same_api_user_only(browser, page, store):
    answer = browser.post(page("credentials"), {"api_user": "another@apiconnector.com"})

    assert "Enter the password of this API user." in words_of(answer)


def test_a_stored_secret_that_cannot_be_opened_has_to_be_entered(browser, page, store, settings):
    settings.ENCRYPTION_KEYS = "k2:" + "A" * 43 + "="

    answer = browser.post(page("credentials"), {"api_user": API_USER})

    assert "The stored one cannot be opened any more." in words_of(answer)


def assert_nothing_is_saved():
    assert not Store.objects.exists()
    assert Account.objects.get().dotdigital_api_user == ""


@pytest.fixture
def twin(account, shop, mail):
    """The same store, connected in somebody else's account already."""
    return StoreFactory(store_hash=STORE_HASH, account__name="Beta")


def test_a_store_that_another_account_has_too_starts_paused_and_says_so(browser, address, twin):
    seen = words_of(browser.post(address, ENTERED, follow=True))

    assert "also connected in another account of this hub" in seen
    assert "So the sync is paused here" in seen
    assert "Beta" not in seen
    store = Store.objects.get(account__slug="acme")
    assert not store.is_sync_enabled
    twin.refresh_from_db()
    assert twin.is_sync_enabled


def test_an_account_that_one_belongs_to_is_named(browser, address, twin, marketer):
    MembershipFactory(account=twin.account, user=marketer)

    seen = words_of(browser.post(address, ENTERED, follow=True))

    assert "This store is also connected in Beta." in seen


def test_nothing_is_said_of_a_store_that_nobody_else_has(browser, page, store):
    assert "also connected" not in words_of(browser.get(page("store")))
