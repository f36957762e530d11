"""The list of sync runs, and the page of one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrationhub.models import Membership
from tests.factories import AudienceCountFactory, StaffFactory, SyncRunFactory
from tests.integrationhub.web.reading import words_of


def test_a_run_is_told_with_its_reason_the_next_step_and_its_counts(browser, page, store):
    run = SyncRunFactory(store=store, status="failed", reason="contact_limit", bigcommerce_calls=7)
    AudienceCountFactory(run=run, read=3006, added=1, unchanged=3000, skipped=3, failed=2)

    seen = words_of(browser.get(page("run", run=run.pk)))

    assert "The Dotdigital plan has no room for more contacts." in seen
    assert "Raise the plan's contact limit in Dotdigital, then press Sync now." in seen
    assert "Subscribers 3,006 1 0 3,000 3 2" in seen
    assert "The whole sync" in seen


def test_what_the_vendor_said_is_shown_to_staff_only(browser, page, store):
    run = SyncRunFactory(store=store, status="failed", reason="contact_limit", detail="raw words")
    staff = StaffFactory()
    Membership.objects.create(account=store.account, user=staff)
    staffs_browser = Client()
    staffs_browser.force_login(staff)

    assert "raw words" not in words_of(browser.get(page("run", run=run.pk)))
    assert "raw words" in words_of(staffs_browser.get(page("run", run=run.pk)))


def test_a_run_that_is_going_on_can_be_stopped_from_its_page(browser, page, store):
    run = SyncRunFactory(store=store, running=True)

    answer = browser.get(page("run", run=run.pk))

    assert "Reading what has changed in BigCommerce." in words_of(answer)
    assert page("stop") in answer.content.decode()


def test_runs_are_listed_latest_first_and_in_pages(browser, page, store):
    now = timezone.now()
    runs = [
        SyncRunFactory(store=store, started_at=now - timedelta(minutes=each)) for each in range(30)
    ]

    first = browser.get(page("runs")).content.decode()
    second = browser.get(page("runs") + "?page=2").content.decode()

    assert page("run", run=runs[0].pk) in first
    assert page("run", run=runs[29].pk) not in first
    assert page("run", run=runs[29].pk) in second


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "' OR 1=1--", "2"])
def test_a_page_that_does_not_exist_is_not_found(browser, page, store, number):
    SyncRunFactory(store=store)

    assert browser.get(page("runs"), {"page": number}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_runs(
    browser, page, store, django_assert_max_num_queries
):
    for _ in range(20):
        AudienceCountFactory(run=SyncRunFactory(store=store))

    with django_assert_max_num_queries(14):
        browser.get(page("runs"))
