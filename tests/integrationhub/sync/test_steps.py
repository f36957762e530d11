"""Tests of what is kept of a run for its page: its steps, and the reasons of its people."""

from collections import Counter

from integrationhub.models import AudienceCount, ReasonCount, RunStep


def test_a_run_keeps_of_each_step_its_time_and_its_calls(run_once, books, seeded_shop):
    run = run_once()

    steps = RunStep.objects.filter(run=run).order_by("began_at", "pk")
    assert [row.step for row in steps] == ["opt_outs", "write_back", "pull", "decide", "push"]
    assert sum(row.bigcommerce_calls for row in steps) == run.bigcommerce_calls
    assert sum(row.dotdigital_calls for row in steps) == run.dotdigital_calls
    assert steps.get(step="pull").bigcommerce_calls > 0
    assert steps.get(step="push").dotdigital_calls > 0
    whole = (run.finished_at - run.started_at).total_seconds() * 1000
    assert 0 < sum(row.worked_ms for row in steps) <= whole


def test_every_outcome_that_is_counted_has_its_reason(run_once, books, seeded_shop):
    for run in (run_once(), run_once()):
        found: Counter[tuple[str, str]] = Counter()
        for row in ReasonCount.objects.filter(run=run):
            found[row.audience, row.outcome] += row.number
        for count in AudienceCount.objects.filter(run=run):
            for outcome in ("added", "updated", "unchanged", "skipped", "failed"):
                assert found[count.audience, outcome] == getattr(count, outcome)
    assert ReasonCount.objects.filter(outcome="skipped", reason="no_opt_in").exists()
