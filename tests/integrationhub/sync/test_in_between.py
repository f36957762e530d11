"""Tests of what happens while a run is under way, or between a death and the next run."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bigcommerce.sandbox import Fault as ShopFault
from dotdigital.sandbox import Fault as MailFault
from integrationhub import address_books, jobs, probes, stores
from integrationhub.models import AddressBook, Contact, OptOut, Store, SyncRun
from integrationhub.reasons import Reason

pytestmark = pytest.mark.django_db(transaction=True)
JANE = "jane@shop.example"


@pytest.fixture
def choose(store):
    """Choose books by name, as SAVE does; answer the subscribers' one."""

    def go(subscribers, customers=None):
        now = timezone.now()
        first = address_books.ensure(store.account, subscribers, now=now)
        other = customers and address_books.ensure(store.account, customers, now=now)
        choice = address_books.Choice(subscribers=first, customers=other)
        address_books.assign(Store.objects.get(), choice, now=now)
        return first.dotdigital_id

    return go


@pytest.fixture
def slow_import(monkeypatch, mail_server):
    """Let imports take an hour, of which nobody waits for more than a moment; answer its end."""
    monkeypatch.setattr("integrationhub.sync.imports.PATIENCE_SECONDS", 0.05)
    mail_server.switches.import_seconds = 3600

    def end():
        mail_server.clock.advance(4000)
        mail_server.switches.import_seconds = 0

    return end


def test_no_longer_syncing_customers_while_they_are_on_their_way(
    shop, books, run_once, choose, slow_import
):
    shop.place_order(email="guest@shop.example")
    run_once()
    choose("Store subscribers")
    slow_import()
    run_once()

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED


def test_another_book_chosen_while_people_are_on_their_way(
    shop, mail, books, run_once, choose, slow_import
):
    shop.subscribe(JANE)
    run_once()
    other = choose("Another", "Store customers")
    slow_import()

    for _ in range(2):
        run_once()

    assert mail.members(other) == [JANE]


def test_an_opt_out_in_the_store_after_an_import_whose_answer_was_lost(
    shop, mail, mail_server, books, run_once
):
    shop.subscribe(JANE)
    lost = MailFault.named("lost answer", method="PUT", path="import", times=None)
    mail_server.faults.add(lost)
    run_once()
    mail_server.faults.clear()
    shop.unsubscribe(JANE)

    for _ in range(2):
        run_once()

    assert mail.members(books[0]) == []


def test_an_opt_out_in_the_store_while_an_import_is_open(
    shop, mail, store, books, run_once, slow_import
):
    shop.subscribe(JANE)
    run_once()
    stores.request_stop(Store.objects.get(), now=timezone.now())
    run_once()
    shop.unsubscribe(JANE)
    slow_import()

    for _ in range(2):
        run_once()

    assert mail.members(books[0]) == []


def test_leaving_a_book_just_before_another_is_chosen(shop, mail, books, run_once, choose):
    shop.subscribe(JANE)
    run_once()
    mail.unsubscribe_from(books[0], JANE)
    other = choose("Another")

    run_once()

    assert mail.members(other) == []
    assert shop.subscriber(JANE).consents == []


def test_who_left_the_subscribers_book_stays_out_when_it_becomes_the_customers_book(
    shop, mail, store, run_once, choose
):
    first = choose("First")
    shop.subscribe(JANE)
    mail.add_contact(JANE, lists=[first])
    mail.unsubscribe_from(first, JANE)
    Store.objects.update(connected_at=timezone.now() + timedelta(hours=1))
    run_once()
    second = choose("Second", "First")

    run_once()

    assert mail.members(second) == []


def test_a_deleted_attribute_definition_keeps_no_unsubscribe_from_the_store(
    shop, mail, books, run_once
):
    for name in ("a", "b"):
        shop.add_customer(email=f"{name}@shop.example")
        shop.subscribe(f"{name}@shop.example")
    run_once()
    mail.unsubscribe("a@shop.example")
    run_once()
    old = {name: number + 1000 for name, number in Store.objects.get().attribute_ids.items()}
    Store.objects.update(attribute_ids=old)
    mail.unsubscribe("b@shop.example")

    run_once()

    assert shop.subscriber("b@shop.example").consents == []
    assert Store.objects.get().attribute_ids == {}


def test_an_opt_out_under_an_address_changed_in_dotdigital_reaches_the_store(
    shop, mail, books, run_once
):
    shop.subscribe(JANE)
    run_once()
    mail.people.rename(mail.known(JANE), "jane.new@shop.example")
    mail.unsubscribe("jane.new@shop.example")

    run_once()

    assert shop.subscriber(JANE).consents == []


def test_an_import_that_does_not_show_yet_is_not_sent_again_and_again(
    shop, mail, mail_server, books, run_once
):
    shop.subscribe(JANE)
    mail_server.faults.add(
        MailFault(
            method="GET",
            path="import/",
            status=404,
            body={"errorCode": "contacts:importNotFound", "description": "?"},
            times=None,
        )
    )

    run = run_once()

    assert len([r for r in mail_server.requests if r.method == "PUT"]) == 1
    assert run.goes_on_at is not None


def test_one_person_whom_the_store_will_not_look_up_holds_up_nobody(
    shop, shop_server, mail, books, run_once
):
    for name in ("a", "b"):
        shop.subscribe(f"{name}@shop.example")
    run_once()
    shop_server.faults.add(ShopFault(method="GET", path=r"email=a(@|%40)", status=422, times=None))
    mail.unsubscribe("a@shop.example")
    mail.unsubscribe("b@shop.example")

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert shop.subscriber("b@shop.example").consents == []
    assert OptOut.objects.get(email="a@shop.example").receipt == OptOut.Receipt.REFUSED


def test_one_person_whom_dotdigital_will_not_resubscribe_holds_up_nobody(
    shop, mail, mail_server, sandboxes_later, books, run_once
):
    shop.subscribe(JANE)
    run_once()
    mail.unsubscribe(JANE)
    run_once()
    sandboxes_later(minutes=10)
    shop.subscribe(JANE)
    shop.subscribe("new@shop.example")
    refusal = {"message": "Error: ERROR_CONTACT_INVALID"}
    mail_server.faults.add(MailFault(path="resubscribe", status=400, body=refusal, times=None))

    run_once()

    assert mail.members(books[0]) == ["new@shop.example"]
    assert Contact.objects.get(email=JANE).subscribers_reason == Reason.CANNOT_RESUBSCRIBE


def test_data_sync_turned_off_ends_a_run_that_waits(shop, books, run_once, slow_import):
    shop.subscribe(JANE)
    run_once()
    stores.switch_sync(Store.objects.get(), is_enabled=False, now=timezone.now())

    jobs.work()

    assert SyncRun.objects.get().status == SyncRun.Status.STOPPED


def test_save_during_a_run_is_kept(shop, mail_server, store, run_once, choose):
    choose("Store subscribers")
    customers = address_books.ensure(store.account, "Store customers", now=timezone.now())
    shop.subscribe(JANE)
    for number in range(6):
        shop.place_order(email=f"g{number}@shop.example")
    Store.objects.update(safety_number=2)
    saves = [customers]

    def save_once(request, moment):
        if moment == "before" and request.method == "PUT" and saves:
            subscribers = AddressBook.objects.get(name="Store subscribers")
            choice = address_books.Choice(subscribers=subscribers, customers=saves.pop())
            address_books.assign(Store.objects.get(), choice, now=timezone.now())
            connection.close()  # this is the sandbox's thread

    mail_server.on_request(save_once)
    run_once()
    due = Store.objects.get().next_sync_at

    run = run_once()

    assert due <= timezone.now()
    assert (run.status, run.reason) == (SyncRun.Status.COMPLETED, Reason.DONE)


def test_somebody_whom_an_import_did_not_speak_of_is_asked_for_again(
    shop, mail_server, books, run_once, contact_of
):
    shop.subscribe(JANE)
    silent = {"importId": "x", "status": "Finished", "created": [], "updated": [], "failures": []}
    unknown = {"errorCode": "contacts:contactNotFound"}
    mail_server.faults.add(MailFault(method="GET", path="v3/import/", body=silent, times=3))
    mail_server.faults.add(
        MailFault(method="GET", path="v3/email/", status=404, body=unknown, times=3)
    )
    run_once()
    before = contact_of(JANE).subscribers_reason

    run_once()

    assert before == Reason.NOT_ACCEPTED_YET
    assert contact_of(JANE).subscribers_reason == Reason.IN_BOOK


def test_new_credentials_wake_every_store_of_the_account(shop_server, mail, store, account, books):
    shop_server.add_store("def34", access_token="tok2", name="Second")
    mail.set_password("new")
    Store.objects.update(problem=Reason.DOTDIGITAL_CREDENTIALS, next_sync_at=None)
    second = probes.Credentials(
        store_hash="def34", access_token="tok2", api_user=account.dotdigital_api_user, password=""
    )

    stores.connect(account, replace(second, password="new"))

    assert Store.objects.get(pk=store.pk).problem == ""


def test_a_row_that_cannot_be_read_is_no_deletion(
    shop, shop_server, mail, books, run_once, settings
):
    shop.subscribe(JANE)
    run_once()
    settings.FULL_READ_HOURS = 0
    number = shop.subscriber(JANE).id
    numbers = {"total": 1, "count": 1, "per_page": 250, "current_page": 1, "total_pages": 1}
    row = {"id": number, "email": JANE, "date_created": "x"}
    body = json.dumps({"data": [row], "meta": {"pagination": numbers}})
    shop_server.faults.add(ShopFault(path=r"subscribers\?", status=200, body=body, times=None))

    run = run_once()

    assert run.rows_unreadable == 1
    assert mail.members(books[0]) == [JANE]
