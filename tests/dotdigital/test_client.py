"""The account, imports, contacts and who left: each call, as the hub makes it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dotdigital.client import Client, discover
from dotdigital.errors import (
    EndpointError,
    NotFoundError,
    RegionError,
    RejectedError,
    UnavailableError,
)
from dotdigital.records import (
    ContactToImport,
    ImportedContact,
    ImportStatus,
    Removal,
    ResubscribeStatus,
)
from dotdigital.sandbox import Account, Fault, Sandbox
from tests.dotdigital.conftest import QUICK

LONG_AGO = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


def finished(client: Client, *rows: ContactToImport) -> Any:
    import_id = client.import_contacts(rows)
    while not (report := client.contact_import(import_id)).is_finished:
        pass
    return report


def test_discovery_finds_an_account_of_another_region(sandbox: Sandbox) -> None:
    account = sandbox.add_account(name="Far away", region="r3")

    found = discover(account.user, account.password, base_url=sandbox.url, tuning=QUICK)

    assert found.name == "Far away"
    assert found.time_zone == "Europe/London"
    assert found.endpoint != sandbox.url
    with Client(account.user, account.password, endpoint=found.endpoint) as client:
        assert client.account_information().id == found.id


def test_the_wrong_region_is_an_error_of_its_own(sandbox: Sandbox, client: Client) -> None:
    account = sandbox.accounts["apiuser-1@apiconnector.com"]
    account.move_to("r2")

    with pytest.raises(RegionError):
        client.data_fields()


def test_an_account_that_names_a_hostile_address_changes_nothing(
    sandbox: Sandbox, account: Account
) -> None:
    account.tell_endpoint("http://169.254.169.254/")

    found = discover(account.user, account.password, base_url=sandbox.url)

    assert found.endpoint == sandbox.url


def test_discovery_at_a_strange_address_sends_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(EndpointError):
        discover("user", "password", base_url="https://10.0.0.1")


def test_the_account_tells_its_endpoint_without_the_slash(client: Client, account: Account) -> None:
    account.tell_endpoint("https://r2-api.dotdigital.com/")

    information = client.account_information()

    assert information.endpoint == "https://r2-api.dotdigital.com"
    assert information.email == "owner@shop.example"


@pytest.mark.parametrize("is_json", [True, False])
def test_the_servers_time_is_read_as_json_and_as_text(
    sandbox: Sandbox, client: Client, is_json: bool
) -> None:
    sandbox.switches.server_time_is_json = is_json
    sandbox.clock.advance(86_400)

    told = client.server_time()

    assert abs(told - sandbox.clock.now()) < timedelta(seconds=2)
    assert told.tzinfo is UTC


def test_a_time_that_is_none_is_malformed(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(body='"teatime"', status=200))

    assert client.server_time() > LONG_AGO
    assert client.calls == 2


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


def test_a_contact_is_found_by_address_and_by_id(
    client: Client, account: Account, book: int
) -> None:
    contact_id = account.add_contact(
        "a+b/c?d#e%f@x.example", data_fields={"firstname": "Jo"}, lists=[book]
    )

    found = client.contact("A+b/c?d#e%f@x.example")

    assert found is not None
    assert found == client.contact_by_id(contact_id)
    assert found.lists == {book: "subscribed"}
    assert found.data_fields == {"FIRSTNAME": "Jo"}
    assert (found.status, found.channel_status) == ("subscribed", "subscribed")
    assert found.opt_in_type == "Unknown"
    assert found.created is not None


def test_nobody_is_none(client: Client) -> None:
    assert client.contact("nobody@x.example") is None
    assert client.contact_by_id(4711) is None


def test_everyone_who_left_the_account_is_told_with_the_reason(
    client: Client, account: Account
) -> None:
    for email in ("a@x.example", "b@x.example", "c@x.example", "d@x.example"):
        account.add_contact(email)
    account.unsubscribe("a@x.example", at=LONG_AGO)
    account.bounce("b@x.example", at=LONG_AGO + timedelta(seconds=1))
    account.complain("c@x.example", at=LONG_AGO + timedelta(seconds=2))
    account.suppress("d@x.example", at=LONG_AGO - timedelta(seconds=2))

    pages = list(client.suppressed_since(LONG_AGO))

    assert [page.cursor for page in pages] == [None]
    assert [each.reason for each in pages[0].records] == [
        "Unsubscribed",
        "HardBounced",
        "IspComplained",
    ]
    assert pages[0].records[0] == Removal(
        contact_id=account.known("a@x.example").id,
        email="a@x.example",
        removed_at=LONG_AGO,
        reason="Unsubscribed",
        status="Unsubscribed",
    )


def test_who_left_one_book_is_told_for_that_book_alone(
    client: Client, account: Account, book: int
) -> None:
    account.add_contact("a@x.example", lists=[book])
    account.add_contact("b@x.example", lists=[book])
    account.unsubscribe_from(book, "a@x.example", at=LONG_AGO)
    account.unsubscribe("b@x.example", at=LONG_AGO)

    rows = [each for page in client.unsubscribed_since(book, LONG_AGO) for each in page.records]

    assert [(each.email, each.reason, each.status) for each in rows] == [
        ("a@x.example", "Unsubscribed", "Subscribed")
    ]
    assert [each.email for page in client.suppressed_since(LONG_AGO) for each in page.records] == [
        "b@x.example"
    ]


def test_who_left_a_book_that_is_gone_is_not_found(client: Client) -> None:
    with pytest.raises(NotFoundError):
        list(client.unsubscribed_since(4711, LONG_AGO))


def test_since_is_written_in_whole_seconds_of_utc(sandbox: Sandbox, client: Client) -> None:
    list(client.suppressed_since(LONG_AGO))

    assert sandbox.requests[-1].path == "/v2/contacts/suppressed-since/2026-01-02T03:04:05Z"


def test_a_challenged_person_stays_out_until_they_click(
    client: Client, account: Account, book: int
) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.unsubscribe("jane@x.example")

    answer = client.resubscribe(book, "jane@x.example")
    before = account.members(book)
    account.confirm_resubscription("jane@x.example")

    assert answer is ResubscribeStatus.CHALLENGED
    assert before == []
    assert account.members(book) == ["jane@x.example"]


def test_without_a_challenge_the_person_is_back_at_once(
    client: Client, account: Account, book: int
) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.unsubscribe_from(book, "jane@x.example")

    answer = client.resubscribe(book, "jane@x.example", challenge=False)

    assert answer is ResubscribeStatus.ADDED
    assert account.members(book) == ["jane@x.example"]


def test_who_complained_is_not_asked_again(client: Client, account: Account, book: int) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.complain("jane@x.example")

    assert client.resubscribe(book, "jane@x.example") is ResubscribeStatus.REFUSED
    assert client.resubscribe(book, "jane@x.example", challenge=False) is ResubscribeStatus.REFUSED


def test_a_refusal_by_token_is_a_refusal_too(sandbox: Sandbox, client: Client, book: int) -> None:
    body = {"message": "Contact is suppressed. ERROR_CONTACT_SUPPRESSED"}
    sandbox.faults.add(Fault(path="resubscribe", status=400, body=body))

    assert client.resubscribe(book, "jane@x.example") is ResubscribeStatus.REFUSED


def test_resubscribing_somebody_unknown_is_rejected(client: Client, book: int) -> None:
    with pytest.raises(RejectedError) as raised:
        client.resubscribe(book, "nobody@x.example")

    assert raised.value.code == "ERROR_CONTACT_RESUBSCRIPTION_INVALID"


def test_nobody_is_asked_twice_because_an_answer_got_lost(
    sandbox: Sandbox, client: Client, account: Account, book: int
) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.unsubscribe("jane@x.example")
    sandbox.faults.add(Fault.named("lost answer", path="resubscribe"))

    with pytest.raises(UnavailableError):
        client.resubscribe(book, "jane@x.example")

    assert len(sandbox.requests.matching("resubscribe")) == 1
