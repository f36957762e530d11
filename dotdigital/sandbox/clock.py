"""The sandbox's clock: the real one, which tests may put forward or back."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Now, in UTC, plus an offset."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """The moment this Dotdigital lives in."""
        return datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        """Put the clock forward; a negative number puts it back."""
        self.offset += timedelta(seconds=seconds)


def written(moment: datetime) -> str:
    """As Dotdigital writes moments: milliseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
