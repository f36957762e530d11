"""The sandbox's clock, which tests may move."""

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset, or standing still once frozen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._frozen_at: datetime | None = None

    def now(self) -> datetime:
        """The shop's time, in UTC."""
        with self._lock:
            return self._frozen_at or datetime.now(UTC) + self._offset

    def second(self) -> datetime:
        """The shop's time to the second, as its records carry it."""
        return self.now().replace(microsecond=0)

    def set(self, moment: datetime) -> None:
        """Make it this time now; the clock goes on from there."""
        with self._lock:
            self._offset, self._frozen_at = moment.astimezone(UTC) - datetime.now(UTC), None

    def freeze(self, moment: datetime) -> None:
        """Make it this time until told otherwise."""
        with self._lock:
            self._frozen_at = moment.astimezone(UTC)

    def advance(self, step: timedelta | float) -> None:
        """Move on by a step, or by so many seconds; backwards if negative."""
        step = step if isinstance(step, timedelta) else timedelta(seconds=step)
        with self._lock:
            if self._frozen_at:
                self._frozen_at += step
            self._offset += step
