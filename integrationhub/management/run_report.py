"""What an operator is told of a sync run, as data for machines and as tables for people."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Sum
from rich.console import RenderableType
from rich.text import Text

from integrationhub.management.tables import facts_table, rows_table
from integrationhub.models import SyncRun
from integrationhub.reasons import Fixer, words

OUTCOMES = ("read", "added", "updated", "unchanged", "skipped", "failed")


def run_report(run: SyncRun) -> dict[str, Any]:
    """Return how a finished run went, fit for JSON."""
    reason = words(run.reason)
    imports = run.imports.aggregate(contacts=Sum("sent"))
    return {
        "run": run.pk,
        "store": run.store.store_hash,
        "account": run.store.account.slug,
        "status": str(run.status),
        "reason": {
            "code": str(run.reason),
            "sentence": reason.sentence,
            "next_step": reason.next_step,
            "who": reason.fixer.value,
        },
        "detail": run.detail,
        "counts": _counts(run),
        "removed": run.removed,
        "opt_outs_seen": run.opt_outs_seen,
        "written_back": run.written_back,
        "imports_sent": run.imports.count(),
        "contacts_sent": imports["contacts"] or 0,
        "api_calls": {"bigcommerce": run.bigcommerce_calls, "dotdigital": run.dotdigital_calls},
        "seconds": _seconds(run),
    }


def _counts(run: SyncRun) -> dict[str, dict[str, int]]:
    """Return the outcomes of every audience that is synced, if only as zeros."""
    counts = {count.audience: count for count in run.counts.all()}
    synced = run.store.address_book_mappings.values_list("audience", flat=True)
    return {
        audience: {name: getattr(counts.get(audience), name, 0) for name in OUTCOMES}
        for audience in sorted({*counts, *synced}, reverse=True)
    }


def _seconds(run: SyncRun) -> float | None:
    if run.finished_at is None:
        return None
    return round((run.finished_at - run.started_at).total_seconds(), 2)


def run_tables(report: dict[str, Any]) -> Iterator[RenderableType]:
    """Yield the report's parts for a terminal: the outcome in words, the counts, the rest."""
    reason = report["reason"]
    yield Text(f"Run {report['run']} {report['status']}: {reason['sentence']}", style="bold")
    if reason["who"] != Fixer.NOBODY:
        yield Text(reason["next_step"])
    if report["detail"]:
        yield Text(report["detail"], style="dim")
    people = report["counts"].items()
    rows = [[audience, *counts.values()] for audience, counts in people]
    yield rows_table("People", ("audience", *OUTCOMES), rows)
    calls = report["api_calls"]
    yield facts_table(
        "What it took",
        (
            ("removed from a book", report["removed"]),
            ("opt-outs seen in Dotdigital", report["opt_outs_seen"]),
            ("opt-outs written back", report["written_back"]),
            ("imports sent", report["imports_sent"]),
            ("contacts sent", report["contacts_sent"]),
            ("calls to BigCommerce", calls["bigcommerce"]),
            ("calls to Dotdigital", calls["dotdigital"]),
            ("seconds", str(report["seconds"])),
        ),
    )
