"""`manage.py bench_pages`: measures the server's time for every page of a hub full of rows."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrationhub.management.bench.first_run import ACCOUNT
from integrationhub.management.bench.rows import PAGE_HEADINGS, PageTime, as_markdown
from integrationhub.management.bench.scratch import scratch_hub, server_url
from integrationhub.management.bench.vendors import World, running
from integrationhub.management.tables import console_for, rows_table

CUSTOMERS_ASKED_ABOUT = 50
SIZES = ("people", "runs", "books")


class Command(BaseCommand):
    """Prints what each page takes: milliseconds at the median, and queries."""

    help = (
        "Fills a scratch database, opens every page as a marketer or staff, and prints the "
        "server's time and queries of each. Both vendors are pretend ones on this machine that "
        "answer at once; the two pages that ask them say so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask how much of everything there is, and how often to look."""
        parser.add_argument("--people", type=int, default=1_000_000, help="contacts (1000000)")
        parser.add_argument("--runs", type=int, default=10_000, help="sync runs (10000)")
        parser.add_argument("--books", type=int, default=1000, help="address books (1000)")
        parser.add_argument("--repeat", type=int, default=21, help="medians of so many (21)")
        parser.add_argument(
            "--database-url",
            default=server_url(),
            help="a PostgreSQL server, for a scratch database there (the hub's own; else a file)",
        )
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--markdown", action="store_true", help="for docs/performance.md")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, and tell."""
        if not settings.DEBUG:
            raise CommandError("The benchmark starts pretend vendors: it does not run, DEBUG off.")
        rows = [PageTime(**told) for told in _measured(options)]
        if options["json"]:
            self.stdout.write(json.dumps([row.as_json() for row in rows], indent=2))
        elif options["markdown"]:
            self.stdout.write(as_markdown(rows, PAGE_HEADINGS))
        else:
            title = "{people:,} contacts, {runs:,} runs, {books:,} address books".format_map(
                options
            )
            table = rows_table(title, PAGE_HEADINGS, [row.cells for row in rows])
            console_for(self.stdout).print(table)


def _measured(options: dict[str, Any]) -> list[dict[str, Any]]:
    with (
        running(World.of_one(CUSTOMERS_ASKED_ABOUT), accounts=[ACCOUNT]) as vendors,
        scratch_hub(vendors, database_url=options["database_url"]) as hub,
    ):
        hub.connect(ACCOUNT)
        places = hub.task("populate", *(str(options[name]) for name in SIZES))
        told: list[dict[str, Any]] = hub.task(
            "page-times", json.dumps(places), str(options["repeat"])
        )
        return told
