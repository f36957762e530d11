"""Disconnecting a store on its page: asked twice over, done once, and what its pages say then."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from integrationhub import disconnecting, jobs
from integrationhub.models import Account, Contact, Store, SyncRun
from tests.conftest import ACCESS_TOKEN, API_PASSWORD, API_USER, STORE_HASH
from tests.factories import (
    AddressBookMappingFactory,
    ContactFactory,
    StoreFactory,
    SyncRunFactory,
)
from tests.integrationhub.sync.written import everything
from tests.integrationhub.web.reading import words_of
from tests.integrationhub.web.test_tenancy import OF_A_STORE, PATTERNS

NAME = "Test shop"
STILL_DONE = {"credentials", "disconnect", "find_contact"}


@pytest.fixture
def chosen(store):
    """A store with a book, a run and somebody in its ledger."""
    AddressBookMappingFactory(store=store)
    SyncRunFactory(store=store)
    ContactFactory(store=store, email="ann@shop.example")
    store.next_sync_at = timezone.now() + timedelta(minutes=4)
    store.save()
    return store


@pytest.fixture
def parted(chosen):
    """The same store, disconnected."""
    disconnecting.disconnect(chosen, now=timezone.now())
    chosen.refresh_from_db()
    return chosen


@pytest.fixture
def forgotten(parted):
    """The same store, when the time is over for which its people are kept."""
    Store.objects.update(forget_at=timezone.now())
    jobs.housekeeping()
    parted.refresh_from_db()
    return parted


@pytest.fixture
def addresses(page, chosen):
    """The address of each of the store's pages, by name."""
    places = {"run": SyncRun.objects.get().pk, "contact": Contact.objects.get().pk}
    return {
        name: page(name, **{part: places[part] for part in PATTERNS[name] & {*places}})
        for name in OF_A_STORE
    }


def test_the_box_says_what_is_kept_what_goes_and_when(browser, page, chosen, time_machine):
    time_machine.move_to("2026-05-03T10:24:00Z", tick=False)

    seen = words_of(browser.get(page("store")))

    assert "Contacts in BigCommerce and in Dotdigital are left alone." in seen
    assert "The store's access token is deleted." in seen
    assert "After 30 days, on 2 June 2026 What is known of the store's people is deleted" in seen
    assert "Kept Who said no in Dotdigital" in seen
    assert "are deleted too: no other connected store uses them." in seen


def test_the_box_names_the_stores_that_still_use_dotdigital(browser, page, chosen, account):
    StoreFactory(account=account, name="Lakeside")
    StoreFactory(name="Somebody else's")

    seen = words_of(browser.get(page("store")))

    assert "password stay: they are also used by Lakeside." in seen
    assert "Somebody else's" not in seen


def test_of_many_stores_that_use_dotdigital_the_box_names_the_first(browser, page, chosen, account):
    for name in "ABCDE":
        StoreFactory(account=account, name=f"Shop {name}")

    seen = words_of(browser.get(page("store")))

    assert "they are also used by Shop A, Shop B and other stores." in seen


def test_with_its_name_typed_the_store_is_disconnected(browser, page, chosen, marketer):
    answer = browser.post(page("disconnect"), {"store_name": "  test   SHOP "}, follow=True)

    seen = words_of(answer)
    store = Store.objects.get()
    assert "Test shop is disconnected." in seen
    assert "Not connected" in seen
    assert "Nothing is read or written." in seen
    assert (store.access_token, store.disconnected_by) == ("", marketer)


@pytest.mark.parametrize("typed", ["", "Test", "Test shop 2", STORE_HASH, "x" * 400])
def test_with_anything_else_typed_nothing_happens(browser, page, chosen, typed):
    before = everything()

    answer = browser.post(page("disconnect"), {"store_name": typed})

    assert 'id="id_store_name_error"' in answer.content.decode()
    assert '<details class="parting" open>' in answer.content.decode()
    assert everything() == before


def test_pressed_twice_it_happens_once(browser, page, chosen):
    browser.post(page("disconnect"), {"store_name": NAME})
    before = everything()

    answer = browser.post(page("disconnect"), {"store_name": NAME}, follow=True)

    assert "Test shop is disconnected already." in words_of(answer)
    assert everything() == before


def test_it_cannot_be_done_by_following_a_link(browser, page, chosen):
    assert browser.get(page("disconnect")).status_code == 405
    assert not Store.objects.get().is_disconnected


def test_a_viewer_sees_no_box_and_may_not(viewers_browser, page, chosen):
    assert page("disconnect") not in viewers_browser.get(page("store")).content.decode()

    assert viewers_browser.post(page("disconnect"), {"store_name": NAME}).status_code == 403

    assert not Store.objects.get().is_disconnected


def test_a_sync_that_is_going_on_is_stopped_and_says_why(browser, page, chosen):
    run = SyncRunFactory(store=chosen, running=True)

    browser.post(page("disconnect"), {"store_name": NAME})

    seen = words_of(browser.get(page("run", run=run.pk)))
    assert "Stopped because the store was disconnected; what was done is kept." in seen


@pytest.mark.parametrize("name", OF_A_STORE)
def test_every_page_of_a_disconnected_store_answers_and_asks_no_vendor(
    browser, addresses, parted, shop_server, mail_server, name
):
    shop_server.requests.clear()
    mail_server.requests.clear()

    answer = browser.get(addresses[name], {"ask": "now"})

    assert answer.status_code in {200, 405}
    assert [*shop_server.requests, *mail_server.requests] == []


@pytest.mark.parametrize("name", [name for name in OF_A_STORE if name not in STILL_DONE])
def test_nothing_can_be_done_to_a_disconnected_store(browser, addresses, parted, name):
    before = everything()

    answer = browser.post(addresses[name], {"data_sync": "on", "email": "ann@shop.example"})

    assert answer.status_code in {302, 405}
    assert everything() == before


@pytest.mark.parametrize("name", ["store", "runs", "run", "people", "find_contact"])
def test_its_pages_offer_nothing_to_press_but_to_connect_it_again(browser, addresses, parted, name):
    html = browser.get(addresses[name]).content.decode()

    posted = set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', html))
    assert posted <= {reverse("account_logout"), addresses["find_contact"]}
    assert "formaction" not in html
    assert addresses["credentials"] in html


def test_a_viewer_of_a_disconnected_store_is_not_asked_to_connect_it(viewers_browser, page, parted):
    html = viewers_browser.get(page("store")).content.decode()

    assert "Not connected" in html
    assert page("credentials") not in html


def test_who_is_kept_is_still_found_and_neither_side_is_asked(browser, addresses, parted):
    seen = words_of(browser.get(addresses["found_contact"]))

    assert "ann@shop.example" in seen
    assert seen.count("Not asked This store is not connected.") == 2
    assert 'hx-trigger="load"' not in browser.get(addresses["found_contact"]).content.decode()


def test_the_page_says_until_when_its_people_are_kept(browser, page, parted):
    until = timezone.localtime(parted.forget_at)

    seen = words_of(browser.get(page("store")))

    assert f"Kept until {until.day} {until:%B %Y}, then deleted" in seen
    assert "the sync goes on where it was; whoever said no stays out." in seen


def test_the_page_says_when_its_people_were_forgotten(browser, page, forgotten):
    seen = words_of(browser.get(page("store")))

    assert "Deleted on" in seen
    assert "Connect it again to begin anew; whoever said no stays out." in seen


def test_on_the_hub_it_moves_from_active_to_available(browser, account, page, parted):
    active = words_of(browser.get(reverse("hub", args=[account.slug])))
    available = browser.get(reverse("available", args=[account.slug]))

    assert NAME not in active
    assert "Active 0" in active
    assert "Disconnected stores BigCommerce Test shop Not connected" in words_of(available)
    assert page("store") in available.content.decode()
    assert page("credentials") in available.content.decode()


@pytest.mark.parametrize(("sought", "is_found"), [("shop", True), ("lakeside", False)])
def test_a_disconnected_store_is_searched_for_too(browser, account, parted, sought, is_found):
    seen = words_of(browser.get(reverse("available", args=[account.slug]), {"q": sought}))

    assert (NAME in seen) == is_found


def test_anothers_disconnected_store_is_not_listed(browser, account, parted):
    theirs = StoreFactory(name="Lakeside", access_token="", disconnected_at=timezone.now())

    seen = words_of(browser.get(reverse("available", args=[account.slug])))

    assert theirs.name not in seen


def test_connected_again_it_goes_on_with_its_books_its_history_and_its_people(
    browser, page, parted
):
    entered = {"access_token": ACCESS_TOKEN, "api_user": API_USER, "password": API_PASSWORD}

    answer = browser.post(page("credentials"), entered, follow=True)

    store = Store.objects.get()
    assert "Test shop is connected again, and goes on where it was." in words_of(answer)
    assert (store.pk, store.access_token, store.forget_at) == (parted.pk, ACCESS_TOKEN, None)
    assert store.next_sync_at <= timezone.now()
    assert store.address_book_mappings.count() == store.runs.count() == store.contacts.count() == 1


def test_the_connect_page_knows_it_again_too(browser, account, parted):
    entered = {
        "store_hash": STORE_HASH,
        "access_token": ACCESS_TOKEN,
        "api_user": API_USER,
        "password": API_PASSWORD,
    }

    answer = browser.post(reverse("connect", args=[account.slug]), entered, follow=True)

    assert "Test shop is connected again, and goes on where it was." in words_of(answer)
    assert Store.objects.get().pk == parted.pk


def test_to_connect_it_again_the_secrets_have_to_be_entered(browser, page, parted):
    shown = words_of(browser.get(page("credentials")))

    answer = browser.post(page("credentials"), {"api_user": API_USER})

    assert "Connect again" in shown
    assert "keep the one that is stored" not in shown
    html = answer.content.decode()
    assert 'id="id_access_token_error"' in html
    assert 'id="id_password_error"' in html
    assert Account.objects.get().dotdigital_password == ""


def test_connected_again_when_its_people_are_forgotten_its_books_are_chosen_anew(
    browser, page, forgotten
):
    entered = {"access_token": ACCESS_TOKEN, "api_user": API_USER, "password": API_PASSWORD}

    seen = words_of(browser.post(page("credentials"), entered, follow=True))

    assert "Test shop is connected again, and begins anew" in seen
    assert "No address book has been chosen yet" in seen
    assert Store.objects.get().next_sync_at is None
