"""The runs behind the states of pages: done, failed, stopped, waiting for a person, going on."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth import get_user_model

from integrationhub.models import AudienceCount, ReasonCount, RunStep, Store, SyncRun
from integrationhub.reasons import Reason
from tests.browser import world
from tests.factories import ContactFactory, ContactImportFactory, SyncRunFactory

MINUTE = timedelta(minutes=1)
STEPS = ("opt_outs", "write_back", "pull", "decide", "push")
REASONS = (
    ("subscribers", "failed", Reason.INVALID_EMAIL, 3),
    ("subscribers", "failed", Reason.CONTACT_REFUSED, 1),
    ("subscribers", "skipped", Reason.NO_OPT_IN, 26),
    ("subscribers", "skipped", Reason.UNSUBSCRIBED, 2),
    ("subscribers", "added", Reason.IN_BOOK, 14),
    ("subscribers", "updated", Reason.IN_BOOK, 5),
    ("subscribers", "unchanged", Reason.IN_BOOK, 120),
    ("customers", "skipped", Reason.NEVER_BOUGHT, 8),
    ("customers", "added", Reason.IN_BOOK, 31),
)


def make(
    store: Store, at: datetime, *, status: str = "completed", reason: str = "done", **told: Any
) -> SyncRun:
    """Make a run that began at this time; people are counted as subscribers."""
    names = ("added", "updated", "unchanged", "skipped", "failed")
    counts = {name: told.pop(name, 0) for name in names}
    ends = {"heartbeat_at": at + MINUTE / 2, "finished_at": at + MINUTE / 2}
    told = {**ends, "status": status, "reason": reason, **told}
    run = cast("SyncRun", SyncRunFactory(store=store, started_at=at, **told))
    if any(counts.values()):
        read = sum(counts.values())
        AudienceCount.objects.create(run=run, audience="subscribers", read=read, **counts)
    return run


def make_history(store: Store, now: datetime) -> None:
    """Make the runs of some hours: many with little to do, one first, some with trouble."""
    for number in range(1, 60):
        at = now - number * 6 * MINUTE
        if number == 17:
            make(store, at, status="failed", reason=Reason.BIGCOMMERCE_UNREACHABLE)
        elif number == 23:
            make(store, at, reason=Reason.DONE_WITH_FAILURES, added=900, skipped=40, failed=210)
        elif number % 3:
            make(store, at, added=number * 7 % 11, updated=number % 5, skipped=number % 4)
        else:
            make(store, at, reason=Reason.NOTHING_TO_DO)


def make_done(store: Store, now: datetime) -> SyncRun:
    """Make a run with everything that a run can tell."""
    at = now - 3 * MINUTE
    done = Reason.DONE_WITH_FAILURES
    nora = get_user_model().objects.get(email=world.TWO_PLACES)
    run = make(
        store,
        at,
        pk=world.DONE,
        reason=done,
        trigger="person",
        started_by=nora,
        opt_outs_seen=2,
        written_back=2,
        bigcommerce_calls=41,
        dotdigital_calls=19,
        rows_read=412,
    )
    for audience in ("subscribers", "customers"):
        sums = dict.fromkeys(("failed", "skipped", "added", "updated", "unchanged"), 0)
        for of, outcome, reason, number in REASONS:
            if of == audience:
                sums[outcome] += number
                ReasonCount.objects.create(
                    run=run, audience=audience, outcome=outcome, reason=reason, number=number
                )
        AudienceCount.objects.create(run=run, audience=audience, read=sum(sums.values()), **sums)
    _make_steps(run)
    return run


def _make_steps(run: SyncRun, *, until: str = "push") -> None:
    for place, step in enumerate(STEPS[: STEPS.index(until) + 1]):
        RunStep.objects.create(
            run=run,
            step=step,
            began_at=run.started_at + place * MINUTE / 10,
            worked_ms=1200 * (place + 1),
            bigcommerce_calls=20 - 4 * place,
            dotdigital_calls=4 * place,
        )


def make_failed(store: Store, now: datetime) -> None:
    """Make a run that BigCommerce refused, with what it said."""
    said = "401 Unauthorized: the X-Auth-Token header is not valid"
    reason = Reason.BIGCOMMERCE_CREDENTIALS
    run = make(store, now - MINUTE, pk=world.FAILED, status="failed", reason=reason, detail=said)
    _make_steps(run, until="pull")


def make_safety_stop(store: Store, now: datetime) -> None:
    """Make a run that stopped before it wrote back more than usual."""
    said = "2,310 unsubscribes would be written back to BigCommerce, 27% of the 8,412 "
    make(
        store,
        now - MINUTE,
        pk=world.SAFETY,
        status="stopped",
        reason=Reason.SAFETY_STOP_OPT_OUTS,
        detail=f"{said}who are in an address book now.",
        opt_outs_seen=2310,
    )


def make_stopped(store: Store, now: datetime) -> None:
    """Make a run that a person has stopped."""
    nora = get_user_model().objects.get(email=world.TWO_PLACES)
    stopped = {"stop_requested_at": now - MINUTE, "stop_requested_by": nora, "added": 120}
    reason = Reason.STOPPED_BY_PERSON
    make(store, now - MINUTE, pk=world.STOPPED, status="stopped", reason=reason, **stopped)


def make_open(store: Store, now: datetime, *, step: str, **told: Any) -> SyncRun:
    """Make a run that is going on in this step."""
    began = {"started_at": now - MINUTE, "heartbeat_at": now, **told}
    run = cast("SyncRun", SyncRunFactory(store=store, running=True, **{**began, "step": step}))
    _make_steps(run, until=step)
    return run


def make_sending(store: Store, now: datetime) -> None:
    """Make a run that has sent one import, and has people left to send."""
    run = make_open(store, now, pk=world.OPEN, step="push", bigcommerce_calls=41)
    ContactImportFactory(run=run, sent=260, created_at=now)
    ContactFactory.create_batch(40, store=store, stage=4)
    sums = {"read": 260, "added": 251, "skipped": 9}
    AudienceCount.objects.create(run=run, audience="subscribers", **sums)
