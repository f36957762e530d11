"""What every command that works on the database has in common: the database must be set up."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class MigratedCommand(BaseCommand):
    """A command that says so in one sentence where the database is not migrated."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Go on with a database that has every table and column. Raises CommandError."""
        executor = MigrationExecutor(connection)
        if not executor.loader.applied_migrations:
            raise CommandError("The database is not set up yet: run manage.py migrate first.")
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is of an older version: run manage.py migrate first.")
