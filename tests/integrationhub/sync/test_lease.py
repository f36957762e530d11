"""Tests of who works on a store: one at a time, in fair turns, and never after losing the lease."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from integrationhub.models import Account, Store, SyncRun
from integrationhub.sync import LeaseLostError, Turns, claim, claim_store, is_any_due

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def make_store(account, store_hash, due=NOW, **changes):
    values = {"access_token": "t", "name": store_hash, "connected_at": NOW, "next_sync_at": due}
    return Store.objects.create(account=account, store_hash=store_hash, **values | changes)


@pytest.fixture
def acme():
    return Account.objects.create(name="Acme", slug="acme-lease")


def test_the_most_overdue_store_is_claimed_first(acme):
    make_store(acme, "late", NOW - timedelta(minutes=1))
    latest = make_store(acme, "later", NOW - timedelta(minutes=9))

    lease = claim(NOW)

    assert lease.store_id == latest.pk


def test_a_claimed_store_is_nobody_elses(acme):
    store = make_store(acme, "only")
    claim(NOW)

    assert claim(NOW) is None
    assert claim_store(Store.objects.get(pk=store.pk), NOW) is None
    assert not is_any_due(NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"due": None},
        {"due": NOW + timedelta(seconds=1)},
        {"is_sync_enabled": False},
    ],
)
def test_a_store_that_is_not_due_is_left_alone(acme, changes):
    make_store(acme, "quiet", **changes)

    assert claim(NOW) is None


def test_an_account_with_many_stores_does_not_hold_up_another(acme):
    other = Account.objects.create(name="Other", slug="other-lease")
    for number in range(3):
        make_store(acme, f"many{number}", NOW - timedelta(hours=1))
    single = make_store(other, "single", NOW)

    claimed = [claim(NOW).store_id for _ in range(2)]

    assert single.pk in claimed


def test_an_expired_lease_goes_to_another_who_is_told_of_the_death(acme):
    make_store(acme, "only")
    claim(NOW)

    lease = claim(NOW + timedelta(minutes=10))

    assert lease.was_abandoned


def test_a_worker_that_wakes_after_its_lease_has_its_writes_refused(acme):
    make_store(acme, "only")
    sleeper = claim(NOW)
    claim(NOW + timedelta(minutes=10))

    with pytest.raises(LeaseLostError):
        sleeper.renew(NOW + timedelta(minutes=11))


def test_a_store_given_back_is_due_when_it_was_said(acme):
    make_store(acme, "only")
    lease = claim(NOW)

    lease.give_back(next_sync_at=NOW + timedelta(minutes=5))

    assert claim(NOW) is None
    assert claim(NOW + timedelta(minutes=5)) is not None


def test_each_accounts_first_store_comes_before_any_accounts_second(acme):
    others = [Account.objects.create(name=name, slug=f"{name}-lease") for name in "bc"]
    for hours, account in enumerate([*others, acme]):
        for number in range(3):
            due = NOW - timedelta(hours=hours, minutes=number)
            make_store(account, f"{account.slug}{number}", due)
    turns = Turns()

    claimed = [turns.claim(NOW).store_id for _ in range(9)]

    accounts = [Store.objects.get(pk=each).account_id for each in claimed]
    assert accounts == [acme.pk, others[1].pk, others[0].pk] * 3
    assert turns.claim(NOW) is None


def test_stores_in_work_count_as_their_accounts_turns(acme):
    other = Account.objects.create(name="Other", slug="other-lease")
    for number in range(4):
        make_store(acme, f"many{number}", NOW - timedelta(hours=1))
    claim(NOW)
    others = {make_store(other, f"other{number}", NOW).pk for number in range(2)}

    claimed = [claim(NOW).store_id for _ in range(3)]

    assert claimed[0] in others
    assert others & {*claimed[1:]}


def test_an_account_has_no_more_than_its_share_in_work_while_another_waits(acme, settings):
    settings.SYNC_STORES_PER_ACCOUNT = 2
    other = Account.objects.create(name="Other", slug="other-lease")
    for number in range(6):
        make_store(acme, f"many{number}", NOW - timedelta(hours=1))
    turns = Turns()
    late = NOW + timedelta(seconds=1)
    at_first = [turns.claim(NOW), turns.claim(NOW)]

    single = make_store(other, "single", NOW)

    assert None not in at_first
    assert claim(late).store_id == single.pk
    assert claim(late) is not None, "nobody waits any more"


def test_a_worker_soon_notices_who_has_become_due_meanwhile(acme):
    other = Account.objects.create(name="Other", slug="other-lease")
    for number in range(9):
        make_store(acme, f"many{number}", NOW - timedelta(hours=1))
    turns = Turns()
    turns.claim(NOW)
    single = make_store(other, "single", NOW)

    lease = turns.claim(NOW + timedelta(seconds=3))

    assert lease.store_id == single.pk


def test_what_a_worker_remembers_never_gives_it_a_store_that_is_not_due(acme):
    stores = [make_store(acme, f"many{number}", NOW) for number in range(4)]
    turns = Turns()
    turns.claim(NOW)
    Store.objects.filter(lease_token=None).update(is_sync_enabled=False)
    claim_store(stores[1], NOW)

    lease = turns.claim(NOW)

    assert lease is None


def test_a_run_that_is_to_be_stopped_comes_first_though_its_store_is_switched_off(acme):
    make_store(acme, "due", NOW - timedelta(hours=1))
    off = make_store(acme, "off", is_sync_enabled=False)
    SyncRun.objects.create(
        store=off, trigger="schedule", started_at=NOW, heartbeat_at=NOW, stop_requested_at=NOW
    )

    claimed = claim(NOW)

    assert claimed.store_id == off.pk


@pytest.mark.parametrize(
    "half", [{"lease_token": uuid4()}, {"lease_expires_at": NOW - timedelta(minutes=1)}]
)
def test_a_lease_has_both_a_token_and_an_end_or_claiming_would_never_end(acme, half):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_store(acme, "half", **half)


STORES, WORKERS = 60, 3
MAKE_STORES = f"""
from datetime import timedelta
from django.utils import timezone
from integrationhub.management.bench.crowds import make_stores
make_stores({STORES}, due={STORES}, now=timezone.now())
"""
CLAIM_ALL = """
import time
from django.utils import timezone
from integrationhub.sync import Turns
turns = Turns()
time.sleep(1 - time.time() % 1)  # all begin at the full second
for lease in iter(lambda: turns.claim(timezone.now()), None):
    print(lease.store_id)
"""


def test_many_workers_at_once_take_every_store_once(hub):
    hub.shell(MAKE_STORES)

    with ThreadPoolExecutor(WORKERS) as workers:
        told = list(workers.map(hub.shell, [CLAIM_ALL] * WORKERS))

    claimed = list(chain.from_iterable(each.split() for each in told))
    assert len(claimed) == len({*claimed}) == STORES
