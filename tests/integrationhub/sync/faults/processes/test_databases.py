"""Tests of a database that fails a worker in the middle of a run: locked, or gone."""

import os
from itertools import count

import pytest

from integrationhub.models import SyncRun
from tests.integrationhub.sync.faults.processes.reaper import freeze
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened, rows_sent
from tests.worker_process import sync_when_free
from tests.workers import IS_FILE, breaks, survives

STRIDE = 1 if "KILL_SEEDS" in os.environ else 5
# For how long it is locked, and after how long SQLite gives up waiting; in earnest it is 20.
LOCKS = [(1.0, 0.2), (25.0, 20)] if "KILL_SEEDS" in os.environ else [(1.0, 0.2)]


@pytest.fixture
def troubled_at(workers, reaper):
    """Start a worker, and let something happen to the database at one of its calls."""

    def start(world, call, deed):
        reaper.aim(call=call, way=lambda _: deed())
        worker = workers.start(sync_when_free, world.store_id)
        reaper.meet(worker.pid)
        worker.join(60)
        reaper.rest()
        return worker

    return start


def test_a_lost_connection_costs_the_worker_its_run_and_the_next_one_goes_on(
    undisturbed, on_the_second_day, workers, troubled_at, reaper, mail_server, cut_off
):
    for call in count(2, STRIDE):
        world = on_the_second_day(f"cut{call}")
        mail_server.requests.clear()
        worker = troubled_at(world, call, cut_off)
        if not reaper.has_struck:
            break
        assert breaks(worker), call
        assert survives(workers.start(sync_when_free, world.store_id))

        assert_as_if_nothing_had_happened(world, undisturbed)
        assert max(rows_sent(mail_server.requests, world.mail.user).values()) <= 2
    assert call > 12


def test_a_database_locked_for_a_moment_only_makes_the_worker_wait(
    undisturbed, on_the_second_day, troubled_at, reaper, mail_server
):
    for call in (5, 12):
        world = on_the_second_day(f"wait{call}")
        mail_server.requests.clear()
        runs = SyncRun.objects.count()

        assert survives(troubled_at(world, call, lambda: freeze(0.7)))

        assert reaper.has_struck
        assert SyncRun.objects.count() == runs + 1
        assert_as_if_nothing_had_happened(world, undisturbed)
        assert set(rows_sent(mail_server.requests, world.mail.user).values()) == {1}


@pytest.mark.skipif(not IS_FILE, reason="PostgreSQL locks rows, and waits for them without end")
@pytest.mark.parametrize(("locked", "patience"), LOCKS)
def test_a_database_locked_for_too_long_loses_no_work(
    undisturbed, on_the_second_day, workers, troubled_at, locked, patience
):
    for call in (3, 15):
        world = on_the_second_day(f"locked{call}")
        workers.database_options = {"timeout": patience}
        assert breaks(troubled_at(world, call, lambda: freeze(locked)))
        workers.database_options = {}

        assert survives(workers.start(sync_when_free, world.store_id))

        assert_as_if_nothing_had_happened(world, undisturbed)
