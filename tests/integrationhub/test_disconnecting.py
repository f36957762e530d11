"""Tests of disconnecting: what goes at once, what is kept and for how long, and coming back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ

from integrationhub import address_books, disconnecting, jobs, probes, stores, sync
from integrationhub.models import (
    Account,
    ActivityEntry,
    Contact,
    ContactImport,
    Cursor,
    OptOut,
    StandingCount,
    Store,
    SyncRun,
)
from integrationhub.reasons import Reason
from tests.conftest import ACCESS_TOKEN, API_PASSWORD, API_USER, STORE_HASH
from tests.factories import (
    ContactFactory,
    ContactImportFactory,
    MembershipFactory,
    OptOutFactory,
    StoreFactory,
    SyncRunFactory,
)
from tests.integrationhub.sync.expected import members

pytestmark = pytest.mark.django_db
ANN, BEA, CAT = "ann@shop.example", "bea@shop.example", "cat@shop.example"
CREDENTIALS = probes.Credentials(
    store_hash=STORE_HASH, access_token=ACCESS_TOKEN, api_user=API_USER, password=API_PASSWORD
)
A_MONTH = timedelta(days=30)


@pytest.fixture
def book(store):
    """Choose the book of the subscribers, and answer Dotdigital's id of it."""
    now = timezone.now()
    subscribers = address_books.ensure(store.account, "Store subscribers", now=now)
    address_books.assign(
        store, address_books.Choice(subscribers=subscribers, customers=None), now=now
    )
    return subscribers.dotdigital_id


@pytest.fixture
def synced(store, shop, book):
    """A store whose people are in the book."""
    for email in (ANN, BEA, CAT):
        shop.subscribe(email)
    jobs.work()
    store.refresh_from_db()
    return store


def disconnect(store, *, now=None, by=None):
    done = disconnecting.disconnect(store, now=now or timezone.now(), by=by)
    store.refresh_from_db()
    return done


def reconnect(store):
    again = stores.connect(Account.objects.get(pk=store.account_id), CREDENTIALS)
    assert again.pk == store.pk
    return again


def test_the_credentials_of_the_store_go_at_once_and_nothing_is_due(synced):
    marketer = User.objects.create(username="mia")

    disconnect(synced, by=marketer)

    assert Store.objects.values_list("access_token", flat=True).get() == ""
    assert synced.disconnected_by == marketer
    assert not sync.is_any_due(timezone.now() + A_MONTH)
    assert sync.claim_store(synced, timezone.now()) is None


def test_dotdigitals_credentials_stay_while_another_store_uses_them(synced):
    other = StoreFactory(account=synced.account)

    disconnect(synced)
    first = Account.objects.get()
    disconnect(other)
    second = Account.objects.get()

    assert (first.dotdigital_api_user, first.dotdigital_password) == (API_USER, API_PASSWORD)
    assert (second.dotdigital_api_user, second.dotdigital_password) == ("", "")
    assert not second.is_connected
    assert second.dotdigital_id == first.dotdigital_id


def test_a_store_that_comes_back_must_be_of_the_same_dotdigital_account(synced, mail_server):
    mail_server.add_account(user="apiuser-2@apiconnector.com", password="p", name="Other")
    disconnect(synced)
    other = probes.Credentials(
        store_hash=STORE_HASH,
        access_token=ACCESS_TOKEN,
        api_user="apiuser-2@apiconnector.com",
        password="p",
    )

    with pytest.raises(probes.ConnectionRefusedByVendorError) as refused:
        stores.connect(Account.objects.get(), other)

    assert refused.value.reason == Reason.DOTDIGITAL_OTHER_ACCOUNT
    synced.refresh_from_db()
    assert synced.is_disconnected


def test_done_twice_it_is_done_once(synced):
    first = timezone.now()

    done = [disconnect(synced, now=first), disconnect(synced, now=first + A_MONTH)]

    assert done == [True, False]
    assert synced.disconnected_at == first


def test_an_open_run_ends_as_stopped_by_whoever_disconnected(synced):
    marketer = User.objects.create(username="mia")
    run = SyncRunFactory(store=synced, running=True)

    disconnect(synced, by=marketer)

    run.refresh_from_db()
    assert (run.status, run.reason) == (SyncRun.Status.STOPPED, Reason.DISCONNECTED)
    assert run.stop_requested_by == marketer


def test_nobody_is_touched_on_either_side(synced, shop, mail, book, shop_server, mail_server):
    shop_server.requests.clear()
    mail_server.requests.clear()

    disconnect(synced)
    jobs.tick()
    jobs.work()

    assert [*shop_server.requests, *mail_server.requests] == []
    assert members(mail, book) == {ANN, BEA, CAT}


def test_what_was_asked_just_before_starts_nothing(synced):
    late = Store.objects.get()
    disconnect(synced)

    stores.request_sync(late, now=timezone.now())
    stores.switch_sync(late, is_enabled=True, now=timezone.now())
    jobs.work()

    assert SyncRun.objects.count() == 1
    assert not sync.is_any_due(timezone.now())


def test_a_disconnected_store_can_hold_no_token(synced):
    disconnect(synced)

    with pytest.raises(IntegrityError), transaction.atomic():
        Store.objects.update(access_token="token")


def test_connected_again_in_time_it_goes_on_where_it_was(synced, shop, mail, book, mail_server):
    before = {row.email: row.pk for row in Contact.objects.all()}
    disconnect(synced)
    shop.subscribe("new@shop.example")
    mail_server.requests.clear()

    reconnect(synced)
    jobs.work()

    sent = [each for each in mail_server.requests if each.method == "PUT"]
    rows = [row for each in sent for row in each.content["contacts"]]
    assert [row["identifiers"]["email"] for row in rows] == ["new@shop.example"]
    assert members(mail, book) == {ANN, BEA, CAT, "new@shop.example"}
    assert before.items() <= {row.email: row.pk for row in Contact.objects.all()}.items()


def test_who_said_no_on_either_side_meanwhile_is_out_on_both(synced, shop, mail, book):
    disconnect(synced)
    mail.unsubscribe(ANN)
    shop.unsubscribe(BEA)

    reconnect(synced)
    jobs.work()

    assert members(mail, book) == {CAT}
    assert "marketing_newsletter" not in shop.subscriber(ANN).consents


def test_who_took_back_the_opt_in_without_a_date_meanwhile_is_out_too(synced, shop, mail, book):
    before = shop.subscriber(BEA).date_modified
    disconnect(synced)
    shop.edit_subscriber(BEA, consents=[], modified_at=before)

    reconnect(synced)
    jobs.work()

    assert members(mail, book) == {ANN, CAT}


def test_both_are_written_down_as_activity_and_no_replaced_token_is(synced):
    disconnect(synced)
    reconnect(synced)

    told = ActivityEntry.objects.filter(store=synced).exclude(deed="").order_by("pk")
    assert [each.deed for each in told] == ["disconnected", "connected_again"]


def test_nobody_is_mailed_about_a_store_that_is_disconnected(synced, mailoutbox):
    MembershipFactory(account=synced.account)
    late = Store.objects.get()
    disconnect(synced)
    stores.request_sync(late, now=timezone.now() - timedelta(days=1))

    jobs.tick()

    assert mailoutbox == []


def test_a_store_that_was_paused_comes_back_paused(synced):
    stores.switch_sync(synced, is_enabled=False, now=timezone.now())
    disconnect(synced)

    again = reconnect(synced)

    assert not again.is_sync_enabled
    assert not sync.is_any_due(timezone.now())


def test_a_store_that_another_account_has_taken_meanwhile_comes_back_paused(synced):
    disconnect(synced)
    StoreFactory(store_hash=STORE_HASH)

    again = reconnect(synced)

    assert not again.is_sync_enabled


def test_a_store_that_was_disconnected_elsewhere_is_nobodys_twin(synced, mail_server):
    disconnect(synced)
    mail_server.add_account(user="apiuser-2@apiconnector.com", password="p", name="Other")
    other = Account.objects.create(name="Other", slug="other")

    credentials = probes.Credentials(
        store_hash=STORE_HASH,
        access_token=ACCESS_TOKEN,
        api_user="apiuser-2@apiconnector.com",
        password="p",
    )
    store = stores.connect(other, credentials)

    assert store.is_sync_enabled


@pytest.fixture
def a_month_later(time_machine):
    def go():
        time_machine.move_to(timezone.now() + A_MONTH + timedelta(minutes=1))

    return go


def test_its_people_are_kept_for_a_month(synced, time_machine):
    disconnect(synced)
    time_machine.move_to(timezone.now() + A_MONTH - timedelta(hours=1))

    jobs.housekeeping()

    synced.refresh_from_db()
    assert Contact.objects.count() == 3
    assert synced.forgotten_at is None


def test_then_they_are_forgotten_but_not_who_said_no(synced, mail, shop, a_month_later):
    mail.unsubscribe(ANN)
    stores.request_sync(synced, now=timezone.now())
    jobs.work()
    disconnect(synced)
    a_month_later()

    jobs.housekeeping()

    synced.refresh_from_db()
    assert not Contact.objects.exists()
    assert not StandingCount.objects.exists()
    assert not synced.address_book_mappings.exists()
    assert OptOut.objects.get().email == ANN
    assert SyncRun.objects.count() == 2
    assert synced.forgotten_at is not None
    assert synced.forget_at is None


def test_it_goes_in_pieces_and_a_job_that_runs_out_of_time_asks_for_the_next(
    synced, a_month_later, monkeypatch, settings
):
    monkeypatch.setattr(disconnecting, "PIECE", 2)
    settings.SYNC_SLICE_SECONDS = 0
    disconnect(synced)
    a_month_later()
    OrmQ.objects.all().delete()

    jobs.forget()

    assert Contact.objects.count() == 3
    assert [each.task["func"] for each in OrmQ.objects.all()] == ["integrationhub.jobs.forget"]
    settings.SYNC_SLICE_SECONDS = 40
    jobs.forget()
    assert not Contact.objects.exists()
    assert OrmQ.objects.count() == 1


def test_what_vendors_said_is_forgotten_too_for_it_may_name_somebody(synced, a_month_later):
    said = "ann@shop.example is not welcome"
    run = SyncRunFactory(store=synced, status="failed", reason="bigcommerce_refused", detail=said)
    sent = ContactImportFactory(run=run, detail=said, finished_at=timezone.now())
    theirs = SyncRunFactory(status="failed", reason="bigcommerce_refused", detail=said)
    stop = SyncRunFactory(store=synced, reason="safety_stop_removals", detail="412 people would")
    disconnect(synced)
    a_month_later()

    jobs.housekeeping()

    for row in (run, sent, theirs, stop):
        row.refresh_from_db()
    assert (run.detail, sent.detail) == ("", "")
    assert (theirs.detail, stop.detail) == (said, "412 people would")


def test_nobody_elses_people_are_forgotten(synced, a_month_later):
    other = StoreFactory(account=synced.account)
    theirs = ContactFactory(store=other)
    kept = ContactFactory()
    disconnect(synced)
    a_month_later()

    jobs.housekeeping()

    assert set(Contact.objects.all()) == {theirs, kept}


def test_an_import_that_is_open_is_forgotten_as_unknown(synced, a_month_later):
    sent = ContactImportFactory(run__store=synced, remote_id="1", status="running")
    disconnect(synced)
    a_month_later()

    jobs.housekeeping()

    sent.refresh_from_db()
    assert sent.status == ContactImport.Status.UNKNOWN
    assert sent.finished_at is not None


def test_coming_back_in_the_middle_of_being_forgotten_loses_nobody(
    synced, shop, mail, book, a_month_later, monkeypatch
):
    monkeypatch.setattr(disconnecting, "PIECE", 1)
    moments = iter(range(3))
    disconnect(synced)
    a_month_later()
    ends_at = timezone.now() + timedelta(seconds=1)
    is_left = disconnecting.forget_due(
        now=lambda: ends_at if next(moments, None) is None else timezone.now(), ends_at=ends_at
    )
    kept = Contact.objects.count()

    again = reconnect(synced)
    jobs.housekeeping()
    after = Contact.objects.count()
    address_books.assign(
        again,
        address_books.Choice(
            subscribers=address_books.ensure(
                again.account, "Store subscribers", now=timezone.now()
            ),
            customers=None,
        ),
        now=timezone.now(),
    )
    jobs.work()

    assert is_left
    assert after == kept
    assert {row.email for row in Contact.objects.all()} == {ANN, BEA, CAT}
    assert members(mail, book) == {ANN, BEA, CAT}


def test_forgotten_and_back_nobody_is_added_unasked_and_who_said_no_stays_out(
    synced, shop, mail, a_month_later
):
    mail.unsubscribe(ANN)
    stores.request_sync(synced, now=timezone.now())
    jobs.work()
    disconnect(synced)
    a_month_later()
    jobs.housekeeping()

    again = reconnect(synced)
    jobs.work()
    unasked = SyncRun.objects.count()
    fresh = address_books.create(again.account, "Fresh", now=timezone.now())
    address_books.assign(
        again, address_books.Choice(subscribers=fresh, customers=None), now=timezone.now()
    )
    jobs.work()

    assert unasked == 2
    assert SyncRun.objects.latest("pk").status == SyncRun.Status.COMPLETED
    assert members(mail, fresh.dotdigital_id) == {BEA, CAT}
    assert Contact.objects.get(email=ANN).subscribers_reason == Reason.UNSUBSCRIBED


def sync_now(store):
    stores.request_sync(store, now=timezone.now())
    jobs.work()


def come_back(store):
    """Connect the store again, choose the same book, and sync twice: what is owed is written."""
    now = timezone.now()
    again = reconnect(store)
    chosen = address_books.ensure(again.account, "Store subscribers", now=now)
    address_books.assign(again, address_books.Choice(subscribers=chosen, customers=None), now=now)
    jobs.work()
    sync_now(again)


@pytest.mark.parametrize("is_challenging", [False, True])
def test_forgotten_and_back_who_had_signed_up_again_after_a_no_has_not_said_no(
    synced, shop, mail, book, sandboxes_later, a_month_later, is_challenging
):
    Store.objects.update(is_challenging_resubscribers=is_challenging)
    mail.unsubscribe(ANN)
    sync_now(synced)
    sandboxes_later(minutes=10)
    shop.subscribe(ANN)
    sync_now(synced)
    disconnect(synced)
    a_month_later()
    jobs.housekeeping()

    come_back(synced)

    assert shop.subscriber(ANN).consents == ["marketing_newsletter"]
    assert Contact.objects.get(email=ANN).accepts_marketing
    assert members(mail, book) == ({BEA, CAT} if is_challenging else {ANN, BEA, CAT})


def test_forgotten_and_back_a_no_after_the_sign_up_still_wins(
    synced, shop, mail, book, sandboxes_later, a_month_later
):
    Store.objects.update(is_challenging_resubscribers=False)
    mail.unsubscribe(ANN)
    sync_now(synced)
    sandboxes_later(minutes=10)
    shop.subscribe(ANN)
    sync_now(synced)
    disconnect(synced)
    sandboxes_later(minutes=10)
    mail.unsubscribe(ANN)
    a_month_later()
    jobs.housekeeping()

    come_back(synced)

    assert shop.subscriber(ANN).consents == []
    assert members(mail, book) == {BEA, CAT}


def test_who_said_no_stays_out_though_dotdigital_has_forgotten_them(synced, mail, a_month_later):
    OptOutFactory(store=synced, email=ANN, removed_at=timezone.now() + timedelta(minutes=1))
    disconnect(synced)
    a_month_later()
    jobs.housekeeping()

    again = reconnect(synced)
    fresh = address_books.create(again.account, "Fresh", now=timezone.now())
    address_books.assign(
        again, address_books.Choice(subscribers=fresh, customers=None), now=timezone.now()
    )
    jobs.work()

    assert members(mail, fresh.dotdigital_id) == {BEA, CAT}


def test_cursors_of_a_forgotten_store_begin_at_the_beginning(synced, a_month_later):
    disconnect(synced)
    a_month_later()

    jobs.housekeeping()

    cursors = Cursor.objects.filter(store=synced)
    assert cursors.exists()
    assert not cursors.exclude(since=None, position="", full_read_at=None, is_full=True).exists()
