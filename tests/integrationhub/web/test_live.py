"""Tests of the live part of a store's pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrationhub.models import Contact, RunStep
from tests.factories import ContactFactory, ContactImportFactory, SyncRunFactory
from tests.integrationhub.web.reading import words_of


@pytest.fixture
def reading(store):
    """A run that has read a quarter of what there is, in a minute."""
    now = timezone.now()
    run = SyncRunFactory(
        store=store, running=True, rows_read=2500, rows_expected=10_000, started_at=now
    )
    run.heartbeat_at = now
    run.save()
    RunStep.objects.create(run=run, step="pull", began_at=now - timedelta(seconds=50))
    return run


def test_a_run_tells_its_step_how_far_it_is_its_pace_and_the_time_left(browser, page, reading):
    seen = words_of(browser.get(page("live")))

    assert "Reading customers, subscribers and orders follow 2,500 of 10,000 rows" in seen
    assert "50 rows a second" in seen
    assert "about 2 min 30 s left in this step" in seen
    assert "Last sign of life just now" in seen


def test_sending_counts_people_against_those_who_wait(browser, page, store):
    run = SyncRunFactory(store=store, running=True, step="push")
    ContactImportFactory(run=run, sent=30)
    for _ in range(3):
        ContactFactory(store=store, stage=Contact.Stage.IMPORT)

    seen = words_of(browser.get(page("live")))

    assert "Sending people to Dotdigital 30 of 33 people" in seen


def test_every_page_of_the_store_shows_a_run_that_is_going_on(browser, page, reading):
    for name in ("store", "runs"):
        assert "2,500 of 10,000 rows" in words_of(browser.get(page(name)))


def test_what_has_not_changed_is_not_sent_again(browser, page, reading):
    html = browser.get(page("live")).content.decode()
    token = html.split("?seen=")[1].split("&amp;")[0]

    answer = browser.get(f"{page('live')}?seen={token}&on=store").content.decode()

    assert 'id="live"' in answer
    assert "store-head" not in answer
    assert "live-said" not in answer


def test_when_the_run_has_ended_the_head_and_the_health_come_with_it(browser, page, reading, store):
    token = browser.get(page("live")).content.decode().split("?seen=")[1].split("&amp;")[0]
    type(reading).objects.update(status="completed", reason="done", finished_at=timezone.now())

    answer = browser.get(f"{page('live')}?seen={token}&on=store")

    html = answer.content.decode()
    assert 'id="store-head" hx-swap-oob="true"' in html
    assert "hx-swap-oob" in html.split('id="live-said"')[1].split(">")[0]
    assert "HX-Refresh" not in answer.headers
    assert "Last synced" in words_of(answer)


def test_the_page_of_a_run_is_loaded_anew_when_the_run_has_ended(browser, page, reading):
    token = browser.get(page("live")).content.decode().split("?seen=")[1].split("&amp;")[0]
    type(reading).objects.update(status="completed", reason="done", finished_at=timezone.now())

    answer = browser.get(f"{page('live')}?seen={token}&on=run")

    assert answer.headers["HX-Refresh"] == "true"
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_scripts_there_is_a_link_to_look_again(browser, page, reading):
    assert "Look again" in words_of(browser.get(page("store")))
