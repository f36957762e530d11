"""What happens to customer accounts: registration, edits, addresses, attributes, groups."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bigcommerce.sandbox.clock import Clock
from bigcommerce.sandbox.rows import (
    AddressRow,
    AttributeRow,
    AttributeValueRow,
    CustomerRow,
    GroupRow,
)
from bigcommerce.sandbox.switches import Switches
from bigcommerce.sandbox.tables import Tables

_DATES = {"created_at": "date_created", "modified_at": "date_modified"}


class Desk:
    """A part of a shop: its tables, its clock and the vendor's open questions."""

    def __init__(self, tables: Tables, clock: Clock, switches: Switches) -> None:
        self.tables = tables
        self.clock = clock
        self.switches = switches


class Accounts(Desk):
    """The customers of a shop."""

    def add_customer(
        self,
        email: str,
        *,
        addresses: Iterable[Mapping[str, Any]] = (),
        attributes: Mapping[str, str] | None = None,
        created_at: datetime | None = None,
        modified_at: datetime | None = None,
        **fields: Any,
    ) -> int:
        """Open an account, with addresses and attribute values (by attribute name); its id."""
        created = created_at or modified_at or self.clock.second()
        fields |= {"date_created": created, "date_modified": modified_at or created}
        made = self.tables.customers.add(
            lambda new_id: CustomerRow(id=new_id, email=email, **fields)
        )
        for address in addresses:
            self._insert_address(made, address)
        for name, value in (attributes or {}).items():
            self._write_value(made.id, self.add_attribute(name), value)
        return made.id

    def edit_customer(self, customer_id: int, /, **changes: Any) -> None:
        """Change fields; the modification date follows unless `modified_at` is given."""
        fields = {_DATES.get(name, name): value for name, value in changes.items()}
        fields.setdefault("date_modified", self.clock.second())
        self.tables.customers.edit(self._customer(customer_id), fields)

    def delete_customer(self, customer_id: int) -> None:
        """Close an account, with all that belongs to it."""
        self.tables.customers.remove(customer_id)
        for address in self.tables.addresses_of.pop(customer_id, []):
            self.tables.addresses.remove(address.id)
        for value in self.tables.values_of.pop(customer_id, []):
            self.tables.values.remove(value.id)

    def add_address(self, customer_id: int, /, **fields: Any) -> int:
        """A further address; whether the account's date follows is an open question."""
        customer = self._customer(customer_id)
        address_id = self._insert_address(customer, fields)
        if self.switches.address_edit_touches_customer:
            self.edit_customer(customer_id)
        return address_id

    def edit_address(self, address_id: int, /, **changes: Any) -> None:
        """Change an address; whether the account's date follows is an open question."""
        address = self.tables.addresses.get(address_id)
        if address is None:
            raise LookupError(f"There is no address {address_id}.")
        self.tables.addresses.edit(address, changes)
        if self.switches.address_edit_touches_customer:
            self.edit_customer(address.customer_id)

    def add_attribute(self, name: str, kind: str = "string") -> int:
        """The id of the attribute of this name, made if absent."""
        found = self.tables.attributes.by_text(name)
        if found is not None:
            return found.id
        now = self.clock.second()
        made = self.tables.attributes.add(
            lambda new_id: AttributeRow(
                id=new_id, name=name, type=kind, date_created=now, date_modified=now
            )
        )
        return made.id

    def set_attribute(self, customer_id: int, name: str, value: str) -> None:
        """Write a value; whether the account's date follows is an open question."""
        self.set_value(customer_id, self.add_attribute(name), value)

    def set_value(self, customer_id: int, attribute_id: int, value: str) -> AttributeValueRow:
        """As `set_attribute`, by the attribute's id; the row written."""
        written = self._write_value(customer_id, attribute_id, value)
        if self.switches.attribute_edit_touches_customer:
            self.edit_customer(customer_id)
        return written

    def add_group(self, name: str) -> int:
        """A new customer group; its id."""
        return self.tables.groups.add(lambda new_id: GroupRow(id=new_id, name=name)).id

    def customer(self, customer_id: int) -> CustomerRow | None:
        """The account as it stands."""
        return self.tables.customers.get(customer_id)

    def customer_by_email(self, email: str) -> CustomerRow | None:
        """The account of this address, however capitalised."""
        return self.tables.customers.by_text(email)

    def attribute_values(self, customer_id: int) -> dict[str, str]:
        """A customer's values by the name of their attribute."""
        found = {}
        for value in self.tables.values_of.get(customer_id, []):
            attribute = self.tables.attributes.get(value.attribute_id)
            found[attribute.name if attribute else ""] = value.attribute_value
        return found

    def _customer(self, customer_id: int) -> CustomerRow:
        customer = self.tables.customers.get(customer_id)
        if customer is None:
            raise LookupError(f"There is no customer {customer_id}.")
        return customer

    def _insert_address(self, customer: CustomerRow, fields: Mapping[str, Any]) -> int:
        named = {"first_name": customer.first_name, "last_name": customer.last_name, **fields}
        made = self.tables.addresses.add(
            lambda new_id: AddressRow(id=new_id, customer_id=customer.id, **named)
        )
        self.tables.addresses_of.setdefault(customer.id, []).append(made)
        return made.id

    def _write_value(self, customer_id: int, attribute_id: int, text: str) -> AttributeValueRow:
        now = self.clock.second()
        found = self.tables.values.by_text(f"{customer_id}/{attribute_id}")
        if found is not None:
            self.tables.values.edit(found, {"attribute_value": text, "date_modified": now})
            return found
        made = self.tables.values.add(
            lambda new_id: AttributeValueRow(
                id=new_id,
                customer_id=customer_id,
                attribute_id=attribute_id,
                attribute_value=text,
                date_created=now,
                date_modified=now,
            )
        )
        self.tables.values_of.setdefault(customer_id, []).append(made)
        return made
