"""One pretend store: its credentials, and everything that can happen in it."""

from collections.abc import Iterable

from bigcommerce.sandbox.accounts import Accounts
from bigcommerce.sandbox.clock import Clock
from bigcommerce.sandbox.quota import Quota
from bigcommerce.sandbox.sales import Sales
from bigcommerce.sandbox.signups import NEWSLETTER, SignUps
from bigcommerce.sandbox.switches import Switches
from bigcommerce.sandbox.tables import Tables

CUSTOMERS = "store_v2_customers"
ORDERS = "store_v2_orders"
INFORMATION = "store_v2_information"
READ_ONLY = "_read_only"
DEFAULT_SCOPES = (CUSTOMERS, ORDERS + READ_ONLY, INFORMATION + READ_ONLY)


class Shop(Accounts, SignUps, Sales):
    """A store as its shoppers and its merchant see it."""

    def __init__(
        self, store_hash: str, access_token: str, *, clock: Clock, switches: Switches
    ) -> None:
        super().__init__(Tables(), clock, switches)
        self.store_hash = store_hash
        self.access_token = access_token
        self.name = f"Store {store_hash}"
        self.scopes: frozenset[str] = frozenset(DEFAULT_SCOPES)
        self.quota: Quota | None = None

    def allow(self, scopes: Iterable[str]) -> None:
        """Let the token do exactly this."""
        self.scopes = frozenset(scopes)

    def may(self, scope: str, *, writes: bool) -> bool:
        """Whether the token has the scope, for which reading alone may do."""
        return scope in self.scopes or (not writes and scope + READ_ONLY in self.scopes)

    def counts(self) -> dict[str, int]:
        """How much of everything there is."""
        subscribers = self.tables.subscribers.ordered()
        return {
            "customers": len(self.tables.customers),
            "subscribers": len(subscribers),
            "newsletter": sum(NEWSLETTER in row.consents for row in subscribers),
            "orders": len(self.tables.orders),
        }
