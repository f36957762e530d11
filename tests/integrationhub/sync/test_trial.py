"""A trial of ten: who is added, what waits, and what goes on meanwhile."""

import pytest
from django.utils import timezone

from integrationhub import address_books, stores
from integrationhub.models import AddressBookMapping, Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import buyers, members, readers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trial(store):
    """Choose both books on trial, and answer their ids: subscribers', customers'."""
    now = timezone.now()
    books = [address_books.ensure(store.account, name, now=now) for name in ("Readers", "Buyers")]
    choice = address_books.Choice(subscribers=books[0], customers=books[1])
    address_books.assign(store, choice, now=now, is_trial=True)
    return [book.dotdigital_id for book in books]


def test_a_trial_adds_ten_of_each_audience_and_waits(seeded_shop, store, trial, mail, run_once):
    run = run_once()

    assert (run.status, run.reason) == (SyncRun.Status.COMPLETED, Reason.TRIAL_WAITS)
    assert run.detail.endswith("people have been added on trial.")
    assert len(members(mail, trial[0])) == 10
    assert 0 < len(members(mail, trial[1])) <= 10
    store.refresh_from_db()
    assert store.problem == Reason.TRIAL_WAITS
    assert store.next_sync_at is not None


def test_runs_during_a_trial_add_nobody_else_and_keep_unsubscribes_in_step(
    seeded_shop, store, trial, mail, run_once
):
    run_once()
    before = members(mail, trial[0])
    leaver, newcomer = min(before), "new@shop.example"
    mail.unsubscribe(leaver)
    seeded_shop.subscribe(newcomer)

    run = run_once()

    assert run.reason == Reason.TRIAL_WAITS
    assert members(mail, trial[0]) <= before
    assert leaver not in readers(seeded_shop)


def test_after_go_on_everybody_is_added_once(seeded_shop, store, trial, mail, run_once):
    run_once()

    stores.go_on(Store.objects.get(), now=timezone.now())
    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert members(mail, trial[0]) == readers(seeded_shop)
    assert members(mail, trial[1]) == buyers(seeded_shop)
    store.refresh_from_db()
    assert (store.problem, store.is_trial, store.is_filling) == ("", False, False)


def test_a_trial_with_nobody_to_add_waits_for_nobody(shop, store, trial, run_once):
    run = run_once()

    assert run.reason == Reason.NOTHING_TO_DO
    store.refresh_from_db()
    assert (store.problem, store.is_trial) == ("", False)


def test_a_worker_that_dies_in_a_trial_adds_nobody_more(
    seeded_shop, store, trial, mail, run_once, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr("dotdigital.client.Client.await_import", _die)
        with pytest.raises(KeyboardInterrupt):
            run_once()
    Store.objects.update(lease_token=None, lease_expires_at=None)

    run = run_once()

    assert run.reason == Reason.TRIAL_WAITS
    assert len(members(mail, trial[0])) == 10


def _die(*_args, **_options):
    raise KeyboardInterrupt


def test_other_books_chosen_during_a_trial_end_it(seeded_shop, store, trial, mail, run_once):
    run_once()
    mapping = AddressBookMapping.objects.get(audience="subscribers")
    choice = address_books.Choice(subscribers=mapping.address_book, customers=None)

    address_books.assign(Store.objects.get(), choice, now=timezone.now())
    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert members(mail, trial[0]) == readers(seeded_shop)
