"""Tests of vendors that keep silent while other stores are due: nobody waits long behind them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bigcommerce.sandbox import Fault
from dotdigital.sandbox import Fault as MailFault
from integrationhub import jobs
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LATER = 0.2, 1.5


@pytest.fixture(autouse=True)
def brief(settings):
    """Let silence be bearable for a moment only."""
    settings.SYNC_SILENCE_SECONDS = [FIRST, LATER]


@pytest.fixture
def other(new_world):
    """Another store, which is due as long as nobody has worked on it."""
    return new_world("other")


def work(world):
    """Let a worker work on everybody, on this store first; answer the store's run."""
    now = timezone.now()
    Store.objects.exclude(pk=world.store_id).update(next_sync_at=now)
    Store.objects.filter(pk=world.store_id).update(next_sync_at=now - timedelta(hours=1))
    jobs.work()
    return SyncRun.objects.filter(store=world.store_id).latest("pk")


@pytest.fixture
def never_answered(shop_server):
    """Let the shop never answer a store."""

    def make(world):
        fault = Fault(act="hang", seconds=60, times=None, store=world.shop.store_hash)
        shop_server.faults.add(fault)

    return make


@pytest.mark.parametrize("side", ["shop", "mail"])
def test_a_silent_vendor_is_turned_away_from_without_an_alarm_and_then_goes_on(
    undisturbed, world, other, never_answered, mail_server, cure, side
):
    if side == "shop":
        never_answered(world)
    else:
        mail_server.faults.add(MailFault(hang=60.0))
    run = work(world)
    waiting = world.store
    others = SyncRun.objects.get(store=other.store_id)
    cure()

    work(world)

    unreachable = {"shop": Reason.BIGCOMMERCE_UNREACHABLE, "mail": Reason.DOTDIGITAL_UNREACHABLE}
    assert (run.status, run.reason) == (SyncRun.Status.RUNNING, unreachable[side])
    assert run.goes_on_at - timezone.now() <= timedelta(seconds=30)
    assert waiting.problem == ""
    assert others.status == SyncRun.Status.COMPLETED
    assert world.store.failures_in_a_row == 0
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_a_store_that_keeps_silent_is_named_the_second_time(world, other, never_answered):
    never_answered(world)
    work(world)

    run = work(world)

    assert (run.status, run.reason) == (SyncRun.Status.FAILED, Reason.BIGCOMMERCE_UNREACHABLE)
    assert world.store.problem == Reason.BIGCOMMERCE_UNREACHABLE


def test_a_store_that_is_slow_but_alive_is_synced_the_second_time(
    undisturbed, world, other, shop_server
):
    shop_server.service.latency = 1.5 * FIRST
    first = work(world)

    second = work(world)

    assert first.pk == second.pk
    assert second.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_a_store_that_is_very_slow_is_given_ever_more_time_though_others_are_always_due(
    undisturbed, world, other, shop_server, settings
):
    settings.SYNC_SILENCE_SECONDS = [FIRST, FIRST, LATER]
    shop_server.service.latency = 1.5 * FIRST
    silent = [work(world).reason for _ in range(2)]

    run = work(world)

    assert silent == [Reason.BIGCOMMERCE_UNREACHABLE] * 2
    assert run.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_a_slow_store_gets_all_the_patience_where_nobody_else_is_due(
    undisturbed, world, shop_server
):
    shop_server.service.latency = 1.5 * FIRST

    run = work(world)

    assert run.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)
