"""How long to pause before the same call is made again, and when to give it up."""

import random
import time
from dataclasses import dataclass, replace
from typing import Self

from dotdigital.errors import ApiError, RateLimitError, TooManyImportsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How patient a client is; all times in seconds.

    A call begins no further attempt once `patience` is over, so it lasts at most that and one
    `answer_timeout` (the whole answer: it may not trickle longer either). Dotdigital itself
    allows 121 s for an answer. As long as it has not answered at all, `patience_in_silence` is
    all there is for a call.
    """

    connect_timeout: float = 10.0
    answer_timeout: float = 60.0
    attempts: int = 6
    first_pause: float = 0.5
    longest_pause: float = 8.0
    patience: float = 75.0
    patience_in_silence: float = 135.0
    longest_wait: float = 30.0
    first_poll: float = 0.2
    largest_answer: int = 64_000_000
    page_size: int = 1000

    def in_silence(self) -> Self:
        """What holds until the first answer has come."""
        most = self.patience_in_silence
        return replace(
            self,
            connect_timeout=min(self.connect_timeout, most),
            answer_timeout=min(self.answer_timeout, most),
            patience=min(self.patience, most),
        )


class Patience:
    """What one call has left of attempts and waiting; each error spends some of it."""

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._ends_at = time.monotonic() + tuning.patience
        self._failures = 0
        self._refusals = 0
        self._waited = 0.0

    def spend_on(self, error: ApiError) -> float:
        """The pause before the next attempt; raises the error when there is to be none."""
        if isinstance(error, RateLimitError):
            return self._wait_asked_for(error)
        self._failures += 1
        pause = self._growing_pause(self._failures)
        is_over = time.monotonic() + pause > self._ends_at
        if not error.is_passing or is_over or self._failures >= self._tuning.attempts:
            raise error
        return pause

    def _wait_asked_for(self, error: RateLimitError) -> float:
        wait = error.retry_after if error.is_told else 0.0
        if error.status:
            self._refusals += 1
            wait = max(wait, self._growing_pause(self._refusals))
        self._waited += wait
        has_no_end = not error.is_told and self._refusals >= self._tuning.attempts
        is_too_long = self._waited > self._tuning.longest_wait
        if isinstance(error, TooManyImportsError) or has_no_end or is_too_long:
            raise error
        return wait

    def _growing_pause(self, turn: int) -> float:
        highest = self._tuning.first_pause * 2 ** min(turn - 1, 20)
        highest = min(highest, self._tuning.longest_pause)
        return random.uniform(highest / 2, highest)  # noqa: S311 - jitter, not a secret
