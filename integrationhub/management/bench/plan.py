"""What is to be measured, and one sync or one bare loop with the calls that it made."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from integrationhub.management.bench.scratch import Hub
from integrationhub.management.bench.vendors import Calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large, on which database, and which rows of the table; `only` empty means all."""

    people: int
    largest: int
    latency: float
    quota: int
    database_url: str = ""
    only: Collection[str] = ()
    profile: str = ""

    @property
    def database(self) -> str:
        """The kind of database."""
        return "postgresql" if self.database_url.startswith("postgres") else "sqlite"

    def wants(self, name: str) -> bool:
        """Return whether the rows of this name are asked for."""
        return not self.only or name in self.only

    def wants_any(self, names: Iterable[str]) -> bool:
        """Return whether one of these is asked for."""
        return any(self.wants(name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What one run has cost; seconds, and MB above the idle process."""

    wall: float
    cpu: float
    memory: float
    sent: int
    calls: Calls


def measured_sync(hub: Hub, *, profile: str = "", **environment: str) -> Used:
    """Sync the hub's store once."""
    before = hub.vendors.calls()
    told = hub.sync(profile, **environment)
    return _used(hub, told, before)


def bare_loop(hub: Hub, account: str) -> Used:
    """Let the barest program do the same."""
    before = hub.vendors.calls()
    return _used(hub, hub.bare_loop(account), before)


def _used(hub: Hub, told: dict[str, float], before: Calls) -> Used:
    return Used(
        wall=told["wall"],
        cpu=told["cpu"],
        memory=told["memory"],
        sent=int(told["sent"]),
        calls=hub.vendors.calls() - before,
    )
