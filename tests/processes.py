"""The hub as real processes, on a database of their own and against sandboxes of this process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings

from bigcommerce.sandbox import Sandbox as BigCommerceSandbox
from dotdigital.sandbox import Sandbox as DotdigitalSandbox

MANAGE = str(settings.BASE_DIR / "manage.py")
Answer = TypeVar("Answer")
IMPATIENT = {
    "IMPORT_ASK_SECONDS": "0",
    "JOB_POLL_SECONDS": "0.2",
    "SYNC_INTERVAL_SECONDS": "2",
}


class Hub:
    """Runs commands of the hub, and keeps programs running until the test is over."""

    def __init__(self, environment: Mapping[str, str], *, log: Path) -> None:
        """Remember where the hub of this test lives."""
        self.environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "integrationhub.settings"}
        self.environment |= environment
        self._log = log
        self._programs: list[subprocess.Popen[bytes]] = []

    def run(self, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, MANAGE, *command],
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # nobody to ask for anything
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def ask(self, *command: str) -> Any:
        """Run a command that must succeed, and return what it says as JSON."""
        done = self.run(*command, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def shell(self, code: str) -> str:
        """Run lines of Python in the hub, and return what they print."""
        done = self.run("shell", "--no-imports", "--command", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a command, or with "-m" first a module, that runs until the test is over."""
        arguments = list(command) if command[0] == "-m" else [MANAGE, *command]
        with self._log.open("ab") as log:
            program = subprocess.Popen(
                [sys.executable, *arguments],
                env=self.environment,
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._programs.append(program)
        return program

    def serve(self) -> str:
        """Start the pages and a worker, and return the address of the pages when both are up."""
        address = self.serve_pages()
        self.start("worker")
        self.wait_for_pages()
        self.wait_for_worker()
        return address

    def serve_pages(self) -> str:
        """Start the pages, and return their address."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        server = ("-m", "gunicorn", "integrationhub.wsgi", "--no-control-socket", "--threads", "4")
        self.start(*server, "--bind", f"127.0.0.1:{port}")
        return f"http://127.0.0.1:{port}"

    def wait_for_pages(self) -> None:
        """Return when the pages answer."""
        eventually(lambda: "Listening at" in self.log, why=self.log)

    def wait_for_worker(self) -> None:
        """Return when a worker takes jobs."""
        eventually(lambda: " running." in self.log, why=self.log)

    @property
    def log(self) -> str:
        """What the started programs have said."""
        return self._log.read_text() if self._log.exists() else ""

    def end(self) -> None:
        """End whatever still runs."""
        for program in self._programs:
            program.terminate()
        for program in self._programs:
            try:
                program.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()


def eventually(ask: Callable[[], Answer], *, within: float = 30.0, why: str = "") -> Answer:
    """Return the first true answer; fail when none has come in time."""
    end = time.monotonic() + within
    while not (answer := ask()):
        assert time.monotonic() < end, why or "it did not come about in time"
        time.sleep(0.1)
    return answer


def _processes() -> list[tuple[int, int]]:
    """Every process that is not merely waiting to be buried, with its parent."""
    told = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="],  # noqa: S607 - wherever this system has it
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split() for line in told.stdout.splitlines()]
    return [(int(pid), int(parent)) for pid, parent, state in rows if not state.startswith("Z")]


def children(parent: int) -> list[int]:
    """The processes that this one has started."""
    return [pid for pid, its_parent in _processes() if its_parent == parent]


def living(pids: Iterable[int]) -> set[int]:
    """Those of the processes that are still there."""
    return {pid for pid, _ in _processes()} & set(pids)


@pytest.fixture
def database_url(own_database_name: str) -> str:
    """A database for processes: a file, or one of its own on the server the tests use."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return f"sqlite:///{own_database_name}"
    return f"{server.rpartition('/')[0]}/{own_database_name}"


@pytest.fixture
def hub(
    tmp_path: Path,
    database_url: str,
    shop_server: BigCommerceSandbox,
    mail_server: DotdigitalSandbox,
) -> Iterator[Hub]:
    """A hub of real processes that talks to this test's sandboxes."""
    place = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "DEBUG": "on",
        "BIGCOMMERCE_API_URL": shop_server.url,
        "BIGCOMMERCE_LOGIN_URL": shop_server.url,
        "DOTDIGITAL_API_URL": mail_server.url,
    }
    hub = Hub(IMPATIENT | place, log=tmp_path / "programs.log")
    yield hub
    hub.end()
