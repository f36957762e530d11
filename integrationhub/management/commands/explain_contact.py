"""`manage.py explain_contact`: what the ledger knows of one person, and why they stand there."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from integrationhub.management.contact_report import contact_report, contact_tables
from integrationhub.management.lookups import add_store_arguments, find_store
from integrationhub.management.migrated import MigratedCommand
from integrationhub.management.tables import console_for


class Command(MigratedCommand):
    """Answers "why is this person, or is this person not, in my book?"."""

    help = (
        "Says where one person of a store stands and why: the answer first, then what BigCommerce "
        "and Dotdigital have said. Exit status 1: the ledger knows nobody with this address."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the store and the person."""
        add_store_arguments(parser)
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--json", action="store_true", help="report as JSON on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look the person up and report."""
        store = find_store(options["store_hash"], options["account"])
        report = contact_report(store, options["email"])
        if report is None:
            raise CommandError(
                f"Nobody with this address has been read from {store} so far. Is it spelt as in "
                "BigCommerce, and has a sync run completed since the person came?"
            )
        if options["json"]:
            return self.stdout.write(json.dumps(report, indent=2, cls=DjangoJSONEncoder))
        console = console_for(self.stdout)
        with timezone.override(store.account.zone):
            for part in contact_tables(report):
                console.print(part)
        return None
