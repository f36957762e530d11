"""What a run did, in the words and sums that pages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrationhub.models import AudienceCount, Store, SyncRun
from integrationhub.reasons import NEEDS_GO_ON, Reason, words
from integrationhub.web.standing import Tone, progress

STEP_LABELS = {
    SyncRun.Step.OPT_OUTS: "Read unsubscribes",
    SyncRun.Step.WRITE_BACK: "Write them back",
    SyncRun.Step.PULL: "Read the store",
    SyncRun.Step.DECIDE: "Decide",
    SyncRun.Step.PUSH: "Send",
}
OUTCOMES = ("added", "updated", "unchanged", "skipped", "failed")
_LABELS = {
    Reason.DONE_WITH_FAILURES: ("Some failed", Tone.WARN),
    Reason.WRITE_BACKS_REFUSED: ("Needs a look", Tone.WARN),
    Reason.TRIAL_WAITS: ("Waits for you", Tone.WARN),
    Reason.NOTHING_TO_DO: ("Nothing new", Tone.GOOD),
}
_STATUS_LABELS = {
    SyncRun.Status.RUNNING: ("Going on", Tone.BUSY),
    SyncRun.Status.COMPLETED: ("Done", Tone.GOOD),
    SyncRun.Status.FAILED: ("Failed", Tone.BAD),
    SyncRun.Status.STOPPED: ("Stopped", Tone.WARN),
    SyncRun.Status.STALLED: ("Interrupted", Tone.WARN),
}
_TRIGGERS = {
    SyncRun.Trigger.SCHEDULE: "the schedule",
    SyncRun.Trigger.PERSON: "a person",
    SyncRun.Trigger.COMMAND: "a command",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run as pages show it; the sums are over both audiences."""

    run: SyncRun
    label: str
    tone: Tone
    sentence: str
    next_step: str
    trigger: str
    duration: str
    counts: tuple[AudienceCount, ...]
    sums: dict[str, int]

    @property
    def read(self) -> int:
        """Return how many were looked at; one who is of both audiences counts twice."""
        return sum(self.sums.values())

    @property
    def intention(self) -> str:
        """Return what a run would have done that waits for a person to look."""
        return self.run.detail if self.run.reason in NEEDS_GO_ON else ""

    @property
    def summary(self) -> str:
        """Return what came of it, short enough for a line."""
        if self.run.status != SyncRun.Status.COMPLETED:
            return self.label.lower()
        if self.run.reason == Reason.NOTHING_TO_DO:
            return "nothing had changed"
        if self.run.reason == Reason.ASKED_TO_CONFIRM:
            return "somebody is asked to confirm a new sign-up"
        return ", ".join([*self._written_back(), *self._moved()])

    def _written_back(self) -> list[str]:
        number = self.run.written_back
        return (
            [f"{number:,} unsubscribe{'' if number == 1 else 's'} written back"] if number else []
        )

    def _moved(self) -> list[str]:
        """Return how many met which outcome; how many were updated only where somebody was."""
        sums = self.sums
        changed = [f"{sums['updated']:,} updated"] if sums["updated"] else []
        left_out = [f"{sums['skipped']:,} left out", f"{sums['failed']:,} failed"]
        return [f"{sums['added']:,} added", *changed, *left_out]


def runs_of(store: Store) -> Any:
    """Return the store's runs with their counts, the latest first."""
    runs = SyncRun.objects.of(store.account).filter(store=store)
    runs = runs.exclude(is_preview=True, finished_at__isnull=False)
    return runs.prefetch_related("counts").order_by("-started_at", "-pk")


def results(runs: Iterable[SyncRun]) -> list[Result]:
    """Return these runs as pages show them."""
    return [result_of(run) for run in runs]


def result_of(run: SyncRun) -> Result:
    """Return one run as pages show it."""
    label, tone = label_of(run)
    counts = sorted(run.counts.all(), key=lambda count: count.audience, reverse=True)
    said = words(run.reason) if run.reason and run.finished_at else None
    return Result(
        run=run,
        label=label,
        tone=tone,
        sentence=said.sentence if said else progress(run),
        next_step=said.next_step if said else "",
        trigger=_TRIGGERS[SyncRun.Trigger(run.trigger)],
        duration=in_words((run.finished_at or run.heartbeat_at) - run.started_at),
        counts=tuple(counts),
        sums={name: sum(getattr(count, name) for count in counts) for name in OUTCOMES},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """One step of a run: when it began, the time and the calls spent on it."""

    label: str
    began_at: datetime
    took: str
    bigcommerce_calls: int
    dotdigital_calls: int


def steps_of(run: SyncRun) -> list[StepDone]:
    """Return the steps that the run has come to, in their order."""
    return [
        StepDone(
            label=STEP_LABELS[SyncRun.Step(row.step)],
            began_at=row.began_at,
            took=in_words(timedelta(milliseconds=row.worked_ms)),
            bigcommerce_calls=row.bigcommerce_calls,
            dotdigital_calls=row.dotdigital_calls,
        )
        for row in sorted(run.steps.all(), key=lambda row: (row.began_at, row.pk))
    ]


def label_of(run: SyncRun) -> tuple[str, Tone]:
    """Return the pill of a run."""
    if run.status == SyncRun.Status.COMPLETED and run.reason in _LABELS:
        return _LABELS[Reason(run.reason)]
    return _STATUS_LABELS[SyncRun.Status(run.status)]


def in_words(length: timedelta) -> str:
    """Return a length of time, short: 42 s, 3 min 10 s, 2 h 5 min."""
    seconds = int(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
