"""Tests of reads that were cut off and lay for long: what they had read is no ground to send by."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrationhub import stores, sync
from integrationhub.models import Cursor, Store, SyncRun
from tests.integrationhub.sync.expected import members

pytestmark = pytest.mark.django_db(transaction=True)
LAST = "reader799@shop.example"  # stands on the last page, which is read first
LONG_AGO = timedelta(days=90)


@pytest.fixture
def one_page(store, books):
    """Work a slice that is over after one page."""

    def work():
        lease = sync.claim_store(Store.objects.get(pk=store.pk), timezone.now())
        return sync.work_on(lease, now=timezone.now, ends_at=timezone.now())

    return work


@pytest.fixture
def read_in_part(shop, one_page):
    """Read a store until the first of its subscribers are known, but not all."""
    for number in range(800):
        shop.subscribe(f"reader{number}@shop.example", created_at=timezone.now() - LONG_AGO)
    begun = Cursor.objects.filter(source="subscribers").exclude(position="")
    while not begun.exists():
        one_page()


def take_back_without_a_date(shop, email):
    shop.edit_subscriber(email, consents=[], modified_at=shop.subscriber(email).date_modified)


def test_who_took_back_the_opt_in_without_a_date_while_the_sync_was_paused_is_not_sent(
    read_in_part, shop, mail, store, books, one_page, run_once, time_machine
):
    stores.switch_sync(store, is_enabled=False, now=timezone.now())
    one_page()
    take_back_without_a_date(shop, LAST)
    time_machine.move_to(timezone.now() + timedelta(days=20))
    stores.switch_sync(store, is_enabled=True, now=timezone.now())

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert len(members(mail, books[0])) == 799
    assert LAST not in members(mail, books[0])


def test_a_complete_read_asked_for_during_another_is_not_taken_for_done(
    read_in_part, shop, mail, store, books, run_once
):
    take_back_without_a_date(shop, LAST)
    stores.request_full_read(store, now=timezone.now())

    run_once()

    assert len(members(mail, books[0])) == 799
    assert LAST not in members(mail, books[0])
