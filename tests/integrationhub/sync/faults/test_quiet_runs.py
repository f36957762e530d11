"""Tests of what stops costing calls: challenges nobody answers, former books, the deleted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrationhub import address_books
from integrationhub.models import FieldMapping, OptOut, Store
from tests.integrationhub.sync.faults import worlds

pytestmark = pytest.mark.django_db(transaction=True)
JANE = "jane@shop.example"


@pytest.fixture
def world(new_world):
    """A connected store with one reader in the book."""
    world = new_world("quiet")
    world.shop.subscribe(JANE)
    world.run()
    return world


def calls_for(server, text):
    return [request for request in server.requests if text in f"{request.path}?{request.query}"]


def test_somebody_who_never_confirms_is_asked_about_less_and_less_and_then_no_more(
    world, mail_server, sandboxes_later
):
    world.mail.unsubscribe(JANE)
    world.run()
    sandboxes_later(minutes=30)
    world.shop.subscribe(JANE)
    checks = []

    for day in range(40):
        mail_server.requests.clear()
        world.run(lambda day=day: timezone.now() + timedelta(days=day))
        checks.append(len(calls_for(mail_server, JANE.partition("@")[0])))

    opt_out = OptOut.objects.get()
    assert opt_out.resubscription == OptOut.Resubscription.CHALLENGED
    assert opt_out.resubscription_check_at is None
    assert sum(checks[:5]) >= 3
    assert sum(checks[10:30]) <= 12
    assert sum(checks[36:]) == 0
    assert world.mail.contact(JANE)["status"] == "unsubscribed"


def test_a_book_left_long_ago_is_asked_about_no_more(world, mail_server):
    store, former = world.store, world.books[0]
    other = address_books.ensure(store.account, "Another book", now=timezone.now())
    choice = address_books.Choice(subscribers=other, customers=None)
    address_books.assign(store, choice, now=timezone.now())
    counts = []

    for days in (0, 31):
        mail_server.requests.clear()
        world.run(lambda days=days: timezone.now() + timedelta(days=days))
        counts.append(len(calls_for(mail_server, f"/{former}/")))

    assert counts == [1, 0]


def test_a_subscriber_deleted_in_the_store_is_looked_up_once_and_then_known_to_be_gone(
    world, shop_server
):
    world.mail.unsubscribe(JANE)
    world.shop.delete_subscriber(JANE)
    world.run()
    shop_server.requests.clear()

    world.run()

    assert not calls_for(shop_server, "email")
    assert OptOut.objects.get().receipt == OptOut.Receipt.NOT_IN_STORE


def test_a_store_in_maintenance_waits_without_an_alarm_and_looks_less_and_less_often(
    world, shop_server
):
    shop_server.switches.maintenance = True
    pauses = []

    for _ in range(3):
        run = world.run()
        pauses.append(world.store.next_sync_at - timezone.now())
    shop_server.switches.maintenance = False
    last = world.run()

    assert pauses[-1] > 3 * pauses[0]
    assert run.finished_at is None
    assert run.goes_on_at is not None
    assert last.pk == run.pk
    assert last.finished_at is not None
    assert Store.objects.get().problem == ""


def test_the_data_fields_are_there_before_the_first_run(new_world):
    world = new_world("fields")

    fields = set(world.mail.state.data_fields)

    assert {"ACCEPTS_MARKETING", "SHIPPING_CITY"} <= fields
    assert worlds.NEWSLETTER not in fields


def test_a_new_field_mapping_is_sent_from_the_ledger_without_asking_the_store(world, shop_server):
    FieldMapping.objects.create(
        store=world.store, source_field="first_name", data_field="NICKNAME", type="String"
    )
    Store.objects.update(is_decision_due=True)
    world.shop.edit_subscriber(JANE, first_name="Jane")
    shop_server.requests.clear()

    world.run()
    asked = list(shop_server.requests)
    world.run()

    assert not asked
    assert world.mail.contact(JANE)["dataFields"]["NICKNAME"] == "Jane"


def test_who_changes_costs_no_look_at_the_data_fields(world, mail_server):
    world.shop.edit_subscriber(JANE, first_name="Jane")
    mail_server.requests.clear()

    world.run()

    assert world.mail.contact(JANE)["dataFields"]["FIRSTNAME"] == "Jane"
    assert not calls_for(mail_server, "data-fields")
