"""Tests of the jobs: a doorbell over the database, where rings may be lost or doubled."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django_q.models import OrmQ

from integrationhub import address_books, jobs, stores
from integrationhub.models import Store, SyncRun

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chosen(store):
    """Choose the default book, so that the store is due."""
    now = timezone.now()
    book = address_books.ensure(store.account, "Store subscribers", now=now)
    address_books.assign(store, address_books.Choice(subscribers=book, customers=None), now=now)
    OrmQ.objects.all().delete()
    return store


def test_saving_the_books_makes_the_store_due_and_a_job_syncs_it(chosen, shop, mail):
    shop.subscribe("jane@shop.example")

    jobs.work()

    run = SyncRun.objects.get()
    assert run.status == SyncRun.Status.COMPLETED
    assert run.trigger == SyncRun.Trigger.SCHEDULE


def test_the_next_run_is_due_five_minutes_after_the_last_one_ended(chosen):
    jobs.work()

    chosen.refresh_from_db()
    pause = chosen.next_sync_at - SyncRun.objects.get().finished_at
    assert abs(pause - timedelta(minutes=5)) < timedelta(seconds=1)


def test_a_doubled_or_late_job_changes_nothing(chosen):
    for _ in range(3):
        jobs.work()

    assert SyncRun.objects.count() == 1


def test_the_tick_rings_only_when_a_store_is_due(chosen):
    jobs.tick()
    due = OrmQ.objects.count()
    jobs.work()
    OrmQ.objects.all().delete()

    jobs.tick()

    assert due > 0
    assert OrmQ.objects.count() == 0


def test_sync_now_makes_the_store_due_at_once_and_rings(chosen):
    jobs.work()
    OrmQ.objects.all().delete()

    marketer = User.objects.create(username="mia", email="mia@shop.example")
    for _ in range(5):
        stores.request_sync(chosen, now=timezone.now(), by=marketer)
    jobs.work()

    run = SyncRun.objects.latest("pk")
    assert OrmQ.objects.count() == 1
    assert SyncRun.objects.count() == 2
    assert (run.trigger, run.started_by) == (SyncRun.Trigger.PERSON, marketer)


def test_with_data_sync_off_nothing_happens(chosen):
    stores.switch_sync(chosen, is_enabled=False, now=timezone.now())

    jobs.tick()
    jobs.work()

    assert SyncRun.objects.count() == 0
    assert OrmQ.objects.count() == 0


def test_a_long_run_is_a_chain_of_slices_of_one_run(chosen, shop, mail, settings):
    for number in range(5):
        shop.subscribe(f"p{number}@shop.example")
    settings.SYNC_SLICE_SECONDS = 0.001

    for _ in range(40):
        jobs.work()
        Store.objects.filter(next_sync_at__gt=timezone.now() + timedelta(minutes=1)).update(
            is_sync_enabled=False
        )

    run = SyncRun.objects.get()
    assert run.status == SyncRun.Status.COMPLETED
    book = chosen.address_book_mappings.get().address_book.dotdigital_id
    assert len(mail.members(book)) == 5


def test_a_run_that_waits_is_stopped_by_the_next_job_and_says_who_stopped_it(chosen, shop):
    marketer = User.objects.create(username="mia", email="mia@shop.example")
    later = timezone.now() + timedelta(hours=1)
    SyncRun.objects.create(
        store=chosen, trigger="schedule", started_at=later, heartbeat_at=later, goes_on_at=later
    )
    Store.objects.update(next_sync_at=later)

    stores.request_stop(chosen, now=timezone.now(), by=marketer)
    jobs.work()

    run = SyncRun.objects.get()
    assert (run.status, run.stop_requested_by) == (SyncRun.Status.STOPPED, marketer)
