"""The admin's lists of people: a million rows are neither counted nor sorted for a page."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrationhub import models
from tests import factories

CONTACTS = reverse("admin:integrationhub_contact_changelist")
OPT_OUTS = reverse("admin:integrationhub_optout_changelist")


@pytest.fixture
def staff(db):
    client = Client()
    client.force_login(factories.StaffFactory())
    return client


@pytest.fixture
def shop(db):
    """A store with one person in the book, one left out, one refused and one to be sent."""
    store = factories.StoreFactory()
    for name, standing, reason, stage in (
        ("in", "in_book", "in_book", models.Contact.Stage.SETTLED),
        ("out", "left_out", "no_opt_in", models.Contact.Stage.SETTLED),
        ("refused", "failed", "contact_refused", models.Contact.Stage.SETTLED),
        ("waiting", "waiting", "waiting", models.Contact.Stage.IMPORT),
    ):
        factories.ContactFactory(
            store=store,
            email=f"{name}@example.com",
            subscribers_standing=standing,
            subscribers_reason=reason,
            stage=stage,
        )
        models.StandingCount.objects.create(
            store=store,
            audience="subscribers",
            standing=standing,
            reason=reason,
            number=1,
            counted_at=timezone.now(),
        )
    return store


def listed(html):
    return re.findall(r"(\w+)@example\.com</a>", html)


def ask(staff, place=CONTACTS, **asked):
    return staff.get(place, asked).content.decode()


def test_a_long_list_is_counted_a_little_way_only_and_says_how_to_see_others(staff, shop):
    many = [models.Person(0, f"{number}@example.com") for number in range(5100)]
    models.Contact.objects.record(shop, [(person, ()) for person in many])

    first, last = ask(staff), ask(staff, p="100")

    assert "The first 5,000 contacts. To see others, narrow the list or" in " ".join(first.split())
    assert "5000 results" not in first
    assert "Show counts" not in first
    assert "?p=100" in first
    assert "?p=101" not in first
    assert len(listed(last)) == 50


def test_a_short_list_says_how_many_there_are(staff, shop):
    html = " ".join(ask(staff).split())

    assert "4 contacts" in html
    assert "The first" not in html


def test_the_people_of_a_store_come_in_the_order_of_their_addresses(staff, shop):
    factories.ContactFactory(email="elsewhere@example.com")

    html = ask(staff, store__id__exact=shop.pk)

    assert listed(html) == ["in", "out", "refused", "waiting"]


def test_within_a_store_they_are_narrowed_by_stage_and_by_why_they_are_in_no_book(staff, shop):
    offered = ask(staff, store__id__exact=shop.pk)

    refused = ask(staff, store__id__exact=shop.pk, subscriber="failed.contact_refused")
    out = ask(staff, store__id__exact=shop.pk, subscriber="left_out.no_opt_in")
    waiting = ask(staff, store__id__exact=shop.pk, stage="4")

    assert "contact_refused, 1" in offered
    assert "to be sent" in offered
    assert listed(refused) == ["refused"]
    assert listed(out) == ["out"]
    assert listed(waiting) == ["waiting"]


def test_over_all_stores_there_is_nothing_to_narrow_by_that_has_no_index(staff, shop):
    html = ask(staff, stage="4", subscriber="failed.contact_refused")

    assert "contact_refused, 1" not in html
    assert len(listed(html)) == 4


@pytest.mark.parametrize("told", ["x", "9" * 30, "-1"])
def test_a_store_that_there_is_not_has_no_people(staff, shop, told):
    answer = staff.get(CONTACTS, {"store__id__exact": told, "stage": "4"}, follow=True)

    assert answer.status_code == 200


def test_an_opt_out_is_found_by_the_whole_address_in_any_case(staff, shop):
    factories.OptOutFactory(store=shop, email="anna@example.com")
    factories.OptOutFactory(email="otto@example.com")

    assert listed(ask(staff, OPT_OUTS, q=" Anna@Example.com")) == ["anna"]
    assert listed(ask(staff, OPT_OUTS, q="anna")) == []
