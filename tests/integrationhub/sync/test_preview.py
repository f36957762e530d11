"""The preview: it foretells what the run then does, and sends and writes back nothing."""

import pytest
from django.utils import timezone

from integrationhub import address_books, sync
from integrationhub.models import Contact, OptOut, Preview, Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import members, readers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def considered(store):
    """Two books of Dotdigital that nobody has chosen yet: for subscribers, for customers."""
    now = timezone.now()
    return [address_books.ensure(store.account, name, now=now) for name in ("Readers", "Buyers")]


@pytest.fixture
def ask(store, considered):
    """Ask what both books would mean."""

    def go():
        ids = [book.dotdigital_id for book in considered]
        books = dict(zip(("subscribers", "customers"), ids, strict=True))
        names = {"subscribers": "Readers", "customers": "Buyers"}
        return sync.ask(Store.objects.get(), books=books, names=names, now=timezone.now())

    return go


@pytest.fixture
def choose(considered):
    def go():
        choice = address_books.Choice(subscribers=considered[0], customers=considered[1])
        address_books.assign(Store.objects.get(), choice, now=timezone.now())

    return go


def sums(preview):
    """Return of each audience how many would meet which outcome."""
    return {
        audience: {name: sum(reasons.values()) for name, reasons in outcomes.items()}
        for audience, outcomes in preview.counts.items()
    }


def writes(server, since):
    return [each for each in server.requests[since:] if each.method not in {"GET", "HEAD"}]


def test_a_preview_counts_what_the_run_then_does(seeded_shop, store, mail, ask, choose, run_once):
    leavers = sorted(readers(seeded_shop))[:9]
    for email in leavers:
        mail.add_contact(email)
        mail.unsubscribe(email)
    ask()
    counted = run_once()
    preview = Preview.objects.get()
    choose()

    run = run_once()

    assert (counted.is_preview, counted.reason) == (True, Reason.PREVIEWED)
    assert run.status == SyncRun.Status.COMPLETED
    for row in run.counts.all():
        told = sums(preview)[row.audience]
        assert told.get("added", 0) == row.added
        assert told.get("left_out", 0) == row.skipped
        assert told.get("failed", 0) == row.failed
    left_out = preview.counts["subscribers"]["left_out"]
    assert left_out[Reason.UNSUBSCRIBED] == len(leavers)


def test_a_preview_sends_and_writes_back_nothing(
    seeded_shop, shop_server, mail_server, store, mail, ask, considered, run_once
):
    leaver = min(readers(seeded_shop))
    mail.add_contact(leaver)
    mail.unsubscribe(leaver)
    at_shop, at_mail = len(shop_server.requests), len(mail_server.requests)
    ask()

    run_once()

    assert not writes(shop_server, at_shop)
    assert not writes(mail_server, at_mail)
    assert not members(mail, considered[0].dotdigital_id)
    assert leaver in readers(seeded_shop)
    assert set(Contact.objects.values_list("stage", flat=True)) == {Contact.Stage.DECIDE}
    store.refresh_from_db()
    assert (store.next_sync_at, store.problem, store.last_synced_at) == (None, "", None)


def test_who_has_left_a_considered_book_is_counted_but_is_no_opt_out(
    shop, mail, store, ask, considered, run_once
):
    shop.subscribe("ann@shop.example")
    book = considered[0].dotdigital_id
    mail.add_contact("ann@shop.example", lists=[book])
    mail.unsubscribe_from(book, "ann@shop.example")
    ask()

    run_once()

    assert Preview.objects.get().counts["subscribers"] == {"left_out": {Reason.LEFT_BOOK: 1}}
    assert not OptOut.objects.exists()


def test_a_stopped_preview_says_so_and_leaves_the_store_as_it_was(
    seeded_shop, store, ask, run_once
):
    ask()
    lease = sync.claim_store(Store.objects.get(), timezone.now())
    sync.work_on(lease, now=timezone.now, ends_at=timezone.now())
    SyncRun.objects.update(stop_requested_at=timezone.now())
    store.refresh_from_db()

    run = run_once()

    assert run.reason == Reason.STOPPED_BY_PERSON
    assert Preview.objects.get().reason == Reason.STOPPED_BY_PERSON
    store.refresh_from_db()
    assert (store.next_sync_at, store.problem) == (None, "")


def test_a_preview_cut_into_slices_counts_everybody_once(seeded_shop, store, ask, monkeypatch):
    monkeypatch.setattr("integrationhub.sync.preview.PAGE", 50)
    ask()
    run = None
    while run is None or run.finished_at is None:
        lease = sync.claim_store(Store.objects.get(), timezone.now())
        run = sync.work_on(lease, now=timezone.now, ends_at=timezone.now())
        if run.finished_at is None:
            assert not Preview.objects.get().finished_at
    told = sum(sums(Preview.objects.get())["subscribers"].values())

    assert told == Contact.objects.filter(has_subscriber_record=True).count()


def test_a_preview_whose_worker_died_is_counted_anew(seeded_shop, store, ask, run_once):
    ask()
    lease = sync.claim_store(Store.objects.get(), timezone.now())
    sync.work_on(lease, now=timezone.now, ends_at=timezone.now())
    past = timezone.now() - timezone.timedelta(hours=1)
    Store.objects.update(lease_token=lease.token, lease_expires_at=past)
    store.refresh_from_db()

    run = run_once()

    assert run.reason == Reason.PREVIEWED
    assert list(SyncRun.objects.order_by("pk").values_list("status", flat=True)) == [
        SyncRun.Status.STALLED,
        SyncRun.Status.COMPLETED,
    ]


def test_a_sync_asked_for_meanwhile_follows_the_preview(seeded_shop, store, ask, choose, run_once):
    ask()
    choose()

    first, second = run_once(), None
    store.refresh_from_db()
    assert store.next_sync_at <= timezone.now()
    second = run_once()

    assert (first.is_preview, second.is_preview) == (True, False)
