"""A fault meets the requests it is meant for, as often as it should."""

from datetime import UTC, datetime

import pytest

from dotdigital.sandbox import Fault, Request
from dotdigital.sandbox.faults import NAMED, Faults

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def played(fault: Fault, count: int, *, method: str = "GET", path: str = "/v2/x") -> list[int]:
    faults = Faults()
    faults.add(fault)
    request = Request(method=method, path=path, at=NOW)
    return [turn for turn in range(count) if faults.meeting(request)]


@pytest.mark.parametrize(
    ("fault", "turns"),
    [
        (Fault(), [0]),
        (Fault(times=3), [0, 1, 2]),
        (Fault(times=None), [0, 1, 2, 3, 4, 5]),
        (Fault(skip=2, times=2), [2, 3]),
        (Fault(every=2, times=None), [1, 3, 5]),
        (Fault(method="post"), []),
        (Fault(method="get", path="^/v2/"), [0]),
        (Fault(path="import"), []),
        (Fault(share=0.0, times=None), []),
    ],
)
def test_a_fault_takes_its_turns(fault: Fault, turns: list[int]) -> None:
    assert played(fault, 6) == turns


def test_a_share_is_the_same_for_the_same_seed() -> None:
    first, second = (played(Fault(share=0.5, seed=7, times=None), 100) for _ in range(2))

    assert first == second
    assert 30 < len(first) < 70


def test_the_first_fault_that_meets_a_request_is_played() -> None:
    faults = Faults()
    first, second = faults.add(Fault(status=500)), faults.add(Fault(status=503))
    request = Request(method="GET", path="/", at=NOW)

    met = [faults.meeting(request) for _ in range(3)]

    assert met == [first, second, None]
    assert faults.left() == []


def test_all_is_well_after_clearing() -> None:
    faults = Faults()
    faults.add(Fault(times=None))

    faults.clear()

    assert faults.meeting(Request(method="GET", path="/", at=NOW)) is None


@pytest.mark.parametrize("name", NAMED)
def test_every_named_fault_spoils_the_answer(name: str) -> None:
    assert Fault.named(name, path="import", times=2).replaces_answer
