"""Imports: how they go, how they end, and what is told of each row."""

from typing import Any

import pytest

from dotdigital.client import Client
from dotdigital.errors import (
    NotFoundError,
    RejectedError,
)
from dotdigital.records import (
    ContactToImport,
    ImportedContact,
    ImportStatus,
)
from dotdigital.sandbox import Account, Fault, Sandbox


def finished(client: Client, *rows: ContactToImport) -> Any:
    import_id = client.import_contacts(rows)
    while not (report := client.contact_import(import_id)).is_finished:
        pass
    return report


def test_an_import_tells_who_is_new_and_who_was_there(
    client: Client, account: Account, book: int
) -> None:
    known = account.add_contact("Known@x.example")
    rows = [
        ContactToImport(
            email=email,
            data_fields={"FIRSTNAME": "Jo"},
            address_book_ids=(book,),
            opt_in_type="single",
        )
        for email in ("new@x.example", "known@x.example")
    ]

    report = finished(client, *rows)

    assert report.status is ImportStatus.FINISHED
    assert [each.email for each in report.created] == ["new@x.example"]
    assert report.updated == (ImportedContact(contact_id=known, email="Known@x.example"),)
    assert report.failures == ()
    assert account.members(book) == ["Known@x.example", "new@x.example"]


def test_an_import_that_runs_is_not_finished(sandbox: Sandbox, client: Client) -> None:
    sandbox.switches.import_polls = 2
    import_id = client.import_contacts([ContactToImport(email="jane@x.example")])

    statuses = [client.contact_import(import_id).status.value for _ in range(3)]

    assert statuses == ["NotFinished", "NotFinished", "Finished"]


@pytest.mark.parametrize("outcome", ["RejectedByWatchdog", "Failed", "ExceedsAllowedContactLimit"])
def test_an_import_may_end_badly(
    sandbox: Sandbox, client: Client, account: Account, outcome: str
) -> None:
    sandbox.faults.add(Fault(path="import", outcome=outcome))

    report = finished(client, ContactToImport(email="jane@x.example"))

    assert report.status.value == outcome
    assert report.is_finished
    assert account.contact("jane@x.example") is None


def test_an_import_may_hang(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(path="import", outcome="NotFinished"))
    import_id = client.import_contacts([ContactToImport(email="jane@x.example")])

    sandbox.clock.advance(86_400)

    assert not client.contact_import(import_id).is_finished
    assert client.contact_import(import_id).status is ImportStatus.NOT_FINISHED


def test_an_import_may_be_forgotten(sandbox: Sandbox, client: Client, account: Account) -> None:
    sandbox.faults.add(Fault(path="import", outcome="Vanished"))
    import_id = client.import_contacts([ContactToImport(email="jane@x.example")])

    with pytest.raises(NotFoundError) as raised:
        client.contact_import(import_id)

    assert raised.value.code == "contacts:importNotFound"
    assert account.contact("jane@x.example") is not None


@pytest.mark.parametrize("case", ["camel", "pascal"])
def test_refused_rows_are_told_one_by_one(
    sandbox: Sandbox, client: Client, account: Account, case: str
) -> None:
    sandbox.switches.failure_codes = "camel" if case == "camel" else "pascal"
    account.globally_suppress("spam@x.example")
    rows = [
        ContactToImport(email="bad@@x"),
        ContactToImport(email="SPAM@x.example"),
        ContactToImport(email="jane@x.example", address_book_ids=(999,)),
        ContactToImport(email="who@x.example", contact_id=999_999),
        ContactToImport(email="odd@x.example", data_fields={"NOSUCH": 1}),
    ]

    report = finished(client, *rows)

    assert [(each.email, each.code.lower()) for each in report.failures] == [
        ("bad@@x", "invalidemail"),
        ("SPAM@x.example", "globallysuppressed"),
        ("jane@x.example", "invalidaddressbookids"),
        ("who@x.example", "invalidcontactid"),
        ("odd@x.example", "invalidcontact"),
    ]
    assert [each.email for each in report.created] == ["jane@x.example"]
    assert report.failures[3].contact_id == 999_999
    assert all(each.description for each in report.failures)


def test_a_row_without_form_refuses_the_whole_import(client: Client, account: Account) -> None:
    rows = [b'{"matchIdentifier":"email","identifiers":{"email":"a@x.example"}}', b'{"lists":[]}']

    with pytest.raises(RejectedError) as raised:
        client.import_contacts(rows)

    assert raised.value.status == 400
    assert raised.value.code == "contacts:badRequest"
    assert account.contact("a@x.example") is None


def test_an_address_can_be_changed_by_id(client: Client, account: Account) -> None:
    contact_id = account.add_contact("old@x.example", data_fields={"FIRSTNAME": "Jo"})

    report = finished(client, ContactToImport(email="new@x.example", contact_id=contact_id))

    assert report.updated == (ImportedContact(contact_id=contact_id, email="new@x.example"),)
    assert account.contact("old@x.example") is None
    assert account.contact("new@x.example") is not None
