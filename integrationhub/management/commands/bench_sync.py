"""`manage.py bench_sync`: measures the sync against pretend vendors, beside the barest program."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrationhub.management.bench.claims import claims
from integrationhub.management.bench.first_run import FOLLOWERS, first_run
from integrationhub.management.bench.limits import memory, quota, wall
from integrationhub.management.bench.plan import Plan
from integrationhub.management.bench.rows import HEADINGS, Row, as_markdown, medians
from integrationhub.management.bench.scratch import server_url
from integrationhub.management.bench.workers import beside, tenants
from integrationhub.management.tables import console_for, rows_table

SCENARIOS: dict[str, Callable[[Plan], Iterable[Row]]] = {
    "first-run": first_run,
    "wall": wall,
    "quota": quota,
    "memory": memory,
    "claims": claims,
    "beside": beside,
    "tenants": tenants,
}
NAMES = (*SCENARIOS, *FOLLOWERS)


class Command(BaseCommand):
    """Prints the table of what a sync costs."""

    help = (
        "Measures syncs of made-up stores against two pretend vendors on this machine and a "
        "scratch database, and prints each figure beside its bound and beside a bare loop's. "
        "All rows take an hour; --only names some: " + ", ".join(NAMES) + "."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask how large, how slow, and which rows."""
        parser.add_argument("--people", type=int, default=100_000, help="customers (100000)")
        parser.add_argument(
            "--largest", type=int, default=1_000_000, help="customers of the largest store"
        )
        parser.add_argument("--latency", type=float, default=80.0, help="ms, for `wall` (80)")
        parser.add_argument("--quota", type=int, default=150, help="per 30 s, for `quota` (150)")
        parser.add_argument("--only", default="", metavar="NAME,...", help="these rows only")
        parser.add_argument("--repeat", type=int, default=1, help="tell the medians of so many")
        parser.add_argument(
            "--database-url",
            default=server_url(),
            help="a PostgreSQL server, for a scratch database there (the hub's own; else a file)",
        )
        parser.add_argument("--profile", default="", metavar="FILE", help="cProfile of a first run")
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--markdown", action="store_true", help="for docs/performance.md")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, and tell."""
        if not settings.DEBUG:
            raise CommandError("The benchmark starts pretend vendors: it does not run, DEBUG off.")
        plan = _plan(options)
        rows = medians(row for _ in range(options["repeat"]) for row in self._measure(plan))
        if options["json"]:
            self.stdout.write(json.dumps([row.as_json() for row in rows], indent=2))
        elif options["markdown"]:
            self.stdout.write(as_markdown(rows))
        else:
            title = f"{plan.people:,} customers, {plan.database}"
            table = rows_table(title, HEADINGS, [row.cells for row in rows])
            console_for(self.stdout).print(table)

    def _measure(self, plan: Plan) -> Iterator[Row]:
        for name, scenario in SCENARIOS.items():
            is_wanted = plan.wants(name) or (name == "first-run" and plan.wants_any(FOLLOWERS))
            for row in scenario(plan) if is_wanted else ():
                self.stderr.write("  ".join(row.cells))
                yield row


def _plan(options: dict[str, Any]) -> Plan:
    only = frozenset(filter(None, options["only"].split(",")))
    if unknown := only.difference(NAMES):
        message = f"There is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}."
        raise CommandError(message)
    names = ("people", "largest", "latency", "quota", "database_url", "profile")
    return Plan(only=only, **{name: options[name] for name in names})
