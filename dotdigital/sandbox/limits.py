"""The two schemes by which Dotdigital limits calls: tiers by the minute, or flat by the hour."""

import math
import time
from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Literal

from dotdigital.sandbox.answers import Answer, json_answer
from dotdigital.sandbox.clock import Clock
from dotdigital.sandbox.faults import EXCESS
from dotdigital.sandbox.switches import Switches

Tier = Literal["lowCallRate", "mediumCallRate", "highCallRate", "unlimited"]
LOW: Final[Tier] = "lowCallRate"
MEDIUM: Final[Tier] = "mediumCallRate"
HIGH: Final[Tier] = "highCallRate"
UNLIMITED: Final[Tier] = "unlimited"


class CallLimits:
    """Counts the calls of every account."""

    def __init__(self, switches: Switches, clock: Clock) -> None:
        self._switches = switches
        self._clock = clock
        self._lock = Lock()
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self._hours: dict[str, deque[datetime]] = {}

    def admit(self, user: str, tier: Tier) -> tuple[Answer | None, dict[str, str]]:
        """A refusal or None, and the headers that go with the answer either way."""
        with self._lock:
            if self._switches.rate_limit == "flat":
                return self._admit_flat(user), {}
            if tier == UNLIMITED:
                return None, {}
            return self._admit_in_tier(user, tier)

    def calls_in_last_hour(self, user: str) -> int:
        """What account-info tells, under the flat scheme."""
        with self._lock:
            return len(self._recent(user))

    def _admit_in_tier(self, user: str, tier: Tier) -> tuple[Answer | None, dict[str, str]]:
        now, window = time.monotonic(), self._switches.window
        began, calls = self._windows.get((user, tier), (now, 0))
        if now - began >= window:
            began, calls = now, 0
        limit = self._switches.tiers[tier]
        is_over = calls >= limit
        calls += 0 if is_over else 1
        self._windows[user, tier] = began, calls
        headers = self._headers(tier, limit - calls, began + window - now)
        return (Answer(status=429) if is_over else None), headers

    def _headers(self, tier: Tier, remaining: int, seconds: float) -> dict[str, str]:
        reset = f"{seconds:.3f}"
        if self._switches.reset_as == "epoch":
            reset = str(math.ceil(self._clock.now().timestamp() + seconds))
        return {
            "X-RateLimit-Limit": str(self._switches.tiers[tier]),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": reset,
            "X-RateLimit-Scope": tier,
        }

    def _admit_flat(self, user: str) -> Answer | None:
        recent = self._recent(user)
        if len(recent) >= self._switches.calls_an_hour:
            return json_answer({"message": EXCESS}, status=400)
        recent.append(self._clock.now())
        return None

    def _recent(self, user: str) -> deque[datetime]:
        calls, hour_ago = self._hours.setdefault(user, deque()), self._clock.now()
        hour_ago -= timedelta(hours=1)
        while calls and calls[0] <= hour_ago:
            calls.popleft()
        return calls
