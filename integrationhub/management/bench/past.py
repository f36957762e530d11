"""The past of a store for a measurement: very many runs, with their steps and counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from integrationhub.management.bench.people import KINDS, REFUSED_ONES
from integrationhub.models import (
    Audience,
    AudienceCount,
    ContactImport,
    ReasonCount,
    RunStep,
    Store,
    SyncRun,
)
from integrationhub.reasons import Reason

AT_ONCE = 2000
APART = timedelta(minutes=6)
LASTED = timedelta(seconds=70)
Status, Trigger = SyncRun.Status, SyncRun.Trigger
# How runs end; each of these is one in twenty.
ENDINGS = (
    (Status.COMPLETED, Reason.DONE),
    (Status.FAILED, Reason.DOTDIGITAL_UNREACHABLE),
    (Status.STOPPED, Reason.STOPPED_BY_PERSON),
    (Status.STALLED, Reason.STALLED),
    (Status.COMPLETED, Reason.PREVIEWED),
    *[(Status.COMPLETED, Reason.DONE_WITH_FAILURES)] * 2,
    *[(Status.COMPLETED, Reason.DONE)] * 5,
    *[(Status.COMPLETED, Reason.NOTHING_TO_DO)] * 8,
)
TRIGGERS = (Trigger.SCHEDULE, Trigger.SCHEDULE, Trigger.PERSON, Trigger.SCHEDULE, Trigger.COMMAND)
OUTCOMES = {"in_book": "added", "left_out": "skipped", "failed": "failed", "waiting": "updated"}


def make_runs(store: Store, number: int, *, people: int, now: datetime, by: User) -> list[int]:
    """Have so many ended runs and one that sends just now; answers the ended ones, oldest first.

    `people` is how many there are in the ledger.
    """
    runs = [_run(store, each, now - (number - each) * APART, by) for each in range(number)]
    made = SyncRun.objects.bulk_create(runs, batch_size=AT_ONCE)
    shares = [_share(each, number, people) for each in range(number)]
    AudienceCount.objects.bulk_create(_audiences(made, shares), batch_size=AT_ONCE)
    ReasonCount.objects.bulk_create(_reasons(made, shares), batch_size=AT_ONCE)
    RunStep.objects.bulk_create(_steps(made), batch_size=AT_ONCE)
    ContactImport.objects.bulk_create(_imports(made, shares), batch_size=AT_ONCE)
    _begin(store, people=people, now=now)
    return [run.pk for run in made]


def _run(store: Store, number: int, at: datetime, by: User) -> SyncRun:
    status, reason = ENDINGS[number % len(ENDINGS)]
    trigger = TRIGGERS[number % len(TRIGGERS)]
    return SyncRun(
        store=store,
        trigger=trigger,
        started_by=by if trigger == Trigger.PERSON else None,
        status=status,
        reason=reason,
        step=SyncRun.Step.PUSH,
        is_first=number == 0,
        is_preview=reason == Reason.PREVIEWED,
        started_at=at,
        heartbeat_at=at + LASTED,
        finished_at=at + LASTED,
        rows_read=250,
        bigcommerce_calls=7,
        dotdigital_calls=5,
        detail="503 Service Unavailable" if status == Status.FAILED else "",
    )


def _share(number: int, runs: int, people: int) -> int:
    """Return about how many people this run decided about."""
    if number == 0:
        return people * 30 // 47
    return people // 47 if number == runs // 2 else people * 16 // 47 // runs + 1


def _audiences(runs: Sequence[SyncRun], shares: Sequence[int]) -> Iterator[AudienceCount]:
    for run, share in zip(runs, shares, strict=True):
        failed = share // len(KINDS) // REFUSED_ONES
        if run.reason == Reason.DONE_WITH_FAILURES:
            failed = max(failed, 1)
        for audience in Audience:
            yield AudienceCount(
                run=run,
                audience=audience,
                read=share + failed + 5,
                added=share // 2,
                skipped=share - share // 2,
                unchanged=5,
                failed=failed,
            )


def _reasons(runs: Sequence[SyncRun], shares: Sequence[int]) -> Iterator[ReasonCount]:
    for run, share in zip(runs, shares, strict=True):
        kinds = {place for kind in KINDS for place in zip(Audience, kind, strict=True)}
        for audience, (standing, reason) in kinds:
            if standing:
                number = share // len(KINDS) // (REFUSED_ONES if standing == "failed" else 1)
                yield ReasonCount(
                    run=run,
                    audience=audience,
                    outcome=OUTCOMES[standing],
                    reason=reason,
                    number=number + 1,
                )


def _steps(runs: Sequence[SyncRun]) -> Iterator[RunStep]:
    for run in runs:
        for place, step in enumerate(SyncRun.Step):
            began_at = run.started_at + place * timedelta(seconds=10)
            yield RunStep(run=run, step=step, began_at=began_at, worked_ms=9000)


def _imports(runs: Sequence[SyncRun], shares: Sequence[int]) -> Iterator[ContactImport]:
    for run, share in zip(runs, shares, strict=True):
        if run.status == Status.COMPLETED:
            yield ContactImport(
                run=run,
                store=run.store,
                remote_id=f"import-{run.pk}",
                status=ContactImport.Status.FINISHED,
                sent=share,
                created_at=run.started_at,
                finished_at=run.finished_at,
            )


def _begin(store: Store, *, people: int, now: datetime) -> None:
    """Begin a run that has come to its last step."""
    began_at = now - timedelta(minutes=2)
    run = SyncRun.objects.create(
        store=store,
        trigger=Trigger.SCHEDULE,
        step=SyncRun.Step.PUSH,
        started_at=began_at,
        heartbeat_at=now,
        rows_read=people,
    )
    RunStep.objects.create(run=run, step=run.step, began_at=began_at)
    sent = {"sent": people // 50 + 1, "created_at": began_at}
    ContactImport.objects.create(run=run, store=store, remote_id="import-now", **sent)
