"""`manage.py send_alerts`: tells people of stores whose sync needs them, without the queue."""

from typing import Any

from django.utils import timezone

from integrationhub.alerts import send_alerts
from integrationhub.management.migrated import MigratedCommand


class Command(MigratedCommand):
    """For cron, on a machine that runs no worker: so that a worker that is gone is noticed."""

    help = (
        "Mails the people of each store whose sync has come to need attention, or works again. "
        "The worker does this each minute; run it from cron too, and a missing worker is told of."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send what there is to tell, and say of how many stores."""
        told = send_alerts(timezone.now())
        self.stdout.write(f"Told of {told} store{'' if told == 1 else 's'}.")
