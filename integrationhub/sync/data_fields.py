"""Before anybody is sent, the data fields that are mapped must exist in Dotdigital."""

import dataclasses
import logging
from typing import Literal, cast

from integrationhub.models import DataField, FieldMapping
from integrationhub.sync.shift import Shift

FieldType = Literal["String", "Numeric", "Date", "Boolean"]
log = logging.getLogger(__name__)


def prepare_data_fields(shift: Shift) -> None:
    """Create mapped fields that are absent, private; leave out one whose type does not fit."""
    there = {field.name.upper(): field.type for field in shift.destination.data_fields()}
    wanted = shift.store.field_mappings.order_by("pk")
    for mapping in wanted:
        if mapping.data_field not in there:
            kind = cast("FieldType", mapping.type)
            shift.destination.create_data_field(mapping.data_field, kind)
            there[mapping.data_field] = mapping.type
    fitting = [mapping for mapping in wanted if _fits(mapping, there[mapping.data_field])]
    shift.rules = dataclasses.replace(
        shift.rules, fields=tuple((row.source_field, row.data_field) for row in fitting)
    )
    _remember(shift, there)


def _fits(mapping: FieldMapping, kind: str) -> bool:
    if kind in {mapping.type, DataField.Type.STRING}:
        return True
    log.warning(
        "store %s: data field %s is %s, not %s; it is left out",
        mapping.store_id, mapping.data_field, kind, mapping.type,
    )  # fmt: skip
    return False


def _remember(shift: Shift, there: dict[str, str]) -> None:
    with shift.write():
        DataField.objects.bulk_create(
            [
                DataField(account=shift.store.account, name=name, type=kind, visibility="Private")
                for name, kind in there.items()
            ],
            update_conflicts=True,
            unique_fields=["account", "name"],
            update_fields=["type"],
        )
