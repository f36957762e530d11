"""Tests of a long first read by several readers: cut off after any page, and stopped."""

import threading

import pytest
from django.utils import timezone

from bigcommerce.sandbox.crowd import gather
from integrationhub import sync
from integrationhub.models import Contact, Cursor, SyncRun

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 5000


@pytest.fixture
def one_page(store, books):
    """Work a slice that is over after one page."""

    def work():
        lease = sync.claim_store(type(store).objects.get(pk=store.pk), timezone.now())
        return sync.work_on(lease, now=timezone.now, ends_at=timezone.now())

    return work


def readers():
    return [each for each in threading.enumerate() if each.name.startswith("reader")]


def test_a_first_read_cut_off_after_every_page_misses_nobody(shop, one_page, settings):
    settings.BIGCOMMERCE_READERS = 3
    gather(shop, PEOPLE)
    positions = set()

    while one_page().step in {SyncRun.Step.OPT_OUTS, SyncRun.Step.WRITE_BACK, SyncRun.Step.PULL}:
        positions |= {*Cursor.objects.values_list("position", flat=True)}
        assert readers() == []

    known = Contact.objects.exclude(customer_id=None)
    assert known.count() == PEOPLE
    assert Contact.objects.filter(has_subscriber_record=True).count() == PEOPLE * 0.4
    assert len([each for each in positions if each.startswith("sections:")]) > 8


def test_a_stop_acts_within_a_page_and_leaves_no_reader(shop, one_page, run_once, settings):
    settings.BIGCOMMERCE_READERS = 3
    gather(shop, PEOPLE)
    read = one_page().rows_read
    SyncRun.objects.update(stop_requested_at=timezone.now())

    run = run_once()

    assert run.status == SyncRun.Status.STOPPED
    assert run.rows_read <= read + 250
    assert readers() == []
