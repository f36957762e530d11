"""Who and what there is in the demo: tenants, log-ins, stores and their credentials."""

from dataclasses import dataclass

PASSWORD = "demo-password"  # noqa: S105 - printed on the screen, and good on this machine only
STAFF_EMAIL = "staff@hub.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One account of the hub with its marketer, its pretend store and pretend mail account."""

    name: str
    slug: str
    marketer_email: str
    store_hash: str
    people: int
    is_connected_from_the_start: bool

    @property
    def access_token(self) -> str:
        """The store's token."""
        return f"{self.slug}-token"

    @property
    def api_user(self) -> str:
        """The Dotdigital API user."""
        return f"apiuser-{self.slug}@apiconnector.com"

    @property
    def api_password(self) -> str:
        """The Dotdigital API user's password."""
        return f"{self.slug}-api-password"


NORTHWIND = Tenant(
    name="Northwind Outfitters",
    slug="northwind",
    marketer_email="nora@northwind.example",
    store_hash="nwo42",
    people=1200,
    is_connected_from_the_start=True,
)
BLUEBIRD = Tenant(
    name="Bluebird Books",
    slug="bluebird",
    marketer_email="ben@bluebird.example",
    store_hash="bbb77",
    people=400,
    is_connected_from_the_start=False,
)
TENANTS = (NORTHWIND, BLUEBIRD)


def one_store(people: int) -> Tenant:
    """Return the tenant of the demo that is one sync and no pages."""
    return Tenant(
        name="Northwind Outfitters",
        slug="northwind",
        marketer_email="nora@northwind.example",
        store_hash="once1",
        people=people,
        is_connected_from_the_start=True,
    )
