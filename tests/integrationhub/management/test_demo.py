"""`manage.py demo`, as somebody would start it in a terminal."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from integrationhub.management.commands.sync_store import BUSY
from integrationhub.management.demo.world import BLUEBIRD, NORTHWIND, TENANTS
from tests.processes import MANAGE, children, eventually, living

PEOPLE = "60"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Demo:
    """A demo in a directory of its own, and what it says."""

    def __init__(
        self, directory: Path, *options: str, said: str = "said", **environment: str
    ) -> None:
        """Start it; what it says goes into the file of that name."""
        self._said = directory / said
        place = {"DATA_DIR": str(directory), "DJANGO_SETTINGS_MODULE": "integrationhub.settings"}
        with self._said.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, MANAGE, "demo", *options],
                env={**os.environ, **place, **environment},
                stdout=out,
                stderr=out,
            )

    @property
    def said(self) -> str:
        return self._said.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"Integration Hub is up: (\S+)", self.said)
        assert found, self.said
        return found[1]

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said
        return "Ctrl-C stops everything" in self.said

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def start(tmp_path):
    with ExitStack() as stack:

        def go(*options, **environment):
            demo = Demo(tmp_path, *options, **environment)
            stack.callback(demo.end)
            return demo

        yield go


@pytest.fixture(scope="module")
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory, taken_port):
    """A demo that wanted a port in use, for all who do not end it; and its directory."""
    directory = tmp_path_factory.mktemp("crowded")
    with ExitStack() as stack:
        demo = Demo(directory, "--port", str(taken_port))
        stack.callback(demo.end)
        eventually(demo.is_up, within=60)
        yield demo, directory


def test_the_demo_serves_until_ctrl_c_and_leaves_no_child_behind(start, port):
    demo = start("--port", str(port))
    eventually(demo.is_up, within=60)
    page = requests.get(f"http://127.0.0.1:{port}/", timeout=10)
    programs = children(demo.process.pid)

    demo.process.send_signal(signal.SIGINT)
    demo.process.send_signal(signal.SIGINT)

    assert demo.process.wait(30) == 0
    assert page.ok
    assert "/accounts/login/" in page.url
    assert len(programs) == 4
    assert not living(programs)


def test_the_demo_restarts_a_program_that_dies_and_says_so(crowded):
    demo, _ = crowded
    web = max(children(demo.process.pid))

    os.kill(web, signal.SIGKILL)

    eventually(lambda: "web has ended (-9)" in demo.said)
    eventually(lambda: answers(f"{demo.address}/accounts/login/"))


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).ok
    except requests.ConnectionError:
        return False


def test_a_port_in_use_is_named_and_the_next_one_taken(crowded, taken_port):
    demo, _ = crowded

    assert f"Port {taken_port} is in use" in demo.said
    assert demo.address != f"http://127.0.0.1:{taken_port}"
    assert answers(f"{demo.address}/accounts/login/")


def test_one_sync_is_shown_with_its_table_and_a_second_one_sends_nothing(start, port):
    options = ("--once", "--people", PEOPLE, "--port", str(port))
    first = start(*options)
    assert first.process.wait(90) == 0, first.said
    told = first.said

    second = start(*options)

    assert second.process.wait(90) == 0, second.said
    assert told_number("imports sent", told) > 0
    assert told_number("imports sent", second.said.removeprefix(told)) == 0
    assert told_number("calls to BigCommerce", told) > 0


def told_number(name: str, text: str) -> int:
    found = re.search(rf"{name}\s*\S\s*(\d+)", text)
    assert found, text
    return int(found[1])


def sync_when_free(directory: Path) -> "Demo":
    """Sync by command, again where the demo's own worker has the store just then."""
    for _ in range(20):
        synced = Demo(directory, "sync_store", BLUEBIRD.store_hash, "--json", said="synced")
        if synced.process.wait(60) != BUSY:
            return synced
    pytest.fail("the worker has never let go of the store")


def test_a_command_is_carried_out_on_what_the_demo_has(crowded):
    demo, directory = crowded
    secrets = ("--token", BLUEBIRD.access_token, "--api-user", BLUEBIRD.api_user)

    connected = Demo(
        directory,
        *("connect_store", BLUEBIRD.slug, BLUEBIRD.store_hash, *secrets),
        *("--api-password", BLUEBIRD.api_password),
        said="connected",
    )
    assert connected.process.wait(30) == 0, connected.said
    synced = sync_when_free(directory)

    assert synced.process.returncode == 0, synced.said
    assert '"status": "completed"' in synced.said
    assert "script/demo explain_contact" in demo.said


def test_without_a_demo_a_command_for_it_says_so_and_touches_nothing(start):
    demo = start("sync_store", NORTHWIND.store_hash)

    assert demo.process.wait(30) == 1
    assert "No demo is running" in demo.said


def test_who_disconnects_a_store_reads_how_to_connect_it_again(crowded):
    demo, _ = crowded

    for tenant in TENANTS:
        secrets = (tenant.store_hash, tenant.access_token, tenant.api_user, tenant.api_password)
        assert re.search(" +".join(secrets), demo.said)


def test_a_second_demo_in_the_same_directory_is_refused(crowded, port):
    first, directory = crowded

    second = Demo(directory, "--port", str(port))

    assert second.process.wait(30) == 1
    assert "already" in second.said
    assert first.process.poll() is None


def test_the_demo_does_not_start_in_production(start):
    secrets = {"SECRET_KEY": "x" * 60, "ENCRYPTION_KEYS": f"k1:{'A' * 43}="}

    demo = start(DEBUG="off", **secrets)

    assert demo.process.wait(30) == 1
    assert "does not start with DEBUG off" in demo.said
