"""What an import does to people, down to the open questions."""

from typing import Any

import msgspec
import pytest

from dotdigital.client import Client
from dotdigital.errors import RejectedError, TooManyImportsError
from dotdigital.records import ConsentRecord, ContactImport, ContactToImport, encode
from dotdigital.sandbox import Account, Sandbox

JANE = "jane@x.example"


def row(email: str = JANE, **parts: Any) -> bytes:
    return msgspec.json.encode(
        {"matchIdentifier": "email", "identifiers": {"email": email}, **parts}
    )


def run(client: Client, *rows: bytes) -> ContactImport:
    import_id = client.import_contacts(rows)
    while not (report := client.contact_import(import_id)).is_finished:
        pass
    return report


def codes(report: ContactImport) -> list[str]:
    return [each.code for each in report.failures]


def test_someone_new_is_subscribed(client: Client, account: Account) -> None:
    run(client, row())

    assert account.known(JANE).status == "subscribed"


@pytest.mark.parametrize("leaving", ["unsubscribe", "suppress", "complain", "bounce"])
def test_whoever_left_is_updated_and_stays_out(
    client: Client, account: Account, book: int, leaving: str
) -> None:
    account.add_contact(JANE, lists=[book])
    getattr(account, leaving)(JANE)
    status = account.known(JANE).status

    report = run(client, row(dataFields={"FIRSTNAME": "Jo"}, lists=[book]))

    assert [each.email for each in report.updated] == [JANE]
    assert account.known(JANE).status == status
    assert account.known(JANE).data_fields == {"FIRSTNAME": "Jo"}
    assert account.members(book) == []


@pytest.mark.parametrize(("readds", "members"), [(False, []), (True, [JANE])])
def test_whoever_left_a_book_may_or_may_not_come_back_by_import(
    sandbox: Sandbox, client: Client, account: Account, readds: bool, members: list[str]
) -> None:
    sandbox.switches.import_readds_list_suppressed = readds
    book = account.add_address_book("Store subscribers")
    account.add_contact(JANE, lists=[book])
    account.unsubscribe_from(book, JANE)

    run(client, row(lists=[book]))

    assert account.members(book) == members


def test_an_explicit_status_lifts_an_unsubscribe_and_is_counted(
    sandbox: Sandbox, client: Client, account: Account, book: int
) -> None:
    account.add_contact(JANE, lists=[book])
    account.unsubscribe(JANE)

    run(client, row(lists=[book], channelProperties={"email": {"status": "subscribed"}}))

    assert account.members(book) == [JANE]
    assert sandbox.requests.dangers["status subscribed sent"] == 1


def test_our_own_rows_never_send_a_status(sandbox: Sandbox, client: Client, book: int) -> None:
    run(client, encode(ContactToImport(email=JANE, address_book_ids=(book,), opt_in_type="double")))

    assert sandbox.requests.dangers["status subscribed sent"] == 0


def test_null_clears_and_what_is_left_out_stays(client: Client, account: Account) -> None:
    account.add_contact(JANE, data_fields={"FIRSTNAME": "Jo", "LASTNAME": "Doe"})

    run(client, row(dataFields={"firstName": None}))

    assert account.known(JANE).data_fields == {"LASTNAME": "Doe"}


@pytest.mark.parametrize(
    ("option", "sent", "kept"),
    [
        ("overwrite", "New", "New"),
        ("overwriteIfNotEmpty", "", "Old"),
        ("overwriteIfEmpty", "New", "Old"),
    ],
)
def test_merge_options(client: Client, account: Account, option: str, sent: str, kept: str) -> None:
    account.add_contact(JANE, data_fields={"FIRSTNAME": "Old"})
    contact = msgspec.json.decode(row(dataFields={"FIRSTNAME": sent}))
    body = msgspec.json.encode({"mergeOption": option, "contacts": [contact]})
    client._session._requests.put(
        f"{client._session.base_url}/contacts/v3/import", data=body
    ).close()

    found = client.contact(JANE)

    assert found is not None
    assert found.data_fields == {"FIRSTNAME": kept}


def test_the_second_row_of_one_person_is_a_duplicate(client: Client) -> None:
    report = run(client, row(), row(JANE.upper()))

    assert codes(report) == ["duplicateIdentifier"]
    assert len(report.created) == 1


def test_an_address_that_is_taken_cannot_be_taken_again(client: Client, account: Account) -> None:
    account.add_contact(JANE)
    other = account.add_contact("other@x.example")

    report = run(client, encode(ContactToImport(email=JANE, contact_id=other)))

    assert codes(report) == ["duplicateIdentifier"]
    assert account.contact("other@x.example") is not None


def test_the_recycle_bin_gives_back_who_is_imported(client: Client, account: Account) -> None:
    contact_id = account.add_contact(JANE, data_fields={"FIRSTNAME": "Jo"})
    account.delete_contact(JANE)
    gone = client.contact(JANE)

    report = run(client, row())

    assert gone is None
    assert [each.contact_id for each in report.updated] == [contact_id]


def test_a_bad_consent_record_costs_only_itself(client: Client, account: Account) -> None:
    report = run(client, row(consentRecords=[{"text": "I agree"}]))

    assert codes(report) == ["consentRecordsNotApplied"]
    assert [each.email for each in report.created] == [JANE]


def test_a_whole_consent_record_is_kept(sandbox: Sandbox, client: Client, account: Account) -> None:
    consent = ConsentRecord(
        text="I agree",
        consented_at=sandbox.clock.now(),
        url="https://shop.example/",
        ip_address="203.0.113.7",
        user_agent="Mozilla/5.0",
    )

    report = run(client, encode(ContactToImport(email=JANE, consent_records=(consent,))))

    assert report.failures == ()
    assert len(account.known(JANE).consent_records) == 1


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


def test_the_strictest_account_waits_for_a_click(
    sandbox: Sandbox, client: Client, account: Account, book: int
) -> None:
    sandbox.switches.is_opt_in_enforced = True
    run(client, row(lists=[book]))
    waiting = account.known(JANE).status

    account.confirm_resubscription(JANE)

    assert waiting == "pendingOptIn"
    assert account.members(book) == [JANE]


def test_built_in_books_take_nobody(client: Client) -> None:
    test_book = next(each for each in client.address_books() if each.name == "Test")

    report = run(client, row(lists=[test_book.id]))

    assert codes(report) == ["invalidAddressBookIds"]


def test_a_full_plan_takes_nobody_new(sandbox: Sandbox, client: Client) -> None:
    sandbox.switches.contact_limit = 1

    report = run(client, row(), row("other@x.example"))

    assert len(report.created) == 1
    assert len(report.failures) == 1
