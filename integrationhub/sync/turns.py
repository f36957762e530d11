"""Which store is worked on next: the most overdue, with each account in its turn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from integrationhub.models import Store, SyncRun
from integrationhub.sync.lease import Lease, is_free, take

REMEMBERED = 500
REMEMBERED_FOR = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A store that was due; `turn` counts the stores of its account that come before it."""

    store_id: int
    last_token: UUID | None
    is_sync_enabled: bool
    turn: int


class Turns:
    """The order in which due stores are taken, remembered for a moment by one worker.

    Looking who is next costs more than taking a store. What is remembered is only a guess: each
    store is taken by a conditional update, so none is ever taken twice.
    """

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._candidates: list[_Candidate] = []
        self._looked_at: datetime | None = None

    def claim(self, now: datetime) -> Lease | None:
        """Take the most overdue store that nobody works on, each account in its turn."""
        if not self._is_remembered(now):
            self._look(now)
        while self._candidates:
            if lease := _take(self._candidates.pop(), now):
                return lease
            if not self._candidates:
                self._look(now)
        return None

    def _is_remembered(self, now: datetime) -> bool:
        if self._looked_at is None or not self._candidates:
            return False
        return self._looked_at <= now < self._looked_at + REMEMBERED_FOR

    def _look(self, now: datetime) -> None:
        self._candidates, self._looked_at = _next_candidates(now)[::-1], now


def claim(now: datetime) -> Lease | None:
    """Take the store whose turn it is now."""
    return Turns().claim(now)


def is_any_due(now: datetime) -> bool:
    """Return whether some store wants a worker now."""
    return _due(now).exists() or _to_stop(now).exists()


def _due(now: datetime) -> "QuerySet[Store]":
    due = Store.objects.connected().filter(is_sync_enabled=True, next_sync_at__lte=now)
    return due.filter(is_free(now))


def _to_stop(now: datetime) -> "QuerySet[Store]":
    """Return the stores that are switched off, but have a run that is to be brought to an end."""
    asked = SyncRun.objects.filter(finished_at=None, stop_requested_at__isnull=False)
    off = Store.objects.connected().filter(is_sync_enabled=False, pk__in=asked.values("store"))
    return off.filter(is_free(now), next_sync_at__lte=now)


def _take(candidate: _Candidate, now: datetime) -> Lease | None:
    wanted = Store.objects.connected().filter(
        is_sync_enabled=candidate.is_sync_enabled, next_sync_at__lte=now
    )
    return take(candidate.store_id, wanted, last_token=candidate.last_token, now=now)


def _next_candidates(now: datetime) -> list[_Candidate]:
    """Return who comes next: runs to be stopped, then each account's first store and so on.

    While an account with fewer stores in work waits, none has more of them worked on than set.
    """
    stopping = _to_stop(now).values_list("pk", "lease_token")
    first = [
        _Candidate(pk, token, is_sync_enabled=False, turn=0) for pk, token in stopping[:REMEMBERED]
    ]
    due = _in_turn(now)
    within = [each for each in due if each.turn <= settings.SYNC_STORES_PER_ACCOUNT]
    return first + (within or due)


def _in_turn(now: datetime) -> list[_Candidate]:
    """Return due stores, each account's first before any account's second and so on.

    Stores that are being worked on count as their account's turns too. Of every account in work
    one more store is looked at, so that those who have nothing in work are never cut off.
    """
    in_work = _in_work(now)
    number = Window(RowNumber(), partition_by=F("account_id"), order_by=F("next_sync_at").asc())
    rows = _due(now).annotate(place=number).order_by("place", "next_sync_at")
    names = ("account_id", "place", "pk", "lease_token")
    found, place = [], 0
    for account_id, place, pk, token in rows.values_list(*names)[: REMEMBERED + len(in_work)]:
        turn = place + in_work.get(account_id, 0)
        found.append(_Candidate(pk, token, is_sync_enabled=True, turn=turn))
    certain = [each for each in found if each.turn <= place]
    return sorted(certain or found, key=attrgetter("turn"))


def _in_work(now: datetime) -> dict[int, int]:
    """Return how many stores of each account are being worked on."""
    leased = Store.objects.filter(lease_expires_at__gt=now).values("account")
    return dict(leased.annotate(number=Count("pk")).order_by().values_list("account", "number"))
