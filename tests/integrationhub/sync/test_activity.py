"""Tests that the engine writes no activity, and asks the database nothing for its sake."""

from contextlib import contextmanager

from auditlog.registry import auditlog
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext

from integrationhub.models import ActivityEntry, Store


@contextmanager
def counted_saves():
    """Count how often a store is saved in a way that auditlog would hear of."""
    saves = []

    def note(sender, **_kwargs):
        saves.append(sender)

    pre_save.connect(note, sender=Store)
    try:
        yield saves
    finally:
        pre_save.disconnect(note, sender=Store)


def test_runs_write_no_activity_and_look_nothing_up_for_it(books, seeded_shop, run_once):
    before = ActivityEntry.objects.count()
    quoted = connection.ops.quote_name
    looked_up = f"ORDER BY {quoted('integrationhub_store')}.{quoted('id')} ASC LIMIT 1"

    with counted_saves() as saves, CaptureQueriesContext(connection) as asked:
        first, second = run_once(), run_once()

    assert first.finished_at is not None
    assert second.finished_at is not None
    assert auditlog.contains(Store)
    assert len(saves) >= 2
    assert ActivityEntry.objects.count() == before
    statements = [query["sql"] for query in asked.captured_queries]
    assert not [each for each in statements if looked_up in each or "activityentry" in each]
