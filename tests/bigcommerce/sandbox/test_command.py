"""The command `python -m bigcommerce.sandbox`, and the file it keeps its state in."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import requests

from bigcommerce.client import Client
from bigcommerce.sandbox import Sandbox, Shop
from bigcommerce.sandbox.__main__ import WantedStore
from bigcommerce.sandbox.saving import Keeper, UnreadableStateError
from tests.bigcommerce.conftest import QUICK
from tests.bigcommerce.crowds import ids

ROOT = Path(__file__).parents[3]


def command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bigcommerce.sandbox", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(*arguments: str, ends_by: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    with command(*arguments) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.send_signal(ends_by)
        assert process.wait(timeout=10) == 0


def client_of(url: str, store_hash: str = "abc12", token: str = "t0ken") -> Client:
    return Client(store_hash, token, base_url=url, quota_share=1.0, tuning=QUICK)


def test_the_command_serves_its_stores_until_it_is_told_to_stop() -> None:
    with (
        running("--store", "abc12:t0ken:Tea & Co:20", "--store", "def34:other:5") as url,
        client_of(url) as first,
        client_of(url, "def34", "other") as second,
    ):
        assert first.store().name == "Tea & Co"
        assert len(ids(first.subscribers())) > len(ids(second.subscribers())) > 0


def test_control_c_ends_it_as_well() -> None:
    with running("--people", "5", ends_by=signal.SIGINT) as url:
        assert url.startswith("http://127.0.0.1:")


def test_a_sandbox_started_again_finds_the_same_shop(tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state.json"), "--store", "abc12:t0ken:30")
    with running(*options) as url, client_of(url) as client:
        before = list(client.customers()), list(client.subscribers()), list(client.orders())
        [first, *_] = before[1][0].records
        client.update_subscriber(first, consents=[])

    with running(*options) as url, client_of(url) as client:
        after = list(client.customers()), list(client.subscribers()), list(client.orders())

    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1][0].records[0].consents == ()
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "0.0.0.0"), "this machine only"),  # noqa: S104  that it is refused is the point
        (("--state", __file__), "not a state file"),
        (("--store", "abc12"), "invalid"),
    ],
)
def test_what_cannot_be_started_says_why(arguments: tuple[str, ...], said: str) -> None:
    with command(*arguments) as process:
        _, errors = process.communicate(timeout=10)

    assert process.returncode == 2
    assert said in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("text", "store"),
    [
        ("a1:t", WantedStore(store_hash="a1", access_token="t")),
        ("a1:t:Tea", WantedStore(store_hash="a1", access_token="t", name="Tea")),
        ("a1:t:5", WantedStore(store_hash="a1", access_token="t", people=5)),
        ("a1:t:Tea:Co:5", WantedStore(store_hash="a1", access_token="t", name="Tea:Co", people=5)),
    ],
)
def test_a_store_is_named_in_one_word(text: str, store: WantedStore) -> None:
    assert WantedStore.parse(text) == store


def until(condition: Callable[[], bool]) -> bool:
    ends_at = time.monotonic() + 5
    while not condition() and time.monotonic() < ends_at:
        time.sleep(0.02)
    return condition()


def test_a_change_is_saved_soon(sandbox: Sandbox, shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with Keeper(sandbox, path, interval=0.01):
        assert until(path.exists)

        shop.subscribe("late@example.com")

        assert until(lambda: b"late@example.com" in path.read_bytes())


def test_everything_comes_back(sandbox: Sandbox, shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    number = shop.add_customer("a@example.com", addresses=[{"city": "Cork"}], attributes={"T": "v"})
    shop.add_group("Retail")
    shop.delete_customer(shop.add_customer("gone@example.com"))
    shop.place_order(customer_id=number)
    shop.allow({"store_v2_orders"})
    sandbox.switches.subscriber_order = "desc"
    with Keeper(sandbox, path):
        pass

    with Sandbox() as other:
        Keeper(other, path).load()
        found = other.store("abc12")

        assert found.customer(number) == shop.customer(number)
        assert found.attribute_values(number) == {"T": "v"}
        assert found.tables.addresses_of[number] == shop.tables.addresses_of[number]
        assert found.order(1) == shop.order(1)
        assert (found.scopes, found.name, found.access_token) == (
            shop.scopes,
            shop.name,
            shop.access_token,
        )
        assert other.switches == sandbox.switches
        assert found.add_customer("new@example.com") == number + 2


def test_no_file_is_no_state(sandbox: Sandbox, tmp_path: Path) -> None:
    Keeper(sandbox, tmp_path / "none.json").load()

    assert not sandbox.service.shops


def test_a_file_of_something_else_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(msgspec.json.encode({"stores": "none"}))

    with pytest.raises(UnreadableStateError, match="not a state file"):
        Keeper(sandbox, path).load()


def test_the_port_is_free_again_after_the_end(browser: requests.Session) -> None:
    with Sandbox() as sandbox:
        port = int(sandbox.url.rpartition(":")[2])

    with Sandbox(port=port) as again:
        assert browser.get(again.url, timeout=5).status_code == 200
