"""`manage.py sync_store`, called as Django calls it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from integrationhub import address_books, disconnecting, stores, sync
from integrationhub.models import Account, Store, SyncRun
from integrationhub.reasons import Reason
from tests.conftest import STORE_HASH
from tests.factories import StoreFactory

OUTCOMES = ("added", "updated", "unchanged", "skipped", "failed")


@pytest.fixture
def chosen_store(store):
    now = timezone.now()
    book = address_books.ensure(store.account, "Store subscribers", now=now)
    choice = address_books.Choice(subscribers=book, customers=None)
    address_books.assign(store, choice, now=now)
    return store


def sync_store(*options):
    """What the command says, and its exit status."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("sync_store", STORE_HASH, *options, stdout=out)
    return out.getvalue(), ended.value.code


def test_a_run_is_carried_out_and_reported_with_numbers_that_add_up(shop, chosen_store):
    shop.subscribe("ann@shop.example")
    shop.subscribe("bob@shop.example", consents=())

    told, status = sync_store("--json")

    report, run = json.loads(told), SyncRun.objects.get()
    assert (status, report["status"], report["run"]) == (0, "completed", run.pk)
    assert run.trigger == SyncRun.Trigger.COMMAND
    counts = report["counts"]["subscribers"]
    assert counts == {
        "read": 2, "added": 1, "updated": 0, "unchanged": 0, "skipped": 1, "failed": 0,
    }  # fmt: skip
    assert counts["read"] == sum(counts[name] for name in OUTCOMES)
    assert report["imports_sent"] == report["contacts_sent"] == 1
    assert report["api_calls"]["bigcommerce"] > 0
    assert report["api_calls"]["dotdigital"] > 0
    assert report["seconds"] >= 0


def test_a_second_run_over_an_unchanged_store_sends_nothing(shop, chosen_store):
    shop.subscribe("ann@shop.example")
    sync_store()

    report = json.loads(sync_store("--json")[0])

    assert report["imports_sent"] == 0
    assert report["reason"]["code"] == "nothing_to_do"


def test_people_get_the_outcome_in_words_and_a_table(shop, chosen_store):
    shop.subscribe("ann@shop.example")

    told, _ = sync_store()

    assert "completed: Everything is in its place." in told
    assert "subscribers" in told
    assert "imports sent" in told
    assert "Nothing to do" not in told


def test_a_failed_run_says_why_and_ends_with_status_1(shop, chosen_store):
    shop.access_token = "another"

    told, status = sync_store("--json")

    report = json.loads(told)
    assert (status, report["status"]) == (1, "failed")
    assert report["reason"]["code"] == "bigcommerce_credentials"
    assert "Enter a valid access token" in report["reason"]["next_step"]


def test_a_run_that_cannot_begin_is_a_command_s_too(chosen_store, settings):
    settings.ENCRYPTION_KEYS = "other:" + "A" * 43 + "="

    told, status = sync_store("--json")

    run = SyncRun.objects.get()
    assert (status, run.reason) == (1, Reason.SECRET_UNREADABLE)
    assert json.loads(told)["reason"]["code"] == "secret_unreadable"
    assert run.trigger == SyncRun.Trigger.COMMAND


def test_a_safety_stop_ends_with_status_3(shop, mail, chosen_store):
    shop.subscribe("ann@shop.example")
    sync_store()
    Store.objects.update(safety_number=0, safety_share=0.0)
    shop.subscribe("bob@shop.example")

    told, status = sync_store("--json")

    assert status == 3
    assert json.loads(told)["reason"]["code"] == "safety_stop_additions"


def test_an_unknown_store_is_named_with_status_2(db):
    with pytest.raises(CommandError, match="No store nope is connected") as refusal:
        call_command("sync_store", "nope")

    assert refusal.value.returncode == 2


def test_a_store_of_two_accounts_must_be_told_apart(chosen_store):
    other = Account.objects.create(name="Other", slug="other")
    Store.objects.create(
        account=other, store_hash=STORE_HASH, name="Twin", connected_at=timezone.now()
    )

    with pytest.raises(CommandError, match="--account: acme, other"):
        call_command("sync_store", STORE_HASH)

    assert sync_store("--account", "acme")[1] == 0


def test_a_store_without_books_is_not_synced(store):
    with pytest.raises(CommandError, match="No address book is chosen") as refusal:
        call_command("sync_store", STORE_HASH)

    assert refusal.value.returncode == 2


def test_a_store_whose_sync_is_off_is_left_alone(chosen_store):
    stores.switch_sync(chosen_store, is_enabled=False, now=timezone.now())

    with pytest.raises(CommandError, match="Data sync is off"):
        call_command("sync_store", STORE_HASH)


def test_a_store_that_a_worker_is_busy_with_is_left_to_it(chosen_store):
    sync.claim_store(chosen_store, timezone.now())

    with pytest.raises(CommandError, match="A worker is syncing") as refusal:
        call_command("sync_store", STORE_HASH)

    assert refusal.value.returncode == 4


def test_the_exit_statuses_are_documented(capsys):
    with pytest.raises(SystemExit):
        call_command("sync_store", "--help")

    help_text = capsys.readouterr().out
    assert "0  the run completed" in help_text
    assert "4  a worker is syncing" in help_text


def test_a_store_that_is_disconnected_is_not_synced(chosen_store):
    disconnecting.disconnect(chosen_store, now=timezone.now())

    with pytest.raises(CommandError, match="is disconnected") as refused:
        call_command("sync_store", STORE_HASH)

    assert refused.value.returncode == 2
    assert not SyncRun.objects.exists()


def test_where_one_account_has_it_connected_no_account_has_to_be_named(chosen_store):
    former = StoreFactory(store_hash=STORE_HASH)
    disconnecting.disconnect(former, now=timezone.now())

    assert sync_store()[1] == 0

    assert SyncRun.objects.get().store == chosen_store
