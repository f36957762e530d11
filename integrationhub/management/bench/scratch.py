"""A hub that lives for one measurement: its directory, its database, its processes."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from integrationhub.management.bench.vendors import HASH, PASSWORD, TOKEN, Vendors, user_of
from integrationhub.management.processes import Program, told_by

BENCH = "integrationhub.management.bench"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "integrationhub.settings"}
MANAGE = str(settings.BASE_DIR / "manage.py")


class Hub:
    """A migrated hub that nobody else uses, and the vendors that it talks to."""

    def __init__(self, environment: Mapping[str, str], vendors: Vendors) -> None:
        """Remember where it lives."""
        self.environment = environment
        self.vendors = vendors

    def manage(self, *command: str) -> str:
        """Carry out a command of the hub. Raises CommandError when it fails."""
        return _run([MANAGE, *command], self.environment)

    def task(self, name: str, *arguments: str, **environment: str) -> Any:
        """Have a process of its own do one task of `child`, and return what it tells."""
        return _task(name, *arguments, environment={**self.environment, **environment})

    def connect(self, account: str, store_hash: str = HASH) -> None:
        """Connect a store, with a book for each audience."""
        secrets = {
            "BIGCOMMERCE_ACCESS_TOKEN": TOKEN,
            "DOTDIGITAL_API_USER": user_of(account),
            "DOTDIGITAL_API_PASSWORD": PASSWORD,
        }
        books = ["--customers-book", f"Customers of {store_hash}"]
        books += ["--subscribers-book", f"Subscribers of {store_hash}"]
        command = [MANAGE, "connect_store", account, store_hash, *books, "--json"]
        _run(command, {**self.environment, **secrets})

    def sync(self, profile: str = "", **environment: str) -> dict[str, Any]:
        """Sync the store in a process of its own; raises CommandError if that did not complete."""
        told: dict[str, Any] = self.task("sync", HASH, profile, **environment)
        if told["status"] != "completed":
            raise CommandError(f"The run ended as {told['status']}: {told['detail']}")
        return told

    def bare_loop(self, account: str) -> dict[str, Any]:
        """Have the barest program do the same work, in a process of its own."""
        where = [f"{self.vendors.shop_url}/stores/{HASH}", TOKEN, self.vendors.mail_url]
        who = [user_of(account), PASSWORD]
        told: dict[str, Any] = json.loads(
            _run(["-m", f"{BENCH}.bare_loop", *where, *who], self.environment)
        )
        return told


def server_url() -> str:
    """Return where the hub's own PostgreSQL server is; nothing where it has a file."""
    if connection.vendor != "postgresql":
        return ""
    told = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(told)


@contextmanager
def scratch_hub(vendors: Vendors, *, database_url: str, **environment: str) -> Iterator[Hub]:
    """Make a hub with a database of its own: a file, or one on the PostgreSQL server named."""
    with (
        tempfile.TemporaryDirectory(prefix="hub-bench-") as home,
        _database(database_url, Path(home)) as url,
    ):
        hub = Hub({**_place(vendors, home), "DATABASE_URL": url, **environment}, vendors)
        hub.manage("migrate", "--verbosity", "0")
        yield hub


def _place(vendors: Vendors, home: str) -> Mapping[str, str]:
    return {
        "BIGCOMMERCE_API_URL": vendors.shop_url,
        "BIGCOMMERCE_LOGIN_URL": vendors.shop_url,
        "DATA_DIR": home,
        "DEBUG": "on",
        **SETTINGS,
        "DOTDIGITAL_API_URL": vendors.mail_url,
        "LOG_LEVEL": "WARNING",
        "REDIS_URL": "",
    }


@contextmanager
def _database(server_url: str, home: Path) -> Iterator[str]:
    if not server_url.startswith("postgres"):
        yield f"sqlite:///{home / 'hub.sqlite3'}"
        return
    name = f"hub_bench_{uuid4().hex[:12]}"
    environment = {"DATABASE_URL": server_url, **SETTINGS}
    _task("create-database", name, environment=environment)
    try:
        yield f"{server_url.rpartition('/')[0]}/{name}"
    finally:
        _task("drop-database", name, environment=environment)


def _task(name: str, *arguments: str, environment: Mapping[str, str]) -> Any:
    told = _run(["-m", f"{BENCH}.child", name, *arguments], environment)
    return json.loads(told) if told else None


def _run(arguments: list[str], environment: Mapping[str, str]) -> str:
    try:
        return told_by(
            Program(
                name=arguments[1],
                command=[sys.executable, *arguments],
                environment=environment,
                directory=settings.BASE_DIR,
            )
        )
    except CalledProcessError as error:
        message = f"{' '.join(arguments[:3])} failed:\n{error.stderr[-2000:]}"
        raise CommandError(message) from error
