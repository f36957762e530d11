"""The pace of all workers together: how they share what a vendor allows one account.

As long as a vendor's answers tell of plenty, each worker goes by them alone and nothing is
written. When a window runs short, or is closed, the workers count it down together.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from bigcommerce import pacing as shop
from dotdigital import pacing as mail
from dotdigital.limits import Allowance
from integrationhub.models import RateBudget

NARROW = 25  # calls; more than are ever on their way at once
LOOK_AGAIN = timedelta(seconds=5)
Clock = Callable[[], datetime]


@contextmanager
def _in_passing() -> Iterator[None]:
    """Close a connection that was opened only for this: a reader's thread has none of its own."""
    was_open = connection.connection is not None
    try:
        yield
    finally:
        if not was_open and not connection.in_atomic_block:
            connection.close()


class _Ration:
    """One worker's part in a limit that all of them share."""

    def __init__(self, remote: str, now: Clock) -> None:
        self._remote, self._now = remote, now
        self._narrow_until: datetime | None = None
        self._looked_at: datetime | None = None

    def wait_needed(self) -> float:
        """Take one call; else return the seconds until the window starts afresh."""
        now = self._now()
        if not self._is_narrow(now) and not self._is_look_due(now):
            return 0.0
        self._looked_at = now
        with _in_passing():
            window = RateBudget.objects.running(now).filter(remote=self._remote).first()
            if window is None or RateBudget.objects.take_one(self._remote, now):
                return 0.0
        self._narrow_until = window.resets_at
        return max(0.0, (window.resets_at - now).total_seconds())

    def learn(self, left: int, resets_in: float) -> None:
        """Take note of what an answer told; others are told only of what runs short."""
        now = self._now()
        if left > NARROW or not resets_in:
            self._narrow_until = None
            return
        self._narrow_until = now + timedelta(seconds=resets_in)
        with _in_passing():
            RateBudget.objects.tell(self._remote, left=left, resets_at=self._narrow_until, now=now)

    def _is_narrow(self, now: datetime) -> bool:
        return self._narrow_until is not None and now < self._narrow_until

    def _is_look_due(self, now: datetime) -> bool:
        return self._looked_at is None or now - self._looked_at >= LOOK_AGAIN


class ShopPacer:
    """The pace for one BigCommerce store; the given share of its quota is ours."""

    def __init__(self, store_hash: str, *, share: float, now: Clock) -> None:
        """Begin without knowing anything of the quota."""
        self._own = shop.WindowPacer(share)
        self._share = share
        self._ration = _Ration(f"bigcommerce:{store_hash}", now)

    def wait_needed(self) -> float:
        """0 lets one request go now; else the seconds to wait before asking again."""
        return self._own.wait_needed() or self._ration.wait_needed()

    def observe(self, headers: Mapping[str, str], *, status: int) -> None:
        """Take in an answer's headers."""
        self._own.observe(headers, status=status)
        if status == shop.TOO_MANY:
            self._ration.learn(0, shop.wait_told(headers))
            return
        quota = shop.number(headers, shop.QUOTA_HEADER)
        left = shop.number(headers, shop.LEFT_HEADER)
        reset = shop.number(headers, shop.RESET_HEADER)
        if quota is not None and left is not None and reset is not None:
            ours = max(0, int(left - quota * (1 - self._share)))
            self._ration.learn(ours, reset / 1000)

    def close(self) -> None:
        """Nothing is held, so nothing is to be given back."""


class MailPacer:
    """The pace for one Dotdigital account, tier by tier."""

    def __init__(self, account: str, *, now: Clock) -> None:
        """Begin without knowing anything of the limits."""
        self._own = mail.WindowPacer()
        self._account, self._now = account, now
        self._tiers: dict[str, str] = {}
        self._rations: dict[str, _Ration] = {}

    def claim(self, kind: str) -> float:
        """0 grants one call now; else the seconds to wait before claiming again."""
        tier = self._tiers.get(kind)
        if tier is None:
            return self._longest_closed()
        return self._own.claim(kind) or self._ration(tier).wait_needed()

    def learn(self, kind: str, told: Allowance | None, *, closed_for: float = 0.0) -> None:
        """Take note of what an answer told about its tier."""
        self._own.learn(kind, told, closed_for=closed_for)
        if told:
            self._tiers[kind] = told.scope
            self._ration(told.scope).learn(told.remaining, told.resets_in)
        if closed_for:
            self._ration(self._tiers.get(kind, "")).learn(0, closed_for)

    def close(self) -> None:
        """Nothing is held, so nothing is to be given back."""
        self._own.close()

    def _ration(self, tier: str) -> _Ration:
        if tier not in self._rations:
            self._rations[tier] = _Ration(f"dotdigital:{self._account}:{tier}", self._now)
        return self._rations[tier]

    def _longest_closed(self) -> float:
        """Return how long some tier stays closed: a call made first time may be of any tier."""
        now = self._now()
        closed = RateBudget.objects.running(now).filter(
            remote__startswith=f"dotdigital:{self._account}:", left=0
        )
        latest = closed.order_by("-resets_at").first()
        return (latest.resets_at - now).total_seconds() if latest else 0.0
