"""Cursor: how far a source of a store has been read, and which records a complete read has seen."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from integrationhub.models import bulk
from integrationhub.models.stores import Store

if TYPE_CHECKING:
    from integrationhub.models.runs import SyncRun

_ADVANCED = ("position", "read_started_at", "began_at", "is_again", "is_full")


class Cursor(models.Model):
    """How far one source of a store has been read.

    `since` is the vendor's clock before the last complete read; `position` the place inside a
    read that is going on, and `read_started_at` the vendor's clock when that read began.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="cursors", db_index=False)
    source = models.CharField(max_length=60)
    since = models.DateTimeField(null=True)
    position = models.TextField(blank=True)
    read_started_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField("our clock when the latest read began", null=True)
    is_again = models.BooleanField("read again in one run, which took long", default=False)
    is_full = models.BooleanField("reading everything", default=True)
    full_read_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    completed_in = models.ForeignKey(
        "integrationhub.SyncRun", models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "source"], name="one_cursor_per_source"),
            models.CheckConstraint(
                condition=Q(position="") | Q(read_started_at__isnull=False),
                name="position_belongs_to_a_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store}: {self.source}"

    def advance(self, position: str) -> None:
        """Remember that everything up to `position` stands in the ledger."""
        self.position = position
        bulk.update_one(Cursor, self.pk, {name: getattr(self, name) for name in _ADVANCED})

    def complete(self, run: "SyncRun", now: datetime) -> None:
        """Remember that the read which began at `read_started_at` has reached its end."""
        self.since, self.read_started_at, self.position = self.read_started_at, None, ""
        self.completed_in, self.completed_at = run, now
        if self.is_full:  # as old as its beginning: what was asked for since is still due
            self.full_read_at = max(self.began_at or run.started_at, run.started_at)
        self.is_full = False
        self.save()


class SeenRecord(models.Model):
    """A record that the complete read going on has seen; what is not seen may be deleted."""

    cursor = models.ForeignKey(Cursor, models.CASCADE, related_name="seen", db_index=False)
    remote_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cursor", "remote_id"], name="seen_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.remote_id} of {self.cursor}"
