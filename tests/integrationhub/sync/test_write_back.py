"""Tests of opt-outs on their way back to the store: refusals, receipts, and who comes back."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from bigcommerce.sandbox import Fault
from integrationhub import sync
from integrationhub.models import Contact, OptOut, Store, SyncRun
from integrationhub.reasons import Reason

pytestmark = pytest.mark.django_db(transaction=True)
JANE = "jane@shop.example"


@pytest.fixture
def run_at(store):
    """Carry out one whole run as if it were some hours from now."""

    def go(*, hours):
        later = timezone.now() + timedelta(hours=hours)
        store.refresh_from_db()
        return sync.work_on(sync.claim_store(store, later), now=lambda: later)

    return go


@pytest.fixture
def refused(shop, shop_server, mail, books, run_once):
    """Let a reader's unsubscribe be refused by the store; answer the writes tried so far."""
    shop.subscribe(JANE)
    run_once()
    mail.unsubscribe(JANE)
    shop_server.faults.add(Fault(method="PUT", path="subscribers", status=422, times=None))
    return lambda: [r for r in shop_server.requests if r.method == "PUT"]


def test_a_refused_write_back_is_tried_less_and_less_often_and_then_parked(refused, run_at):
    attempts, runs = [], []

    for hours in (*range(0, 32, 2), *range(32, 200, 6)):
        tried = len(refused())
        runs.append(run_at(hours=hours))
        attempts += [hours] * (len(refused()) - tried)

    pauses = [later - earlier for earlier, later in pairwise(attempts)]
    assert len(attempts) == 5
    assert pauses == sorted(set(pauses))
    assert OptOut.objects.get().is_parked
    assert {run.reason for run in runs} == {Reason.WRITE_BACKS_REFUSED}


def test_a_parked_write_back_is_tried_again_when_the_person_changes(
    refused, shop, shop_server, run_at
):
    for hours in (0, 2, 10, 50, 200):
        run_at(hours=hours)
    shop_server.faults.clear()
    shop.edit_subscriber(JANE, first_name="Janet")
    run_at(hours=201)

    run = run_at(hours=202)

    assert shop.subscriber(JANE).consents == []
    assert OptOut.objects.get().receipt == OptOut.Receipt.CONFIRMED
    assert run.status == SyncRun.Status.COMPLETED
    assert run.write_backs_refused == 0


def test_a_refusal_settled_by_hand_in_the_store_is_no_longer_spoken_of(refused, shop, run_at):
    for hours in (0, 2, 10, 50, 200):
        run_at(hours=hours)
    shop.unsubscribe(JANE)
    run_at(hours=201)

    run = run_at(hours=202)

    assert OptOut.objects.get().receipt == OptOut.Receipt.ALREADY_OUT
    assert run.reason != Reason.WRITE_BACKS_REFUSED


def test_every_opt_out_has_a_receipt_that_says_what_became_of_it(
    shop, shop_server, mail, store, books, run_once
):
    for name in ("taken", "gone", "bounced", "late", "refused"):
        shop.subscribe(f"{name}@shop.example")
    shop.place_order(email="buyer@shop.example")
    mail.add_contact("old@shop.example")
    mail.unsubscribe("old@shop.example", at=timezone.now() - timedelta(days=30))
    run_once()
    for name in ("taken", "gone", "late", "refused"):
        mail.unsubscribe(f"{name}@shop.example")
    shop.delete_subscriber("gone@shop.example")
    Contact.objects.filter(email="gone@shop.example").delete()
    shop.unsubscribe("late@shop.example")
    mail.unsubscribe_from(books[1], "buyer@shop.example")
    number = shop.subscriber("refused@shop.example").id
    shop_server.faults.add(
        Fault(method="PUT", path=f"subscribers/{number}$", status=422, times=None)
    )

    run_once()

    receipts = dict(OptOut.objects.values_list("email", "receipt"))
    assert receipts == {
        "taken@shop.example": OptOut.Receipt.CONFIRMED,
        "gone@shop.example": OptOut.Receipt.NOT_IN_STORE,
        "late@shop.example": OptOut.Receipt.ALREADY_OUT,
        "refused@shop.example": OptOut.Receipt.REFUSED,
        "buyer@shop.example": OptOut.Receipt.OTHER_BOOK,
        "old@shop.example": OptOut.Receipt.BEFORE_CONNECTION,
    }
    assert OptOut.objects.get(receipt=OptOut.Receipt.CONFIRMED).written_at is not None
    assert "422" in OptOut.objects.get(receipt=OptOut.Receipt.REFUSED).note


def test_who_opts_in_again_in_the_store_has_attributes_that_say_so(
    shop, mail, shop_server, sandboxes_later, books, run_once, contact_of
):
    customer = shop.add_customer(email=JANE)
    shop.subscribe(JANE)
    run_once()
    mail.unsubscribe(JANE)
    run_once()
    said_no = shop.attribute_values(customer)["accepts_marketing"]
    sandboxes_later(minutes=3 * 24 * 60)
    shop.subscribe(JANE)
    run_once()
    shop_server.requests.clear()

    run_once()

    since = contact_of(JANE).accepts_marketing_updated_at
    values = shop.attribute_values(customer)
    assert said_no == "false"
    assert values["accepts_marketing"] == "true"
    assert values["accepts_marketing_updated_at"] == f"{since:%Y-%m-%d}"
    assert since > timezone.now() + timedelta(days=2)
    assert not [r for r in shop_server.requests if r.method != "GET"]


def test_who_has_unsubscribed_from_everything_is_shown_so_in_dotdigitals_data_field(
    shop, mail, books, run_once
):
    shop.subscribe(JANE)
    run_once()
    mail.unsubscribe(JANE)

    run = run_once()

    jane = mail.contact(JANE)
    assert jane["dataFields"]["ACCEPTS_MARKETING"] is False
    assert jane["status"] == "unsubscribed"
    assert mail.members(books[0]) == []
    assert run.status == SyncRun.Status.COMPLETED
    assert Store.objects.get().problem == ""
