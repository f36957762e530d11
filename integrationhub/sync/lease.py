"""Who works on a store: a lease in the database, with a token that fences every write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.db.models import Func, Q, QuerySet, TextField, Value
from django.db.models.lookups import Exact

from integrationhub.models import Store, bulk

# A lease that is lost because the database's machine died is one that is taken again; whatever is
# written under it is only ever on the disk after it. So the claim, most of whose time would be
# that of the disk, need not wait: true of every row, and by the way sets that for this statement.
_IS_NOT_WAITING_FOR_THE_DISK = Exact(
    Func(
        Value("synchronous_commit"),
        Value("off"),
        Value(True),  # noqa: FBT003 - SQL's own: for this transaction only
        function="set_config",
        output_field=TextField(),
    ),
    Value("off"),
)


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
        changes = {"lease_expires_at": expires}
        if not bulk.update_one(Store, self.store_id, changes, lease_token=self.token):
            raise LeaseLostError(f"the lease on store {self.store_id} is lost")

    def give_back(self, *, next_sync_at: datetime | None) -> None:
        """Let go of the store and say when it is due again."""
        self._mine().update(lease_token=None, lease_expires_at=None, next_sync_at=next_sync_at)

    def _mine(self) -> "QuerySet[Store]":
        return Store.objects.filter(pk=self.store_id, lease_token=self.token)


def claim_store(store: Store, now: datetime) -> Lease | None:
    """Take this store whether it is due or not, unless somebody works on it."""
    return take(store.pk, Store.objects.connected(), last_token=store.lease_token, now=now)


def take(
    store_id: int, candidates: "QuerySet[Store]", *, last_token: UUID | None, now: datetime
) -> Lease | None:
    """Take a store if it is a candidate still and nobody has had it since `last_token` was seen.

    One conditional update decides between any number of workers.
    """
    token = uuid4()
    expires = now + timedelta(seconds=settings.SYNC_LEASE_SECONDS)
    candidates = candidates.filter(pk=store_id, lease_token=last_token)
    if last_token is not None:
        candidates = candidates.filter(lease_expires_at__lt=now)
    if connection.vendor == "postgresql":
        candidates = candidates.filter(_IS_NOT_WAITING_FOR_THE_DISK)
    if not candidates.update(lease_token=token, lease_expires_at=expires):
        return None
    return Lease(store_id=store_id, token=token, was_abandoned=last_token is not None)


def is_free(now: datetime) -> Q:
    """Return the condition that nobody works on a store."""
    return Q(lease_expires_at=None) | Q(lease_expires_at__lt=now)
