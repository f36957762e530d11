"""What workers do for many stores at once: a small one beside a large, the well beside the sick."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from integrationhub.management.bench.plan import Plan
from integrationhub.management.bench.rows import Row
from integrationhub.management.bench.scratch import MANAGE, Hub, scratch_hub
from integrationhub.management.bench.vendors import World, running
from integrationhub.management.processes import Program, kill_session, start

FEW = {"JOB_WORKERS": "2"}
LARGE, SMALL = "large", [f"small{number}" for number in range(5)]
WATCHED_SECONDS = 120.0
TENANTS, PEOPLE_OF_A_TENANT = 50, 200
HANGS, FAILS = "tenant0", "tenant1"
PATIENCE_SECONDS = 600
HANG_SECONDS = 60.0


@contextmanager
def working(hub: Hub, **settings_of_worker: str) -> Iterator[None]:
    """Have workers at work for as long as the block lasts, as many as by default."""
    process = start(
        Program(
            name="worker",
            command=[sys.executable, MANAGE, "worker"],
            environment={**hub.environment, **settings_of_worker},
            directory=settings.BASE_DIR,
            log=Path(hub.environment["DATA_DIR"]) / "worker.log",
        )
    )
    try:
        yield
    finally:
        process.terminate()
        kill_session(process)


def beside(plan: Plan) -> Iterator[Row]:
    """Measure the longest that a small store waits for a run while a large one has its first.

    The first run need not come to its end: small stores become due for two minutes of it.
    """
    world = World(stores={LARGE: plan.largest, **dict.fromkeys(SMALL, PEOPLE_OF_A_TENANT)})
    watched, patience = str(WATCHED_SECONDS), str(PATIENCE_SECONDS)
    with (
        running(world, accounts=[LARGE, *SMALL]) as vendors,
        scratch_hub(vendors, database_url=plan.database_url) as hub,
    ):
        hub.task("connect-all", LARGE)
        with working(hub, **FEW):
            hub.task("await-reading", LARGE, patience)
            hub.task("connect-all", *SMALL)
            hub.task("await-synced", str(len(SMALL)), patience)
            waited = hub.task("await-turns", watched, patience, *SMALL)
    yield Row(
        name="beside",
        work=f"start of a small store's due run beside a first run of {plan.largest:,}, 2 workers",
        unit="s",
        measured=waited,
        bound=120.0,
    )


def tenants(plan: Plan) -> Iterator[Row]:
    """Measure how long the well take for their first runs, with two sick ones beside them."""
    well, everybody = _with(plan, is_anybody_sick=False), _with(plan, is_anybody_sick=True)
    others = TENANTS - 2
    yield Row(
        name="tenants",
        work=f"{TENANTS} tenants, one hanging, one failing: the other {others}",
        unit="s",
        measured=everybody,
        bound=1.2 * well,
    )
    yield Row(name="tenants alone", work=f"those {others} alone", unit="s", measured=well)


def _with(plan: Plan, *, is_anybody_sick: bool) -> float:
    names = [f"tenant{number}" for number in range(TENANTS)]
    wanted = names if is_anybody_sick else names[2:]
    world = World(stores=dict.fromkeys(names, PEOPLE_OF_A_TENANT))
    with (
        running(world, accounts=names) as vendors,
        scratch_hub(vendors, database_url=plan.database_url) as hub,
    ):
        hub.task("connect-all", *wanted)
        if is_anybody_sick:
            vendors.trouble(store=HANGS, act="hang", seconds=HANG_SECONDS, times=None)
            vendors.trouble(store=FAILS, status=500, times=None)
        began = time.monotonic()
        with working(hub):
            hub.task("await-synced", str(TENANTS - 2), str(PATIENCE_SECONDS))
            return time.monotonic() - began
