"""Who works on a store: a lease in the database, with a token that fences every write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from integrationhub.models import Store, SyncRun

CANDIDATES = 20


class LeaseLostError(Exception):
    """Another worker has the store now; nothing more may be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on one store until it expires; `was_abandoned` if a worker died with it."""

    store_id: int
    token: UUID
    was_abandoned: bool = False

    def renew(self, now: datetime) -> None:
        """Prolong the lease, or raise LeaseLostError.

        Called inside the transaction of every page, so that a page is only written by the holder.
        """
        expires = now + timedelta(seconds=settings.SYNC_LEASE_SECONDS)
        if not self._mine().update(lease_expires_at=expires):
            raise LeaseLostError(f"the lease on store {self.store_id} is lost")

    def give_back(self, *, next_sync_at: datetime | None) -> None:
        """Let go of the store and say when it is due again."""
        self._mine().update(lease_token=None, lease_expires_at=None, next_sync_at=next_sync_at)

    def _mine(self) -> "QuerySet[Store]":
        return Store.objects.filter(pk=self.store_id, lease_token=self.token)


def claim(now: datetime) -> Lease | None:
    """Take the most overdue store that nobody works on, each account in its turn."""
    for store in _due_in_turn(now)[:CANDIDATES]:
        if lease := _take(store, due_stores(now), now=now):
            return lease
    return None


def claim_store(store: Store, now: datetime) -> Lease | None:
    """Take this store whether it is due or not, unless somebody works on it."""
    return _take(store, Store.objects.filter(_free(now)), now=now)


def due_stores(now: datetime) -> "QuerySet[Store]":
    """Return the stores that want a worker now."""
    to_stop = SyncRun.objects.filter(
        store=OuterRef("pk"), finished_at=None, stop_requested_at__isnull=False
    )
    wanted = Q(is_sync_enabled=True) | Exists(to_stop)
    return Store.objects.filter(_free(now), wanted, next_sync_at__lte=now)


def is_any_due(now: datetime) -> bool:
    """Return whether some store wants a worker now."""
    return due_stores(now).exists()


def _take(store: Store, candidates: "QuerySet[Store]", *, now: datetime) -> Lease | None:
    token = uuid4()
    taken = candidates.filter(pk=store.pk, lease_token=store.lease_token).update(
        lease_token=token, lease_expires_at=now + timedelta(seconds=settings.SYNC_LEASE_SECONDS)
    )
    abandoned = store.lease_token is not None
    return Lease(store_id=store.pk, token=token, was_abandoned=abandoned) if taken else None


def _due_in_turn(now: datetime) -> "QuerySet[Store]":
    """Return the due stores, each account's first before any account's second and so on.

    Stores that are being worked on count as their account's turns too.
    """
    turn = Window(RowNumber(), partition_by=F("account_id"), order_by=F("next_sync_at").asc())
    in_work = Store.objects.filter(account=OuterRef("account"), lease_expires_at__gt=now)
    count = in_work.order_by().values("account").annotate(number=Count("pk")).values("number")
    return (
        due_stores(now)
        .annotate(turn=turn, in_work=Coalesce(Subquery(count), 0))
        .order_by(F("turn") + F("in_work"), "next_sync_at")
    )


def _free(now: datetime) -> Q:
    return Q(lease_expires_at=None) | Q(lease_expires_at__lt=now)
