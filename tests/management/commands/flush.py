"""`flush` after each test that commits: everything goes but what only a migration may change."""

from typing import Any

from django.core.management.base import BaseCommand
from django.core.management.color import no_style
from django.db import connections

KEPT = {"auth_permission", "django_content_type", "django_migrations"}


class Command(BaseCommand):
    """Keeps the rows that Django's own command deletes and makes again, which takes it longest."""

    stealth_options = (
        "allow_cascade",
        "database",
        "inhibit_post_migrate",
        "interactive",
        "reset_sequences",
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Empty every other table, those of no model too: they may refer to one that has."""
        connection = connections[options["database"]]
        names = connection.introspection.table_names()
        statements = connection.ops.sql_flush(
            no_style(),
            [name for name in names if name not in KEPT],
            reset_sequences=options["reset_sequences"],
            allow_cascade=options["allow_cascade"],
        )
        connection.ops.execute_sql_flush(statements)
