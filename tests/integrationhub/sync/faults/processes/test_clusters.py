"""Tests of whole clusters, `manage.py worker`, killed or cut off in the middle of a run."""

import os
import signal

import pytest
from django.utils import timezone

from integrationhub.models import Store, SyncRun
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened, rows_sent
from tests.processes import IMPATIENT, Hub, children, eventually
from tests.worker_process import jobs

IN_THE_MIDDLE = 8
SOME_LATENCY = 0.03


@pytest.fixture
def clusters(database_url, tmp_path, shop_server, mail_server):
    """A hub of real programs on the database of the test."""
    environment = {
        "DATABASE_URL": database_url,
        "BIGCOMMERCE_API_URL": shop_server.url,
        "DOTDIGITAL_API_URL": mail_server.url,
        "SYNC_LEASE_SECONDS": "2",
        "DEBUG": "on",
    }
    shop_server.service.latency = mail_server.service.latency = SOME_LATENCY
    hub = Hub({**IMPATIENT, "SYNC_INTERVAL_SECONDS": "300"} | environment, log=tmp_path / "log")
    yield hub
    hub.end()


def everybody_of(pid):
    """A process and all that it has started."""
    return [pid, *(each for child in children(pid) for each in everybody_of(child))]


def kill_all(pid):
    for each in everybody_of(pid):
        os.kill(each, signal.SIGKILL)


def is_synced(world):
    """Do what the schedule does every minute, and answer whether it has led to a whole run."""
    jobs.tick()
    runs = SyncRun.objects.filter(store=world.store_id, status=SyncRun.Status.COMPLETED)
    return runs.count() == 2


@pytest.fixture
def struck_in_the_middle(on_the_second_day, clusters, reaper, mail_server):
    """Let something happen to a cluster in the middle of a run."""

    def strike(name, deed):
        world = on_the_second_day(name)
        mail_server.requests.clear()
        worker = clusters.start("worker")
        eventually(lambda: "ready for work" in clusters.log, why="it is not up")
        reaper.aim(call=IN_THE_MIDDLE, way=deed)
        reaper.meet(worker.pid)
        Store.objects.update(next_sync_at=timezone.now())
        jobs.tick()
        eventually(lambda: reaper.has_struck, why="no run has begun")
        return world

    return strike


def test_a_cluster_killed_as_a_whole_loses_nothing(
    undisturbed, struck_in_the_middle, clusters, mail_server
):
    world = struck_in_the_middle("massacre", kill_all)

    clusters.start("worker")
    eventually(lambda: is_synced(world), why=clusters.log)

    assert_as_if_nothing_had_happened(world, undisturbed)
    assert max(rows_sent(mail_server.requests, world.mail.user).values()) <= 2


def test_a_cluster_that_loses_its_database_for_a_moment_heals_by_itself(
    undisturbed, cut_off, struck_in_the_middle, clusters, mail_server
):
    world = struck_in_the_middle("cut", lambda _: cut_off())

    eventually(lambda: is_synced(world), why=clusters.log)
    assert_as_if_nothing_had_happened(world, undisturbed)
    assert max(rows_sent(mail_server.requests, world.mail.user).values()) <= 2
