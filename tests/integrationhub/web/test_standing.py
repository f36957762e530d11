"""How a store stands, as tables of what is known and what is said."""

from datetime import UTC, datetime, timedelta

import pytest

from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from integrationhub.web.results import in_words
from integrationhub.web.standing import interval_words, refusal, standing_of

NOW = datetime(2026, 5, 3, 10, 20, tzinfo=UTC)
AGO = NOW - timedelta(minutes=30)
SOON = NOW + timedelta(minutes=4)

AT_REST = [
    ({"is_sync_enabled": False, "problem": "contact_limit"}, "Paused"),
    ({"problem": "bigcommerce_credentials"}, "Needs attention"),
    ({"problem": "safety_stop_opt_outs"}, "Needs attention"),
    ({"problem": "dotdigital_unreachable", "next_sync_at": SOON}, "Trying again"),
    ({"next_sync_at": NOW}, "Syncing"),
    ({"next_sync_at": AGO}, "Overdue"),
    ({"next_sync_at": NOW - timedelta(minutes=9), "last_synced_at": AGO}, "Healthy"),
    ({"next_sync_at": NOW - timedelta(minutes=11), "last_synced_at": AGO}, "Overdue"),
    ({"problem": "dotdigital_unreachable", "next_sync_at": AGO}, "Overdue"),
    ({"problem": "bigcommerce_credentials", "next_sync_at": AGO}, "Needs attention"),
    ({"next_sync_at": AGO, "last_synced_at": AGO}, "Overdue"),
    ({"next_sync_at": SOON, "last_synced_at": AGO}, "Healthy"),
    ({"next_sync_at": NOW, "sync_requested_at": NOW, "last_synced_at": AGO}, "Syncing"),
]


@pytest.mark.parametrize(("known", "label"), AT_REST)
def test_a_store_at_rest(known, label):
    standing = standing_of(Store(**known), open_run=None, has_books=True, now=NOW)

    assert standing.label == label
    assert standing.sentence


def test_two_intervals_are_twenty_minutes_where_an_interval_is_ten(settings):
    settings.SYNC_INTERVAL_SECONDS = 600
    store = Store(next_sync_at=NOW - timedelta(minutes=11), last_synced_at=AGO)

    assert standing_of(store, open_run=None, has_books=True, now=NOW).label == "Healthy"


INTERVALS = [(300, "5 minutes"), (60, "1 minute"), (90, "90 seconds"), (1, "1 second")]


@pytest.mark.parametrize(("seconds", "said"), INTERVALS)
def test_pages_tell_the_interval_that_is_set(settings, seconds, said):
    settings.SYNC_INTERVAL_SECONDS = seconds

    assert interval_words() == said


RUNNING = [
    ({}, "Syncing", "Reading what has changed in BigCommerce."),
    (
        {"rows_read": 12_000, "rows_expected": 40_000},
        "Syncing",
        "Reading what has changed in BigCommerce. 12,000 of 40,000 rows so far.",
    ),
    ({"step": "push"}, "Syncing", "Sending contacts to Dotdigital."),
    ({"stop_requested_at": NOW}, "Syncing", "The sync ends after the page it is working on."),
    (
        {"reason": "dotdigital_rate_limit", "goes_on_at": SOON},
        "Syncing",
        "Dotdigital asked us to slow down; continuing at 10:24.",
    ),
    ({"heartbeat_at": AGO, "goes_on_at": SOON}, "Syncing", "Reading what has changed"),
    ({"heartbeat_at": AGO}, "Overdue", "The sync has not moved for ten minutes."),
]


@pytest.mark.parametrize(("known", "label", "sentence"), RUNNING)
def test_a_store_with_a_run_that_is_going_on(known, label, sentence):
    run = SyncRun(**{"heartbeat_at": NOW, "step": "pull", **known})

    standing = standing_of(Store(), open_run=run, has_books=True, now=NOW)

    assert standing.label == label
    assert standing.sentence.startswith(sentence)


def test_a_store_without_books_asks_for_them():
    standing = standing_of(Store(), open_run=None, has_books=False, now=NOW)

    assert standing.label == "Needs attention"


@pytest.mark.parametrize("reason", Reason)
def test_every_problem_has_a_sentence(reason):
    standing = standing_of(Store(problem=reason), open_run=None, has_books=True, now=NOW)

    assert standing.sentence


REFUSALS = [
    ({}, {"is_running": False, "has_books": True}, ""),
    ({}, {"is_running": True, "has_books": True}, "A sync is going on."),
    (
        {"is_sync_enabled": False},
        {"is_running": False, "has_books": True},
        "The sync is paused: press Resume first.",
    ),
    ({}, {"is_running": False, "has_books": False}, "Choose address books under Contacts first."),
]


@pytest.mark.parametrize(("known", "facts", "why"), REFUSALS)
def test_why_a_sync_cannot_be_started(known, facts, why):
    assert refusal(Store(**known), **facts) == why


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59.9, "59 s"), (190, "3 min 10 s"), (7500, "2 h 5 min")]
)
def test_a_length_of_time_is_said_short(seconds, said):
    assert in_words(timedelta(seconds=seconds)) == said
