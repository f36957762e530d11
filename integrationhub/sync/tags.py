"""A customer's tags: the attribute the merchant picked, else the customer group if wanted."""

from functools import cached_property

from bigcommerce.client import Client
from bigcommerce.records import AttributeValue, Customer
from integrationhub.models import Store


class Tags:
    """Looks tags up; asks BigCommerce for names only when somebody has any."""

    def __init__(self, store: Store, source: Client) -> None:
        """Remember whose tags are asked for, and of whom."""
        self._store, self._source = store, source

    def of(self, customer: Customer) -> str:
        """Return the customer's tags, comma separated, or an empty text."""
        return self._attribute(customer) or self._group(customer)

    def _attribute(self, customer: Customer) -> str:
        if not self._store.tags_attribute or not customer.attributes:
            return ""
        values = self._all_values(customer)
        wanted = self._attribute_id
        return next((v.attribute_value for v in values if v.attribute_id == wanted), "")

    def _all_values(self, customer: Customer) -> list[AttributeValue]:
        if customer.attribute_count > len(customer.attributes):
            return self._source.attribute_values(customer.id)
        return list(customer.attributes)

    def _group(self, customer: Customer) -> str:
        if not self._store.is_tagging_with_group or not customer.customer_group_id:
            return ""
        return self._groups.get(customer.customer_group_id, "")

    @cached_property
    def _attribute_id(self) -> int | None:
        name = self._store.tags_attribute.casefold()
        found = (a.id for a in self._source.attributes() if a.name.casefold() == name)
        return next(found, None)

    @cached_property
    def _groups(self) -> dict[int, str]:
        return {group.id: group.name for group in self._source.customer_groups()}
