"""Who and what there is in the hub that the browser's tests share: tenants, people, stores."""

from integrationhub.management.demo.world import BLUEBIRD, NORTHWIND, Tenant

__all__ = ["BLUEBIRD", "NORTHWIND", "WALKERS", "Tenant"]

# Each walk takes one that is connected and one that is not, so that none finds what another left.
WALKS = 8
TWO_PLACES = NORTHWIND.marketer_email
VIEWER, NEWCOMER = "vera@northwind.example", "nils@nowhere.example"
PERSON, LEFT, REFUSED = 9001, 9002, 9003
AUTUMN, CUSTOMERS = 10_002, 10_001
DONE, FAILED, SAFETY, OPEN, STOPPED = 10_000, 20_000, 30_000, 40_000, 50_000
ANN, CLEO = "ann.lee@shop.example", "cleo@shop.example"
LEAVER, STRANGER = "ben.ode@mail.example", "stranger@mail.example"


def walker(number: int, *, is_connected: bool) -> Tenant:
    """Return a tenant of one walk."""
    kind = "connected" if is_connected else "new"
    return Tenant(
        name=f"Walk {number}, {kind}",
        slug=f"walk-{number}-{kind}",
        marketer_email=f"walker{number}@{kind}.example",
        store_hash=f"walk{number}{kind}",
        people=0,
        is_connected_from_the_start=is_connected,
    )


WALKERS = tuple(
    (walker(number, is_connected=True), walker(number, is_connected=False))
    for number in range(WALKS)
)
LIBRARY = Tenant(
    name="Linden Library",
    slug="linden",
    marketer_email="lin@linden.example",
    store_hash="lin01",
    people=0,
    is_connected_from_the_start=True,
)
TENANTS = (NORTHWIND, BLUEBIRD, LIBRARY, *(tenant for pair in WALKERS for tenant in pair))
