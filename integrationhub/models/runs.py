"""SyncRun (one pass over one store), its steps and counts, and the contact imports it made."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from integrationhub.models.mappings import Audience
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet


class SyncRun(Owned):
    """One pass over one store; open while `finished_at` is empty, and only one may be."""

    OWNER = "store__account"

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule"
        PERSON = "person"
        COMMAND = "command"

    class Status(models.TextChoices):
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        STOPPED = "stopped"
        STALLED = "stalled"

    class Step(models.TextChoices):
        OPT_OUTS = "opt_outs", "reading opt-outs"
        WRITE_BACK = "write_back", "writing opt-outs back"
        PULL = "pull", "reading the store"
        DECIDE = "decide", "deciding"
        PUSH = "push", "sending"

    store = models.ForeignKey(Store, models.CASCADE, related_name="runs", db_index=False)
    trigger = models.CharField(max_length=10, choices=Trigger)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    step = models.CharField(max_length=10, choices=Step, default=Step.OPT_OUTS)
    is_first = models.BooleanField("first run", default=False)
    is_preview = models.BooleanField("preview: reads and counts, sends nothing", default=False)
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    stop_requested_at = models.DateTimeField(null=True, blank=True)
    stop_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField("what the vendor said", blank=True)
    goes_on_at = models.DateTimeField(null=True, blank=True)

    rows_read = models.PositiveIntegerField(default=0)
    rows_unreadable = models.PositiveIntegerField(default=0)
    rows_expected = models.PositiveIntegerField(null=True, blank=True)
    opt_outs_seen = models.PositiveIntegerField(default=0)
    written_back = models.PositiveIntegerField(default=0)
    write_backs_refused = models.PositiveIntegerField("opt-outs that wait refused", default=0)
    removed = models.PositiveIntegerField(default=0)
    bigcommerce_calls = models.PositiveIntegerField(default=0)
    dotdigital_calls = models.PositiveIntegerField(default=0)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store"], condition=Q(finished_at=None), name="one_open_run_per_store"
            ),
            models.CheckConstraint(
                condition=Q(status="running", finished_at=None)
                | ~Q(status="running") & Q(finished_at__isnull=False),
                name="a_finished_run_is_not_running",
            ),
        ]
        indexes = [models.Index(fields=["store", "-started_at"], name="runs_of_store")]

    def __str__(self) -> str:
        return f"sync run {self.pk}"


class AudienceCount(models.Model):
    """What one run did with the people of one audience; the outcomes add up to those read."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="counts", db_index=False)
    audience = models.CharField(max_length=11, choices=Audience)
    read = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "audience"], name="one_count_per_audience"),
            models.CheckConstraint(
                condition=Q(
                    read=F("added") + F("updated") + F("unchanged") + F("skipped") + F("failed")
                ),
                name="the_numbers_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} of {self.run}"


class ReasonCount(models.Model):
    """How many people of an audience one run brought to an outcome for one reason.

    Added up with AudienceCount, so that for each outcome the numbers agree.
    """

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="reason_counts", db_index=False)
    audience = models.CharField(max_length=11, choices=Audience)
    outcome = models.CharField(max_length=9)
    reason = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "audience", "outcome", "reason"], name="one_number_per_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.audience} {self.outcome} of {self.run}"


class RunStep(models.Model):
    """When a run first came to a step, and the time and calls it has spent there so far."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="steps", db_index=False)
    step = models.CharField(max_length=10, choices=SyncRun.Step)
    began_at = models.DateTimeField()
    worked_ms = models.PositiveBigIntegerField("milliseconds of work", default=0)
    bigcommerce_calls = models.PositiveIntegerField(default=0)
    dotdigital_calls = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "step"], name="one_row_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.run}"


class UnchangedContact(models.Model):
    """Somebody whom a run has read and found as before; counted, and struck out, at its end."""

    contact = models.OneToOneField(
        "integrationhub.Contact", models.CASCADE, primary_key=True, related_name="+"
    )
    store = models.ForeignKey(Store, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"unchanged {self.contact_id}"


class ContactImport(Owned):
    """One batch of contacts handed to Dotdigital, and what became of it."""

    OWNER = "store__account"

    class Status(models.TextChoices):
        SENDING = "sending"
        RUNNING = "running"
        FINISHED = "finished"
        REFUSED = "refused"
        UNKNOWN = "unknown"

    store = models.ForeignKey(Store, models.CASCADE, related_name="imports")
    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="imports")
    books = models.JSONField(default=dict, help_text="Audience to book id, as it was sent.")
    remote_id = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.SENDING)
    sent = models.PositiveIntegerField()
    failed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    detail = models.TextField(blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["store", "id"], name="open_imports", condition=Q(finished_at=None))
        ]

    def __str__(self) -> str:
        return f"contact import {self.pk}"
