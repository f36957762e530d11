"""What the queue calls: each looks in the database for what is due, and may run twice or never."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from integrationhub import sync
from integrationhub.doorbell import ring

log = logging.getLogger(__name__)


def tick() -> None:
    """Ring for the workers when a store is due; runs every minute."""
    if sync.is_any_due(timezone.now()):
        ring(settings.Q_CLUSTER["workers"])


def work() -> None:
    """Work on due stores, the most overdue first, until this job's time is up."""
    ends_at = timezone.now() + timedelta(seconds=settings.SYNC_SLICE_SECONDS)
    while timezone.now() < ends_at and (lease := sync.claim(timezone.now())):
        try:
            sync.work_on(lease, now=timezone.now, ends_at=ends_at)
        except sync.LeaseLostError as error:
            log.warning("%s: another worker goes on", error)
    if sync.is_any_due(timezone.now()):
        ring()
