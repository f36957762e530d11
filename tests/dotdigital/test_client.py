"""The account, its region, its clock, and people one by one."""

from datetime import UTC, datetime, timedelta

import pytest

from dotdigital.client import Client, discover
from dotdigital.errors import (
    EndpointError,
    RegionError,
)
from dotdigital.sandbox import Account, Fault, Sandbox
from tests.dotdigital.conftest import QUICK

LONG_AGO = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


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


def test_an_account_that_has_moved_is_followed_once(sandbox: Sandbox, account: Account) -> None:
    account.move_to("r2")
    asked: list[str] = []

    def relocate() -> str:
        asked.append(discover(account.user, account.password, base_url=sandbox.url).endpoint)
        return asked[-1]

    with Client(account.user, account.password, endpoint=sandbox.url, relocate=relocate) as client:
        client.data_fields()
        account.move_to("r3")
        with pytest.raises(RegionError):
            client.data_fields()

    assert len(asked) == 1
    assert asked[0] != sandbox.url


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
