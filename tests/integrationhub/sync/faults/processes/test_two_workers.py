"""Tests of several workers at one store: one works, and one that overslept writes nothing."""

import os
import signal
import time
from itertools import count

import pytest
from django.conf import settings
from django.utils import timezone
from django_q.models import OrmQ

from integrationhub.models import Store, SyncRun
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened, rows_sent
from tests.integrationhub.sync.written import everything
from tests.worker_process import jobs, sync_when_free
from tests.workers import survives

STRIDE = 1 if "KILL_SEEDS" in os.environ else 3
CHANGES = {"PUT", "POST", "DELETE"}


@pytest.fixture
def together(workers, settings):
    """Carry out a task in several processes at once, to their end; no lease ends meanwhile."""
    settings.SYNC_LEASE_SECONDS = 60

    def go(number, task):
        started = [workers.start(task) for _ in range(number)]
        outcomes = [survives(process) for process in started]
        assert all(outcomes)

    return go


def calls_of(run):
    return run.bigcommerce_calls + run.dotdigital_calls


@pytest.mark.parametrize("attempt", range(3))
def test_started_three_times_at_once_a_store_is_synced_by_one_run(
    undisturbed, on_the_second_day, together, shop_server, mail_server, attempt
):
    world = on_the_second_day(f"thrice{attempt}")
    shop_server.requests.clear()
    mail_server.requests.clear()
    Store.objects.update(next_sync_at=timezone.now())

    together(3, jobs.work)

    run = SyncRun.objects.latest("pk")
    assert SyncRun.objects.count() == 2
    assert len(shop_server.requests) + len(mail_server.requests) == calls_of(run)
    assert_as_if_nothing_had_happened(world, undisturbed)
    assert set(rows_sent(mail_server.requests, world.mail.user).values()) == {1}


def test_two_ticks_at_once_are_two_bells_and_one_run_of_each_store(
    undisturbed, on_the_second_day, together
):
    worlds = [on_the_second_day(f"tick{number}") for number in range(3)]
    Store.objects.update(next_sync_at=timezone.now())
    OrmQ.objects.all().delete()
    runs_before = SyncRun.objects.count()

    together(2, jobs.tick)
    rings = OrmQ.objects.count()
    together(rings, jobs.work)

    assert rings == 2 * settings.Q_CLUSTER["workers"]
    assert SyncRun.objects.count() == runs_before + len(worlds)
    for world in worlds:
        assert_as_if_nothing_had_happened(world, undisturbed)


def fall_asleep(pid):
    os.kill(pid, signal.SIGSTOP)


@pytest.fixture
def overslept(workers, reaper, shop_server, mail_server):
    """Stop a worker at one of its calls, and let it wake when another has done all the work.

    Answers what was written before and after it woke, and what it still changed elsewhere.
    """

    def sleep(world, call):
        reaper.aim(call=call, way=fall_asleep)
        sleeper = workers.start(sync_when_free, world.store_id)
        reaper.meet(sleeper.pid)
        while sleeper.is_alive() and not reaper.has_struck:
            time.sleep(0.01)
        reaper.rest()
        if not reaper.has_struck:
            return None
        survives(workers.start(sync_when_free, world.store_id))
        shop_server.requests.clear()
        mail_server.requests.clear()
        written = everything()
        os.kill(sleeper.pid, signal.SIGCONT)
        assert survives(sleeper)
        calls = [*shop_server.requests, *mail_server.requests]
        return written, everything(), [call.path for call in calls if call.method in CHANGES]

    return sleep


def test_a_worker_that_wakes_after_its_lease_writes_nothing_and_changes_nothing(
    undisturbed, on_the_second_day, overslept
):
    for call in count(1, STRIDE):
        world = on_the_second_day(f"asleep{call}")

        outcome = overslept(world, call)

        assert_as_if_nothing_had_happened(world, undisturbed)
        if outcome is None:
            break
        before, after, changes = outcome
        assert after == before, call
        assert changes == [], call
    assert call > 12
