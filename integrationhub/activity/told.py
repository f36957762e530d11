"""A store's activity as it is read back: the latest first, with the sync that followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from integrationhub.activity.sentences import Line, lines_of, who_of
from integrationhub.models import ActivityEntry, Store, SyncRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry in words; `run` is the sync that followed, or the one that was stopped."""

    id: int
    at: datetime
    who: str
    lines: Sequence[Line]
    is_of_account: bool
    is_followed: bool
    followed_by: int | None
    stopped: int | None
    contact: int | None


def told(store: Store, *, before: int | None, limit: int) -> list[Told]:
    """Return what was done with a store or its account, the latest first, up to entry `before`."""
    entries = _entries(store)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    of_store, of_account = entries.filter(store=store), entries.filter(store=None)
    both = [*of_store[:limit], *of_account[:limit]]  # each by its index, however many there are
    return [_told(entry) for entry in sorted(both, key=_age)[:limit]]


def _entries(store: Store) -> Any:
    runs = SyncRun.objects.filter(
        store=store, is_preview=False, started_at__gte=OuterRef("timestamp")
    )
    next_run = Subquery(runs.order_by("started_at").values("pk")[:1])
    entries = ActivityEntry.objects.of(store.account).annotate(next_run=next_run)
    # The store comes first, as in the index: else PostgreSQL may walk through every entry.
    return entries.select_related("actor").order_by("store_id", "-pk")


def _age(entry: ActivityEntry) -> int:
    return -entry.pk


def _told(entry: Any) -> Told:
    lines, besides = lines_of(entry), entry.additional_data or {}
    is_followed = any(line.is_followed for line in lines)
    return Told(
        id=entry.pk,
        at=entry.timestamp,
        who=who_of(entry),
        lines=lines,
        is_of_account=entry.store_id is None,
        is_followed=is_followed,
        followed_by=entry.next_run if is_followed else None,
        stopped=besides.get("run"),
        contact=besides.get("contact"),
    )
