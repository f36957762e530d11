"""Tests of a store that is disconnected while a worker is at it: not a word is written any more."""

import pytest
from django.db import connection
from django.utils import timezone

from integrationhub import disconnecting, stores, sync
from integrationhub.models import Account, Store, SyncRun
from integrationhub.probes import Credentials
from integrationhub.reasons import Reason
from tests.conftest import ACCESS_TOKEN, API_PASSWORD, API_USER, STORE_HASH
from tests.integrationhub.sync.expected import buyers, members, readers
from tests.integrationhub.sync.written import everything

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = {"PUT", "POST", "DELETE"}


@pytest.fixture
def disconnect_at(shop_server, mail_server):
    """Disconnect the store at the n-th call from now; answer what was written then, and the calls.

    Each call is named by what it does and where.
    """
    calls, written, chosen = [], [], [0]

    def hear(entry):
        calls.append((entry.method, entry.path))
        if len(calls) == chosen[0]:
            disconnecting.disconnect(Store.objects.get(), now=timezone.now())
            written.append(everything())
            connection.close()  # this is the sandbox's thread

    shop_server.on_request(hear)
    mail_server.on_request(lambda entry, moment: hear(entry) if moment == "before" else None)

    def begin(number):
        chosen[0] = number
        calls.clear()
        written.clear()
        return calls, written

    return begin


@pytest.fixture
def much_to_do(shop, mail, books, run_once, settings):
    """Leave something to do for every step of the next run."""
    settings.IMPORT_ASK_SECONDS = 0
    holders = [shop.add_customer(email=f"holder{number}@shop.example") for number in range(4)]
    for number, customer in enumerate(holders):
        shop.subscribe(f"holder{number}@shop.example")
        shop.place_order(customer_id=customer)
    run_once()
    mail.unsubscribe("holder0@shop.example")
    mail.unsubscribe_from(books[0], "holder1@shop.example")
    shop.delete_subscriber("holder2@shop.example")
    shop.delete_customer(holders[3])
    shop.subscribe("new@shop.example")
    shop.place_order(email="guest@shop.example")


def connect_again():
    credentials = Credentials(
        store_hash=STORE_HASH, access_token=ACCESS_TOKEN, api_user=API_USER, password=API_PASSWORD
    )
    return stores.connect(Account.objects.get(), credentials)


def test_whenever_it_is_disconnected_neither_side_is_changed_any_more(
    shop, mail, store, books, much_to_do, disconnect_at
):
    for number in range(1, 60):
        lease = sync.claim_store(Store.objects.get(), timezone.now())
        for name in ("TAGS", "PHONE", "STORE_NOTE"):  # so that they have to be made again
            mail.state.data_fields.pop(name)
        calls, written = disconnect_at(number)
        try:
            run = sync.work_on(lease, now=timezone.now)
        except sync.LeaseLostError:
            assert [call for call in calls[number:] if call[0] in CHANGES] == []
            assert everything() == written[0]
            run = SyncRun.objects.latest("pk")
            assert (run.status, run.reason) == (SyncRun.Status.STOPPED, Reason.DISCONNECTED)
            disconnect_at(0)
            connect_again()
        else:
            break

    assert run.status == SyncRun.Status.COMPLETED
    assert number > 5
    assert members(mail, books[0]) == readers(shop)
    assert readers(shop) == {"holder3@shop.example", "new@shop.example"}
    assert members(mail, books[1]) >= buyers(shop) - {"holder0@shop.example"}
