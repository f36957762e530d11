"""Tests of imports whose answers are lost, which never end, or which Dotdigital refuses."""

from collections import Counter
from datetime import timedelta
from math import ceil, log2

import pytest
from django.utils import timezone

from dotdigital.sandbox import Fault
from dotdigital.sandbox.faults import NAMED
from integrationhub.models import Contact, ContactImport, SyncRun
from integrationhub.reasons import REASONS, Reason
from tests.integrationhub.sync.expected import members
from tests.integrationhub.sync.faults.verdict import (
    assert_as_if_nothing_had_happened,
    assert_books_are_kept,
    doubled,
    lost,
    rows_sent,
)

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 60


def imports_taken(mail_server):
    puts = mail_server.requests.matching("PUT /contacts/v3/import")
    return [request for request in puts if request.status == 202]


ENDS = [
    ("answer lost", {"method": "PUT", "path": "import", **NAMED["lost answer"], "times": 3}),
    ("request lost", {"method": "PUT", "path": "import", **NAMED["lost request"], "times": 3}),
    ("forgotten", {"method": "PUT", "path": "import", "outcome": "Vanished"}),
    ("watchdog", {"method": "PUT", "path": "import", "outcome": "RejectedByWatchdog"}),
    ("plan is full", {"method": "PUT", "path": "import", "outcome": "ExceedsAllowedContactLimit"}),
    ("failed", {"method": "PUT", "path": "import", "outcome": "Failed"}),
    ("slots taken", {"method": "PUT", "path": "import", **NAMED["too many imports"]}),
    ("slots taken, v2", {"method": "PUT", "path": "import", **NAMED["too many imports, v2"]}),
    ("asking fails", {"method": "GET", "path": "import/", "status": 500, "times": 3}),
    ("said half", {"method": "GET", "path": "import/", "cut": True, "times": 3}),
]


@pytest.mark.parametrize(("name", "fault"), ENDS)
def test_however_an_import_goes_wrong_the_next_run_ends_as_if_it_had_not(
    undisturbed, world, mail_server, cure, settings, name, fault
):
    settings.IMPORT_LOST_SECONDS = 0
    mail_server.faults.add(Fault(**fault))
    first = world.run()
    cure()

    world.run()

    assert REASONS[Reason(first.reason)].sentence
    assert_as_if_nothing_had_happened(world, undisturbed)
    assert max(rows_sent(mail_server.requests, world.mail.user).values()) <= 4


@pytest.fixture
def crowd(new_world):
    """A store of sixty readers whom nobody has imported yet."""
    world = new_world("crowd")
    for number in range(PEOPLE):
        world.shop.subscribe(f"p{number}@shop.example", first_name=f"P{number}")
    return world


@pytest.mark.parametrize("share", [3, 30])
def test_those_whom_an_import_refuses_are_parked_and_the_others_sent_once(
    crowd, mail_server, share
):
    refused = {f"p{number}@shop.example" for number in range(share)}
    for email in refused:
        crowd.mail.globally_suppress(email)
    run = crowd.run()
    mail_server.requests.clear()

    crowd.run()

    parked = Contact.objects.filter(subscribers_reason=Reason.GLOBALLY_SUPPRESSED)
    assert members(crowd.mail, crowd.books[0]).isdisjoint(refused)
    assert len(members(crowd.mail, crowd.books[0])) == PEOPLE - share
    assert set(parked.values_list("email", flat=True)) == refused
    assert run.counts.get(audience="subscribers").added == PEOPLE - share
    assert rows_sent(mail_server.requests, crowd.mail.user) == Counter()
    assert_books_are_kept(crowd)


def test_who_was_refused_is_sent_again_when_their_data_changes(crowd, mail_server):
    crowd.mail.globally_suppress("p1@shop.example")
    crowd.run()
    crowd.mail.state.globally_suppressed.clear()
    crowd.shop.edit_subscriber("p1@shop.example", first_name="Changed")
    mail_server.requests.clear()

    crowd.run()

    assert lost(crowd) == set()
    assert set(rows_sent(mail_server.requests, crowd.mail.user)) == {"p1@shop.example"}


POISONS = {
    "a value too long": {"first_name": "x" * 80},
    "a control character": {"first_name": "Nu\x00l"},
    "ten megabytes": {"first_name": "x" * 10_000_000},
    "a number for a name": {"first_name": 12345},
    "nothing for a name": {"first_name": None},
}


@pytest.mark.parametrize("poison", POISONS)
def test_one_poisonous_contact_costs_few_calls_and_nobody_else(crowd, mail_server, poison):
    mail_server.switches.over_long_value = "request"
    mail_server.switches.longest_text = 50 if poison == "a value too long" else 1000
    crowd.shop.edit_subscriber("p7@shop.example", **POISONS[poison])

    run = crowd.run()

    sent = mail_server.requests.matching("PUT /contacts/v3/import")
    assert run.status == SyncRun.Status.COMPLETED
    assert lost(crowd) <= {"p7@shop.example"}
    assert doubled(crowd) == set()
    assert len(sent) <= 2 * ceil(log2(PEOPLE)) + 2
    assert Contact.objects.exclude(stage=Contact.Stage.SETTLED).count() == 0


@pytest.fixture
def impatient(monkeypatch):
    """Let nobody wait for an import that is not done at once."""
    monkeypatch.setattr("integrationhub.sync.imports.PATIENCE_SECONDS", 0.0)


def test_an_import_that_does_not_end_for_half_an_hour_is_asked_about_and_never_sent_twice(
    crowd, mail_server, impatient
):
    mail_server.faults.add(Fault(method="PUT", path="import", outcome="NotFinished"))
    runs = [
        crowd.run(lambda minute=minute: timezone.now() + timedelta(minutes=minute))
        for minute in range(0, 31, 3)
    ]
    waiting = mail_server.requests.matching("PUT /contacts/v3/import")
    for job in crowd.mail.state.imports.values():
        job.outcome = "Finished"

    last = crowd.run(lambda: timezone.now() + timedelta(minutes=33))

    assert len(waiting) == 1
    assert {run.pk for run in runs} == {last.pk}
    assert all(run.goes_on_at for run in runs)
    assert last.status == SyncRun.Status.COMPLETED
    assert lost(crowd) == set()


def test_an_import_stuck_for_long_is_said_and_not_passed_over_in_silence(
    crowd, mail_server, impatient
):
    mail_server.faults.add(Fault(method="PUT", path="import", outcome="NotFinished"))
    crowd.run()

    run = crowd.run(lambda: timezone.now() + timedelta(minutes=31))

    assert run.reason == crowd.store.problem == Reason.IMPORT_STUCK
    assert "import" in run.detail
    assert run.goes_on_at is not None


def test_never_more_imports_are_open_than_are_left_to_others(
    crowd, mail_server, settings, impatient
):
    settings.IMPORT_BATCH_SIZE = 5
    mail_server.switches.import_seconds = 3600
    open_at_once = []
    mail_server.on_request(
        lambda request, moment: open_at_once.append(
            sum(not job.is_over for job in crowd.mail.state.imports.values())
        )
    )

    for _ in range(3):
        crowd.run()

    assert max(open_at_once) <= 5
    assert ContactImport.objects.filter(finished_at=None).count() <= 5
    assert max(rows_sent(mail_server.requests, crowd.mail.user).values()) == 1
    assert len(imports_taken(mail_server)) <= 5
