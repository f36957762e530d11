"""The commands on a database that nobody has migrated, as somebody would type them."""

import os
import subprocess
import sys

import pytest

from tests.processes import MANAGE

SETTINGS = "integrationhub.settings"
COMMANDS = (
    ("connect_store", "acme", "abc12"),
    ("sync_store", "abc12"),
    ("explain_contact", "abc12", "ann@shop.example"),
    ("send_alerts",),
    ("schedule_jobs",),
)


@pytest.fixture
def manage(tmp_path):
    """Answers a function that runs a command in a place where there is nothing yet."""
    place = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'hub.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }

    def run(*arguments):
        return subprocess.run(
            [sys.executable, MANAGE, *arguments],
            env={**os.environ, **place},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each[0])
def test_a_database_that_is_not_set_up_is_named_in_one_sentence(manage, command):
    answer = manage(*command)

    assert answer.returncode == 1
    told = answer.stderr.strip().splitlines()
    assert told == ["CommandError: The database is not set up yet: run manage.py migrate first."]


def test_a_database_of_an_older_version_is_named_too(manage):
    manage("migrate", "integrationhub", "0001", "--verbosity", "0")

    answer = manage("sync_store", "abc12")

    assert answer.returncode == 1
    assert "The database is of an older version: run manage.py migrate first." in answer.stderr
    assert "Traceback" not in answer.stderr
