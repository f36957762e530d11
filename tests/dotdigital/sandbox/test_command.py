"""The command: it serves, saves and goes on where it was stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from dotdigital.client import Client
from dotdigital.sandbox.saving import load, save
from dotdigital.sandbox.seed import furnish
from dotdigital.sandbox.server import Sandbox

ROOT = Path(__file__).parents[3]
USER, PASSWORD = "apiuser-1@apiconnector.com", "a-password"
COMMAND = [sys.executable, "-m", "dotdigital.sandbox"]

Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        command = [*COMMAND, "--state", str(tmp_path / "state.json"), *arguments]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_to_and_goes_on_where_it_was(start: Start, number: int) -> None:
    process, url = start("--account", f"{USER}:{PASSWORD}:My shop", "--contacts", "3")
    with Client(USER, PASSWORD, endpoint=url) as client:
        made = client.create_address_book("Store subscribers")
    process.send_signal(number)
    code = process.wait(timeout=5)

    _, url = start("--account", f"{USER}:other-password:Other name")

    with Client(USER, PASSWORD, endpoint=url) as client:
        assert client.address_book(made.id) == made
        assert client.account_information().name == "My shop"
    assert code == 0


def test_a_change_is_saved_soon_without_being_stopped(start: Start, tmp_path: Path) -> None:
    process, url = start("--account", f"{USER}:{PASSWORD}")
    with Client(USER, PASSWORD, endpoint=url) as client:
        client.create_address_book("Made just before the power cut")
    state = tmp_path / "state.json"
    deadline = time.monotonic() + 5

    while "power cut" not in (state.read_text() if state.exists() else ""):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)

    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_it_serves_on_loopback_only() -> None:
    refused = subprocess.run(
        [*COMMAND, "--host", "192.0.2.1"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert refused.returncode == 2
    assert "127.0.0.1 only" in refused.stderr


def test_the_seed_makes_the_same_people_in_reserved_domains() -> None:
    people = []
    for _ in range(2):
        account = Sandbox().add_account(user=USER)
        furnish(account, contacts=200, seed=7)
        people.append(sorted(each.email for each in account.people))

    assert people[0] == people[1]
    assert len(people[0]) == 200
    endings = (".example", "@example.org", "@example.net")
    assert all(email.endswith(endings) for email in people[0])


def test_everything_is_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    before, after, path = Sandbox(), Sandbox(), tmp_path / "state.json"
    account = before.add_account(user=USER)
    furnish(account, contacts=50, seed=1)
    book = account.add_address_book("Store subscribers")
    account.add_contact("jane@x.example", lists=[book])
    account.unsubscribe_from(book, "jane@x.example")

    save(before, path)
    load(after, path)

    assert after.accounts[USER].state == account.state
    assert after.accounts[USER].contact("jane@x.example") == account.contact("jane@x.example")


def test_without_a_file_there_is_nothing_to_load(tmp_path: Path) -> None:
    sandbox = Sandbox()

    load(sandbox, tmp_path / "none.json")

    assert not sandbox.accounts


def test_a_stopped_sandbox_answers_nobody() -> None:
    with Sandbox() as sandbox:
        url = sandbox.url

    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=1)
