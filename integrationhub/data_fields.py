"""The data fields that a store's mappings name exist in Dotdigital."""

from typing import Literal, cast

from dotdigital.client import Client
from integrationhub.models import DataField, Store

FieldType = Literal["String", "Numeric", "Date", "Boolean"]


def create_missing(store: Store, client: Client) -> dict[str, str]:
    """Create mapped fields that are absent, private; answer the type of each field there is.

    By the upper-case name. Raises the client's errors; what was made by then stays.
    """
    there = {field.name.upper(): field.type for field in client.data_fields()}
    for mapping in store.field_mappings.order_by("pk"):
        if mapping.data_field not in there:
            client.create_data_field(mapping.data_field, cast("FieldType", mapping.type))
            there[mapping.data_field] = mapping.type
    _remember(store, there)
    return there


def _remember(store: Store, there: dict[str, str]) -> None:
    DataField.objects.bulk_create(
        [
            DataField(account=store.account, name=name, type=kind, visibility="Private")
            for name, kind in there.items()
        ],
        update_conflicts=True,
        unique_fields=["account", "name"],
        update_fields=["type"],
    )
