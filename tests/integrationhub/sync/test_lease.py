"""Tests of who works on a store: one at a time, in fair turns, and never after losing the lease."""

from datetime import UTC, datetime, timedelta

import pytest

from integrationhub.models import Account, Store
from integrationhub.sync.lease import LeaseLostError, claim, claim_store, is_any_due

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
