"""What an import must look like, how long it takes, and what it answers."""

from typing import Any

import pytest

from dotdigital.client import Client
from dotdigital.errors import RejectedError, TooManyImportsError
from dotdigital.sandbox import Account, Sandbox
from tests.dotdigital.sandbox.conftest import JANE, codes, row, run


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Numeric", "many"),
        ("Numeric", True),
        ("Date", "someday"),
        ("Boolean", "perhaps"),
        ("String", "x" * 1001),
    ],
)
def test_a_value_that_does_not_fit_costs_its_contact(
    client: Client, account: Account, kind: str, value: object
) -> None:
    account.add_data_field("FIELD", kind)

    report = run(client, row(dataFields={"FIELD": value}), row("other@x.example"))

    assert codes(report) == ["invalidContact"]
    assert account.contact(JANE) is None
    assert account.contact("other@x.example") is not None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Numeric", 12.5),
        ("Numeric", "-12.5"),
        ("Date", "2026-01-02T03:04:05Z"),
        ("Boolean", False),
        ("Boolean", "Yes"),
        ("String", "x" * 1000),
    ],
)
def test_a_value_that_fits_is_kept(
    client: Client, account: Account, kind: str, value: object
) -> None:
    account.add_data_field("FIELD", kind)

    run(client, row(dataFields={"FIELD": value}))

    assert account.known(JANE).data_fields == {"FIELD": value}


def test_an_unknown_field_may_be_ignored(
    sandbox: Sandbox, client: Client, account: Account
) -> None:
    sandbox.switches.unknown_data_field = "ignore"

    run(client, row(dataFields={"NOSUCH": 1}))

    assert account.known(JANE).data_fields == {}


def test_an_over_long_value_may_be_clipped(
    sandbox: Sandbox, client: Client, account: Account
) -> None:
    sandbox.switches.over_long_value = "clip"
    sandbox.switches.longest_text = 3

    run(client, row(dataFields={"FIRSTNAME": "Johanna"}))

    assert account.known(JANE).data_fields == {"FIRSTNAME": "Joh"}


@pytest.mark.parametrize("fields", [{"NOSUCH": 1}, {"FIRSTNAME": "x" * 1001}])
def test_the_whole_request_may_be_refused_instead(
    sandbox: Sandbox, client: Client, account: Account, fields: dict[str, Any]
) -> None:
    sandbox.switches.unknown_data_field = sandbox.switches.over_long_value = "request"

    with pytest.raises(RejectedError):
        client.import_contacts([row("other@x.example"), row(dataFields=fields)])

    assert account.contact("other@x.example") is None


@pytest.mark.parametrize(
    "poison",
    [
        row(dataFields={"FIRSTNAME": "a\x00b"}),
        row(dataFields={"FIRSTNAME": ["list"]}),
        row(dataFields="text"),
        row(lists=[]),
        row(lists=["1"]),
        row(lists=list(range(101))),
        row(consentRecords=[]),
        row(channelProperties=[]),
        b'{"matchIdentifier":"email"}',
        b'{"identifiers":{"email":"a@x.example"}}',
        b"[]",
        b"{broken",
    ],
)
def test_one_malformed_row_refuses_the_whole_import(
    client: Client, account: Account, poison: bytes
) -> None:
    with pytest.raises(RejectedError):
        client.import_contacts([row("other@x.example"), poison])

    assert account.contact("other@x.example") is None


@pytest.mark.parametrize("status", [413, 400])
def test_a_body_that_is_too_large_is_refused(sandbox: Sandbox, client: Client, status: int) -> None:
    sandbox.switches.largest_body = 100
    sandbox.switches.too_large_status = 413 if status == 413 else 400

    with pytest.raises(RejectedError) as raised:
        client.import_contacts([row(), row("other@x.example")])

    assert raised.value.status == status


def test_only_so_many_imports_are_active_at_a_time(sandbox: Sandbox, client: Client) -> None:
    sandbox.switches.active_imports = 2
    first = client.import_contacts([row()])
    client.import_contacts([row()])

    with pytest.raises(TooManyImportsError) as raised:
        client.import_contacts([row()])
    while not client.contact_import(first).is_finished:
        pass

    assert raised.value.code == "contacts:tooManyActiveImports"
    assert client.import_contacts([row()])


def test_an_import_nobody_asks_about_frees_its_slot_in_time(
    sandbox: Sandbox, client: Client
) -> None:
    sandbox.switches.active_imports = 1
    client.import_contacts([row()])

    sandbox.clock.advance(61)

    assert client.import_contacts([row()])


def test_an_import_may_take_its_time(sandbox: Sandbox, client: Client, account: Account) -> None:
    sandbox.switches.import_seconds = 30
    import_id = client.import_contacts([row()])
    early = [client.contact_import(import_id).is_finished for _ in range(3)]

    sandbox.clock.advance(31)

    assert early == [False] * 3
    assert client.contact_import(import_id).is_finished
    assert account.contact(JANE) is not None


def test_addresses_may_come_back_in_another_case(sandbox: Sandbox, client: Client) -> None:
    sandbox.switches.emails_in_upper_case = True

    report = run(client, row())

    assert [each.email for each in report.created] == [JANE.upper()]
