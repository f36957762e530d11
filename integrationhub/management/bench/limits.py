"""How near a first run comes to what the vendors and the machine allow: latency, quota, memory."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from integrationhub.management.bench.first_run import (
    ACCOUNT,
    BARE,
    first_run,
    pages_of,
)
from integrationhub.management.bench.plan import Plan, Used, bare_loop, measured_sync
from integrationhub.management.bench.rows import Row
from integrationhub.management.bench.scratch import scratch_hub
from integrationhub.management.bench.vendors import World, running

READERS = 3
WINDOW_SECONDS = 30.0
SIZES = (10_000, 100_000)
GROWTH_BOUND = 15.0
WHOLE_QUOTA = {"BIGCOMMERCE_QUOTA_SHARE": "1.0"}


def wall(plan: Plan) -> Iterator[Row]:
    """Measure a first run against vendors that take their time, and allow any number of calls."""
    used, bare = _against(plan, World.of_one(plan.people, latency=plan.latency))
    yield Row(
        name="wall",
        work=f"wall at {plan.latency:g} ms, no quota, {READERS} readers",
        unit="s",
        measured=used.wall,
        bound=1.3 * pages_of(plan.people) * plan.latency / 1000 / READERS,
        bare=bare.wall,
    )


def quota(plan: Plan) -> Iterator[Row]:
    """Measure a first run that may use the whole of a store's quota."""
    used, _ = _against(plan, World.of_one(plan.people, quota=plan.quota), with_bare_loop=False)
    work = f"{plan.quota} calls per {WINDOW_SECONDS:g} s, all allowed"
    windows = ceil(used.calls.bigcommerce / plan.quota)
    yield Row(
        name="quota wall",
        work=f"{work}: wall",
        unit="s",
        measured=used.wall,
        bound=1.1 * (windows - 1) * WINDOW_SECONDS,
    )
    yield Row(
        name="quota 429",
        work=f"{work}: calls refused",
        unit="",
        measured=used.calls.refused,
        bound=0,
    )


def _against(plan: Plan, world: World, *, with_bare_loop: bool = True) -> tuple[Used, Used]:
    with (
        running(world, accounts=[ACCOUNT, BARE]) as vendors,
        scratch_hub(vendors, database_url=plan.database_url, **WHOLE_QUOTA) as hub,
    ):
        hub.connect(ACCOUNT)
        used = measured_sync(hub)
        return used, bare_loop(hub, BARE) if with_bare_loop else used


def memory(plan: Plan) -> Iterator[Row]:
    """Measure the peak memory of first runs of ever more people."""
    peaks = []
    for people in (*SIZES, plan.largest):
        rows = {row.name: row for row in first_run(replace(plan, people=people, only={"memory"}))}
        peak = rows["first-run peak memory"]
        peaks.append(peak.measured)
        yield replace(peak, name=f"memory {people}", work=f"peak memory, {people:,} people")
    yield Row(
        name="memory growth",
        work=f"peak memory, from {SIZES[0]:,} to {plan.largest:,} people",
        unit="MB",
        measured=max(peaks) - peaks[0],
        bound=GROWTH_BOUND,
    )
