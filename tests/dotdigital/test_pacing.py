"""Calls are held back before they would be refused."""

import time
from itertools import count

import pytest

from dotdigital.client import Client
from dotdigital.errors import RateLimitError, TooManyImportsError
from dotdigital.limits import Allowance
from dotdigital.pacing import WindowPacer
from dotdigital.sandbox import Account, Fault, Sandbox
from tests.dotdigital.conftest import QUICK


class StandingClock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(remaining: int, *, scope: str = "low", resets_in: float = 10) -> Allowance:
    return Allowance(scope=scope, limit=5, remaining=remaining, resets_in=resets_in)


def test_an_unknown_tier_may_call() -> None:
    assert WindowPacer().claim("GET /v2/address-books") == 0


def test_a_used_up_tier_waits_for_its_window() -> None:
    clock = StandingClock()
    pacer = WindowPacer(clock)
    pacer.learn("GET a", told(1))

    grants = [pacer.claim("GET a") for _ in range(2)]
    clock.now += 10

    assert grants == [0, 10]
    assert pacer.claim("GET a") == 0


def test_one_tier_does_not_hold_up_another() -> None:
    pacer = WindowPacer(StandingClock())
    pacer.learn("GET a", told(0, scope="low"))
    pacer.learn("GET b", told(3, scope="high"))

    assert pacer.claim("GET a") == 10
    assert pacer.claim("GET b") == 0


def test_calls_of_one_tier_share_its_window() -> None:
    pacer = WindowPacer(StandingClock())
    pacer.learn("GET b", told(3))
    pacer.learn("GET a", told(0))

    assert pacer.claim("GET b") == 10


def test_a_window_is_waited_for_and_never_overrun(sandbox: Sandbox, client: Client) -> None:
    sandbox.switches.tiers["lowCallRate"] = 3
    sandbox.switches.window = 0.2
    sandbox.switches.reset_as = "seconds"
    began = time.monotonic()

    for _ in range(4):
        list(client.address_books())

    assert [each.status for each in sandbox.requests] == [200] * 4
    assert time.monotonic() - began >= 0.19


def test_what_takes_too_long_to_wait_for_is_left_to_the_caller(
    sandbox: Sandbox, client: Client
) -> None:
    sandbox.switches.tiers["lowCallRate"] = 1
    list(client.address_books())

    with pytest.raises(RateLimitError) as raised:
        list(client.address_books())

    assert 50 < raised.value.retry_after <= 61
    assert len(sandbox.requests) == 1


def test_another_pacer_can_be_passed_in(sandbox: Sandbox, account: Account) -> None:
    class Grudging:
        """Grants every second time it is asked."""

        def __init__(self) -> None:
            self.turns = count()
            self.learnt: list[str] = []

        def claim(self, kind: str) -> float:
            return 0.01 if next(self.turns) % 2 == 0 else 0.0

        def learn(self, kind: str, told: Allowance | None, *, closed_for: float = 0.0) -> None:
            scope = told.scope if told else "nothing"
            self.learnt.append(f"{kind}: {scope} {closed_for:g}")

        def close(self) -> None:
            self.learnt.append("the end")

    pacer = Grudging()
    sandbox.faults.add(Fault.named("lost answer"))
    sandbox.faults.add(Fault(status=429, headers={"Retry-After": "0.01"}))
    with Client(
        account.user, account.password, endpoint=sandbox.url, tuning=QUICK, pacer=pacer
    ) as client:
        client.data_fields()

    assert next(pacer.turns) == 6
    assert pacer.learnt == [
        "GET /v2/data-fields: nothing 0",
        "GET /v2/data-fields: nothing 0.01",
        "GET /v2/data-fields: highcallrate 0",
        "the end",
    ]


def test_a_lack_of_import_slots_closes_no_window(sandbox: Sandbox, account: Account) -> None:
    sandbox.faults.add(Fault.named("too many imports", path="import"))
    with Client(account.user, account.password, endpoint=sandbox.url, tuning=QUICK) as client:
        with pytest.raises(TooManyImportsError):
            client.import_contacts([b"{}"])

        client.data_fields()

    assert client.calls == 2
