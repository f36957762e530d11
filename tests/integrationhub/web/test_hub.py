"""The hub, and the way to it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MembershipFactory, StaffFactory, SyncRunFactory, UserFactory
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
