"""Where the demo lives: its directory, its ports, its programs and their environment."""

import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from integrationhub.management.demo.world import Tenant
from integrationhub.management.processes import Program

HOST = "127.0.0.1"
PORTS_TRIED = 50
BIG_PLAN_CALLS = 1000  # what a store on a large plan may be asked in 30 s
GRACE_SECONDS = 5.0
THREADS = 8
MANAGE = str(settings.BASE_DIR / "manage.py")


def free_port(wanted: int) -> int:
    """Return `wanted`, or the next port that nobody listens on. Raises CommandError."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise CommandError(f"None of the {PORTS_TRIED} ports from {wanted} on is free.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One demo's directory and the ports of its two vendors."""

    home: Path
    shop_port: int
    mail_port: int

    @property
    def shop_url(self) -> str:
        """The pretend BigCommerce."""
        return f"http://{HOST}:{self.shop_port}"

    @property
    def mail_url(self) -> str:
        """The pretend Dotdigital."""
        return f"http://{HOST}:{self.mail_port}"

    @property
    def logs(self) -> Path:
        """Where the programs that keep running write."""
        return self.home / "log"

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes a process of the hub live in this place, whatever .env says."""
        return {
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "BEHIND_TLS_PROXY": "off",
            "BIGCOMMERCE_API_URL": self.shop_url,
            "BIGCOMMERCE_LOGIN_URL": self.shop_url,
            "DATABASE_URL": f"sqlite:///{self.home / 'hub.sqlite3'}",
            "DATA_DIR": str(self.home),
            "DOTDIGITAL_API_URL": self.mail_url,
            "EMAIL_URL": "consolemail://",
            "REDIS_URL": "",
            "SECURE_HSTS_SECONDS": "0",
            "SECURE_SSL_REDIRECT": "off",
            "SYNC_INTERVAL_SECONDS": "60",
        }

    def vendors(self, tenants: Sequence[Tenant]) -> list[Program]:
        """Return the two pretend vendors, who remember what has happened in them."""
        stores = [
            f"{each.store_hash}:{each.access_token}:{each.name}:{each.people}" for each in tenants
        ]
        accounts = [f"{each.api_user}:{each.api_password}:{each.name}" for each in tenants]
        shop = ["--port", str(self.shop_port), "--quota", str(BIG_PLAN_CALLS)]
        return [
            self._vendor("bigcommerce", [*shop, *_repeated("--store", stores)]),
            self._vendor(
                "dotdigital",
                ["--port", str(self.mail_port), *_repeated("--account", accounts)],
            ),
        ]

    def web(self, port: int) -> Program:
        """Return the web server of the pages."""
        server = ["-m", "gunicorn", "integrationhub.wsgi", "--no-control-socket"]
        threads = ["--worker-class", "gthread", "--threads", str(THREADS)]
        return self._program("web", [*server, *threads, "--bind", f"{HOST}:{port}"])

    def worker(self) -> Program:
        """Return the cluster that carries out the jobs."""
        arguments = ["worker", "--unsupervised", "--until-stdin-closes"]
        return self._program("worker", [MANAGE, *arguments])

    def task(self, *arguments: str) -> Program:
        """Return a command of the hub that lives here, as a program that is run once."""
        return Program(
            name=arguments[0],
            command=[sys.executable, MANAGE, *arguments],
            environment={**self.environment, "LOG_LEVEL": "WARNING"},
            grace_seconds=GRACE_SECONDS,
        )

    def _vendor(self, package: str, arguments: Sequence[str]) -> Program:
        state = str(self.home / f"{package}.json")
        return self._program(package, ["-m", f"{package}.sandbox", "--state", state, *arguments])

    def _program(self, name: str, arguments: Sequence[str]) -> Program:
        return Program(
            name=name,
            command=[sys.executable, *arguments],
            environment=self.environment,
            directory=settings.BASE_DIR,
            log=self.logs / f"{name}.log",
            grace_seconds=GRACE_SECONDS,
        )


def _repeated(option: str, values: Sequence[str]) -> list[str]:
    return [part for value in values for part in (option, value)]
