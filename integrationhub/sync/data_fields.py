"""Before anybody is sent, the data fields that are mapped must exist in Dotdigital."""

import dataclasses
import logging

from integrationhub.data_fields import create_missing
from integrationhub.models import DataField, FieldMapping
from integrationhub.sync.shift import Shift

log = logging.getLogger(__name__)


def prepare_data_fields(shift: Shift) -> None:
    """Create mapped fields that are absent; leave out one whose type does not fit."""
    there = create_missing(shift.store, shift.destination)
    fitting = [
        mapping
        for mapping in shift.store.field_mappings.order_by("pk")
        if _fits(mapping, there[mapping.data_field])
    ]
    shift.rules = dataclasses.replace(
        shift.rules, fields=tuple((row.source_field, row.data_field) for row in fitting)
    )


def restore_data_fields(shift: Shift) -> bool:
    """Make the mapped fields again that somebody has deleted; answers whether any was gone."""
    there = {field.name.upper() for field in shift.destination.data_fields()}
    if all(field in there for _, field in shift.rules.fields):
        return False
    prepare_data_fields(shift)
    return True


def _fits(mapping: FieldMapping, kind: str) -> bool:
    if kind in {mapping.type, DataField.Type.STRING}:
        return True
    log.warning(
        "store %s: data field %s is %s, not %s; it is left out",
        mapping.store_id, mapping.data_field, kind, mapping.type,
    )  # fmt: skip
    return False
