"""The data fields that a store's mappings name: the usual ones, and that they exist there."""

from collections.abc import Callable
from typing import Literal, cast

from dotdigital.client import Client
from integrationhub.models import DataField, FieldMapping, Store

FieldType = Literal["String", "Numeric", "Date", "Boolean"]
DEFAULT_FIELDS = (
    ("first_name", "FIRSTNAME", "String"),
    ("last_name", "LASTNAME", "String"),
    ("phone", "PHONE", "String"),
    ("note", "STORE_NOTE", "String"),
    ("tags", "TAGS", "String"),
    ("shipping_address_1", "SHIPPING_ADDRESS_1", "String"),
    ("shipping_address_2", "SHIPPING_ADDRESS_2", "String"),
    ("shipping_city", "SHIPPING_CITY", "String"),
    ("shipping_state", "SHIPPING_STATE", "String"),
    ("shipping_postcode", "SHIPPING_POSTCODE", "String"),
    ("shipping_country", "SHIPPING_COUNTRY", "String"),
    ("shipping_phone", "SHIPPING_PHONE", "String"),
    ("accepts_marketing", "ACCEPTS_MARKETING", "Boolean"),
    ("accepts_marketing_updated_at", "ACCEPTS_MKTG_UPDATED", "Date"),
)


def map_default_fields(store: Store) -> None:
    """Let what is usual go into the usual data fields; for a new store."""
    FieldMapping.objects.bulk_create(
        FieldMapping(store=store, source_field=source, data_field=field, type=kind)
        for source, field, kind in DEFAULT_FIELDS
    )


def create_missing(
    store: Store, client: Client, *, hold: Callable[[], None] = lambda: None
) -> dict[str, str]:
    """Create mapped fields that are absent, private; answer the type of each field there is.

    By the upper-case name. `hold` is asked before each is made, and may forbid it. Raises the
    client's errors; what was made by then stays.
    """
    there = {field.name.upper(): field.type for field in client.data_fields()}
    for mapping in store.field_mappings.order_by("pk"):
        if mapping.data_field not in there:
            hold()
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
