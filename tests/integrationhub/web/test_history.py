"""Tests of the sync history: what narrows it, and its chart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import AudienceCountFactory, SyncRunFactory
from tests.integrationhub.web.reading import words_of


@pytest.fixture
def runs(store):
    """One run of each kind, the last of them eight days old."""
    now = timezone.now()
    made = {
        "done": SyncRunFactory(store=store, trigger="person"),
        "nothing": SyncRunFactory(store=store, reason="nothing_to_do"),
        "failed": SyncRunFactory(store=store, status="failed", reason="dotdigital_credentials"),
        "stopped": SyncRunFactory(store=store, status="stopped", reason="stopped_by_person"),
        "interrupted": SyncRunFactory(
            store=store, status="stalled", reason="stalled", started_at=now - timedelta(days=8)
        ),
    }
    AudienceCountFactory(run=made["done"], read=12, added=10, failed=2)
    return made


def listed(browser, page, runs, **asked):
    html = browser.get(page("runs"), asked).content.decode()
    return {
        name for name, run in runs.items() if page("run", run=run.pk) in html.split("<table")[1]
    }


@pytest.mark.parametrize("result", ["done", "nothing", "failed", "stopped", "interrupted"])
def test_it_is_narrowed_by_how_runs_ended(browser, page, runs, result):
    assert listed(browser, page, runs, result=result) == {result}


def test_it_is_narrowed_by_who_started_them_the_period_and_failures(browser, page, runs):
    assert listed(browser, page, runs, starter="person") == {"done"}
    assert listed(browser, page, runs, period="7") == {*runs} - {"interrupted"}
    assert listed(browser, page, runs, failures="on") == {"done"}


def test_what_is_not_understood_narrows_nothing(browser, page, runs):
    assert listed(browser, page, runs, result="x", starter="1", period="-1") == {*runs}


def test_with_nothing_like_that_the_page_says_so(browser, page, runs):
    seen = words_of(browser.get(page("runs"), {"starter": "command"}))

    assert "No sync is like that" in seen
    assert "Show all syncs" in seen


def test_pages_of_a_narrowed_list_stay_narrowed(browser, page, store):
    for _ in range(30):
        SyncRunFactory(store=store, trigger="person")

    html = browser.get(page("runs"), {"starter": "person"}).content.decode()

    assert "starter=person&amp;page=2" in html


def test_the_chart_tells_the_last_runs_in_words_too(browser, page, runs):
    html = browser.get(page("runs")).content.decode()

    assert "The last 5 syncs: 2 ended well, 3 did not. The largest brought 10 people" in html
    assert html.count("<title>") == 6  # the page's own, and one a bar


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"written_back": 1}, "1 unsubscribe written back, 0 added, 3 left out, 0 failed."),
        ({"written_back": 1200}, "1,200 unsubscribes written back, 0 added,"),
        ({"reason": "asked_to_confirm"}, "somebody is asked to confirm a new sign-up."),
        ({"reason": "nothing_to_do"}, "nothing had changed."),
    ],
)
def test_the_head_says_what_the_last_sync_did(browser, page, store, fields, said):
    run = SyncRunFactory(store=store, **fields)
    AudienceCountFactory(run=run, read=3, skipped=3)

    seen = words_of(browser.get(page("store")))

    assert f": {said}" in seen.partition("Last synced")[2]
