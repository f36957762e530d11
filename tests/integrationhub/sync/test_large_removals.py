"""Tests of removals too many to be made one by one."""

import pytest

from dotdigital.sandbox import Fault
from integrationhub.models import Contact, SyncRun
from tests.integrationhub.sync.expected import members

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fifteen_leave(shop, books, run_once):
    """Let fifteen of twenty readers opt out in the store."""
    people = [f"p{number:02}@shop.example" for number in range(20)]
    for email in people:
        shop.subscribe(email)
    run_once()
    for email in people[:15]:
        shop.unsubscribe(email)
    return set(people[15:])


def test_many_leave_in_one_call(fifteen_leave, mail, mail_server, books, run_once):
    run = run_once()

    bulk = [r for r in mail_server.requests if r.path.endswith("/contacts/delete")]
    assert members(mail, books[0]) == fifteen_leave
    assert run.removed == 15
    assert len(bulk) == 1


def test_where_the_one_call_cannot_be_followed_each_leaves_by_itself(
    fifteen_leave, mail, mail_server, books, run_once
):
    mail_server.faults.add(
        Fault(path="contacts/deletion", status=200, body={"id": "x", "status": "Failed"})
    )

    run = run_once()

    singles = [r for r in mail_server.requests if r.method == "DELETE"]
    assert members(mail, books[0]) == fifteen_leave
    assert run.status == SyncRun.Status.COMPLETED
    assert len(singles) == 15


def test_a_removal_whose_answer_was_lost_is_made_again(
    fifteen_leave, mail, mail_server, books, run_once
):
    lost = Fault(path="contacts/delete", drop=True, after_work=True, times=None)
    mail_server.faults.add(lost)
    failed = run_once()
    mail_server.faults.clear()

    run_once()

    assert failed.status == SyncRun.Status.FAILED
    assert members(mail, books[0]) == fifteen_leave
    assert not Contact.objects.exclude(stage=Contact.Stage.SETTLED).exists()
