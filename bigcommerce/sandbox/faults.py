"""Faults on demand: which requests they befall, and what becomes of those."""

import random
import re
import threading
from typing import Literal

from msgspec import Struct

Act = Literal[
    "answer",
    "hang",
    "drop",
    "drop-after",
    "reset",
    "truncate",
    "drip",
    "repeat-page",
    "stuck-cursor",
    "empty-page",
    "shrink",
]


class Fault(Struct, frozen=True, kw_only=True):
    """One kind of trouble.

    It befalls requests whose method and whose address (path and query, after the store's
    prefix) match the two patterns: not the first `skip` of these, then each `every`th, at most
    `times` of them (None: for ever), or by a seeded chance of `share`.

    answer: `status`, `headers`, `body` (or `raw_body`) instead of the real answer · hang: wait
    `seconds`, then close · drop: close before the work, drop-after: after it, reset: before it
    and rudely · truncate: `share_kept` of the body, then close · drip: `bytes_per_second` ·
    repeat-page: page 1 whatever was asked · stuck-cursor: a cursor that points to itself ·
    empty-page: no rows (204 in v2) · shrink: `total` rows on one page, it claims.
    """

    act: Act = "answer"
    method: str = ".*"
    path: str = ".*"
    store: str = ""
    skip: int = 0
    every: int = 1
    times: int | None = 1
    share: float = 1.0
    seed: int = 0
    status: int = 500
    headers: dict[str, str] = {}
    body: str = ""
    raw_body: bytes = b""
    seconds: float = 60.0
    share_kept: float = 0.5
    bytes_per_second: float = 1.0
    total: int | None = None


class _Armed:
    """A fault, and how often it has been met and has struck."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._met = 0
        self._struck = 0
        self._random = random.Random(fault.seed)

    def strikes(self, store: str, method: str, address: str) -> bool:
        if not self._matches(store, method, address):
            return False
        self._met += 1
        if not self._is_its_turn():
            return False
        self._struck += 1
        return True

    def _matches(self, store: str, method: str, address: str) -> bool:
        fault = self.fault
        return (
            fault.store in {"", store}
            and re.fullmatch(fault.method, method) is not None
            and re.search(fault.path, address) is not None
        )

    def _is_its_turn(self) -> bool:
        fault = self.fault
        due = self._met - fault.skip
        is_spent = fault.times is not None and self._struck >= fault.times
        if due < 1 or is_spent or (due - 1) % fault.every:
            return False
        return fault.share >= 1 or self._random.random() < fault.share


class Faults:
    """The faults lying in wait, oldest first; one request meets one at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []

    def add(self, *faults: Fault) -> None:
        """Let these lie in wait from now on."""
        with self._lock:
            self._armed += [_Armed(fault) for fault in faults]

    def clear(self) -> None:
        """Let the sandbox behave again."""
        with self._lock:
            self._armed.clear()

    def strike(self, store: str, method: str, address: str) -> Fault | None:
        """The fault that befalls this request, if any; it is used up by one."""
        with self._lock:
            for armed in self._armed:
                if armed.strikes(store, method, address):
                    return armed.fault
        return None
