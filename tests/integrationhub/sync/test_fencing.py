"""Tests of a worker that wakes after another has taken its store: it writes nothing more."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from integrationhub import sync
from integrationhub.models import Store, SyncRun
from tests.integrationhub.sync.expected import buyers, members, readers
from tests.integrationhub.sync.written import everything

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lose_the_store_at(shop_server, mail_server):
    """Let another worker take the store at the n-th call from now; answer what was written then."""
    calls_left, written = [0], []

    def count_down():
        calls_left[0] -= 1
        if calls_left[0] == 0:
            Store.objects.update(lease_token=uuid4())
            written.append(everything())
            connection.close()  # this is the sandbox's thread

    shop_server.on_request(lambda *_: count_down())
    mail_server.on_request(lambda _, moment: count_down() if moment == "before" else None)

    def begin(number):
        calls_left[0] = number
        written.clear()
        return written

    return begin


@pytest.fixture
def much_to_do(shop, mail, books, run_once, settings):
    """Leave something to do for every step of the next run."""
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
    settings.FULL_READ_HOURS = 0


def test_whenever_it_loses_its_store_a_worker_writes_nothing_more(
    shop, mail, store, books, much_to_do, lose_the_store_at
):
    for number in range(1, 60):
        written = lose_the_store_at(number)
        store.refresh_from_db()
        lease = sync.claim_store(store, timezone.now())
        try:
            run = sync.work_on(lease, now=timezone.now)
        except sync.LeaseLostError:
            assert everything() == written[0]
        else:
            break
        Store.objects.update(lease_token=None, lease_expires_at=None)

    assert run.status == SyncRun.Status.COMPLETED
    assert number > 5
    assert members(mail, books[0]) == readers(shop)
    assert readers(shop) == {"holder3@shop.example", "new@shop.example"}
    assert members(mail, books[1]) >= buyers(shop) - {"holder0@shop.example"}
