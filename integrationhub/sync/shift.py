"""One worker's turn on a run: its clients, its clock, its lease, and what it counts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from bigcommerce.client import Client as BigCommerceClient
from dotdigital.client import Client as DotdigitalClient
from integrationhub.models import (
    Audience,
    AudienceCount,
    Contact,
    Cursor,
    Person,
    ReasonCount,
    Store,
    SyncRun,
    bulk,
)
from integrationhub.reasons import Reason
from integrationhub.sync.freshness import shelf_life
from integrationhub.sync.lease import Lease
from integrationhub.sync.rules import Rules, rules_of
from integrationhub.sync.tags import Tags

OUTCOMES = ("added", "updated", "unchanged", "skipped", "failed")
AUDIENCE_COUNTS = ("run", "audience", "read", *OUTCOMES)
REASON_COUNTS = ("run", "audience", "outcome", "reason", "number")
BEATEN = (
    "heartbeat_at",
    "goes_on_at",
    "reason",
    "step",
    "rows_read",
    "rows_expected",
    "rows_unreadable",
    "opt_outs_seen",
    "written_back",
    "write_backs_refused",
    "removed",
    "bigcommerce_calls",
    "dotdigital_calls",
)
Tally = Counter[tuple[str, str, str]]  # audience, outcome and reason


class SliceOverError(Exception):
    """The turn is over; the run goes on in another one, at `at` or as soon as may be."""

    def __init__(
        self,
        at: datetime | None = None,
        *,
        reason: Reason = Reason.OUT_OF_TIME,
        detail: str = "the slice is over",
    ) -> None:
        """Remember when it makes sense to go on, and what is waited for."""
        super().__init__(detail)
        self.at, self.reason = at, reason


class FactsOutdatedError(Exception):
    """What was read is too old to send people by; the steps are gone through again."""


class StopRequestedError(Exception):
    """A person has asked the run to stop."""


class StepInWork(Struct, frozen=True):
    """The step that this turn is at: since when, and with how many calls made before."""

    step: str
    began_at: datetime
    calls: tuple[int, int]


class Shift:
    """What every step of a run is given: the run, both clients, the clock and the rules."""

    def __init__(
        self,
        run: SyncRun,
        *,
        lease: Lease,
        source: BigCommerceClient,
        destination: DotdigitalClient,
        now: Callable[[], datetime],
        ends_at: datetime | None,
    ) -> None:
        """Begin a turn that ends soon after `ends_at`, or never when that is None."""
        self.run, self.lease, self.now, self.ends_at = run, lease, now, ends_at
        self.source, self.destination = source, destination
        self.rules: Rules = rules_of(run.store)
        self.tags = Tags(run.store, source)
        self.facts_at = now()
        self._calls = (run.bigcommerce_calls, run.dotdigital_calls)
        self.step: StepInWork | None = None
        self.is_awaited = False  # by other stores, which are due

    @property
    def store(self) -> Store:
        """Return the store that is worked on."""
        return self.run.store

    def hold(self) -> None:
        """Raise LeaseLostError unless the store is still ours; asked before a change elsewhere."""
        self.lease.renew(self.now())

    @contextmanager
    def write(self) -> Iterator[None]:
        """Write what belongs together, in one transaction, and only while the lease is ours."""
        with transaction.atomic():
            self.hold()
            yield
            self.beat()

    def cursor(self, source: str) -> Cursor:
        """Return how far `source` has been read; a new source begins at its beginning."""
        known: Cursor | None = Cursor.objects.filter(store=self.store, source=source).first()
        if known is not None:
            return known
        with self.write():
            return Cursor.objects.create(store=self.store, source=source)

    @contextmanager
    def page(self) -> Iterator[None]:
        """Write one page: the ledger and the cursor together.

        Afterwards ends the turn if it is time, by SliceOverError or StopRequestedError.
        """
        with self.write():
            yield
        self.pause()

    def beat(self) -> None:
        """Save the run's counters and the time as a sign of life."""
        self.run.heartbeat_at = self.now()
        self.run.goes_on_at, self.run.reason = None, ""
        self.run.bigcommerce_calls, self.run.dotdigital_calls = self.calls
        bulk.update_one(SyncRun, self.run.pk, {name: getattr(self.run, name) for name in BEATEN})

    def pause(self) -> None:
        """End the turn here if a person wants it or its time is up."""
        if self._is_stop_requested():
            raise StopRequestedError
        if self.ends_at is not None and self.now() >= self.ends_at:
            raise SliceOverError
        if self.run.step == SyncRun.Step.PUSH:
            self.check_facts()

    def _is_stop_requested(self) -> bool:
        is_this = f"{bulk.column(SyncRun, 'pk')} = %s"
        rows = bulk.select(SyncRun, ["stop_requested_at"], is_this, [self.run.pk])
        return any(asked_at is not None for (asked_at,) in rows)

    def check_facts(self) -> None:
        """Raise FactsOutdatedError if nobody may be sent by what was read so long ago."""
        if self.now() >= self.facts_at + shelf_life():
            raise FactsOutdatedError

    @property
    def calls(self) -> tuple[int, int]:
        """Return the run's calls so far, to BigCommerce and to Dotdigital."""
        return self._calls[0] + self.source.calls, self._calls[1] + self.destination.calls

    def count(self, tally: Tally) -> None:
        """Add outcomes of people to the run's numbers, so that they go on adding up."""
        reasons = [(self.run.pk, *key, number) for key, number in tally.items() if number]
        audiences: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (audience, outcome, _), number in tally.items():
            audiences[audience][outcome] += number
        sums = [
            (self.run.pk, audience, outcomes.total(), *(outcomes[name] for name in OUTCOMES))
            for audience, outcomes in audiences.items()
            if outcomes.total()
        ]
        bulk.add_up(ReasonCount, REASON_COUNTS, reasons, unique=REASON_COUNTS[:4])
        bulk.add_up(AudienceCount, AUDIENCE_COUNTS, sums, unique=AUDIENCE_COUNTS[:2])


SETTLED_OUTCOMES = {
    Contact.Standing.IN_BOOK.value: "unchanged",
    Contact.Standing.LEFT_OUT.value: "skipped",
    Contact.Standing.FAILED.value: "failed",
}


_SUBSCRIBERS, _CUSTOMERS = Audience.SUBSCRIBERS.value, Audience.CUSTOMERS.value


def settled_outcomes(contact: Person) -> list[tuple[str, str, str]]:
    """Return what to count, audience by audience, for somebody who needs nothing done."""
    found = []
    if outcome := SETTLED_OUTCOMES.get(contact.subscribers_standing):
        found.append((_SUBSCRIBERS, outcome, contact.subscribers_reason))
    if outcome := SETTLED_OUTCOMES.get(contact.customers_standing):
        found.append((_CUSTOMERS, outcome, contact.customers_reason))
    return found
