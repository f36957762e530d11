"""Tests of what can go wrong on either side: a sentence for people, and nothing lost."""

import pytest
from django.utils import timezone

from bigcommerce.sandbox import Fault as ShopFault
from dotdigital.sandbox import Fault as MailFault
from dotdigital.sandbox.faults import NAMED
from integrationhub.models import Account, Contact, ContactImport, OptOut, Store, SyncRun
from integrationhub.reasons import REASONS, Reason

pytestmark = pytest.mark.django_db(transaction=True)
FOR_EVER = {"times": None}


@pytest.fixture
def sick(shop_server, mail_server):
    """Make one side ill, and answer how to cure both."""

    def make(side, **fault):
        if side == "shop":
            shop_server.faults.add(ShopFault(**FOR_EVER | fault))
        else:
            mail_server.faults.add(MailFault(**FOR_EVER | fault))

    yield make
    shop_server.faults.clear()
    mail_server.faults.clear()


def cure(shop_server, mail_server):
    shop_server.faults.clear()
    mail_server.faults.clear()


VENDOR_TROUBLE = [
    ("shop", {"path": "customers", "status": 401}, Reason.BIGCOMMERCE_CREDENTIALS),
    ("shop", {"path": "orders", "status": 403}, Reason.BIGCOMMERCE_SCOPE),
    ("shop", {"path": "subscribers", "status": 500}, Reason.BIGCOMMERCE_UNREACHABLE),
    ("shop", {"path": "customers", "act": "drop"}, Reason.BIGCOMMERCE_UNREACHABLE),
    (
        "shop",
        {"path": "customers", "status": 200, "body": '{"data": ['},
        Reason.BIGCOMMERCE_MALFORMED,
    ),
    ("shop", {"path": "customers", "status": 200, "body": "<html>"}, Reason.BIGCOMMERCE_MALFORMED),
    ("shop", {"path": "customers", "status": 503}, Reason.BIGCOMMERCE_MAINTENANCE),
    ("mail", {"path": "suppressed", "status": 401}, Reason.DOTDIGITAL_CREDENTIALS),
    ("mail", {"path": "suppressed", "status": 403}, Reason.DOTDIGITAL_REGION),
    ("mail", {"path": "suppressed", "status": 502}, Reason.DOTDIGITAL_UNREACHABLE),
    ("mail", {"path": "import", "drop": True}, Reason.DOTDIGITAL_UNREACHABLE),
    ("mail", {"path": "import", "cut": True}, Reason.DOTDIGITAL_MALFORMED),
    ("mail", {"path": "import", "outcome": "RejectedByWatchdog"}, Reason.IMPORT_REJECTED),
    ("mail", {"path": "import", "outcome": "ExceedsAllowedContactLimit"}, Reason.CONTACT_LIMIT),
    ("mail", {"path": "import", "outcome": "Failed"}, Reason.IMPORT_FAILED),
]


@pytest.mark.parametrize(("side", "fault", "reason"), VENDOR_TROUBLE)
def test_a_vendors_trouble_ends_in_a_sentence_and_the_next_run_repairs_all(
    shop, shop_server, mail, mail_server, books, run_once, sick, side, fault, reason
):
    for number in range(5):
        shop.subscribe(f"p{number}@shop.example")
    sick(side, **fault)
    ill = run_once()
    cure(shop_server, mail_server)

    well = run_once()

    is_quiet = reason is Reason.BIGCOMMERCE_MAINTENANCE
    assert ill.reason == reason
    assert ill.status == (SyncRun.Status.RUNNING if is_quiet else SyncRun.Status.FAILED)
    assert REASONS[reason].sentence
    assert REASONS[reason].next_step
    assert well.status == SyncRun.Status.COMPLETED
    assert len(mail.members(books[0])) == 5
    assert Store.objects.get().problem == ""


@pytest.mark.parametrize(("side", "fault", "reason"), VENDOR_TROUBLE[:2] + VENDOR_TROUBLE[7:8])
def test_wrong_credentials_stop_the_store_until_a_person_has_mended_them(
    shop, books, run_once, sick, side, fault, reason
):
    sick(side, **fault)

    run_once()

    store = Store.objects.get()
    assert store.problem == reason
    assert store.next_sync_at is None


def test_a_vendor_that_is_down_is_tried_again_less_and_less_often(shop, books, run_once, sick):
    sick("shop", path="customers", status=500)
    pauses = []

    for _ in range(3):
        run_once()
        pauses.append(Store.objects.get().next_sync_at - timezone.now())

    assert pauses == sorted(pauses)
    assert pauses[-1] > 3 * pauses[0]


def test_a_deleted_address_book_is_named_and_another_can_be_chosen(
    shop, mail, store, books, run_once
):
    shop.subscribe("jane@shop.example")
    mail.delete_address_book(books[0])

    run = run_once()

    assert run.reason == Reason.ADDRESS_BOOK_DELETED
    assert Store.objects.get().problem == Reason.ADDRESS_BOOK_DELETED
    assert store.account.address_books.get(dotdigital_id=books[0]).is_missing


def test_when_dotdigital_asks_us_to_slow_down_the_worker_is_given_back(
    shop, mail, books, run_once, sick
):
    shop.subscribe("jane@shop.example")
    sick("mail", path="suppressed", status=429, headers={"Retry-After": "90"})

    run = run_once()

    store = Store.objects.get()
    assert run.finished_at is None
    assert run.reason == Reason.DOTDIGITAL_RATE_LIMIT
    assert run.goes_on_at == store.next_sync_at
    assert store.next_sync_at > timezone.now()
    assert store.lease_token is None


def test_when_all_import_slots_are_taken_the_run_waits_and_goes_on(
    shop, shop_server, mail, mail_server, books, run_once, sick
):
    shop.subscribe("jane@shop.example")
    sick("mail", method="PUT", path="import", **NAMED["too many imports"])
    first = run_once()
    cure(shop_server, mail_server)

    run = run_once()

    assert first.reason == Reason.DOTDIGITAL_IMPORTS_FULL
    assert run.pk == first.pk
    assert run.status == SyncRun.Status.COMPLETED
    assert mail.members(books[0]) == ["jane@shop.example"]


def test_an_import_whose_answer_was_lost_is_sent_again_and_doubles_nobody(
    shop, shop_server, mail, mail_server, books, run_once, sick
):
    shop.subscribe("jane@shop.example")
    sick("mail", method="PUT", path="import", drop=True, after_work=True)
    run_once()
    cure(shop_server, mail_server)

    run_once()

    assert mail.members(books[0]) == ["jane@shop.example"]
    assert ContactImport.objects.filter(finished_at=None).count() == 0


def test_an_import_that_dotdigital_forgot_is_sent_again(
    shop, mail, mail_server, books, run_once, settings
):
    settings.IMPORT_LOST_SECONDS = 0
    shop.subscribe("jane@shop.example")
    mail_server.faults.add(MailFault(method="PUT", path="import", outcome="Vanished"))

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert mail.members(books[0]) == ["jane@shop.example"]


def test_a_batch_refused_whole_is_halved_until_the_bad_contact_stands_alone(
    shop, mail, mail_server, books, run_once, contact_of
):
    mail_server.switches.over_long_value = "request"
    mail_server.switches.longest_text = 50
    for number in range(7):
        shop.subscribe(f"p{number}@shop.example")
    shop.subscribe("long@shop.example", first_name="x" * 80)

    run = run_once()

    assert len(mail.members(books[0])) == 7
    assert contact_of("long@shop.example").subscribers_reason == Reason.CONTACT_REFUSED
    assert run.reason == Reason.DONE_WITH_FAILURES


def test_a_refused_contact_is_not_sent_again_until_its_data_changes(
    shop, mail, mail_server, books, run_once, contact_of
):
    mail_server.switches.longest_text = 50
    shop.subscribe("long@shop.example", first_name="x" * 80)
    run_once()
    mail_server.requests.clear()
    run_once()
    sent_again = [r for r in mail_server.requests if r.method == "PUT"]
    shop.edit_subscriber("long@shop.example", first_name="Xavier")

    run_once()

    assert sent_again == []
    assert mail.members(books[0]) == ["long@shop.example"]
    assert contact_of("long@shop.example").subscribers_standing == Contact.Standing.IN_BOOK


def test_a_write_back_whose_answer_was_lost_ends_as_written(
    shop, shop_server, mail, mail_server, books, run_once, sick
):
    shop.subscribe("jane@shop.example")
    run_once()
    mail.unsubscribe("jane@shop.example")
    sick("shop", method="PUT", path="subscribers", act="drop-after")
    run_once()
    cure(shop_server, mail_server)

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert shop.subscriber("jane@shop.example").consents == []
    assert OptOut.objects.get().receipt in {OptOut.Receipt.CONFIRMED, OptOut.Receipt.ALREADY_OUT}


def test_a_lost_encryption_key_stops_the_store_with_a_sentence(shop, books, run_once, settings):
    settings.ENCRYPTION_KEYS = "other:" + "A" * 43 + "="

    run = run_once()

    assert run.reason == Reason.SECRET_UNREADABLE
    assert Store.objects.defer("access_token").get().next_sync_at is None
    assert Account.objects.count() == 1
