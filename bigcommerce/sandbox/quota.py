"""A store's quota of requests: a window that is refilled as a whole."""

import math
import threading
import time


class Quota:
    """So many requests a window of so many seconds of real time."""

    def __init__(self, requests: int, seconds: float) -> None:
        self.requests = requests
        self.seconds = seconds
        self._lock = threading.Lock()
        self._left = requests
        self._ends_at = 0.0

    def take(self, number: int = 1) -> tuple[bool, dict[str, str]]:
        """Use up a request, if one is left; whether it was, and the headers that tell."""
        with self._lock:
            now = time.monotonic()
            if now >= self._ends_at:
                self._left, self._ends_at = self.requests, now + self.seconds
            is_granted = self._left >= number
            self._left -= number if is_granted else 0
            return is_granted, self._headers(self._ends_at - now, is_granted=is_granted)

    def _headers(self, reset: float, *, is_granted: bool) -> dict[str, str]:
        headers = {
            "X-Rate-Limit-Time-Window-Ms": str(round(self.seconds * 1000)),
            "X-Rate-Limit-Time-Reset-Ms": str(math.ceil(reset * 1000)),
            "X-Rate-Limit-Requests-Quota": str(self.requests),
            "X-Rate-Limit-Requests-Left": str(self._left),
        }
        if not is_granted:
            # Whole seconds, as the vendor sends; but a test's tiny window must not take a second.
            headers["X-Retry-After"] = str(math.ceil(reset) if self.seconds >= 1 else reset)
        return headers
