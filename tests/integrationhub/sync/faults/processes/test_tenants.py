"""Tests of many tenants on a few workers: one that hangs or always fails holds up nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bigcommerce.sandbox.faults import Fault
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import members
from tests.processes import eventually
from tests.worker_process import jobs

TENANTS, HANGING, FAILING = 50, 3, 11
WORKERS = 3


def reader_of(number):
    return f"reader{number}@tenant{number}.example"


@pytest.fixture
def tenants(new_world):
    """Fifty tenants, each with a reader; the two troubled ones are the most overdue."""
    worlds = [new_world(f"tenant{number}") for number in range(TENANTS)]
    for number, world in enumerate(worlds):
        world.shop.subscribe(reader_of(number))
    now = timezone.now()
    Store.objects.update(next_sync_at=now)
    troubled = [worlds[HANGING].store_id, worlds[FAILING].store_id]
    Store.objects.filter(pk__in=troubled).update(next_sync_at=now - timedelta(hours=1))
    return worlds


@pytest.fixture
def trouble(shop_server):
    """Let BigCommerce never answer one of the tenants, and always fail another."""

    def make(hanging, failing):
        faults = shop_server.faults
        faults.add(Fault(act="hang", seconds=600, times=None, store=hanging.shop.store_hash))
        faults.add(Fault(status=500, times=None, store=failing.shop.store_hash))

    return make


def count_of(**values):
    return SyncRun.objects.filter(**values).count()


def test_one_tenant_that_hangs_and_one_that_fails_hold_up_none_of_the_other_forty_eight(
    tenants, trouble, workers, settings
):
    settings.SYNC_LEASE_SECONDS = 90
    settings.BIGCOMMERCE_TUNING = {"backoff": 0.002, "tries": 3, "read_timeout": 300.0}
    trouble(tenants[HANGING], tenants[FAILING])

    for _ in range(WORKERS):
        workers.start(jobs.work)
    eventually(lambda: count_of(status="completed") == TENANTS - 2, why="somebody is held up")

    runs = {run.store_id: run for run in SyncRun.objects.all()}
    assert count_of() == TENANTS
    assert runs[tenants[HANGING].store_id].status == SyncRun.Status.RUNNING
    assert runs[tenants[FAILING].store_id].reason == Reason.BIGCOMMERCE_UNREACHABLE
    for number in set(range(TENANTS)) - {HANGING, FAILING}:
        world = tenants[number]
        assert members(world.mail, world.books[0]) == {reader_of(number)}
        assert world.store.problem == ""
