"""What the tests of processes share: a database of their own, and leases that end soon."""

import pytest
from django.db import connection

from tests.integrationhub.sync.faults.processes.reaper import Reaper
from tests.workers import IS_FILE


@pytest.fixture(autouse=True)
def on_own_database(own_database, settings):
    """Let the worlds stand where worker processes can see them."""
    settings.SYNC_LEASE_SECONDS = 0.2


@pytest.fixture
def reaper(shop_server, mail_server):
    return Reaper(shop_server, mail_server)


@pytest.fixture
def cut_off():
    """Have the server end every connection to this database but the one of the test."""
    if IS_FILE:
        pytest.skip("SQLite is a file, and has no connections to cut")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()

    def cut():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
                [own],
            )
        connection.close()

    return cut
