"""How fast a store may be asked: the quota its answers tell, and the share of it we take."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

QUOTA_HEADER = "X-Rate-Limit-Requests-Quota"
LEFT_HEADER = "X-Rate-Limit-Requests-Left"
RESET_HEADER = "X-Rate-Limit-Time-Reset-Ms"
RETRY_HEADER = "X-Retry-After"
NO_ANSWER = 0
TOO_MANY = 429


class Pacer(Protocol):
    """Whatever knows when the next request may go out; for any number of threads.

    Every request that is let go is told of once, whatever becomes of it.
    """

    def wait_needed(self) -> float:
        """0 lets one request go now; else the seconds to wait before asking again."""

    def observe(self, headers: Mapping[str, str], *, status: int) -> None:
        """Take in an answer's headers, names in any case; status NO_ANSWER when none came."""

    def close(self) -> None:
        """Take note that no more requests come from here."""


class WindowPacer:
    """Stops ahead of a window that is refilled as a whole, leaving the others their share of it."""

    def __init__(self, share: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        if not 0 < share <= 1:
            message = "The share of the store's quota must be above 0 and at most 1."
            raise ValueError(message)
        self._share = share
        self._clock = clock
        self._closed_until = 0.0

    def wait_needed(self) -> float:
        """Seconds until the window is refilled, if our share of this one is used up."""
        return max(0.0, self._closed_until - self._clock())

    def observe(self, headers: Mapping[str, str], *, status: int) -> None:
        """Close the window when no more is left than the share of the others."""
        if status == TOO_MANY:  # what it says is left is not to be trusted
            self._closed_until = self._clock() + wait_told(headers)
            return
        quota, left = number(headers, QUOTA_HEADER), number(headers, LEFT_HEADER)
        reset = number(headers, RESET_HEADER)
        if quota is None or left is None or reset is None:
            return
        if left <= quota * (1 - self._share):
            self._closed_until = self._clock() + reset / 1000

    def close(self) -> None:
        """Hold nothing back, so nothing is to be given back."""


def number(headers: Mapping[str, str], name: str) -> float | None:
    """The header as a number that is not negative; None when absent or rubbish."""
    try:
        value = float(headers[name])
    except (KeyError, ValueError):
        return None
    return value if 0 <= value < float("inf") else None


def wait_told(headers: Mapping[str, str]) -> float:
    """Seconds an answer 429 asks to wait, the longest it names; 0 when it names none."""
    reset, retry_after = number(headers, RESET_HEADER), number(headers, RETRY_HEADER)
    return max((reset or 0.0) / 1000, retry_after or 0.0)
