"""`manage.py schedule_jobs`: makes the schedules of the background jobs what they should be."""

from typing import Any

from integrationhub.management.migrated import MigratedCommand
from integrationhub.management.schedules import SCHEDULES, keep_schedules


class Command(MigratedCommand):
    """Upserts the schedules by name; safe to repeat."""

    help = "Makes or mends the schedules of the background jobs. The worker does this by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say of each schedule whether it was already as it should be."""
        changed = keep_schedules()
        for name in SCHEDULES:
            self.stdout.write(f"{name}: {'scheduled' if name in changed else 'as it should be'}")
