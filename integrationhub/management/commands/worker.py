"""`manage.py worker`: runs the background jobs, and starts them again whatever happens."""

import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from integrationhub.management.cluster import run_cluster
from integrationhub.management.processes import Family, Program, Signals
from integrationhub.management.schedules import keep_schedules

log = logging.getLogger(__name__)


def worker_program(*, grace_seconds: float) -> Program:
    """Return the program of one cluster, which ends when the process that starts it is gone."""
    manage = str(settings.BASE_DIR / "manage.py")
    return Program(
        name="worker",
        command=[sys.executable, manage, "worker", "--unsupervised", "--until-stdin-closes"],
        grace_seconds=grace_seconds,
    )


class Command(BaseCommand):
    """Runs a cluster of django-q2 under a small parent that restarts it."""

    help = (
        "Runs the background jobs until SIGTERM or Ctrl-C, which let a running job end first. "
        "A cluster that crashes is started again, after 0.5 seconds at first, 30 at most."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to run without the parent."""
        parser.add_argument(
            "--unsupervised",
            action="store_true",
            help="run one cluster and exit when it crashes: for systemd or a container that "
            "restarts it",
        )
        parser.add_argument(
            "--until-stdin-closes",
            action="store_true",
            help="with --unsupervised: end at once when the other end of stdin is gone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the cluster here, or in a child that is watched over."""
        if not options["unsupervised"]:
            return self._watch_over_a_cluster()
        try:
            keep_schedules()
            run_cluster(is_ending_with_stdin=options["until_stdin_closes"])
        except (DatabaseError, RuntimeError) as error:
            raise CommandError(f"{error}: is the database there, and migrated?") from error

    def _watch_over_a_cluster(self) -> None:
        signals = Signals()
        family = Family(signals=signals, say=log.warning)
        with signals.heeded():
            try:
                family.start(worker_program(grace_seconds=settings.JOB_TIMEOUT + 10))
                family.watch()
            finally:
                family.end()
