"""`manage.py demo`: the whole program against two pretend vendors, on this machine only."""

import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrationhub.management.demo.shows import carry_out, show_one_sync, show_pages
from integrationhub.management.processes import Signals


class Command(BaseCommand):
    """Shows the program without a vendor's account, an internet connection or a setting."""

    help = (
        "Starts two pretend vendors, two tenants, a worker and the pages, and serves until Ctrl-C. "
        "What happens in it is kept in var/demo; remove that directory to begin anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer another port, one sync instead of pages, and a command on what the demo has."""
        parser.add_argument("--port", type=int, default=8000, help="of the pages (8000)")
        parser.add_argument(
            "--once", action="store_true", help="one full sync of one store, its table, no pages"
        )
        parser.add_argument(
            "--people", type=int, default=10_000, help="with --once: how many (10000)"
        )
        parser.add_argument(
            "command",
            nargs=REMAINDER,
            help="a command of manage.py, carried out on what the demo that is running has: "
            "explain_contact nwo42 EMAIL",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the demo; its exit status is that of the sync with --once, or of the command."""
        if not settings.DEBUG:
            raise CommandError(
                "The demo talks to pretend vendors, with log-ins known to everybody: "
                "it does not start with DEBUG off."
            )
        if options["command"]:
            carry_out(options["command"])
        signals = Signals()
        given = {"port": options["port"], "signals": signals, "out": self.stdout}
        with signals.heeded():
            if options["once"]:
                sys.exit(show_one_sync(options["people"], **given))
            sys.exit(show_pages(**given))
