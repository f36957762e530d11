"""Tests of whom a run names as the one who set it off."""

import pytest
from django.db import connection
from django.utils import timezone

from integrationhub import address_books, stores
from integrationhub.models import Store, SyncRun
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def run_now(store, run_once):
    """Run the store as it stands now."""

    def go():
        store.refresh_from_db()
        return run_once()

    return go


def test_a_run_after_save_names_the_person_who_chose(store, person, run_now):
    now = timezone.now()
    book = address_books.ensure(store.account, "Store subscribers", now=now)
    choice = address_books.Choice(subscribers=book, customers=None)
    address_books.assign(store, choice, now=now, by=person)

    first, second = run_now(), run_now()

    assert (first.trigger, first.started_by) == (SyncRun.Trigger.PERSON, person)
    assert (second.trigger, second.started_by) == (SyncRun.Trigger.SCHEDULE, None)


def test_who_asks_during_a_run_gets_the_next_one_at_once(
    shop_server, store, person, books, run_now
):
    asked = []

    def ask(*_):
        if not asked:
            asked.append(timezone.now())
            stores.request_sync(Store.objects.get(), now=asked[0], by=person)
            connection.close()  # this is the sandbox's thread

    shop_server.on_request(ask)
    first = run_now()
    due = Store.objects.get().next_sync_at

    second = run_now()

    assert first.trigger == SyncRun.Trigger.SCHEDULE
    assert due <= timezone.now()
    assert (second.trigger, second.started_by) == (SyncRun.Trigger.PERSON, person)
