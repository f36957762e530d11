"""The order of a run's steps, and how a run begins, goes on and ends."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import transaction

from bigcommerce.client import Client as BigCommerceClient
from dotdigital.client import Client as DotdigitalClient
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from integrationhub.sync.attributes import restore_attributes
from integrationhub.sync.clocks import compare_clocks
from integrationhub.sync.deciding import decide_all
from integrationhub.sync.endings import FORESEEN, Ending, ending_of, failed, finished, stalled
from integrationhub.sync.lease import Lease
from integrationhub.sync.opt_outs import read_opt_outs
from integrationhub.sync.preview import count_people, end_with, read_considered_books, waiting
from integrationhub.sync.pull import pull, read_again
from integrationhub.sync.push import push
from integrationhub.sync.requested import read_requested
from integrationhub.sync.safety import check_opt_outs
from integrationhub.sync.shift import FactsOutdatedError, Shift
from integrationhub.sync.standings import count_standings
from integrationhub.sync.steps import begin_step, end_step
from integrationhub.sync.unchanged import count_unchanged
from integrationhub.sync.write_back import write_back

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

# Each step finds out from the ledger what is left of it, so a run may be cut off anywhere.
STEPS: tuple[tuple[SyncRun.Step, Callable[[Shift], None]], ...] = (
    (SyncRun.Step.OPT_OUTS, read_opt_outs),
    (SyncRun.Step.WRITE_BACK, check_opt_outs),
    (SyncRun.Step.WRITE_BACK, write_back),
    (SyncRun.Step.PULL, pull),
    (SyncRun.Step.PULL, read_again),
    (SyncRun.Step.PULL, read_requested),
    (SyncRun.Step.DECIDE, compare_clocks),
    (SyncRun.Step.DECIDE, decide_all),
    (SyncRun.Step.DECIDE, restore_attributes),
    (SyncRun.Step.PUSH, push),
)
PREVIEW_STEPS: tuple[tuple[SyncRun.Step, Callable[[Shift], None]], ...] = (
    (SyncRun.Step.OPT_OUTS, read_opt_outs),
    (SyncRun.Step.OPT_OUTS, read_considered_books),
    (SyncRun.Step.PULL, pull),
    (SyncRun.Step.PULL, read_again),
    (SyncRun.Step.DECIDE, compare_clocks),
    (SyncRun.Step.DECIDE, count_people),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What set off a run, should a new one begin."""

    trigger: SyncRun.Trigger = SyncRun.Trigger.SCHEDULE
    started_by_id: int | None = None


SCHEDULED = Start()


def carry_out(
    store: Store,
    *,
    lease: Lease,
    source: BigCommerceClient,
    destination: DotdigitalClient,
    now: Clock,
    ends_at: datetime | None = None,
    start: Start = SCHEDULED,
    is_awaited: bool = False,
) -> SyncRun:
    """Work on the store's open run, or a new one, until it ends or the slice is over.

    The lease is given back in either case. Returns the run as it stands then; it is still open
    if `finished_at` is empty. A store over which workers die again and again only has its run
    closed. Raises LeaseLostError when another worker has taken the store.
    """
    run = _run_of(store, lease, start, now())
    if run.finished_at is None:
        shift = Shift(
            run, lease=lease, source=source, destination=destination, now=now, ends_at=ends_at
        )
        shift.is_awaited = is_awaited
        _apply(shift, _work(shift))
    return run


def _work(shift: Shift) -> Ending:
    try:
        _go_through_the_steps(shift)
        _count(shift)
        return finished(shift)
    except FORESEEN as error:
        ending = ending_of(error, shift)
    if ending.status is not None:
        _count(shift)
    return ending


def _count(shift: Shift) -> None:
    """Count what the run has come to: whom it found unchanged, and where everybody stands."""
    count_unchanged(shift)
    count_standings(shift)


def _go_through_the_steps(shift: Shift) -> None:
    """Carry out every step; from the first again whenever what was read has become too old."""
    for turn in count():
        shift.facts_at = shift.now()
        try:
            for step, carry_out_step in PREVIEW_STEPS if shift.run.is_preview else STEPS:
                _enter(shift, step, is_patient=turn > 0)
                carry_out_step(shift)
        except FactsOutdatedError:
            continue
        return


def _enter(shift: Shift, step: SyncRun.Step, *, is_patient: bool) -> None:
    """Say which step it is, and that the run is alive; begin to send by fresh facts only.

    Where even reading again takes too long, people are sent a page at a time nevertheless.
    """
    shift.run.step = step
    with shift.write():
        begin_step(shift, step)
    if step == SyncRun.Step.PUSH and not is_patient:
        shift.check_facts()


def _run_of(store: Store, lease: Lease, start: Start, now: datetime) -> SyncRun:
    """Return the open run, or a new one; a run whose worker died with the lease is closed."""
    with transaction.atomic():
        lease.renew(now)
        run = _open_run(store)
        if run is None or not lease.was_abandoned:
            return run or _begin(store, start, now)
        ending = stalled(store, now=now)
        _write(run, ending, store_changes=ending.store, now=now)
        if _may_wait(store, start) and ending.next_sync_at != now:
            lease.give_back(next_sync_at=ending.next_sync_at)
            return run
        return _begin(store, start, now)


def _open_run(store: Store) -> SyncRun | None:
    run: SyncRun | None = SyncRun.objects.filter(store=store, finished_at=None).first()
    if run is not None:
        run.store = store
    return run


def _may_wait(store: Store, start: Start) -> bool:
    return store.sync_requested_at is None and start.trigger == SyncRun.Trigger.SCHEDULE


def _begin(store: Store, start: Start, now: datetime) -> SyncRun:
    """Return a new run; a person who has asked meanwhile is who set it off.

    A preview that waits comes first, unless a command wants a sync.
    """
    preview = waiting(store) if start.trigger == SyncRun.Trigger.SCHEDULE else None
    if preview is not None:
        return SyncRun.objects.create(
            store=store,
            trigger=SyncRun.Trigger.PERSON,
            started_by_id=preview.asked_by_id,
            is_preview=True,
            started_at=now,
            heartbeat_at=now,
        )
    if store.sync_requested_at is not None:
        start = Start(trigger=SyncRun.Trigger.PERSON, started_by_id=store.sync_requested_by_id)
    run: SyncRun = SyncRun.objects.create(
        store=store,
        trigger=start.trigger,
        started_by_id=start.started_by_id,
        is_first=store.is_filling,
        started_at=now,
        heartbeat_at=now,
    )
    _forget_who_asked(store)
    return run


def _forget_who_asked(store: Store) -> None:
    """Strike out what this run answers to; who has asked since then gets the next one."""
    answered = Store.objects.filter(pk=store.pk, sync_requested_at=store.sync_requested_at)
    answered.update(sync_requested_at=None, sync_requested_by=None)
    store.sync_requested_at = store.sync_requested_by = None


def give_up(
    store: Store, *, lease: Lease, reason: Reason, detail: str, start: Start, now: datetime
) -> SyncRun:
    """Close the store's run as failed where it cannot go on, and give the store back."""
    with transaction.atomic():
        lease.renew(now)
        run = _open_run(store) or _begin(store, start, now)
        ending = end_with(run, failed(store, reason=reason, detail=detail, now=now), now=now)
        _write(run, ending, store_changes=ending.store, now=now)
        lease.give_back(next_sync_at=ending.next_sync_at)
    log.info("store %s, run %s: %s %s", store.pk, run.pk, run.status, run.reason)
    return run


def _asked_meanwhile(store: Store) -> bool:
    """Return whether somebody has saved other books or asked for a sync during this run."""
    names = ("books_chosen_at", "sync_requested_at")
    now = Store.objects.values_list(*names).get(pk=store.pk)
    return bool(now != tuple(getattr(store, name) for name in names))


def _apply(shift: Shift, ending: Ending) -> None:
    """Write how the slice ended, and give the store back, in one transaction."""
    run, store, now = shift.run, shift.store, shift.now()
    with transaction.atomic():
        shift.lease.renew(now)
        end_step(shift)
        shift.beat()
        ending = end_with(run, ending, now=now)
        asked = _asked_meanwhile(store)
        _write(run, ending, store_changes={} if asked else ending.store, now=now)
        shift.lease.give_back(next_sync_at=now if asked else ending.next_sync_at)
    log.info("store %s, run %s: %s %s", store.pk, run.pk, run.status, run.reason)


def _write(
    run: SyncRun, ending: Ending, *, store_changes: Mapping[str, object], now: datetime
) -> None:
    run.reason, run.detail, run.goes_on_at = ending.reason, ending.detail, ending.goes_on_at
    if ending.status is not None:
        run.status, run.finished_at = ending.status, now
    run.save(update_fields=["reason", "detail", "goes_on_at", "status", "finished_at"])
    for name, value in store_changes.items():
        setattr(run.store, name, value)
    run.store.save(update_fields=list(store_changes))
