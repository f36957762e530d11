"""`manage.py demo`, as somebody would start it in a terminal."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.processes import MANAGE, children, eventually, living

PEOPLE = "60"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Demo:
    """A demo in a directory of its own, and what it says."""

    def __init__(self, directory: Path, *options: str, **environment: str) -> None:
        """Start it."""
        self._said = directory / "said"
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

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said
        return "Ctrl-C stops everything" in self.said


@pytest.fixture
def start(tmp_path):
    demos = []

    def go(*options, **environment):
        demos.append(Demo(tmp_path, *options, **environment))
        return demos[-1]

    yield go
    for demo in demos:
        demo.process.terminate()
        demo.process.wait(30)


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


def test_the_demo_restarts_a_program_that_dies_and_says_so(start, port):
    demo = start("--port", str(port))
    eventually(demo.is_up, within=60)
    web = max(children(demo.process.pid))

    os.kill(web, signal.SIGKILL)

    eventually(lambda: "web has ended (-9)" in demo.said)
    eventually(lambda: answers(f"http://127.0.0.1:{port}/accounts/login/"))


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).ok
    except requests.ConnectionError:
        return False


def test_a_port_in_use_is_named_and_the_next_one_taken(start, port):
    with socket.create_server(("127.0.0.1", port)):
        demo = start("--port", str(port))
        eventually(demo.is_up, within=60)

    assert f"Port {port} is in use" in demo.said
    assert f"Integration Hub is up: http://127.0.0.1:{port}\n" not in demo.said


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


def test_a_second_demo_in_the_same_directory_is_refused(start, port):
    eventually(start("--port", str(port)).is_up, within=60)

    second = start("--port", str(port))

    assert second.process.wait(30) == 1
    assert "already" in second.said


def test_the_demo_does_not_start_in_production(start):
    secrets = {"SECRET_KEY": "x" * 60, "ENCRYPTION_KEYS": f"k1:{'A' * 43}="}

    demo = start(DEBUG="off", **secrets)

    assert demo.process.wait(30) == 1
    assert "does not start with DEBUG off" in demo.said
