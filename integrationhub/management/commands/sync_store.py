"""`manage.py sync_store`: one sync run of one store, now and in this process."""

import json
import signal
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console

from integrationhub import sync
from integrationhub.management.lookups import USAGE, add_store_arguments, find_store
from integrationhub.management.migrated import MigratedCommand
from integrationhub.management.progress import shown_progress
from integrationhub.management.run_report import run_report, run_tables
from integrationhub.management.tables import console_for
from integrationhub.models import Store, SyncRun

BUSY, INTERRUPTED = 4, 130
EXIT_STATUS = {SyncRun.Status.COMPLETED: 0, SyncRun.Status.FAILED: 1, SyncRun.Status.STOPPED: 3}
BY_COMMAND = sync.Start(trigger=SyncRun.Trigger.COMMAND)
LOOK_AGAIN_SECONDS = 0.5

HELP = """Runs one sync of a store, now and in this process.

No question is asked: a first sync adds everybody who belongs in the chosen books.

exit status:
  0  the run completed
  1  the run failed; the report says why and what to do
  2  wrong usage, an unknown store, or nothing to sync in it
  3  the run was stopped, or waits for a person to look and press Go on
  4  a worker is syncing this store right now
"""


class Command(MigratedCommand):
    """Runs one sync to its end, shows how far it is, and reports."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help text as they are."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the store."""
        add_store_arguments(parser)
        parser.add_argument("--json", action="store_true", help="report as JSON on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sync, report, and say by the exit status how it went."""
        store = find_store(options["store_hash"], options["account"])
        _check_syncable(store)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with shown_progress(store, Console(stderr=True)):
            run = sync_to_the_end(store)
        self._tell(run_report(run), is_json=options["json"])
        sys.exit(EXIT_STATUS.get(SyncRun.Status(run.status), 1))

    def _tell(self, report: dict[str, Any], *, is_json: bool) -> None:
        if is_json:
            return self.stdout.write(json.dumps(report, indent=2))
        console = console_for(self.stdout)
        for part in run_tables(report):
            console.print(part)
        return None


def _check_syncable(store: Store) -> None:
    if store.is_disconnected:
        message = f"{store} is disconnected. `manage.py connect_store` connects it again."
        raise CommandError(message, returncode=USAGE)
    if not store.is_sync_enabled:
        message = f"Data sync is off for {store}. Turn it on on the store's page first."
        raise CommandError(message, returncode=USAGE)
    if not store.address_book_mappings.exists():
        message = f"No address book is chosen for {store}. `manage.py connect_store` chooses one."
        raise CommandError(message, returncode=USAGE)


def sync_to_the_end(store: Store) -> SyncRun:
    """Work on the store slice by slice until its run has ended; a worker may lend a hand."""
    lease = sync.claim_store(store, timezone.now())
    if lease is None:
        message = f"A worker is syncing {store} right now. Try again when it has finished."
        raise CommandError(message, returncode=BUSY)
    run = _work(lease)
    while run.finished_at is None:
        time.sleep(LOOK_AGAIN_SECONDS)
        run = _go_on(store)
    return run


def _go_on(store: Store) -> SyncRun:
    """Work another slice, if the run asks for one now and no worker is at it."""
    run = _latest_run(store.pk)
    is_waiting = run.goes_on_at is not None and run.goes_on_at > timezone.now()
    if run.finished_at or is_waiting:
        return run
    store.refresh_from_db()
    lease = sync.claim_store(store, timezone.now())
    return _work(lease) if lease else run


def _work(lease: sync.Lease) -> SyncRun:
    """Work one slice; Ctrl-C gives the store back, so that a worker may go on at once."""
    try:
        return sync.work_on(lease, now=timezone.now, start=BY_COMMAND)
    except sync.LeaseLostError:
        return _latest_run(lease.store_id)
    except KeyboardInterrupt:
        lease.give_back(next_sync_at=timezone.now())
        message = "Interrupted. What was done is kept; a worker, or this command, goes on there."
        raise CommandError(message, returncode=INTERRUPTED) from None


def _latest_run(store_id: int) -> SyncRun:
    runs = SyncRun.objects.filter(store_id=store_id).select_related("store__account")
    run: SyncRun = runs.latest("pk")
    return run
