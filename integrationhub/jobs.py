"""What the queue calls: each looks in the database for what is due, and may run twice or never."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_q.models import Task
from django_q.tasks import async_task

from integrationhub import disconnecting, sync
from integrationhub.alerts import send_alerts
from integrationhub.doorbell import ring

log = logging.getLogger(__name__)
RESULTS_KEPT = timedelta(days=30)


def tick() -> None:
    """Ring for the workers when a store is due, and mail who must know; runs every minute."""
    if sync.is_any_due(timezone.now()):
        ring(settings.Q_CLUSTER["workers"])
    send_alerts(timezone.now())


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
    """Throw away what is kept no longer, of the queue and of disconnected stores; runs daily."""
    Task.objects.filter(stopped__lt=timezone.now() - RESULTS_KEPT).delete()
    forget()


def forget() -> None:
    """Forget the people of stores disconnected long ago; what is left when time is up comes next.

    Should that be lost, the next day goes on with it.
    """
    ends_at = timezone.now() + timedelta(seconds=settings.SYNC_SLICE_SECONDS)
    if disconnecting.forget_due(now=timezone.now, ends_at=ends_at):
        async_task("integrationhub.jobs.forget")
