"""Tests of a store that is disconnected while a real worker is at it."""

from itertools import count

import pytest
from django.db import connection
from django.utils import timezone

from integrationhub import disconnecting, stores
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.faults import worlds
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened
from tests.integrationhub.sync.written import everything
from tests.worker_process import jobs
from tests.workers import survives

STRIDE = 4
CHANGES = {"PUT", "POST", "DELETE"}


@pytest.fixture
def disconnected_at(workers, reaper, shop_server, mail_server):
    """Disconnect a store at one of a worker's calls; answer what changed on any side afterwards.

    None if the worker's job was over before.
    """

    def go(world, call):
        written = []

        def deed(_pid):
            shop_server.requests.clear()
            mail_server.requests.clear()
            disconnecting.disconnect(world.store, now=timezone.now())
            written.append(everything())
            connection.close()  # this is the sandbox's thread

        Store.objects.filter(pk=world.store_id).update(next_sync_at=timezone.now())
        reaper.aim(call=call, way=deed)
        worker = workers.start(jobs.work)
        reaper.meet(worker.pid)
        assert survives(worker)
        reaper.rest()
        if not written:
            return None
        calls = [*shop_server.requests, *mail_server.requests]
        changes = [each.path for each in calls if each.method in CHANGES]
        return written[0], everything(), changes

    return go


def test_a_worker_whose_store_is_disconnected_changes_nothing_more_and_ends_well(
    undisturbed, on_the_second_day, disconnected_at
):
    for call in count(1, STRIDE):
        world = on_the_second_day(f"parted{call}")

        outcome = disconnected_at(world, call)

        if outcome is None:
            break
        before, after, changes = outcome
        run = SyncRun.objects.filter(store=world.store_id).latest("pk")
        assert after == before, call
        assert changes == [], call
        assert (run.status, run.reason) == (SyncRun.Status.STOPPED, Reason.DISCONNECTED)
        stores.connect(world.store.account, worlds.credentials(world.shop, world.mail))
        world.run()
        assert_as_if_nothing_had_happened(world, undisturbed)
    assert call > 12
