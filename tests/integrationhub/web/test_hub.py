"""The hub, and the way to it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AddressBookMappingFactory,
    AudienceCountFactory,
    MembershipFactory,
    StaffFactory,
    StoreFactory,
    SyncRunFactory,
    UserFactory,
)
from tests.integrationhub.web.reading import words_of


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_who_has_one_account_comes_straight_to_its_hub(browser, account):
    answer = browser.get(reverse("home"))

    assert answer.url == reverse("hub", args=[account.slug])


def test_who_has_several_accounts_chooses_and_can_change_over(browser, account, marketer):
    other = MembershipFactory(user=marketer, account__name="Lakeside").account

    home = browser.get(reverse("home"))
    hub = browser.get(reverse("hub", args=[account.slug]))

    assert "Acme" in words_of(home)
    assert "Lakeside" in words_of(home)
    assert reverse("hub", args=[other.slug]) in hub.content.decode()


@pytest.mark.django_db
def test_who_has_no_account_is_told_whom_to_ask():
    answer = logged_in(UserFactory(email="new@example.com")).get(reverse("home"))

    assert "Ask the person who gave you this address to add new@example.com" in words_of(answer)


@pytest.mark.django_db
def test_staff_without_an_account_are_shown_the_way_to_the_admin():
    answer = logged_in(StaffFactory()).get(reverse("home"))

    assert reverse("admin:index") in answer.content.decode()


def test_an_empty_hub_points_to_what_is_available(browser, account):
    hub = browser.get(reverse("hub", args=[account.slug]))

    assert "No store is connected yet" in words_of(hub)
    available = browser.get(reverse("available", args=[account.slug]))
    assert reverse("connect", args=[account.slug]) in available.content.decode()


def test_a_store_stands_on_the_hub_with_its_standing_and_last_result(browser, account, store):
    SyncRunFactory(store=store)
    store.problem = "bigcommerce_credentials"
    store.save()

    seen = words_of(browser.get(reverse("hub", args=[account.slug])))

    assert "Test shop Needs attention BigCommerce did not accept the access token." in seen
    assert "0 added, 0 left out, 0 failed" in seen


@pytest.fixture
def hub(browser, account):
    """Return what the hub says, and its HTML."""

    def look(tab="hub", **asked):
        answer = browser.get(reverse(tab, args=[account.slug]), asked)
        assert answer.status_code == 200
        return words_of(answer), answer.content.decode()

    return look


@pytest.mark.parametrize("sought", ["lake", "LAKESIDE", "  lakeside ", "xk9", "XK9"])
def test_a_store_is_found_by_part_of_its_name_or_hash(hub, account, sought):
    StoreFactory(account=account, name="Lakeside Boats", store_hash="xk9q1")
    StoreFactory(account=account, name="Northwind")

    seen, _ = hub(q=sought)

    assert "Lakeside Boats" in seen
    assert "Northwind" not in seen
    assert "1 of 2 stores" in seen


def test_a_search_without_a_result_leads_back_to_all_stores(hub, account):
    StoreFactory(account=account)

    seen, html = hub(q="<b>nothing")

    assert "No store matches “<b>nothing”" in seen
    assert "<b>nothing" not in html
    assert "Show all 1 store" in seen


def test_a_search_finds_nothing_of_another_account(hub, account):
    theirs = StoreFactory(name="Lakeside Boats")
    StoreFactory(account=account)

    seen, _ = hub(q="lakeside")

    assert theirs.name not in seen


def test_the_tabs_say_how_many_there_are(hub, account):
    StoreFactory.create_batch(2, account=account)

    assert "Active 2 Available 1" in hub()[0]
    assert "Active 2 Available 1" in hub(q="nothing")[0]


def test_what_is_available_says_whether_it_is_connected(hub, account):
    assert "Not connected" in hub("available")[0]

    StoreFactory(account=account)

    assert "1 store connected" in hub("available")[0]
    assert "No integration matches “shopify”" in hub("available", q="shopify")[0]
    assert "Keeps a store's subscribers" in hub("available", q="bigc")[0]


def test_many_stores_are_shown_a_page_at_a_time_in_few_queries(
    hub, account, django_assert_max_num_queries
):
    for each in range(25):
        AudienceCountFactory(run__store=StoreFactory(account=account, name=f"Shop {each:02}"))

    with django_assert_max_num_queries(10):
        first, _ = hub()

    assert "Shop 19" in first
    assert "Shop 20" not in first
    assert "Shop 24" in hub(page=2)[0]
    assert "Page 1 of 2" in first


def test_a_card_says_what_the_last_run_did_and_when_the_next_is(hub, account, time_machine):
    time_machine.move_to("2026-05-03T10:24:00Z", tick=False)
    store = StoreFactory(
        account=account,
        last_synced_at="2026-05-03T10:20:00Z",
        next_sync_at="2026-05-03T10:30:00Z",
    )
    AddressBookMappingFactory(store=store)
    run = SyncRunFactory(store=store, started_at="2026-05-03T10:20:00Z")
    AudienceCountFactory(run=run, read=16, added=14, skipped=2)

    seen, _ = hub()

    assert "Healthy Both sides are in step." in seen
    assert "Last synced 10:20: 14 added, 2 left out, 0 failed. Next sync about 10:30." in seen


def test_a_run_that_is_going_on_does_not_hide_the_last_result(hub, account):
    store = StoreFactory(account=account)
    now = timezone.now()
    SyncRunFactory(store=store, status="failed", reason="contact_limit", started_at=now)
    SyncRunFactory(store=store, running=True, started_at=now + timedelta(seconds=1))

    seen, _ = hub()

    assert "Syncing Reading what has changed in BigCommerce." in seen
    assert "failed. Syncing now." in seen
