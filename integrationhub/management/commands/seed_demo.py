"""`manage.py seed_demo`: fills a demo's database; the demo calls it when its vendors are up."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrationhub.management.demo.seeding import seed
from integrationhub.management.demo.world import TENANTS


class Command(BaseCommand):
    """Makes the tenants and the log-ins of the demo; safe to repeat."""

    help = "Fills the demo's database. `manage.py demo` calls it; there is no need to."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, unless this is no place for well-known passwords."""
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are known to everybody: not with DEBUG off.")
        seed(TENANTS)
