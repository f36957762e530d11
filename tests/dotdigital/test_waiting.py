"""How long a refused call is waited for, and when it is left to the caller."""

import time

import pytest

from dotdigital.client import Client
from dotdigital.errors import (
    RateLimitError,
    TooManyImportsError,
)
from dotdigital.patience import Tuning
from dotdigital.records import ContactToImport
from dotdigital.sandbox import Fault, Sandbox


@pytest.mark.parametrize("told", ["0.05", "0"])
def test_a_wait_that_is_asked_for_is_kept(sandbox: Sandbox, client: Client, told: str) -> None:
    sandbox.faults.add(Fault(status=429, headers={"Retry-After": told}, times=2))
    began = time.monotonic()

    client.data_fields()

    assert client.calls == 3
    assert time.monotonic() - began >= 2 * float(told)


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "soon"}], ids=["none", "rubbish"])
def test_a_refusal_without_a_time_is_backed_off_from(
    sandbox: Sandbox, client: Client, headers: dict[str, str]
) -> None:
    sandbox.faults.add(Fault(status=429, headers=headers, times=4))

    client.data_fields()

    assert client.calls == 5


def test_a_refusal_that_never_ends_is_told(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault.named("bare 429", times=None))

    with pytest.raises(RateLimitError) as raised:
        client.data_fields()

    assert client.calls == 6
    assert raised.value.retry_after == 60


@pytest.mark.parametrize("told", ["60", "2000"])
def test_too_long_a_wait_is_left_to_the_caller(sandbox: Sandbox, client: Client, told: str) -> None:
    sandbox.faults.add(Fault(status=429, headers={"Retry-After": told}))

    with pytest.raises(RateLimitError) as raised:
        client.data_fields()

    assert client.calls == 1
    assert raised.value.retry_after == float(told)


def test_the_window_of_a_refusal_is_waited_for(sandbox: Sandbox, client: Client) -> None:
    limit = Fault.named("rate limit")
    limit.headers = {**limit.headers, "X-RateLimit-Reset": "0.1"}
    sandbox.faults.add(limit)
    began = time.monotonic()

    client.data_fields()

    assert client.calls == 2
    assert time.monotonic() - began >= 0.1


@pytest.mark.parametrize("name", ["too many imports", "too many imports, v2"])
def test_a_lack_of_import_slots_is_told_at_once(
    sandbox: Sandbox, client: Client, name: str
) -> None:
    sandbox.faults.add(Fault.named(name, path="import"))

    with pytest.raises(TooManyImportsError):
        client.import_contacts([ContactToImport(email="jane@x.example")])

    assert client.calls == 1


def test_a_call_that_may_not_be_repeated_still_waits_out_a_rate_limit(
    sandbox: Sandbox, client: Client
) -> None:
    sandbox.faults.add(Fault.named("bare 429", method="POST"))

    made = client.create_address_book("Store subscribers")

    assert made.name == "Store subscribers"


def test_a_server_that_asks_for_no_wait_at_all_is_not_hammered(
    sandbox: Sandbox, client: Client
) -> None:
    client._session.tuning = Tuning(first_pause=0.01, longest_pause=0.08, longest_wait=0.2)
    sandbox.faults.add(Fault(status=429, headers={"Retry-After": "0"}, times=None))

    with pytest.raises(RateLimitError):
        client.data_fields()

    assert 3 <= client.calls <= 10
