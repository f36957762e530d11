"""Tests of the people behind the reasons of a run: the list, the file, and trying again."""

import csv
from io import StringIO

import pytest

from integrationhub.models import AudienceCount, Contact, ReasonCount, RunStep
from tests.factories import ContactFactory, SyncRunFactory
from tests.integrationhub.web.reading import words_of

REFUSED = "subscribers.failed.contact_refused"


@pytest.fixture
def run(store):
    """A run in which 60 people were refused, among others."""
    run = SyncRunFactory(store=store, reason="done_with_failures")
    for number in range(60):
        ContactFactory(
            store=store,
            email=f"refused{number:02}@shop.example",
            subscribers_standing="failed",
            subscribers_reason="contact_refused",
            refused_fingerprint="x",
            stage=Contact.Stage.SETTLED,
            decided_in=run,
        )
    AudienceCount.objects.create(run=run, audience="subscribers", read=61, failed=60, added=1)
    counts = {"run": run, "audience": "subscribers"}
    ReasonCount.objects.create(**counts, outcome="added", reason="in_book", number=1)
    ReasonCount.objects.create(**counts, outcome="failed", reason="contact_refused", number=60)
    return run


def test_a_run_groups_its_people_by_reason_the_failed_first(browser, page, run):
    seen = words_of(browser.get(page("run", run=run.pk)))

    assert seen.index("Failed. Dotdigital refuse") < seen.index("Added. In the address book.")
    assert "60 Failed." in seen
    assert "Who can change it: you." in seen


def test_its_steps_are_told_with_their_time_and_calls(browser, page, run):
    RunStep.objects.create(
        run=run, step="pull", began_at=run.started_at, worked_ms=65_000, bigcommerce_calls=801
    )

    seen = words_of(browser.get(page("run", run=run.pk)))

    assert "Read the store" in seen
    assert "1 min 5 s 801 0" in seen


def test_the_people_behind_a_reason_come_in_pages(browser, page, run):
    first = browser.get(page("run_people", run=run.pk), {"who": REFUSED}).content.decode()
    after = first.split("&amp;after=")[1].split('"')[0]
    second = browser.get(
        page("run_people", run=run.pk), {"who": REFUSED, "after": after}
    ).content.decode()

    assert "refused00@shop.example" in first
    assert "refused55@shop.example" not in first
    assert "refused55@shop.example" in second
    assert "refused00@shop.example" not in second


@pytest.mark.parametrize("who", ["x", "subscribers.failed.no_such", "a.b.c", "subscribers.."])
def test_a_reason_that_does_not_exist_is_not_found(browser, page, run, who):
    for name in ("run_people", "run_csv"):
        assert browser.get(page(name, run=run.pk), {"who": who}).status_code == 404


def test_the_file_has_everybody_and_no_formula(browser, page, run, store):
    ContactFactory(
        store=store,
        email="=cmd@shop.example",
        subscribers_standing="failed",
        subscribers_reason="contact_refused",
        decided_in=run,
    )

    answer = browser.get(page("run_csv", run=run.pk), {"who": REFUSED})

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0][0] == "Email"
    assert len(rows) == 62
    assert rows[61][0] == "'=cmd@shop.example"
    assert "Dotdigital" in rows[1][3]


def test_a_long_file_names_everybody_once(browser, page, run):
    for number in range(300):
        ContactFactory(
            store=run.store,
            email=f"added{number:03}@shop.example",
            subscribers_standing="in_book",
            subscribers_reason="in_book",
            decided_in=run,
        )

    answer = browser.get(page("run_csv", run=run.pk), {"who": "subscribers.in_book.in_book"})

    rows = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [
        f"added{number:03}@shop.example" for number in range(300)
    ]


def test_people_of_another_run_are_not_among_them(browser, page, run, store):
    ContactFactory(
        store=store,
        email="other@shop.example",
        subscribers_standing="failed",
        subscribers_reason="contact_refused",
        decided_in=SyncRunFactory(store=store),
    )

    seen = browser.get(page("run_people", run=run.pk), {"who": REFUSED}).content.decode()

    assert "other@shop.example" not in seen


def test_whoever_failed_is_tried_again_by_the_next_sync(browser, page, run, store):
    answer = browser.post(page("retry", run=run.pk), {"who": REFUSED}, follow=True)

    assert "60 people will be tried again; the sync starts now." in words_of(answer)
    waiting = Contact.objects.filter(stage=Contact.Stage.DECIDE, refused_fingerprint="")
    assert waiting.count() == 60
    store.refresh_from_db()
    assert store.sync_requested_at is not None


def test_with_nobody_left_to_try_again_nothing_is_started(browser, page, run, store):
    Contact.objects.update(refused_fingerprint="")

    answer = browser.post(page("retry", run=run.pk), {"who": REFUSED}, follow=True)

    assert "Nobody is left to be tried again" in words_of(answer)
    store.refresh_from_db()
    assert store.sync_requested_at is None


@pytest.mark.parametrize(
    ("changes", "button"),
    [({"is_sync_enabled": False}, "Resume"), ({"problem": "safety_stop_removals"}, "Go on")],
)
def test_trying_again_is_no_way_round_a_pause_or_a_stop(browser, page, run, store, changes, button):
    type(store).objects.update(**changes)

    answer = browser.post(page("retry", run=run.pk), {"who": REFUSED}, follow=True)

    assert f"tried again once you press {button}." in words_of(answer)
    store.refresh_from_db()
    assert store.sync_requested_at is None
    assert store.problem == changes.get("problem", "")
