"""Tests of when everything is read again: at night, when somebody asks, and not too late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from bigcommerce.sandbox.seed import populate
from integrationhub import stores
from integrationhub.models import Account, Cursor, Store
from integrationhub.sync.full_reads import is_full_read_due

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
SHIFTS = [
    ("never read", NOON, None, "UTC", True),
    ("a day ago, but it is noon", NOON, timedelta(hours=25), "UTC", False),
    ("a day ago, and it is night", NIGHT, timedelta(hours=23), "UTC", True),
    ("last night, a moment ago", NIGHT, timedelta(hours=1), "UTC", False),
    ("two nights were missed", NOON, timedelta(hours=49), "UTC", True),
    ("midnight where the account lives", NOON, timedelta(hours=20), "Pacific/Auckland", False),
    ("noon here is two o'clock there", NOON, timedelta(hours=20), "Pacific/Kiritimati", True),
    ("a zone that nobody knows", NIGHT, timedelta(hours=23), "Middle/Earth", True),
]


@pytest.mark.parametrize(("case", "now", "age", "zone", "is_due"), SHIFTS)
def test_when_everything_is_read_again(case, now, age, zone, is_due):
    store = Store(account=Account(time_zone=zone))
    cursor = Cursor(full_read_at=age and now - age)

    assert is_full_read_due(store, cursor, now) is is_due


@pytest.mark.django_db(transaction=True)
def test_a_person_may_ask_for_everything_to_be_read_again(shop, store, books, run_once):
    populate(shop, 50, seed=7)
    first = run_once()
    second = run_once()
    stores.request_full_read(store, now=timezone.now())

    third = run_once()
    fourth = run_once()

    assert first.rows_read == third.rows_read > 50
    assert second.rows_read == fourth.rows_read == 0


@pytest.mark.django_db(transaction=True)
def test_a_run_tells_how_much_there_is_to_read(shop, shop_server, books, run_once):
    populate(shop, 600, seed=7)

    run = run_once()

    assert run.rows_expected >= run.rows_read > 600
    assert len([r for r in shop_server.requests if r.path.endswith("/orders/count")]) <= 1
