"""Whether a failed call is tried again, and after how long."""

import random
import time
from dataclasses import dataclass

from bigcommerce.errors import ApiError, MalformedAnswerError, RateLimitError, UnavailableError

_NEVER_BETTER = frozenset({501, 505, 507})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Limits of one call, times in seconds; the defaults suit the real vendor.

    `deadline` bounds one try from first to last byte, `patience` all tries of a call together
    with the waits between them, `longest_wait` a single wait, `tries` those that end in a fault.
    As long as the store has not answered at all, `patience_in_silence` is all there is.
    """

    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    deadline: float = 25.0
    patience: float = 50.0
    patience_in_silence: float = 50.0
    longest_wait: float = 30.0
    tries: int = 6
    backoff: float = 0.5
    longest_backoff: float = 8.0
    largest_answer: int = 64 * 1024 * 1024


class Patience:
    """Counts the tries of one call and says how long to wait before the next."""

    def __init__(self, tuning: Tuning, *, may_repeat: bool, has_answered: bool = True) -> None:
        self._tuning = tuning
        self._may_repeat = may_repeat
        most = tuning.patience if has_answered else tuning.patience_in_silence
        self._ends_at = time.monotonic() + min(tuning.patience, most)
        self._faults = 0
        self._refusals = 0

    def time_left(self) -> float:
        """Seconds the next try may take."""
        return max(0.001, min(self._tuning.deadline, self._ends_at - time.monotonic()))

    def wait_after(self, error: ApiError) -> float:
        """Seconds until the next try; raises the error when there is to be none."""
        if isinstance(error, RateLimitError):
            return self._wait_for_quota(error)
        if not self._may_repeat or not _may_pass(error):
            raise error
        self._faults += 1
        wait = self._backoff(self._faults)
        if self._faults >= self._tuning.tries or self._is_too_late(wait):
            raise error
        return wait

    def _wait_for_quota(self, error: RateLimitError) -> float:
        """A refusal for lack of quota costs no try: the call was never carried out."""
        self._refusals += 1
        wait = error.retry_after * random.uniform(1.0, 1.05)  # noqa: S311  jitter, not a secret
        if not error.retry_after or self._refusals > 1:
            wait = max(wait, self._backoff(self._refusals))
        if error.retry_after > self._tuning.longest_wait or self._is_too_late(wait):
            error.retry_after = error.retry_after or wait
            raise error
        return wait

    def _backoff(self, times: int) -> float:
        ceiling = min(self._tuning.longest_backoff, self._tuning.backoff * 2.0 ** (times - 1))
        return ceiling * random.uniform(0.5, 1.0)  # noqa: S311  jitter, not a secret

    def _is_too_late(self, wait: float) -> bool:
        return time.monotonic() + wait >= self._ends_at


def _may_pass(error: ApiError) -> bool:
    return isinstance(error, (UnavailableError, MalformedAnswerError)) and (
        error.status not in _NEVER_BETTER
    )
