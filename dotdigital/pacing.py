"""Holding calls back before Dotdigital has to refuse them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Protocol

from dotdigital.limits import Allowance


class Pacer(Protocol):
    """Who may call when. `kind` names the operation; its tier is learnt from the answers.

    Every call that is granted is told of once, whatever becomes of it.
    """

    def claim(self, kind: str) -> float:
        """0 grants one call now; else the seconds to wait before claiming again."""
        ...

    def learn(self, kind: str, told: Allowance | None, *, closed_for: float = 0.0) -> None:
        """Take note of what an answer told about its tier: None when it did not, or never came.

        `closed_for` is how many seconds a refusal asked for.
        """
        ...

    def close(self) -> None:
        """Take note that no more calls come from here."""
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

    def learn(self, kind: str, told: Allowance | None, *, closed_for: float = 0.0) -> None:
        """The server's count replaces ours: others use the same account."""
        with self._lock:
            if told:
                self._tiers[kind] = told.scope
                resets_at = self._clock() + told.resets_in
                self._buckets[told.scope] = _Bucket(told.remaining, resets_at)
            if closed_for:
                self._buckets[self._tiers.get(kind, "")] = _Bucket(0, self._clock() + closed_for)

    def close(self) -> None:
        """Nothing is held, so nothing is to be given back."""
