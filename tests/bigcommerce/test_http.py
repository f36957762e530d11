"""The connection itself: addresses, limits, retries."""

import gzip
import time
from dataclasses import replace

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import MalformedAnswerError, RateLimitError, UnavailableError
from bigcommerce.http import checked_base_url
from bigcommerce.sandbox import Fault, Sandbox, Shop
from bigcommerce.sandbox.faults import Act
from tests.bigcommerce.conftest import QUICK, NewClient


@pytest.mark.parametrize(
    "url",
    [
        "https://api.bigcommerce.com",
        "https://api.bigcommerce.com/",
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://[::1]:8000",
    ],
)
def test_a_safe_address_is_taken(url: str) -> None:
    assert checked_base_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.bigcommerce.com",
        "http://api.bigcommerce.com",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "https://user:word@api.bigcommerce.com",
        "https://",
        "file:///etc/passwd",
        "https://api.bigcommerce.com?x=1",
        "https://api.bigcommerce.com#x",
    ],
)
def test_an_unsafe_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        checked_base_url(url)


@pytest.mark.parametrize("act", ["hang", "drop", "drop-after", "truncate"])
def test_a_broken_connection_costs_one_retry(client: Client, sandbox: Sandbox, act: Act) -> None:
    sandbox.faults.add(Fault(act=act))

    client.time()

    assert client.calls == 2


@pytest.mark.parametrize("act", ["drop", "truncate"])
def test_connections_that_break_for_ever_are_given_up(
    client: Client, sandbox: Sandbox, act: Act
) -> None:
    sandbox.faults.add(Fault(act=act, times=None))

    with pytest.raises(UnavailableError):
        client.time()

    assert client.calls == QUICK.tries


def test_five_faults_in_a_row_are_outlived(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=503, times=5))

    client.time()

    assert client.calls == 6


def test_an_answer_that_trickles_ends_at_the_deadline(
    new_client: NewClient, sandbox: Sandbox
) -> None:
    client = new_client(tuning=replace(QUICK, deadline=0.2, tries=1))
    sandbox.faults.add(Fault(act="drip", bytes_per_second=50))
    began = time.monotonic()

    with pytest.raises(UnavailableError, match="TooSlow"):
        client.store()

    assert time.monotonic() - began < 1


def test_all_tries_together_end_with_the_patience(new_client: NewClient, sandbox: Sandbox) -> None:
    client = new_client(tuning=replace(QUICK, read_timeout=0.05, patience=0.15, tries=100))
    sandbox.faults.add(Fault(act="hang", times=None, seconds=0.2))
    began = time.monotonic()

    with pytest.raises(UnavailableError):
        client.time()

    assert time.monotonic() - began < 0.6


def test_a_store_that_has_not_answered_at_all_may_get_less_patience(
    new_client: NewClient, sandbox: Sandbox
) -> None:
    client = new_client(tuning=replace(QUICK, patience_in_silence=0.2))
    sandbox.faults.add(Fault(act="hang", seconds=0.4))

    with pytest.raises(UnavailableError):
        client.time()

    assert client.calls == 1


def test_a_store_that_has_answered_once_gets_all_the_patience(
    new_client: NewClient, sandbox: Sandbox
) -> None:
    client = new_client(tuning=replace(QUICK, patience_in_silence=0.2))
    client.time()
    sandbox.faults.add(Fault(act="hang", seconds=0.4, times=2))

    client.time()

    assert client.calls == 4


def test_an_answer_too_large_is_not_read_to_its_end(
    new_client: NewClient, sandbox: Sandbox
) -> None:
    client = new_client(tuning=replace(QUICK, largest_answer=10_000, tries=1))
    sandbox.faults.add(Fault(status=200, raw_body=b" " * 1_000_000))

    with pytest.raises(MalformedAnswerError, match="more than 10000 bytes"):
        client.time()


def test_neither_is_one_that_is_small_only_while_packed(
    new_client: NewClient, sandbox: Sandbox
) -> None:
    client = new_client(tuning=replace(QUICK, largest_answer=1_000_000, tries=1))
    bomb = gzip.compress(b" " * 50_000_000)
    sandbox.faults.add(Fault(status=200, raw_body=bomb, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(MalformedAnswerError, match="more than"):
        client.time()


def test_a_packed_answer_is_unpacked(client: Client, sandbox: Sandbox) -> None:
    body = gzip.compress(b'{"time": 0}')
    sandbox.faults.add(Fault(status=200, raw_body=body, headers={"Content-Encoding": "gzip"}))

    assert client.time().year == 1970


def test_an_empty_answer_where_there_must_be_one_is_asked_for_again(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(status=200), Fault(status=204))

    client.time()

    assert client.calls == 3


def test_a_lost_answer_to_a_change_that_may_be_repeated_is_asked_for_again(
    client: Client, shop: Shop, sandbox: Sandbox
) -> None:
    shop.subscribe("a@example.com")
    subscriber = client.subscriber_by_email("a@example.com")
    assert subscriber is not None
    sandbox.faults.add(Fault(act="drop-after", method="PUT"))

    after = client.update_subscriber(subscriber, consents=[])

    assert after.consents == ()
    assert client.calls == 3


def test_a_lost_answer_to_a_creation_is_not(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(act="drop-after", method="POST"))

    with pytest.raises(UnavailableError):
        client.create_attribute("Tags", "string")

    assert [each.name for each in client.attributes()] == ["Tags"]


def test_a_creation_refused_for_lack_of_quota_is_tried_again(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(status=429, method="POST"))

    client.create_attribute("Tags", "string")

    assert client.calls == 2


def test_the_wait_a_refusal_asks_for_is_kept(client: Client, sandbox: Sandbox) -> None:
    headers = {"X-Rate-Limit-Time-Reset-Ms": "150"}
    sandbox.faults.add(Fault(status=429, headers=headers))
    began = time.monotonic()

    client.time()

    assert 0.15 <= time.monotonic() - began < 0.3


def test_refusals_for_lack_of_quota_cost_no_try(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=429, times=20))

    client.time()

    assert client.calls == 21


def test_a_wait_too_long_is_left_to_the_caller(client: Client, sandbox: Sandbox) -> None:
    headers = {"X-Rate-Limit-Time-Reset-Ms": "90000", "X-Retry-After": "60"}
    sandbox.faults.add(Fault(status=429, headers=headers))
    began = time.monotonic()

    with pytest.raises(RateLimitError) as caught:
        client.time()

    assert caught.value.retry_after == 90
    assert time.monotonic() - began < 0.2


def test_refusals_for_ever_end_with_the_patience(new_client: NewClient, sandbox: Sandbox) -> None:
    client = new_client(tuning=replace(QUICK, patience=0.1))
    sandbox.faults.add(Fault(status=429, times=None))

    with pytest.raises(RateLimitError) as caught:
        client.time()

    assert caught.value.retry_after > 0


@pytest.mark.parametrize("rubbish", ["soon", "-5", "nan", "inf", ""])
def test_a_wait_that_is_no_number_counts_as_none(
    client: Client, sandbox: Sandbox, rubbish: str
) -> None:
    headers = {"X-Rate-Limit-Time-Reset-Ms": rubbish, "X-Retry-After": rubbish}
    sandbox.faults.add(Fault(status=429, headers=headers))

    client.time()

    assert client.calls == 2


def test_the_environments_proxies_are_not_used(
    new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert new_client().time().tzinfo


def test_cookies_are_not_kept(client: Client, sandbox: Sandbox) -> None:
    body, headers = '{"time": 1}', {"Set-Cookie": "a=b"}
    sandbox.faults.add(Fault(status=200, body=body, headers=headers))

    client.time()

    assert not client._session._requests.cookies


def test_a_closed_client_is_closed_by_its_block(sandbox: Sandbox, shop: Shop) -> None:
    with Client("abc12", shop.access_token, base_url=sandbox.url) as client:
        assert client.time().tzinfo
