"""A running demo: its programs are started in order, watched over, and ended together."""

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import requests
from django.core.management.base import CommandError, OutputWrapper

from integrationhub.management.demo.places import Place, free_port
from integrationhub.management.demo.world import Tenant
from integrationhub.management.processes import Family, Program, Signals, run_to_its_end

VENDORS_FROM_PAGES = 71  # pages at 8000, pretend vendors at 8071 and 8072
LOCK = "lock"
LOOK_SECONDS = 0.1
LONGEST_START_SECONDS = 90


class StoppedByPersonError(Exception):
    """Somebody pressed Ctrl-C before the demo was up."""


class Stage:
    """The place of a demo and the programs that run there."""

    def __init__(self, home: Path, *, port: int, signals: Signals, out: OutputWrapper) -> None:
        """Choose the vendors' ports; nothing runs yet."""
        shop_port = free_port(port + VENDORS_FROM_PAGES)
        mail_port = free_port(shop_port + 1)
        self.place = Place(home=home, shop_port=shop_port, mail_port=mail_port)
        self._signals, self._out = signals, out
        self._family = Family(signals=signals, say=self.say)

    @contextmanager
    def set_up(self, tenants: Sequence[Tenant]) -> Iterator[None]:
        """Have the vendors running and the database migrated; in the end, end everything."""
        with _alone_in(self.place):
            try:
                self._start_vendors(tenants)
                self.say("Preparing the database ...")
                self.do("migrate", "--verbosity", "0")
                yield
            finally:
                self._family.end()

    def say(self, sentence: str) -> None:
        """Tell the person at the terminal."""
        self._out.write(sentence)
        self._out.flush()

    def do(self, *command: str) -> None:
        """Carry out a command of the hub here. Raises CommandError when it fails."""
        if status := self.run(*command):
            raise CommandError(f"`{command[0]}` failed, as said above.", returncode=status)

    def run(self, *command: str) -> int:
        """Carry out a command of the hub here, and return its exit status."""
        status = run_to_its_end(self.place.task(*command), signals=self._signals)
        if self._signals.is_stopping:
            raise StoppedByPersonError
        return status

    def serve(self, program: Program, *, answers_at: str = "") -> None:
        """Start a program that keeps running, and wait until it answers."""
        self._family.start(program)
        if answers_at:
            self._wait_for(answers_at)

    def stay(self) -> None:
        """Keep everything running until somebody asks to stop."""
        self._family.watch()

    def _start_vendors(self, tenants: Sequence[Tenant]) -> None:
        self.say("Starting a pretend BigCommerce and a pretend Dotdigital ...")
        for vendor in self.place.vendors(tenants):
            self._family.start(vendor)
        self._wait_for(f"{self.place.shop_url}/sandbox/")
        self._wait_for(f"{self.place.mail_url}/sandbox/")

    def _wait_for(self, url: str) -> None:
        end = time.monotonic() + LONGEST_START_SECONDS
        is_up = False

        def is_settled() -> bool:
            nonlocal is_up
            is_up = is_up or _answers(url)
            return is_up or time.monotonic() > end

        self._family.watch(until=is_settled, every=LOOK_SECONDS)
        if self._signals.is_stopping:
            raise StoppedByPersonError
        if not is_up:
            raise CommandError(f"{url} does not answer; {self.place.logs} may say why.")


def running_in(home: Path) -> Place:
    """Return the place of the demo that runs in this directory. Raises CommandError."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a+") as lock:
        if _is_ours(lock):
            raise CommandError(
                "No demo is running. Start script/demo in another terminal, and leave it running."
            )
        lock.seek(0)
        shop_port, mail_port = map(int, lock.read().split())
    return Place(home=home, shop_port=shop_port, mail_port=mail_port)


@contextmanager
def _alone_in(place: Place) -> Iterator[None]:
    """Keep a second demo out of the directory, where both would write; say in it where we are."""
    place.home.mkdir(parents=True, exist_ok=True)
    with (place.home / LOCK).open("a+") as lock:
        if not _is_ours(lock):
            raise CommandError(f"A demo is running in {place.home} already.")
        lock.truncate(0)
        print(place.shop_port, place.mail_port, file=lock, flush=True)
        yield


def _is_ours(lock: TextIO) -> bool:
    """Take the lock, and return whether nobody else has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=LONGEST_START_SECONDS).ok
    except requests.RequestException:
        return False
