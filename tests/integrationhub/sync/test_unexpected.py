"""Tests of what nobody has foreseen: a bug, a poisonous row, a worker that dies again and again."""

import logging
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from integrationhub import jobs, stores, sync
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason

pytestmark = pytest.mark.django_db(transaction=True)
JANE = "jane@shop.example"
EVERYBODY_ELSE_IS_CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def poisoned(store):
    """Give the store a setting on which the run trips when it reads orders."""
    Store.objects.filter(pk=store.pk).update(uncounted_order_statuses=7)
    return lambda: Store.objects.filter(pk=store.pk).update(uncounted_order_statuses=[0])


@pytest.fixture
def die(store):
    """Let a worker take the due store and die in the middle of it, its lease run out."""

    def dying_clock(calls):
        def now():
            if next(calls, None) is None:
                raise SystemExit
            return timezone.now()

        return now

    def go():
        Store.objects.filter(pk=store.pk).update(next_sync_at=timezone.now())
        lease = sync.claim(timezone.now())
        with pytest.raises(SystemExit):
            sync.work_on(lease, now=dying_clock(iter(range(3))))
        Store.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    return go


def pause():
    return Store.objects.get().next_sync_at - timezone.now()


def test_an_unforeseen_error_ends_the_run_at_once_in_words_and_in_the_log(
    shop, books, run_once, poisoned, caplog
):
    shop.place_order(email=JANE)

    with caplog.at_level(logging.ERROR):
        run = run_once()

    assert (run.status, run.reason) == (SyncRun.Status.FAILED, Reason.UNEXPECTED)
    assert run.detail.startswith("TypeError")
    assert Store.objects.get().problem == Reason.UNEXPECTED
    assert Store.objects.get().lease_token is None
    assert "Traceback" in caplog.text
    assert "orders" in caplog.text


def test_an_unforeseen_error_is_tried_again_less_and_less_often_and_heals(
    shop, mail, books, run_once, poisoned
):
    shop.place_order(email=JANE)
    pauses = []
    for _ in range(4):
        run_once()
        pauses.append(pause())

    poisoned()
    run = run_once()

    assert pauses == sorted(pauses)
    assert pauses[-1] > 3 * pauses[0]
    assert run.status == SyncRun.Status.COMPLETED
    assert mail.members(books[1]) == [JANE]
    assert Store.objects.get().problem == ""


def test_a_worker_that_died_once_or_twice_is_followed_at_once(shop, mail, books, die):
    shop.subscribe(JANE)
    for _ in range(2):
        die()

    jobs.work()

    assert mail.members(books[0]) == [JANE]
    assert Store.objects.get().problem == ""


def test_a_store_over_which_workers_die_again_and_again_pauses_and_says_so(
    shop, mail, books, run_once, die
):
    shop.subscribe(JANE)
    for _ in range(3):
        die()
    jobs.work()
    first, problem = pause(), Store.objects.get().problem
    die()
    jobs.work()
    second = pause()

    run = run_once()

    assert problem == Reason.UNEXPECTED
    assert timedelta(minutes=4) < first < second
    assert SyncRun.objects.filter(status=SyncRun.Status.STALLED).count() == 4
    assert run.status == SyncRun.Status.COMPLETED
    assert mail.members(books[0]) == [JANE]
    assert Store.objects.get().failures_in_a_row == 0


def test_a_person_who_asks_does_not_wait_for_the_pause_to_end(shop, mail, store, books, die):
    shop.subscribe(JANE)
    for _ in range(3):
        die()
    stores.request_sync(Store.objects.get(), now=timezone.now())

    jobs.work()

    assert mail.members(books[0]) == [JANE]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection to lose")
def test_a_lost_connection_to_the_database_is_no_fault_of_the_store(
    shop, mail, mail_server, store, books, run_once
):
    shop.subscribe(JANE)
    losses = [EVERYBODY_ELSE_IS_CUT_OFF]

    def lose_it(request, moment):
        if moment == "before" and request.method == "PUT" and losses:
            with connection.cursor() as cursor:
                cursor.execute(losses.pop())
            connection.close()  # this is the sandbox's thread

    mail_server.on_request(lose_it)
    with pytest.raises(OperationalError):
        run_once()
    connection.close()
    Store.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    store.refresh_from_db()

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert mail.members(books[0]) == [JANE]
    assert not SyncRun.objects.filter(reason=Reason.UNEXPECTED).exists()
