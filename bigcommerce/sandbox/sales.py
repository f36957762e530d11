"""What happens to orders: placed, moved on, archived."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bigcommerce.sandbox.accounts import Desk
from bigcommerce.sandbox.rows import OrderRow, PlaceRow
from bigcommerce.sandbox.tables import folded

STATUSES = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}


class Sales(Desk):
    """The orders of a shop."""

    def place_order(
        self,
        email: str = "",
        *,
        customer_id: int = 0,
        status_id: int = 10,
        billing: Mapping[str, Any] | None = None,
        shipping: Mapping[str, Any] | Iterable[Mapping[str, Any]] | None = None,
        created_at: datetime | None = None,
        modified_at: datetime | None = None,
        **fields: Any,
    ) -> int:
        """An order, of a guest unless a customer is named (whose email it takes); its id.

        It goes to the billing address unless `shipping` says otherwise; () for a download.
        """
        created = created_at or modified_at or self.clock.second()
        payer = {"email": email or self._email_of(customer_id), **(billing or {})}
        fields |= {
            "customer_id": customer_id,
            "status_id": status_id,
            "date_created": created,
            "date_modified": modified_at or created,
            "billing_address": PlaceRow(**payer),
            "shipping": _places(payer if shipping is None else shipping),
        }
        return self.tables.orders.add(lambda new_id: OrderRow(id=new_id, **fields)).id

    def set_order_status(self, order_id: int, status_id: int) -> None:
        """Move an order on; its modification date follows, as with any change."""
        self.edit_order(order_id, status_id=status_id)

    def archive_order(self, order_id: int) -> None:
        """Leave an order out of all listings; BigCommerce has no other deletion."""
        self.edit_order(order_id, is_deleted=True)

    def edit_order(self, order_id: int, /, **changes: Any) -> None:
        """Change fields of an order."""
        order = self.tables.orders.get(order_id)
        if order is None:
            raise LookupError(f"There is no order {order_id}.")
        changes.setdefault("date_modified", self.clock.second())
        self.tables.orders.edit(order, changes)

    def order(self, order_id: int) -> OrderRow | None:
        """The order as it stands."""
        return self.tables.orders.get(order_id)

    def _email_of(self, customer_id: int) -> str:
        customer = self.tables.customers.get(customer_id)
        return customer.email if customer else ""

    def orders_of(self, email: str, customer_id: int = 0) -> list[OrderRow]:
        """A person's orders, as account holder or by the email of the bill."""
        return [
            order
            for order in self.tables.orders.ordered()
            if folded(order.billing_address.email) == folded(email)
            or (customer_id and order.customer_id == customer_id)
        ]


def _places(given: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> list[PlaceRow]:
    each = [given] if isinstance(given, Mapping) else given
    return [PlaceRow(**fields) for fields in each]
