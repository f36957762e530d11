"""A store's past runs: which of them are shown, and a small chart of the last ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log1p
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from integrationhub.models import AudienceCount, Store, SyncRun
from integrationhub.reasons import Reason
from integrationhub.web.moments import when
from integrationhub.web.results import Result, results, runs_of
from integrationhub.web.standing import Tone

Status = SyncRun.Status
RESULTS = {
    "": ("Any result", Q()),
    "done": ("Done", Q(status=Status.COMPLETED) & ~Q(reason=Reason.NOTHING_TO_DO)),
    "nothing": ("Nothing new", Q(status=Status.COMPLETED, reason=Reason.NOTHING_TO_DO)),
    "failed": ("Failed", Q(status=Status.FAILED)),
    "stopped": ("Stopped", Q(status=Status.STOPPED)),
    "interrupted": ("Interrupted", Q(status=Status.STALLED)),
    "running": ("Going on", Q(status=Status.RUNNING)),
}
STARTERS = {
    "": "Anybody",
    SyncRun.Trigger.SCHEDULE.value: "The schedule",
    SyncRun.Trigger.PERSON.value: "A person",
    SyncRun.Trigger.COMMAND.value: "A command",
}
PERIODS = {"": "Any time", "1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days"}
CHARTED = 30
BAR, GAP, HEIGHT, FOOT = 14, 6, 64, 3


class HistoryForm(forms.Form):
    """What narrows the list; whatever is not understood narrows nothing."""

    result = forms.ChoiceField(
        required=False, choices=[(key, label) for key, (label, _) in RESULTS.items()]
    )
    starter = forms.ChoiceField(label="Started by", required=False, choices=list(STARTERS.items()))
    period = forms.ChoiceField(required=False, choices=list(PERIODS.items()))
    failures = forms.BooleanField(label="Only with people who failed", required=False)

    def narrowed(self, runs: Any, *, now: datetime) -> Any:
        """Return the runs that are asked for."""
        self.is_valid()
        asked = self.cleaned_data
        runs = runs.filter(RESULTS[asked.get("result", "")][1])
        if asked.get("starter"):
            runs = runs.filter(trigger=asked["starter"])
        if asked.get("period"):
            runs = runs.filter(started_at__gte=now - timedelta(days=int(asked["period"])))
        failed = AudienceCount.objects.filter(run=OuterRef("pk"), failed__gt=0)
        return runs.filter(Exists(failed)) if asked.get("failures") else runs

    @property
    def is_narrowing(self) -> bool:
        """Whether anything is asked for."""
        return any(self.cleaned_data.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One run in the chart: a bar for the people moved, and on top those who failed."""

    x: int
    y: int
    height: int
    bad_y: int
    bad_height: int
    tone: Tone
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The last runs as bars, the oldest first, and the same in words."""

    bars: Sequence[Bar]
    words: str
    width: int = CHARTED * (BAR + GAP)
    height: int = HEIGHT


def chart_of(store: Store) -> Chart | None:
    """Return the chart of the last runs that have ended; None of fewer than two."""
    ended = results(runs_of(store).exclude(finished_at=None)[:CHARTED])
    if len(ended) < 2:
        return None
    most = max(1, *(_moved(each) + each.sums["failed"] for each in ended))
    begins = CHARTED - len(ended)
    bars = [_bar(begins + place, each, most) for place, each in enumerate(reversed(ended))]
    return Chart(bars=bars, words=_words(ended))


def _moved(result: Result) -> int:
    return result.sums["added"] + result.sums["updated"] + result.run.removed


def _bar(place: int, result: Result, most: int) -> Bar:
    """Return a bar, on a logarithmic scale: a small run beside a first one shows."""
    moved, failed = _moved(result), result.sums["failed"]
    whole = round((HEIGHT - FOOT) * log1p(moved + failed) / log1p(most))
    bad = round(whole * failed / (moved + failed)) if failed else 0
    height = max(whole - bad, FOOT)
    at = when(result.run.started_at, timezone.now())
    return Bar(
        x=place * (BAR + GAP),
        y=HEIGHT - height,
        height=height,
        bad_y=HEIGHT - height - bad,
        bad_height=bad,
        tone=Tone.GOOD if result.run.status == Status.COMPLETED else result.tone,
        title=f"{at}, {result.label}: {result.summary}",
    )


def _words(ended: Sequence[Result]) -> str:
    well = sum(each.run.status == Status.COMPLETED for each in ended)
    most = max(_moved(each) for each in ended)
    failed = sum(each.sums["failed"] for each in ended)
    return (
        f"The last {len(ended)} syncs: {well} ended well, {len(ended) - well} did not. "
        f"The largest brought {most:,} people; {failed:,} failed in all."
    )
