"""The endpoints of customers, their addresses, attributes and groups."""

from typing import Any

from msgspec.structs import asdict

from bigcommerce.sandbox.answers import Answer, refused_v3
from bigcommerce.sandbox.asks import Ask
from bigcommerce.sandbox.lists import DATE_FILTERS, bare, by_dates, numbered, with_cursors
from bigcommerce.sandbox.rows import AttributeRow, AttributeValueRow, CustomerRow

_INCLUDED = 10
_BATCH = 10
_MOST_ATTRIBUTES = 50
_LONGEST_VALUE = 255
_PAGING = ("page", "limit")
_CUSTOMER_FILTERS = (
    *(*_PAGING, "after", "before", "include", "sort", *DATE_FILTERS),
    *("id:in", "email:in", "name:in", "name:like", "company:in", "phone:in"),
    *("registration_ip_address:in", "customer_group_id:in"),
)
_INCLUSIONS = frozenset(
    {"addresses", "attributes", "storecredit", "formfields", "shopper_profile_id", "segment_ids"}
)


def list_customers(ask: Ask) -> Answer:
    """GET /v3/customers"""
    ask.known(*_CUSTOMER_FILTERS)
    included = set(filter(None, (ask.value("include") or "").split(",")))
    if included - _INCLUSIONS:
        raise refused_v3(422, "The include is not valid.")
    rows = _sorted(by_dates(_chosen(ask), ask), ask)
    return with_cursors(rows, ask, lambda cut: [_shown(ask, row, included) for row in cut])


def _chosen(ask: Ask) -> list[CustomerRow]:
    ids, groups = ask.numbers("id:in"), ask.numbers("customer_group_id:in")
    rows = _by_ids(ask, ids) if ids is not None else ask.shop.tables.customers.ordered()
    if groups is not None:
        rows = [row for row in rows if row.customer_group_id in groups]
    for name in ("email", "company", "phone", "registration_ip_address"):
        texts = ask.texts(f"{name}:in")
        if texts is not None:
            rows = [row for row in rows if str(getattr(row, name)).lower() in texts]
    return _by_name(rows, ask)


def _by_ids(ask: Ask, ids: set[int]) -> list[CustomerRow]:
    found = (ask.shop.customer(each) for each in sorted(ids))
    return [row for row in found if row is not None]


def _by_name(rows: list[CustomerRow], ask: Ask) -> list[CustomerRow]:
    names, like = ask.texts("name:in"), (ask.value("name:like") or "").lower()
    if names is not None:
        rows = [row for row in rows if _full_name(row) in names]
    return [row for row in rows if like in _full_name(row)] if like else rows


def _full_name(row: CustomerRow) -> str:
    return f"{row.first_name} {row.last_name}".lower()


def _sorted(rows: list[CustomerRow], ask: Ask) -> list[CustomerRow]:
    field, _, direction = (ask.value("sort") or "").partition(":")
    if not field:
        return rows
    if field not in {"date_created", "date_modified", "last_name"}:
        raise refused_v3(422, "The sort is not valid.")
    return sorted(rows, key=lambda row: str(getattr(row, field)), reverse=direction == "desc")


def _shown(ask: Ask, row: CustomerRow, included: set[str]) -> dict[str, Any]:
    shown = asdict(row)
    if "addresses" in included:
        addresses = ask.shop.tables.addresses_of.get(row.id, [])
        shown["addresses"], shown["address_count"] = addresses[:_INCLUDED], len(addresses)
    if "attributes" in included:
        values = ask.shop.tables.values_of.get(row.id, [])
        shown["attributes"], shown["attribute_count"] = values[:_INCLUDED], len(values)
    return shown


def list_addresses(ask: Ask) -> Answer:
    """GET /v3/customers/addresses"""
    ask.known(*_PAGING, "id:in", "customer_id:in", "name:in", "company:in", "include")
    rows = ask.shop.tables.addresses.ordered()
    owners, ids = ask.numbers("customer_id:in"), ask.numbers("id:in")
    if owners is not None:
        rows = [row for row in rows if row.customer_id in owners]
    if ids is not None:
        rows = [row for row in rows if row.id in ids]
    return numbered(rows, ask, list)


def list_attributes(ask: Ask) -> Answer:
    """GET /v3/customers/attributes"""
    ask.known(*_PAGING, "name", "name:like", "type", *DATE_FILTERS)
    name, like, kind = ask.value("name"), ask.value("name:like"), ask.value("type")
    rows = [
        row
        for row in by_dates(ask.shop.tables.attributes.ordered(), ask)
        if name in {None, row.name} and (like or "") in row.name and kind in {None, row.type}
    ]
    return numbered(rows, ask, list)


def create_attributes(ask: Ask) -> Answer:
    """POST /v3/customers/attributes"""
    asked = _batch(ask)
    if len(ask.shop.tables.attributes) + len(asked) > _MOST_ATTRIBUTES:
        raise refused_v3(422, "Create customer attributes failed.", {"": "too many attributes"})
    made = [_create_attribute(ask, each, index) for index, each in enumerate(asked)]
    return Answer(200, {"data": made, "meta": {}})


def _create_attribute(ask: Ask, asked: dict[str, Any], index: int) -> AttributeRow | None:
    name, kind = asked.get("name"), asked.get("type")
    if not isinstance(name, str) or not name or kind not in {"string", "number", "date"}:
        raise refused_v3(422, "JSON data is missing or invalid", {f"{index}.name": "invalid"})
    if ask.shop.tables.attributes.by_text(name) is not None:
        raise refused_v3(422, "Create customer attributes failed.", {f"{index}.name": "in use"})
    return ask.shop.tables.attributes.get(ask.shop.add_attribute(name, kind))


def list_values(ask: Ask) -> Answer:
    """GET /v3/customers/attribute-values"""
    ask.known(*_PAGING, "customer_id:in", "attribute_id:in", "name", *DATE_FILTERS)
    owners, attributes = ask.numbers("customer_id:in"), ask.numbers("attribute_id:in")
    rows = [
        row
        for row in by_dates(ask.shop.tables.values.ordered(), ask)
        if (owners is None or row.customer_id in owners)
        and (attributes is None or row.attribute_id in attributes)
    ]
    return numbered(rows, ask, list)


def put_values(ask: Ask) -> Answer:
    """PUT /v3/customers/attribute-values: `value` goes in, `attribute_value` comes out"""
    asked = _batch(ask)
    for index, each in enumerate(asked):
        _check_value(ask, each, index)
    written = [_write_value(ask, each) for each in asked]
    return Answer(200, {"data": written, "meta": {}})


def _check_value(ask: Ask, asked: dict[str, Any], index: int) -> None:
    title, value = "Update attribute values failed.", asked.get("value")
    if ask.shop.tables.customers.get(asked.get("customer_id", 0)) is None:
        raise refused_v3(422, title, {f"{index}.customer_id": "invalid customer ID"})
    if ask.shop.tables.attributes.get(asked.get("attribute_id", 0)) is None:
        raise refused_v3(422, title, {f"{index}.attribute_id": "invalid attribute ID"})
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
        raise refused_v3(422, title, {f"{index}.value": "invalid value"})


def _write_value(ask: Ask, asked: dict[str, Any]) -> AttributeValueRow:
    return ask.shop.set_value(asked["customer_id"], asked["attribute_id"], asked["value"])


def _batch(ask: Ask) -> list[dict[str, Any]]:
    asked = ask.json()
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise refused_v3(422, "JSON data is missing or invalid", {"": "error.expected.jsarray"})
    if len(asked) > _BATCH:
        raise refused_v3(413, f"Max batch size allowed is {_BATCH}.")
    return asked


def list_groups(ask: Ask) -> Answer:
    """GET /v2/customer_groups"""
    ask.known(*_PAGING, "name", "name:like", "is_default", "is_group_for_guests")
    name = ask.value("name")
    rows = [row for row in ask.shop.tables.groups.ordered() if name in {None, row.name}]
    return bare(rows, ask, list)
