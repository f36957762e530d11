"""What the queue calls: each looks in the database for what is due, and may run twice or never."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_q.models import Task

from integrationhub import sync
from integrationhub.doorbell import ring

log = logging.getLogger(__name__)
RESULTS_KEPT = timedelta(days=30)


def tick() -> None:
    """Ring for the workers when a store is due; runs every minute."""
    if sync.is_any_due(timezone.now()):
        ring(settings.Q_CLUSTER["workers"])


def work() -> None:
    """Work on due stores, the most overdue first, until this job's time is up."""
    ends_at = timezone.now() + timedelta(seconds=settings.SYNC_SLICE_SECONDS)
    turns = sync.Turns()
    while timezone.now() < ends_at and (lease := turns.claim(timezone.now())):
        is_awaited = sync.is_any_due(timezone.now())
        try:
            sync.work_on(lease, now=timezone.now, ends_at=ends_at, is_awaited=is_awaited)
        except sync.LeaseLostError as error:
            log.warning("%s: another worker goes on", error)
    if sync.is_any_due(timezone.now()):
        ring()


def housekeeping() -> None:
    """Throw away what the queue has kept of jobs that ended long ago; runs every day."""
    Task.objects.filter(stopped__lt=timezone.now() - RESULTS_KEPT).delete()
