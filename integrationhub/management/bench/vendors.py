"""The two pretend vendors of a measurement, in processes of their own that are never counted."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import requests
from django.conf import settings

HASH, TOKEN = "bench1", "bench-token"
PASSWORD = "bench-password"  # noqa: S105 - of a pretend account on this machine
PATIENCE_SECONDS = 60
IMPORT_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is at the vendors: stores by hash with their customers, and how they answer."""

    stores: Mapping[str, int]
    latency: float = 0.0
    quota: int = 0
    mail_latency: float | None = None

    @classmethod
    def of_one(cls, people: int, *, latency: float = 0.0, quota: int = 0) -> "World":
        """Return a world of one store."""
        return cls(stores={HASH: people}, latency=latency, quota=quota)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What the vendors were asked."""

    bigcommerce: int
    dotdigital: int
    refused: int

    def __sub__(self, other: "Calls") -> "Calls":
        return Calls(
            bigcommerce=self.bigcommerce - other.bigcommerce,
            dotdigital=self.dotdigital - other.dotdigital,
            refused=self.refused - other.refused,
        )


@dataclass(frozen=True, slots=True)
class Vendors:
    """Both vendors while they run."""

    shop_url: str
    mail_url: str

    def calls(self) -> Calls:
        """Return how often each was asked so far, and how many calls the shop refused with 429."""
        told = _ask("GET", f"{self.shop_url}/sandbox/api/requests")["requests"]
        mail = _ask("GET", f"{self.mail_url}/sandbox/api/requests?last=1")
        return Calls(
            bigcommerce=len(told),
            dotdigital=mail["count"],
            refused=sum(each["status"] == 429 for each in told),
        )

    def act(self, action: str, subject: Any = None, **arguments: Any) -> Any:
        """Have something happen in the store."""
        asked = {"store": HASH, "action": action, "arguments": arguments}
        if subject is not None:
            asked["subject"] = subject
        return _ask("POST", f"{self.shop_url}/sandbox/api/actions", asked)["result"]

    def trouble(self, **fault: Any) -> None:
        """Let a fault lie in wait at the shop."""
        _ask("POST", f"{self.shop_url}/sandbox/api/faults", fault)

    def behave(self) -> None:
        """Take the faults away."""
        _ask("DELETE", f"{self.shop_url}/sandbox/api/faults")


@contextmanager
def running(world: World, *, accounts: Sequence[str]) -> Iterator[Vendors]:
    """Have both vendors running, with these Dotdigital accounts."""
    latency = world.latency if world.mail_latency is None else world.mail_latency
    stores = [f"--store={each}:{TOKEN}:Shop:{people}" for each, people in world.stores.items()]
    shop = ["--crowd", f"--latency={world.latency}", f"--quota={world.quota}", *stores]
    mail = ["--contacts=0", f"--latency={latency}", f"--import-seconds={IMPORT_SECONDS}"]
    mail += [f"--account={user_of(each)}:{PASSWORD}" for each in accounts]
    with _served("bigcommerce", shop) as shop_url, _served("dotdigital", mail) as mail_url:
        yield Vendors(shop_url, mail_url)


def user_of(account: str) -> str:
    """Return the API user of the account with this slug."""
    return f"apiuser-{account}@apiconnector.com"


@contextmanager
def _served(package: str, arguments: Sequence[str]) -> Iterator[str]:
    command = [sys.executable, "-m", f"{package}.sandbox", *arguments]
    with Popen(  # noqa: S603 - our own command, and no shell
        command, stdin=DEVNULL, stdout=PIPE, text=True, cwd=Path(settings.BASE_DIR)
    ) as process:
        try:
            if process.stdout is None or not (url := process.stdout.readline().strip()):
                raise RuntimeError(f"{package}.sandbox did not start")
            yield url
        finally:
            process.terminate()


def _ask(method: str, url: str, content: object = None) -> Any:
    answer = requests.request(method, url, json=content, timeout=PATIENCE_SECONDS)
    answer.raise_for_status()
    return answer.json()
