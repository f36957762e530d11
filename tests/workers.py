"""Workers as real processes, forked from a server that has the program loaded already."""

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.worker_process import begin, on_database

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.ready", "tests.worker_process"])
IS_FILE = connection.vendor == "sqlite"
IN_MEMORY = "file:hub?mode=memory&cache=shared"
HANDED_ON = (
    "BIGCOMMERCE_API_URL",
    "BIGCOMMERCE_LOGIN_URL",
    "BIGCOMMERCE_TUNING",
    "DOTDIGITAL_API_URL",
    "DOTDIGITAL_TUNING",
    "IMPORT_BATCH_SIZE",
    "SYNC_INTERVAL_SECONDS",
    "SYNC_LEASE_SECONDS",
    "SYNC_SLICE_SECONDS",
)


class Workers:
    """Starts workers on one database, with the settings that hold in the test at that moment."""

    def __init__(self, database: str) -> None:
        """Begin with nobody."""
        self._database = database
        self.database_options: dict[str, object] = {}
        self._started: list[ForkServerProcess] = []

    def start(self, task: Callable[..., None], *given: object) -> ForkServerProcess:
        """Start a process that carries out a task of tests.worker_process."""
        values = {name: getattr(settings, name) for name in HANDED_ON}
        process = FORKS.Process(
            target=begin, args=(self._database, self.database_options, values, task, *given)
        )
        process.start()
        self._started.append(process)
        return process

    def end(self) -> None:
        """End whoever still works."""
        for process in self._started:
            process.kill()
            process.join()


def breaks(process: ForkServerProcess, within: float = 30.0) -> bool:
    """Wait for a worker's end; true if it ended with an error."""
    process.join(within)
    return process.exitcode == 1


def survives(process: ForkServerProcess, within: float = 30.0) -> bool:
    """Wait for a worker's end; true if it ended well and false if it was killed."""
    process.join(within)
    assert process.exitcode in {0, -9}, f"it ended so: {process.exitcode}"
    return process.exitcode == 0


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement.encode())


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[str]:
    """An empty database of the hub that is never used, only copied."""
    name = str(tmp_path_factory.mktemp("hub") / "hub.sqlite3")
    with django_db_blocker.unblock():
        if not IS_FILE:
            name = copy_of("template1")
        with on_database(name):
            call_command("migrate", verbosity=0)
    yield name
    drop(name)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, migrated: str
) -> Iterator[None]:
    """Let the test database begin as a copy too, so that it finds nothing left to migrate."""
    test = connection.settings_dict["TEST"]
    if not IS_FILE:
        test["TEMPLATE"] = migrated
        yield
        return
    test["NAME"] = IN_MEMORY
    with (
        closing(sqlite3.connect(migrated)) as file,
        closing(sqlite3.connect(IN_MEMORY, uri=True)) as memory,
    ):
        file.backup(memory)
        yield


@pytest.fixture
def own_database_name(migrated: str, tmp_path: Path) -> Iterator[str]:
    """An empty database of the test's own."""
    name = copy_of(migrated, into=tmp_path)
    yield name
    drop(name)


@pytest.fixture
def own_database(own_database_name: str, django_db_blocker: Any) -> Iterator[str]:
    """A database that this process and its workers share; the ORM works on it during the test."""
    with django_db_blocker.unblock(), on_database(own_database_name):
        yield own_database_name


def copy_of(template: str, *, into: Path | None = None) -> str:
    """Copy a database, a file into a directory and any other on the server; return its name."""
    if IS_FILE and into is not None:
        return str(shutil.copy(template, into / "hub.sqlite3"))
    name = f"hub_{uuid4().hex}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def drop(name: str) -> None:
    """Drop a copy on the server; a file goes with its directory."""
    if not IS_FILE:
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def workers(own_database: str) -> Iterator[Workers]:
    """Start worker processes on a database of the test's own."""
    workers = Workers(own_database)
    yield workers
    workers.end()
