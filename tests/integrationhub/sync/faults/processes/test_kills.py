"""Tests that kill the syncing process with SIGKILL, at chosen calls and at random instants.

KILL_SEEDS says how many random campaigns are run; script/soak runs many, and kills at every call.
"""

import os
import random
import signal
from itertools import count

import pytest

from bigcommerce.sandbox.seed import populate
from integrationhub.models import SyncRun
from tests.integrationhub.sync.expected import buyers, members, readers
from tests.integrationhub.sync.faults.processes.reaper import SLICED, WAYS
from tests.integrationhub.sync.faults.verdict import (
    assert_as_if_nothing_had_happened,
    assert_books_are_kept,
    doubled,
    rows_sent,
)
from tests.worker_process import sync_by_pages, sync_when_free
from tests.workers import survives

SEEDS = range(int(os.environ.get("KILL_SEEDS", "4")))
STRIDE = 1 if "KILL_SEEDS" in os.environ else 4
TASKS = {SLICED: sync_by_pages}


@pytest.fixture
def kill_at(workers, reaper):
    """Start a worker and kill it at one of its calls; answer whether it lived to see no such."""

    def start(world, call, way):
        reaper.aim(call=call, way=way)
        victim = workers.start(TASKS.get(way, sync_when_free), world.store_id)
        reaper.meet(victim.pid)
        has_survived = survives(victim)
        reaper.rest()
        return has_survived

    return start


@pytest.mark.parametrize("way", WAYS)
def test_killed_at_any_call_the_next_run_ends_as_if_nothing_had_happened(
    undisturbed, on_the_second_day, workers, reaper, kill_at, mail_server, way
):
    clean = undisturbed.bigcommerce_calls + undisturbed.dotdigital_calls
    for call in count(1 + WAYS.index(way), STRIDE):
        world = on_the_second_day(f"{way}{call}")
        mail_server.requests.clear()
        is_over = kill_at(world, call, way)
        calls_until_death = reaper.calls
        assert survives(workers.start(sync_when_free, world.store_id)) or is_over

        assert_as_if_nothing_had_happened(world, undisturbed)
        assert max(rows_sent(mail_server.requests, world.mail.user).values()) <= 2
        assert reaper.calls <= 1.05 * clean + calls_until_death
        if is_over:
            break
    assert call > clean / 2


def book_of(mail, name):
    return next(book.id for book in mail.state.address_books.values() if book.name == name)


@pytest.fixture
def busy_world(new_world, shop_server, mail_server, settings):
    """A connected store of many people, whose imports are small and whose calls are slow."""
    settings.IMPORT_BATCH_SIZE = 40
    world = new_world("busy")
    populate(world.shop, 200, seed=3)
    shop_server.service.latency = mail_server.service.latency = 0.02
    return world


@pytest.fixture
def sync_with_kills(workers, busy_world):
    """Start the sync again and again, killing it, until one start ends by itself; count them."""

    def go(chance):
        for start in range(50):
            victim = workers.start(sync_when_free, busy_world.store_id)
            victim.join(chance.uniform(0.03, 0.25) + start / 8)
            if victim.exitcode is None:
                os.kill(victim.pid, signal.SIGKILL)
            if survives(victim):
                return start
        pytest.fail("it never came to its end")

    return go


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_instants_it_ends_as_if_nothing_had_happened(
    busy_world, sync_with_kills, mail_server, seed
):
    chance = random.Random(seed)
    shop, mail, books = busy_world.shop, busy_world.mail, busy_world.books
    deaths = sync_with_kills(chance)
    sent_again = max(rows_sent(mail_server.requests, mail.user).values()) - 1
    leavers = chance.sample(sorted(readers(shop)), 5)
    for email in leavers:
        mail.unsubscribe(email)
    later_deaths = sync_with_kills(chance)

    assert deaths
    assert sent_again <= deaths
    assert members(mail, books[0]) == readers(shop)
    assert buyers(shop) - set(leavers) <= members(mail, books[1]) <= buyers(shop)
    assert not readers(shop) & set(leavers)
    assert {mail.contact(email)["status"] for email in leavers} == {"unsubscribed"}
    assert doubled(busy_world) == set()
    assert_books_are_kept(busy_world)
    assert SyncRun.objects.filter(status=SyncRun.Status.STALLED).count() <= deaths + later_deaths
