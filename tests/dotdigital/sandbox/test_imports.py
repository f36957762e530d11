"""What an import does to people, down to the open questions."""

import msgspec
import pytest

from dotdigital.client import Client
from dotdigital.records import ConsentRecord, ContactToImport, encode
from dotdigital.sandbox import Account, Sandbox
from tests.dotdigital.sandbox.conftest import JANE, codes, row, run


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
