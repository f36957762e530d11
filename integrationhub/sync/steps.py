"""Which step a run is at, since when, and what it has cost; for the pages that show a run."""

from datetime import timedelta

from django.db.models import F

from integrationhub.models import RunStep, SyncRun
from integrationhub.sync.shift import Shift, StepInWork

MILLISECOND = timedelta(milliseconds=1)


def begin_step(shift: Shift, step: SyncRun.Step) -> None:
    """Note that the run is at `step` now; written with the sign of life that the caller gives."""
    if shift.step is not None and shift.step.step == step:
        return
    end_step(shift)
    now = shift.now()
    RunStep.objects.get_or_create(run=shift.run, step=step, defaults={"began_at": now})
    shift.step = StepInWork(step, now, shift.calls)


def end_step(shift: Shift) -> None:
    """Add what this turn has spent on its step to the step's sums."""
    if shift.step is None:
        return
    before, after = shift.step.calls, shift.calls
    RunStep.objects.filter(run=shift.run, step=shift.step.step).update(
        worked_ms=F("worked_ms") + (shift.now() - shift.step.began_at) // MILLISECOND,
        bigcommerce_calls=F("bigcommerce_calls") + after[0] - before[0],
        dotdigital_calls=F("dotdigital_calls") + after[1] - before[1],
    )
    shift.step = None
