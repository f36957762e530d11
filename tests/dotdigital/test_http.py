"""What the network and the server may do to a call, and what becomes of it."""

import gzip
import time
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from dotdigital.client import Client
from dotdigital.errors import (
    EndpointError,
    MalformedAnswerError,
    UnavailableError,
    UnwantedAnswerError,
)
from dotdigital.patience import Tuning
from dotdigital.records import ContactToImport
from dotdigital.sandbox import Account, Fault, Sandbox
from tests.dotdigital.conftest import QUICK

HURRIED = Tuning(connect_timeout=1, answer_timeout=0.5, attempts=3, first_pause=0.001, patience=5)
PASSING = {
    "error": Fault(status=500),
    "unavailable": Fault.named("unavailable"),
    "restoring": Fault.named("restoring"),
    "gateway page": Fault.named("gateway page"),
    "lost request": Fault.named("lost request"),
    "lost answer": Fault.named("lost answer"),
    "truncated": Fault(truncate=True),
    "cut": Fault(cut=True),
    "empty": Fault(status=200, body=""),
    "404 of a gateway": Fault(status=404, body="<html>gateway</html>"),
    "long header": Fault(headers={"X-Long": "x" * 100_000}),
    "deep": Fault(body="[" * 100_000),
    "broken gzip": Fault(
        body=gzip.compress(b"[]", mtime=0)[:-3], headers={"Content-Encoding": "gzip"}
    ),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_passing_fault_costs_one_more_call(
    sandbox: Sandbox, client: Client, fault: Fault
) -> None:
    sandbox.faults.add(fault)

    account = client.account_information()

    assert account.name == "Demo shop"
    assert client.calls == 2


@pytest.mark.parametrize(("answers", "calls"), [(0, 1), (1, 3)])
def test_an_account_that_has_not_answered_at_all_may_get_less_patience(
    sandbox: Sandbox, account: Account, answers: int, calls: int
) -> None:
    sandbox.faults.add(Fault(hang=2, skip=answers))
    tuning = replace(HURRIED, patience_in_silence=0.2)
    outcome = "answered"

    with Client(account.user, account.password, endpoint=sandbox.url, tuning=tuning) as client:
        try:
            for _ in range(answers + 1):
                client.account_information()
        except UnavailableError:
            outcome = "given up"

    assert outcome == ("answered" if answers else "given up")
    assert client.calls == calls


@pytest.mark.parametrize("fault", [Fault(hang=2), Fault(drip=0.1)], ids=["hangs", "trickles"])
def test_an_answer_has_to_be_whole_in_time(
    sandbox: Sandbox, account: Account, fault: Fault
) -> None:
    sandbox.faults.add(fault)
    began = time.monotonic()

    with Client(account.user, account.password, endpoint=sandbox.url, tuning=HURRIED) as client:
        client.account_information()

    assert client.calls == 2
    assert 0.4 < time.monotonic() - began < 4


def test_five_server_errors_in_a_row_are_outlasted(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(status=503, times=5))

    client.data_fields()

    assert [each.status for each in sandbox.requests] == [503] * 5 + [200]


def test_a_server_that_stays_down_is_given_up(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(status=503, times=None))

    with pytest.raises(UnavailableError):
        client.data_fields()

    assert client.calls == 6


def test_patience_ends_before_the_attempts_do(sandbox: Sandbox, account: Account) -> None:
    sandbox.faults.add(Fault(status=503, times=None))
    tuning = Tuning(attempts=50, first_pause=0.04, longest_pause=0.04, patience=0.1)

    with (
        Client(account.user, account.password, endpoint=sandbox.url, tuning=tuning) as client,
        pytest.raises(UnavailableError),
    ):
        client.data_fields()

    assert 2 <= client.calls <= 6


def test_nobody_there_is_unavailable(sandbox: Sandbox, account: Account) -> None:
    with Sandbox() as gone:
        url = gone.url

    with (
        Client(account.user, account.password, endpoint=url, tuning=HURRIED) as client,
        pytest.raises(UnavailableError, match="the connection failed"),
    ):
        client.data_fields()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(flood=True),
        Fault(body=b"[" + b" " * 3_000_000 + b"]"),
        Fault(body=gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["endless", "long", "packed"],
)
def test_an_answer_has_an_end(sandbox: Sandbox, client: Client, fault: Fault) -> None:
    sandbox.faults.add(fault)

    with pytest.raises(UnwantedAnswerError, match="longer than"):
        client.data_fields()

    assert client.calls == 1


def test_redirects_are_not_followed_and_credentials_stay(sandbox: Sandbox, client: Client) -> None:
    with Sandbox() as elsewhere:
        location = {"Location": f"{elsewhere.url}/v2/account-info"}
        sandbox.faults.add(Fault(status=302, headers=location))

        with pytest.raises(UnwantedAnswerError):
            client.account_information()

        assert len(elsewhere.requests) == 0
    assert client.calls == 1


def test_the_proxy_of_the_environment_is_not_used(
    sandbox: Sandbox, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    with Client(account.user, account.password, endpoint=sandbox.url, tuning=HURRIED) as client:
        assert client.account_information().name == "Demo shop"


def test_a_client_for_a_strange_address_is_not_even_made() -> None:
    with pytest.raises(EndpointError):
        Client("user", "password", endpoint="http://dotdigital.example")


def test_the_integration_token_goes_along_only_when_there_is_one(
    sandbox: Sandbox, account: Account
) -> None:
    for token in ("", "5a96bc79-19a7-4544-973b-e2da0c9136f9"):
        with Client(
            account.user, account.password, endpoint=sandbox.url, integration_token=token
        ) as client:
            client.data_fields()

    sent = [each.headers.get("x-ddg-integration-token") for each in sandbox.requests]
    assert sent == [None, "5a96bc79-19a7-4544-973b-e2da0c9136f9"]


def test_the_servers_clock_is_known_after_any_answer(sandbox: Sandbox, client: Client) -> None:
    sandbox.clock.advance(-900)

    client.data_fields()

    assert client.server_date is not None
    assert abs(client.server_date - sandbox.clock.now()) < timedelta(seconds=3)


def test_an_import_whose_answer_is_lost_is_sent_again_and_doubles_nobody(
    sandbox: Sandbox, client: Client, book: int, account: Account
) -> None:
    sandbox.faults.add(Fault.named("lost answer", path="import"))

    client.import_contacts([ContactToImport(email="jane@x.example", address_book_ids=(book,))])

    assert len(sandbox.requests.matching("PUT /contacts/v3/import")) == 2
    assert account.members(book) == ["jane@x.example"]


def test_a_malformed_answer_that_stays_so_is_an_error(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(cut=True, times=None))

    with pytest.raises(MalformedAnswerError):
        client.data_fields()

    assert client.calls == QUICK.attempts


def test_everything_that_is_sent_is_json(sandbox: Sandbox, client: Client) -> None:
    client.create_data_field("TAGS", "String")

    sent = sandbox.requests[-1]

    assert sent.headers["content-type"] == "application/json"
    assert msgspec.json.decode(sent.body)["name"] == "TAGS"
