"""The pace: how much of a store's quota is used, and when to wait."""

import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bigcommerce.errors import RateLimitError
from bigcommerce.pacing import WindowPacer
from bigcommerce.sandbox import Fault, Sandbox, Shop
from bigcommerce.sandbox.quota import Quota
from tests.bigcommerce.conftest import QUICK, NewClient


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(left: object, *, quota: object = 100, reset: object = 5000) -> dict[str, str]:
    return {
        "X-Rate-Limit-Requests-Quota": str(quota),
        "X-Rate-Limit-Requests-Left": str(left),
        "X-Rate-Limit-Time-Reset-Ms": str(reset),
    }


@pytest.mark.parametrize(
    ("share", "left", "waits"),
    [(0.5, 51, False), (0.5, 50, True), (0.1, 90, True), (1.0, 1, False), (1.0, 0, True)],
)
def test_the_window_is_closed_when_only_the_others_share_is_left(
    share: float, left: int, waits: bool
) -> None:
    pacer = WindowPacer(share, clock=Hands())

    pacer.observe(told(left), status=200)

    assert pacer.wait_needed() == (5.0 if waits else 0.0)


def test_the_window_opens_again_when_it_is_refilled() -> None:
    clock = Hands()
    pacer = WindowPacer(0.5, clock=clock)
    pacer.observe(told(10), status=200)

    clock.now += 5

    assert pacer.wait_needed() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        told("many"),
        told(0, quota="x"),
        told(0, reset="-1"),
        {"X-Rate-Limit-Requests-Left": "0"},
    ],
)
def test_headers_that_tell_nothing_close_nothing(headers: Mapping[str, str]) -> None:
    pacer = WindowPacer(0.5)

    pacer.observe(headers, status=200)

    assert pacer.wait_needed() == 0


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        WindowPacer(share)


def test_half_of_the_quota_is_left_to_the_others(
    new_client: NewClient, shop: Shop, sandbox: Sandbox
) -> None:
    shop.quota = Quota(10, 0.2)
    client = new_client(quota_share=0.5)
    began = time.monotonic()

    for _ in range(15):
        client.time()

    assert {each.status for each in sandbox.requests} == {200}
    assert 0.35 <= time.monotonic() - began < 0.8


def test_what_others_use_up_is_seen(new_client: NewClient, shop: Shop, sandbox: Sandbox) -> None:
    shop.quota = quota = Quota(10, 0.15)
    client = new_client(quota_share=0.5)
    client.time()

    quota.take(9)
    for _ in range(4):
        client.time()

    assert sum(each.status == 429 for each in sandbox.requests) <= 1


def test_a_wait_too_long_is_left_to_the_caller(new_client: NewClient, shop: Shop) -> None:
    shop.quota = Quota(2, 60.0)
    client = new_client(quota_share=0.5, tuning=replace(QUICK, longest_wait=0.1))
    client.time()

    with pytest.raises(RateLimitError) as caught:
        client.time()

    assert 59 < caught.value.retry_after <= 60
    assert client.calls == 1


class Turnstile:
    """A pacer of somebody else's, which notes what it is told."""

    def __init__(self) -> None:
        self.waits = [0.05, 0.0]
        self.seen: list[tuple[int, str]] = []
        self.is_closed = False

    def wait_needed(self) -> float:
        return self.waits.pop(0) if self.waits else 0.0

    def observe(self, headers: Mapping[str, str], *, status: int) -> None:
        self.seen.append((status, headers.get("x-rate-limit-requests-quota", "")))

    def close(self) -> None:
        self.is_closed = True


def test_a_shared_pacer_can_take_its_place(new_client: NewClient, shop: Shop) -> None:
    shop.quota, pacer = Quota(10, 1.0), Turnstile()
    client = new_client(pacer=pacer)
    began = time.monotonic()

    client.time()

    assert time.monotonic() - began >= 0.05
    assert pacer.seen == [(200, "10")]


def test_a_pacer_hears_of_every_request_once_and_of_the_end(
    new_client: NewClient, shop: Shop, sandbox: Sandbox
) -> None:
    pacer = Turnstile()
    client = new_client(pacer=pacer)
    sandbox.faults.add(Fault(act="drop"), Fault(act="truncate"), Fault(status=429))

    client.time()
    client.close()

    assert [status for status, _ in pacer.seen] == [0, 200, 429, 200]
    assert pacer.is_closed


def test_a_refusal_closes_the_window_whatever_it_says_is_left() -> None:
    clock = Hands()
    pacer = WindowPacer(1.0, clock=clock)

    pacer.observe(told(35), status=429)

    assert pacer.wait_needed() == 5.0
