"""What a first run costs, and the runs after it: nothing changed, a little changed, all reread."""

from collections.abc import Iterator
from math import ceil

from bigcommerce.sandbox.crowd import ORDERS_SHARE, SUBSCRIBERS_SHARE
from integrationhub.management.bench.plan import Plan, Used, bare_loop, measured_sync
from integrationhub.management.bench.rows import Row
from integrationhub.management.bench.scratch import Hub, scratch_hub
from integrationhub.management.bench.vendors import Vendors, World, running

PAGE, BATCH = 250, 5000
CHANGED = 100
CPU_BOUND = {"sqlite": 4.0, "postgresql": 5.0}
MEMORY_BOUND = 50.0
ACCOUNT, BARE = "acme", "bare"


def pages_of(people: int) -> int:
    """Return how many pages hold so many customers with their subscribers and orders."""
    return sum(ceil(int(people * share) / PAGE) for share in (1, SUBSCRIBERS_SHARE, ORDERS_SHARE))


def first_run(plan: Plan) -> Iterator[Row]:
    """Measure the first run of a store, and what follows it on the same ledger."""
    with (
        running(World.of_one(plan.people), accounts=[ACCOUNT, BARE]) as vendors,
        scratch_hub(vendors, database_url=plan.database_url) as hub,
    ):
        hub.connect(ACCOUNT)
        used = measured_sync(hub, profile=plan.profile)
        yield from _first(plan, used, bare_loop(hub, BARE))
        for name, follow in FOLLOWERS.items():
            if plan.wants(name):
                yield from follow(hub)


def _first(plan: Plan, used: Used, bare: Used) -> Iterator[Row]:
    pages, batches = pages_of(plan.people), ceil(used.sent / BATCH)
    told = [
        ("BigCommerce calls", "", used.calls.bigcommerce, 1.01 * pages + 6),
        ("Dotdigital calls", "", used.calls.dotdigital, 2 * batches + 8),
        ("CPU", "s", used.cpu, CPU_BOUND[plan.database] * plan.people / 100_000),
        ("peak memory", "MB", used.memory, MEMORY_BOUND),
        ("wall, vendors that answer at once", "s", used.wall, None),
        ("people sent", "", used.sent, None),
    ]
    bares = [bare.calls.bigcommerce, bare.calls.dotdigital, bare.cpu, bare.memory, bare.wall]
    for (what, unit, measured, bound), beside in zip(told, [*bares, bare.sent], strict=True):
        yield Row(
            name=f"first-run {what}",
            work=f"first run: {what}",
            unit=unit,
            measured=measured,
            bound=bound,
            bare=beside,
        )


def _unchanged(hub: Hub) -> Iterator[Row]:
    hub.task("watch-writes")
    used = measured_sync(hub)
    calls = used.calls.bigcommerce + used.calls.dotdigital
    work = "unchanged store"
    yield Row(name="unchanged calls", work=f"{work}: calls", unit="", measured=calls, bound=7)
    yield Row(name="unchanged cpu", work=f"{work}: CPU", unit="s", measured=used.cpu, bound=0.2)
    yield Row(
        name="unchanged writes",
        work=f"{work}: contact rows written",
        unit="",
        measured=hub.task("writes"),
        bound=0,
    )


def _changed(hub: Hub) -> Iterator[Row]:
    before = measured_sync(hub).calls
    _change_some(hub.vendors)
    used = measured_sync(hub)
    more = used.calls - before
    yield Row(
        name="changed",
        work=f"{CHANGED} changed people: calls more",
        unit="",
        measured=more.bigcommerce + more.dotdigital,
        bound=4,
    )
    yield Row(
        name="changed people", work=f"{CHANGED} changed people: sent", unit="", measured=used.sent
    )


def _change_some(vendors: Vendors) -> None:
    """Have a hundred people do something: most change their account, some sign up or buy."""
    for number in range(CHANGED):
        email = f"newcomer{number}@shopper.example.com"
        if number % 10 == 0:
            vendors.act("subscribe", email)
        elif number % 10 == 1:
            vendors.act("place_order", email, billing={"last_name": "Newcomer"})
        else:
            customer_id = number * 7 + 1  # of these everybody has bought
            vendors.act("edit_customer", customer_id, last_name="Newname")


def _reread(hub: Hub) -> Iterator[Row]:
    used = measured_sync(hub, FULL_READ_HOURS="0")
    work = "full re-read, nothing changed"
    yield Row(name="reread", work=f"{work}: contacts sent", unit="", measured=used.sent, bound=0)
    yield Row(name="reread cpu", work=f"{work}: CPU", unit="s", measured=used.cpu)


def _mapping(hub: Hub) -> Iterator[Row]:
    hub.task("map-field")
    used = measured_sync(hub)
    work = "new field mapping"
    yield Row(
        name="mapping",
        work=f"{work}: BigCommerce calls",
        unit="",
        measured=used.calls.bigcommerce,
        bound=0,
    )
    yield Row(name="mapping sent", work=f"{work}: people sent", unit="", measured=used.sent)


FOLLOWERS = {
    "unchanged": _unchanged,
    "changed": _changed,
    "reread": _reread,
    "mapping": _mapping,
}
