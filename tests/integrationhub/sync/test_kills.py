"""Tests that kill the syncing process with SIGKILL, at chosen and at random instants.

KILL_SEEDS says how many random campaigns are run; script/soak runs many.
"""

import os
import random
import signal
import subprocess
import time

import pytest

from bigcommerce.sandbox.seed import populate
from tests.integrationhub.sync.expected import buyers, members, readers

NEWSLETTER = "marketing_newsletter"
CALLS = range(1, 60, 1 if "KILL_SEEDS" in os.environ else 3)
SEEDS = range(int(os.environ.get("KILL_SEEDS", "1")))
HASH, TOKEN = "abc12", "shop-token"
API_USER, PASSWORD = "apiuser-1@apiconnector.com", "mail-password"


@pytest.fixture
def shop(shop_server):
    shop = shop_server.add_store(HASH, access_token=TOKEN, name="Killed shop")
    populate(shop, 600, seed=3)
    return shop


@pytest.fixture
def mail(mail_server):
    return mail_server.add_account(user=API_USER, password=PASSWORD, name="Account")


@pytest.fixture
def connected(hub, shop, mail):
    """Connect the store with both books, in a hub whose leases end soon after a death."""
    secrets = {
        "BIGCOMMERCE_ACCESS_TOKEN": TOKEN,
        "DOTDIGITAL_API_USER": API_USER,
        "DOTDIGITAL_API_PASSWORD": PASSWORD,
    }
    customers = ("--customers-book", "Store customers")
    done = hub.run("connect_store", "acme", HASH, *customers, "--json", **secrets)
    assert done.returncode == 0, done.stderr
    return hub


class Victim:
    """A process that syncs the store once, and that can be killed at any instant."""

    def __init__(self, hub):
        self._program = hub.start("sync_store", HASH, "--json")

    def kill(self, *_):
        self._program.send_signal(signal.SIGKILL)

    def survives(self, seconds):
        """Wait for its end; kill it when the time is up."""
        try:
            return self._program.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            self.kill()
            self._program.wait()
            return False


def book_of(mail, name):
    return next(book.id for book in mail.state.address_books.values() if book.name == name)


def check_everything(hub, shop, mail, opted_out):
    assert members(mail, book_of(mail, "Store subscribers")) == readers(shop)
    assert members(mail, book_of(mail, "Store customers")) == buyers(shop)
    assert not readers(shop) & opted_out
    for email in opted_out:
        assert NEWSLETTER not in shop.subscriber(email).consents
        assert mail.contact(email)["status"] == "unsubscribed"
    left = hub.shell(
        "from integrationhub.models import *; "
        "print(Contact.objects.exclude(stage=0).count(), "
        "OptOut.objects.filter(receipt='pending').count(), "
        "ContactImport.objects.filter(finished_at=None).count())"
    )
    assert left == "0 0 0"
    stalled = "print(SyncRun.objects.filter(status='stalled').count())"
    assert int(hub.shell(f"from integrationhub.models import *; {stalled}")) > 1


def some_readers(shop, number):
    rows = [row for row in shop.tables.subscribers.ordered() if NEWSLETTER in row.consents]
    return {row.email for row in rows[:number]}


def sync_with_kills(hub, pause):
    """Start the sync again and again, killing it, until one start reaches its end."""
    hub.environment["SYNC_LEASE_SECONDS"] = "1"
    for start in range(60):
        if Victim(hub).survives(pause(start)):
            return start
        time.sleep(1.1)  # the lease of the dead must end
    pytest.fail("it never came to its end")


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_instants_it_ends_as_if_nothing_had_happened(
    connected, shop, mail, shop_server, seed
):
    chance = random.Random(seed)
    shop_server.on_request(lambda *_: time.sleep(0.03))
    sync_with_kills(connected, lambda start: chance.uniform(0.7, 1.5) + start / 4)
    opted_out = some_readers(shop, 5)
    for email in opted_out:
        mail.unsubscribe(email)

    sync_with_kills(connected, lambda start: chance.uniform(0.7, 1.3) + start / 4)

    check_everything(connected, shop, mail, {email.lower() for email in opted_out})


def test_killed_at_every_call_in_turn_it_ends_as_if_nothing_had_happened(
    connected, shop, mail, shop_server, mail_server
):
    connected.environment["SYNC_LEASE_SECONDS"] = "1"
    calls_left, victims = [0], []

    def kill_when_due(*_):
        calls_left[0] -= 1
        if calls_left[0] == 0:
            victims[-1].kill()

    shop_server.on_request(kill_when_due)
    mail_server.on_request(kill_when_due)
    for number in CALLS:
        calls_left[0] = number
        victims.append(Victim(connected))
        if victims[-1].survives(60):
            break
        time.sleep(1.1)

    assert len(victims) > 4
    check_everything(connected, shop, mail, set())
