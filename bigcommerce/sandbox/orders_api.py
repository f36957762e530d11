"""The endpoints of orders, which are v2."""

from datetime import datetime
from typing import Any

from msgspec.structs import asdict

from bigcommerce.sandbox.answers import Answer, refused_v2
from bigcommerce.sandbox.asks import Ask
from bigcommerce.sandbox.lists import bare, is_at_least
from bigcommerce.sandbox.rows import OrderRow
from bigcommerce.sandbox.sales import STATUSES
from bigcommerce.sandbox.tables import folded

_INCOMPLETE = 0
_FILTERS = (
    *("min_id", "max_id", "customer_id", "email", "status_id", "channel_id"),
    *("min_date_created", "max_date_created", "min_date_modified", "max_date_modified"),
)
_LISTING = (*_FILTERS, "page", "limit", "sort", "include", "consignment_structure")
_SORTABLE = frozenset({"id", "customer_id", "date_created", "date_modified", "status_id"})


def list_orders(ask: Ask) -> Answer:
    """GET /v2/orders"""
    ask.known(*_known(ask))
    rows = _sorted(_chosen(ask), ask)
    return bare(rows, ask, lambda cut: [_shown(ask, row) for row in cut])


def count_orders(ask: Ask) -> Answer:
    """GET /v2/orders/count"""
    ask.known(*_FILTERS)
    rows = _chosen(ask)
    statuses = [
        {"id": number, "name": name, "count": sum(row.status_id == number for row in rows)}
        for number, name in STATUSES.items()
    ]
    return Answer(200, {"count": len(rows), "statuses": statuses})


def get_order(ask: Ask) -> Answer:
    """GET /v2/orders/{id}"""
    return Answer(200, _shown(ask, _found(ask)))


def list_shipping_addresses(ask: Ask) -> Answer:
    """GET /v2/orders/{id}/shipping_addresses"""
    order = _found(ask)
    rows = [
        {"id": number, "order_id": order.id, **asdict(place)}
        for number, place in enumerate(order.shipping, start=order.id * 10)
    ]
    return Answer(200, rows) if rows else Answer(204)


def _known(ask: Ask) -> tuple[str, ...]:
    if ask.switches.order_consignments:
        return _LISTING
    return tuple(set(_LISTING) - {"include", "consignment_structure"})


def _found(ask: Ask) -> OrderRow:
    order = ask.shop.order(ask.ids[0])
    if order is None:
        raise refused_v2(404, "The requested resource was not found.")
    return order


def _chosen(ask: Ask) -> list[OrderRow]:
    rows = _in_range(ask.shop.tables.orders.ordered(), ask)
    for name in ("customer_id", "status_id", "channel_id"):
        if ask.value(name) is not None:
            wanted = ask.number(name, 0)
            rows = [row for row in rows if getattr(row, name) == wanted]
    email = ask.value("email")
    if email is not None:
        rows = [row for row in rows if folded(row.billing_address.email) == folded(email)]
    shows_incomplete = ask.switches.orders_include_incomplete or ask.value("status_id")
    return [
        row
        for row in rows
        if not row.is_deleted and (shows_incomplete or row.status_id != _INCOMPLETE)
    ]


def _in_range(rows: list[OrderRow], ask: Ask) -> list[OrderRow]:
    lowest, highest = ask.number("min_id", 0), ask.number("max_id", 2**62)
    if lowest or highest < 2**62:
        rows = [row for row in rows if lowest <= row.id <= highest]
    for field in ("date_created", "date_modified"):
        earliest, latest = ask.moment(f"min_{field}"), ask.moment(f"max_{field}")
        if earliest:
            rows = [row for row in rows if is_at_least(getattr(row, field), earliest, ask)]
        if latest:
            rows = [row for row in rows if getattr(row, field) <= latest]
    return rows


def _sorted(rows: list[OrderRow], ask: Ask) -> list[OrderRow]:
    field, _, direction = (ask.value("sort") or "id:asc").partition(":")
    if field not in _SORTABLE:
        raise refused_v2(400, "The field 'sort' is invalid.")
    if field == "id":
        return rows if direction != "desc" else rows[::-1]
    return sorted(rows, key=lambda row: getattr(row, field), reverse=direction == "desc")


def _shown(ask: Ask, row: OrderRow) -> dict[str, Any]:
    shown = asdict(row)
    places = shown.pop("shipping")
    shown["billing_address"] = {**asdict(row.billing_address), "form_fields": []}
    shown["date_created"] = letter_date(row.date_created)
    shown["date_modified"] = letter_date(row.date_modified)
    shown["date_shipped"] = ""
    shown["status"] = STATUSES.get(row.status_id, "")
    shown["shipping_address_count"] = len(places)
    shown["consignments"] = _consignments(ask, row)
    for name in ("products", "shipping_addresses", "coupons"):
        shown[name] = _link(ask, row, name)
    return shown


def _link(ask: Ask, row: OrderRow, name: str) -> dict[str, str]:
    resource = f"/orders/{row.id}/{name}"
    base = f"https://api.bigcommerce.com/stores/{ask.shop.store_hash}/v2"
    return {"url": base + resource, "resource": resource}


def _consignments(ask: Ask, row: OrderRow) -> dict[str, Any] | list[Any]:
    if "consignments" not in (ask.value("include") or "").split(","):
        return _link(ask, row, "consignments")
    shipping = [
        {"id": number, **asdict(place), "form_fields": []}
        for number, place in enumerate(row.shipping, start=row.id * 10)
    ]
    parts = {"pickups": [], "shipping": shipping, "downloads": []}
    whole = {**parts, "email": {"gift_certificates": []}}
    return whole if ask.value("consignment_structure") == "object" else [whole]


def letter_date(moment: datetime) -> str:
    """As v2 writes dates."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000")
