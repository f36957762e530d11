"""What it costs to claim the due stores among very many, over all accounts."""

from collections.abc import Iterator

from integrationhub.management.bench.plan import Plan
from integrationhub.management.bench.rows import Row
from integrationhub.management.bench.scratch import scratch_hub
from integrationhub.management.bench.vendors import World, running

DUE_SHARE = 0.01
BOUND = 1.0


def claims(plan: Plan) -> Iterator[Row]:
    """Measure the claims of one worker: one store in a hundred is due, then every store is."""
    due = int(plan.people * DUE_SHARE)
    with (
        running(World.of_one(0), accounts=[]) as vendors,
        scratch_hub(vendors, database_url=plan.database_url) as hub,
    ):
        for overdue in (due, plan.people):
            used = hub.task("claims", str(plan.people), str(overdue), str(due))
            yield Row(
                name="claims" if overdue == due else "claims all due",
                work=f"claiming {due:,} of {overdue:,} due stores among {plan.people:,}",
                unit="s",
                measured=used["wall"],
                bound=BOUND,
            )
