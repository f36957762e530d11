"""The buttons of the BigCommerce page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from integrationhub.models import SyncRun
from tests.factories import AddressBookMappingFactory, SyncRunFactory
from tests.integrationhub.web.reading import words_of


@pytest.fixture
def ready(store):
    """A store whose book is chosen and whose next sync is not due yet."""
    AddressBookMappingFactory(store=store)
    store.next_sync_at = timezone.now() + timedelta(minutes=4)
    store.save()
    return store


def test_sync_now_makes_the_store_due_and_rings(browser, page, ready):
    answer = browser.post(page("sync_now"), follow=True)

    ready.refresh_from_db()
    assert ready.next_sync_at <= timezone.now()
    assert OrmQ.objects.count() == 1
    assert "The sync starts in a moment." in words_of(answer)


@pytest.mark.parametrize(
    ("tab", "name"), [("history", "runs"), ("store", "store"), ("https://evil.example", "store")]
)
def test_a_button_of_the_head_goes_back_to_the_tab_it_was_pressed_on(
    browser, page, ready, tab, name
):
    assert browser.post(page("sync_now"), {"tab": tab}).url == page(name)


def test_sync_now_is_refused_while_the_sync_is_paused(browser, page, ready):
    ready.is_sync_enabled = False
    ready.save()

    answer = browser.post(page("sync_now"), follow=True)

    assert OrmQ.objects.count() == 0
    assert "The sync is paused: press Resume first." in words_of(answer)
    assert page("sync_now") not in answer.content.decode()


def test_sync_now_is_refused_before_a_book_is_chosen(browser, page, store):
    answer = browser.post(page("sync_now"), follow=True)

    assert OrmQ.objects.count() == 0
    assert "Choose address books under Contacts first." in words_of(answer)
    assert page("sync_now") not in answer.content.decode()


def test_sync_now_is_refused_while_a_sync_is_going_on(browser, page, ready):
    SyncRunFactory(store=ready, running=True)

    answer = browser.post(page("sync_now"), follow=True)

    assert OrmQ.objects.count() == 0
    assert "A sync is going on." in words_of(answer)


def test_the_sync_is_paused_and_resumed(browser, page, ready):
    off = browser.post(page("switch"), {"data_sync": "off"}, follow=True)
    ready.refresh_from_db()

    assert not ready.is_sync_enabled
    assert "Paused: nothing is read or written." in words_of(off)

    on = browser.post(page("switch"), {"data_sync": "on"}, follow=True)
    ready.refresh_from_db()

    assert ready.is_sync_enabled
    assert "Resumed." in words_of(on)


def test_stop_asks_the_open_run_to_stop(browser, page, ready):
    run = SyncRunFactory(store=ready, running=True)

    answer = browser.post(page("stop"), follow=True)

    run.refresh_from_db()
    assert run.stop_requested_at is not None
    assert "The sync ends after the page it is working on." in words_of(answer)


def test_stop_without_an_open_run_says_so(browser, page, ready):
    SyncRunFactory(store=ready)

    answer = browser.post(page("stop"), follow=True)

    assert "No sync is going on." in words_of(answer)
    assert not SyncRun.objects.exclude(stop_requested_at=None).exists()


def test_go_on_lets_the_next_run_pass_the_safety_stop(browser, page, ready):
    ready.problem, ready.next_sync_at = "safety_stop_opt_outs", None
    ready.save()
    assert "Go on" in words_of(browser.get(page("store")))

    browser.post(page("go_on"))

    ready.refresh_from_db()
    assert ready.safety_stop_passed == "safety_stop_opt_outs"
    assert ready.next_sync_at <= timezone.now()


def test_before_go_on_the_page_says_what_would_be_done(browser, page, ready):
    ready.problem, ready.next_sync_at = "safety_stop_removals", None
    ready.save()
    told = "412 people would leave an address book"
    SyncRunFactory(store=ready, status="stopped", reason="safety_stop_removals", detail=told)

    assert told in words_of(browser.get(page("store")))


def test_discarding_what_a_safety_stop_asks_pauses_the_sync(browser, page, ready):
    ready.problem, ready.next_sync_at = "safety_stop_removals", None
    ready.save()
    SyncRunFactory(store=ready, status="stopped", reason="safety_stop_removals")
    assert "Discard pauses the sync, and nothing of this is done." in words_of(
        browser.get(page("store"))
    )

    answer = browser.post(page("switch"), {"data_sync": "off"}, follow=True)

    ready.refresh_from_db()
    assert not ready.is_sync_enabled
    assert ready.safety_stop_passed == ""
    assert "Go on" not in words_of(answer)


def test_go_on_without_a_safety_stop_changes_nothing(browser, page, ready):
    answer = browser.post(page("go_on"), follow=True)

    ready.refresh_from_db()
    assert ready.safety_stop_passed == ""
    assert "No sync is waiting" in words_of(answer)


def test_refresh_books_shows_a_book_that_was_made_since(browser, page, ready, mail):
    mail.add_address_book("Autumn")

    answer = browser.post(page("refresh_books"), follow=True)

    assert "Autumn (0 contacts, private)" in words_of(answer)


def test_refresh_books_says_what_dotdigital_refused(browser, page, ready, mail):
    mail.set_password("changed")

    answer = browser.post(page("refresh_books"), follow=True)

    assert "Dotdigital did not accept the API user or its password." in words_of(answer)
