"""The rules for data fields and for the values in them."""

import re
from datetime import datetime
from typing import Any, Final

from dotdigital.sandbox.answers import v2_refusal
from dotdigital.sandbox.state import AccountState, DataField
from dotdigital.sandbox.switches import Switches

NAME = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)
TYPES: Final = frozenset({"String", "Numeric", "Date", "Boolean"})
TRUTHS: Final = frozenset({"true", "false", "yes", "no"})
RESERVED: Final = frozenset(
    {"account", "campaign", "campaignid", "contact", "contact_api_id", "contactid", "email"}
    | {"hcontactid", "hemail", "hemail256", "id", "messagecontent", "mobilenumberid", "notes"}
    | {"unsubscribed", "uniquecontactid"}
)


def built_in() -> dict[str, DataField]:
    """The fields every account begins with."""
    texts = ("FIRSTNAME", "LASTNAME", "FULLNAME", "GENDER", "POSTCODE")
    fields = {name: DataField(name=name, visibility="Public") for name in texts}
    fields["LASTSUBSCRIBED"] = DataField(name="LASTSUBSCRIBED", type="Date", is_read_only=True)
    return fields


def create(state: AccountState, content: dict[str, Any], *, limit: int) -> DataField:
    """A new field, or a refusal in v2's words."""
    name, kind = str(content.get("name", "")), str(content.get("type", "")).capitalize()
    if not NAME.fullmatch(name) or name.lower() in RESERVED or kind not in TYPES:
        raise v2_refusal("ERROR_DATAFIELD_INVALID", "Field is invalid.")
    if name.upper() in state.data_fields:
        raise v2_refusal("ERROR_NON_UNIQUE_DATAFIELD", "Field already exists.")
    if len(state.data_fields) >= limit:
        raise v2_refusal("ERROR_DATAFIELD_LIMITEXCEEDED")
    visibility = str(content.get("visibility") or "Private").capitalize()
    made = DataField(name=name, type=kind, visibility=visibility)
    state.data_fields[name.upper()] = made
    return made


def fits(kind: str, value: Any) -> bool:
    """Whether a value may stand in a field of this type; null clears any."""
    if value is None:
        return True
    checks = {"String": _is_text, "Numeric": _is_number, "Date": _is_date, "Boolean": _is_truth}
    return checks[kind](value)


def is_over_long(kind: str, value: Any, switches: Switches) -> bool:
    """Whether a text is longer than this Dotdigital keeps."""
    return kind == "String" and isinstance(value, str) and len(value) > switches.longest_text


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or bool(NUMBER.fullmatch(str(value)))


def _is_date(value: Any) -> bool:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or str(value).lower() in TRUTHS


def as_json(row: DataField) -> dict[str, Any]:
    """The field as v2 shows it."""
    return {
        "name": row.name,
        "type": row.type,
        "visibility": row.visibility,
        "defaultValue": row.default_value,
    }
