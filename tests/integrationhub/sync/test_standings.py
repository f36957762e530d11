"""Tests of the counts of who stands where, which are kept for the pages."""

import pytest
from django.utils import timezone

from integrationhub import address_books, jobs, stores
from integrationhub.models import Contact, StandingCount, SyncRun


@pytest.fixture
def filled(store, shop):
    """A store whose first sync has ended: one in the book, one without an opt-in."""
    shop.subscribe("jane@shop.example")
    shop.subscribe("tom@shop.example", consents=[])
    book = address_books.ensure(store.account, "Letters", now=timezone.now())
    choice = address_books.Choice(subscribers=book, customers=None)
    address_books.assign(store, choice, now=timezone.now())
    jobs.work()
    store.refresh_from_db()
    return store


def told(store):
    rows = StandingCount.objects.filter(store=store, audience="subscribers")
    return {(row.standing, row.reason): row.number for row in rows}


def sync(store):
    stores.request_sync(store, now=timezone.now())
    jobs.work()


def test_a_run_counts_who_stands_where_and_why(filled):
    assert told(filled) == {("in_book", "in_book"): 1, ("left_out", "no_opt_in"): 1}


def test_a_run_that_moves_somebody_counts_anew(filled, shop, mail, sandboxes_later):
    sandboxes_later(minutes=20)
    shop.subscribe("ann@shop.example")

    sync(filled)

    assert told(filled) == {("in_book", "in_book"): 2, ("left_out", "no_opt_in"): 1}
    counted_in = set(StandingCount.objects.values_list("counted_in", flat=True))
    assert counted_in == {SyncRun.objects.latest("pk").pk}


def test_a_run_over_an_unchanged_store_counts_nothing(filled):
    before = list(StandingCount.objects.order_by("pk").values())

    sync(filled)

    assert SyncRun.objects.count() == 2
    assert list(StandingCount.objects.order_by("pk").values()) == before


def test_whom_a_run_without_an_end_has_moved_is_counted_by_the_next(filled):
    """As when a worker is killed: the run is closed, and nobody has counted."""
    dead = SyncRun.objects.create(
        store=filled,
        trigger="schedule",
        status="stalled",
        started_at=timezone.now(),
        heartbeat_at=timezone.now(),
        finished_at=timezone.now(),
    )
    Contact.objects.filter(email="tom@shop.example").update(
        subscribers_standing="failed", subscribers_reason="contact_refused", decided_in=dead
    )

    sync(filled)

    assert told(filled) == {("in_book", "in_book"): 1, ("failed", "contact_refused"): 1}


def test_a_store_counts_only_its_own_people(filled):
    assert set(StandingCount.objects.values_list("store", flat=True)) == {filled.pk}


def test_a_large_store_is_not_counted_at_each_run(filled, shop, sandboxes_later):
    StandingCount.objects.filter(reason="in_book").update(number=1_000_000)
    sandboxes_later(minutes=20)
    shop.subscribe("ann@shop.example")

    sync(filled)

    assert told(filled)["in_book", "in_book"] == 1_000_000
