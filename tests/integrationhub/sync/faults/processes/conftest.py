"""What the tests of processes share: a database of their own, and leases that end soon."""

import pytest

from tests.integrationhub.sync.faults.processes.reaper import Reaper


@pytest.fixture(autouse=True)
def on_own_database(own_database, settings):
    """Let the worlds stand where worker processes can see them."""
    settings.SYNC_LEASE_SECONDS = 0.2


@pytest.fixture
def reaper(shop_server, mail_server):
    return Reaper(shop_server, mail_server)
