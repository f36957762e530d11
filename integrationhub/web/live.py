"""How far a sync that is going on has come, in numbers and words that a page asks for again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from integrationhub.models import Contact, ContactImport, Cursor, RunStep, Store, SyncRun
from integrationhub.web.head import Head
from integrationhub.web.results import STEP_LABELS, in_words

OFTEN, NOW_AND_THEN = 3, 20
SOURCES = ("customers", "subscribers", "orders")
COUNTED_AT_MOST = 10_000
TOO_SOON = timedelta(seconds=3)
TO_SEND = (Contact.Stage.DECIDE, Contact.Stage.IMPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step in the row of steps: over, being worked on, or still to come."""

    label: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much of a step is done; without a `total` nobody knows how much there is."""

    done: int
    total: int | None
    words: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the live part of a page shows; `token` changes when the page's head is outdated."""

    run: SyncRun | None
    token: str
    seconds: int
    stages: Sequence[Stage] = ()
    amount: Amount | None = None
    pace: str = ""
    left: str = ""
    beat: str = ""


def token_of(head: Head) -> str:
    """Return what tells one state of a store from the next: its runs, the step, a wish to stop."""
    run, last = head.open_run, head.last
    parts: list[object] = [run.pk if run else 0, last.run.pk if last else 0]
    if run is not None:
        is_stopping = run.stop_requested_at is not None
        parts += [run.step, "stopping" if is_stopping else "", "waits" if run.goes_on_at else ""]
    return ".".join(map(str, parts))


def live_of(head: Head, *, now: datetime) -> Live:
    """Return how far the open run of the store has come; an empty one if none is going on."""
    run, token = head.open_run, token_of(head)
    if run is None:
        return Live(run=None, token=token, seconds=OFTEN if _is_due(head, now) else NOW_AND_THEN)
    amount = _amount(head.store, run)
    pace = _pace(run, amount)
    return Live(
        run=run,
        token=token,
        seconds=OFTEN,
        stages=_stages(run),
        amount=amount,
        pace=f"{pace:,.0f} {amount.unit} a second" if amount and pace >= 1 else "",
        left=_left(amount, pace),
        beat=_ago(now - run.heartbeat_at),
    )


def _is_due(head: Head, now: datetime) -> bool:
    due_at = head.store.next_sync_at
    return head.store.is_sync_enabled and due_at is not None and due_at <= now


def _stages(run: SyncRun) -> list[Stage]:
    steps = list(STEP_LABELS)
    at = steps.index(SyncRun.Step(run.step))
    states = ["done" if place < at else "now" if place == at else "later" for place in range(5)]
    return [
        Stage(label=STEP_LABELS[step], state=state)
        for step, state in zip(steps, states, strict=True)
    ]


def _amount(store: Store, run: SyncRun) -> Amount | None:
    if run.step == SyncRun.Step.PULL:
        return _read(run)
    return _sent(store, run) if run.step == SyncRun.Step.PUSH else None


def _read(run: SyncRun) -> Amount:
    """Return how many rows are read; how many a source holds is known when it is begun."""
    over = Cursor.objects.filter(store=run.store, completed_in=run).values_list("source", flat=True)
    coming = [source for source in SOURCES if source not in set(over)]
    follow = f", {' and '.join(coming[1:])} follow" if coming[1:] else ""
    return Amount(
        done=run.rows_read,
        total=run.rows_expected or None,
        words=f"Reading {coming[0]}{follow}" if coming else "Looking for what has changed since",
        unit="rows",
    )


def _sent(store: Store, run: SyncRun) -> Amount:
    sums = ContactImport.objects.filter(store=store, run=run).aggregate(sent=Sum("sent"))
    sent, left = sums["sent"] or 0, _number_left(store)
    is_known = left <= COUNTED_AT_MOST
    return Amount(
        done=sent,
        total=sent + left if is_known and sent + left else None,
        words="Sending people to Dotdigital" if is_known else "Sending; more than 10,000 to go",
        unit="people",
    )


def _number_left(store: Store) -> int:
    """Return how many people wait to be looked at and sent, or more than can be counted fast."""
    waiting: QuerySet[Contact] = Contact.objects.of(store.account)
    found = waiting.filter(store=store, stage__in=TO_SEND).order_by().values("pk")
    return found[: COUNTED_AT_MOST + 1].count()


def _pace(run: SyncRun, amount: Amount | None) -> float:
    """Return how many rows or people a second the step has managed so far; 0 if unknown."""
    step = RunStep.objects.filter(run=run, step=run.step).first()
    if step is None or amount is None or run.heartbeat_at - step.began_at < TOO_SOON:
        return 0.0
    return amount.done / (run.heartbeat_at - step.began_at).total_seconds()


def _left(amount: Amount | None, pace: float) -> str:
    if amount is None or not amount.total or not pace:
        return ""
    seconds = max(amount.total - amount.done, 0) / pace
    return f"about {in_words(timedelta(seconds=seconds))} left in this step"


def _ago(length: timedelta) -> str:
    return "just now" if length < timedelta(seconds=5) else f"{in_words(length)} ago"
