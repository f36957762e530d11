"""Tests of the numbers of people who were read and had not changed: each counts exactly once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrationhub import sync
from integrationhub.models import AudienceCount, Contact, Cursor, SyncRun, UnchangedContact
from integrationhub.reasons import Reason

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
OUTCOMES = ("read", "added", "updated", "unchanged", "skipped", "failed")


def counts(run):
    rows = AudienceCount.objects.filter(run=run).values_list("audience", *OUTCOMES)
    return {audience: dict(zip(OUTCOMES, numbers, strict=True)) for audience, *numbers in rows}


def people(audience, standing):
    return Contact.objects.filter(**{f"{audience}_standing": standing}).count()


def all_unchanged(run):
    """Whether everybody whom the ledger knows was counted, once in each audience."""
    for audience in ("subscribers", "customers"):
        of = counts(run)[audience]
        assert (of["added"], of["updated"], of["failed"]) == (0, 0, people(audience, "failed"))
        assert of["unchanged"] == people(audience, "in_book")
        assert of["skipped"] == people(audience, "left_out")
    return True


@pytest.fixture
def filled(seeded_shop, books, run_once):
    """Bring a few hundred people into the books, many of them known to several sources."""
    return run_once()


def test_a_complete_read_counts_everybody_who_is_unchanged_once(filled, run_once, settings):
    settings.FULL_READ_HOURS = 0

    run = run_once()

    assert all_unchanged(run)
    assert not UnchangedContact.objects.exists()


def test_an_overlapping_read_counts_those_it_sees_again_once(
    shop, books, run_once, sandboxes_later
):
    customer = shop.add_customer(email="jane@shop.example")
    sandboxes_later(minutes=60)
    shop.subscribe("jane@shop.example")
    for _ in range(3):
        shop.place_order(customer_id=customer)
    run_once()

    run = run_once()

    assert counts(run)["subscribers"]["unchanged"] == 1
    assert counts(run)["customers"]["unchanged"] == 1
    assert not UnchangedContact.objects.exists()


def test_somebody_unchanged_in_one_source_and_changed_in_another_counts_as_changed(
    shop, books, run_once
):
    customer = shop.add_customer(email="jane@shop.example")
    shop.place_order(customer_id=customer)
    run_once()
    shop.subscribe("jane@shop.example")

    run = run_once()

    assert counts(run)["subscribers"] == dict.fromkeys(OUTCOMES, 0) | {"read": 1, "added": 1}
    assert counts(run)["customers"]["unchanged"] == 0
    assert counts(run)["customers"]["updated"] == 1


@pytest.mark.parametrize("is_complete", [True, False])
def test_a_run_of_many_slices_counts_everybody_once(filled, store, settings, is_complete):
    settings.FULL_READ_HOURS = 0 if is_complete else 24
    Cursor.objects.exclude(source__startswith="opt-outs").update(since=LONG_AGO)
    run = None

    while run is None or run.finished_at is None:
        store.refresh_from_db()
        lease = sync.claim_store(store, timezone.now())
        run = sync.work_on(lease, now=timezone.now, ends_at=timezone.now() - timedelta(seconds=1))

    assert run.status == SyncRun.Status.COMPLETED
    assert all_unchanged(run)


def test_a_run_over_an_unchanged_store_writes_no_row_of_the_ledger(filled, run_once, settings):
    settings.FULL_READ_HOURS = 0

    with CaptureQueriesContext(
        connection,
    ) as queries:
        run = run_once()

    table = f'"{Contact._meta.db_table}"'
    writes = [q["sql"] for q in queries if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert run.reason in {Reason.NOTHING_TO_DO, Reason.DONE_WITH_FAILURES}
    assert writes
    assert not [sql for sql in writes if table in sql.split("WHERE")[0]]


def test_our_own_write_back_coming_back_writes_no_row_of_the_ledger(shop, mail, books, run_once):
    customer = shop.add_customer(email="jane@shop.example")
    shop.subscribe("jane@shop.example")
    shop.place_order(customer_id=customer)
    run_once()
    mail.unsubscribe("jane@shop.example")
    run_once()

    with CaptureQueriesContext(connection) as queries:
        run = run_once()

    table = f'"{Contact._meta.db_table}"'
    writes = [q["sql"] for q in queries if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert run.reason == Reason.NOTHING_TO_DO
    assert run.rows_read > 0
    assert not [sql for sql in writes if table in sql.split("WHERE")[0]]
