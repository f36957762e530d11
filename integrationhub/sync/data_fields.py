"""Before anybody is sent, the data fields that are mapped must exist in Dotdigital."""

import dataclasses
import logging

from integrationhub.data_fields import create_missing
from integrationhub.models import Cursor, DataField, FieldMapping
from integrationhub.sync.shift import Shift

log = logging.getLogger(__name__)


def prepare_data_fields(shift: Shift) -> None:
    """Create mapped fields that are absent; leave out one whose type does not fit.

    Dotdigital is asked when the books are filled, once a day, and when a field is new.
    """
    there = _known(shift)
    if not _is_complete(shift, there):
        there = create_missing(shift.store, shift.destination, hold=shift.hold)
    _leave_out_unfit(shift, there)


def _known(shift: Shift) -> dict[str, str]:
    """Return the types of the fields known to be there; of none when it is time to ask again."""
    read_anew = Cursor.objects.filter(store=shift.store, full_read_at__gte=shift.run.started_at)
    if shift.store.is_filling or read_anew.exists():
        return {}
    return dict(DataField.objects.of(shift.store.account).values_list("name", "type"))


def _is_complete(shift: Shift, there: dict[str, str]) -> bool:
    return all(field in there for _, field in shift.rules.fields)


def _leave_out_unfit(shift: Shift, there: dict[str, str]) -> None:
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
    there = {field.name.upper(): field.type for field in shift.destination.data_fields()}
    if _is_complete(shift, there):
        return False
    _leave_out_unfit(shift, create_missing(shift.store, shift.destination, hold=shift.hold))
    return True


def _fits(mapping: FieldMapping, kind: str) -> bool:
    if kind in {mapping.type, DataField.Type.STRING}:
        return True
    log.warning(
        "store %s: data field %s is %s, not %s; it is left out",
        mapping.store_id, mapping.data_field, kind, mapping.type,
    )  # fmt: skip
    return False
