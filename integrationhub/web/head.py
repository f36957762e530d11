"""The head of a store's pages: how the store stands, its last sync and its next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery

from integrationhub.models import AddressBookMapping, Store, SyncRun
from integrationhub.reasons import NEEDS_GO_ON, Reason
from integrationhub.web.moments import when
from integrationhub.web.results import Result, result_of, runs_of
from integrationhub.web.standing import Standing, refusal, standing_of

WANTS_CREDENTIALS = frozenset(
    {
        Reason.BIGCOMMERCE_CREDENTIALS,
        Reason.BIGCOMMERCE_SCOPE,
        Reason.BIGCOMMERCE_STORE_UNKNOWN,
        Reason.DOTDIGITAL_CREDENTIALS,
        Reason.DOTDIGITAL_REGION,
        Reason.SECRET_UNREADABLE,
    }
)

_ENDED = {
    SyncRun.Status.FAILED: "failed",
    SyncRun.Status.STOPPED: "was stopped",
    SyncRun.Status.STALLED: "was interrupted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above every page of a store."""

    store: Store
    standing: Standing
    open_run: SyncRun | None
    last: Result | None
    has_books: bool
    now: datetime

    @property
    def last_words(self) -> str:
        """Return when both sides were last in step and what came of it, or what went wrong."""
        if self.last is None:
            return "Not synced yet."
        at = when(self.last.run.finished_at, self.now)
        if self.last.run.status == SyncRun.Status.COMPLETED:
            return f"Last synced {at}: {self.last.summary}."
        synced_at = self.store.last_synced_at
        before = f" Last synced {when(synced_at, self.now)}." if synced_at else ""
        how = _ENDED[SyncRun.Status(self.last.run.status)]
        return f"The sync that ended {at} {how}.{before}"

    @property
    def next_words(self) -> str:
        """Return when the store is synced next, as far as that is known."""
        if self.open_run is not None:
            goes_on_at = self.open_run.goes_on_at
            return f"Goes on at {when(goes_on_at, self.now)}." if goes_on_at else "Syncing now."
        due_at = self.store.next_sync_at
        if not (self.store.is_sync_enabled and self.has_books and due_at):
            return "No sync is planned."
        if due_at <= self.now:
            return "The next sync is due now."
        return f"Next sync about {when(due_at, self.now)}."

    @property
    def refusal(self) -> str:
        """Return why a sync cannot be started by hand just now; empty if it can."""
        return refusal(self.store, is_running=bool(self.open_run), has_books=self.has_books)

    @property
    def waits_for_go_on(self) -> bool:
        """Whether a safety stop waits for a person."""
        return self.store.is_sync_enabled and self.store.problem in NEEDS_GO_ON

    @property
    def discarding(self) -> str:
        """Return what Discard does with what the store waits for."""
        if self.store.problem == Reason.TRIAL_WAITS:
            return (
                "Discard pauses the sync: whoever was added stays in the book, "
                "and you are asked again when you resume."
            )
        return "Discard pauses the sync, and nothing of this is done."

    @property
    def wants_credentials(self) -> bool:
        """Whether new credentials would help."""
        return self.store.problem in WANTS_CREDENTIALS


def head_of(store: Store, *, now: datetime) -> Head:
    """Return the head of a store's pages; its open run is the latest, and the last one next."""
    has_books = store.address_book_mappings.exists()
    return _head(store, list(runs_of(store)[:2]), has_books=has_books, now=now)


def heads_of(stores: Sequence[Store], *, now: datetime) -> list[Head]:
    """Return the heads of many stores, in as many queries as for one."""
    latest = (
        SyncRun.objects.filter(store=OuterRef("pk"))
        .exclude(is_preview=True, finished_at__isnull=False)
        .order_by("-started_at", "-pk")
        .values("pk")
    )
    asked = Store.objects.filter(pk__in=[store.pk for store in stores]).values_list(
        "pk",
        Exists(AddressBookMapping.objects.filter(store=OuterRef("pk"))),
        Subquery(latest[:1]),
        Subquery(latest[1:2]),
    )
    known = {pk: (has_books, runs) for pk, has_books, *runs in asked}
    wanted = [run for _, runs in known.values() for run in runs if run]
    found = SyncRun.objects.prefetch_related("counts").in_bulk(wanted)
    return [
        _head(store, [found[run] for run in runs if run in found], has_books=has_books, now=now)
        for store in stores
        for has_books, runs in [known[store.pk]]
    ]


def _head(store: Store, runs: Sequence[SyncRun], *, has_books: bool, now: datetime) -> Head:
    open_run = next((run for run in runs if run.finished_at is None), None)
    last = next((run for run in runs if run.finished_at), None)
    return Head(
        store=store,
        standing=standing_of(store, open_run=open_run, has_books=has_books, now=now),
        open_run=open_run,
        last=result_of(last) if last else None,
        has_books=has_books,
        now=now,
    )
