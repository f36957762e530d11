"""Holding calls back before Dotdigital has to refuse them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Protocol

from dotdigital.limits import Allowance


class Pacer(Protocol):
    """Who may call when. `kind` names the operation; its tier is learnt from the answers."""

    def claim(self, kind: str) -> float:
        """0 grants one call now; else the seconds to wait before claiming again."""
        ...

    def learn(self, kind: str, told: Allowance) -> None:
        """Take note of what an answer told about the tier of this kind of call."""
        ...


@dataclass(frozen=True, slots=True)
class _Bucket:
    remaining: int
    resets_at: float


class WindowPacer:
    """Counts down what the headers told, a bucket for each tier, within this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._tiers: dict[str, str] = {}
        self._buckets: dict[str, _Bucket] = {}

    def claim(self, kind: str) -> float:
        """Takes one call out of the bucket, or tells how long it stays empty."""
        with self._lock:
            tier = self._tiers.get(kind, "")
            bucket = self._buckets.get(tier)
            if bucket is None or bucket.resets_at <= self._clock():
                return 0.0
            if bucket.remaining < 1:
                return bucket.resets_at - self._clock()
            self._buckets[tier] = replace(bucket, remaining=bucket.remaining - 1)
            return 0.0

    def learn(self, kind: str, told: Allowance) -> None:
        """The server's count replaces ours: others use the same account."""
        with self._lock:
            self._tiers[kind] = told.scope
            resets_at = self._clock() + told.resets_in
            self._buckets[told.scope] = _Bucket(told.remaining, resets_at)
