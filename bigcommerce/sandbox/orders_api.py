"""The endpoints of orders, which are v2."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
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
    return bare(_chosen(ask), ask, lambda cut: [_shown(ask, row) for row in cut])


def count_orders(ask: Ask) -> Answer:
    """GET /v2/orders/count"""
    ask.known(*_FILTERS)
    rows = list(_chosen(ask))
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


def _chosen(ask: Ask) -> Iterator[OrderRow]:
    """The orders asked for, looked at only as far as they are needed."""
    rows: Iterator[OrderRow] = iter(_sorted(_in_range(ask), ask))
    for is_right in _conditions(ask):
        rows = filter(is_right, rows)
    return rows


def _conditions(ask: Ask) -> Iterator[Callable[[OrderRow], bool]]:
    yield lambda row: not row.is_deleted
    if not ask.switches.orders_include_incomplete and ask.value("status_id") is None:
        yield lambda row: row.status_id != _INCOMPLETE
    for name in ("customer_id", "status_id", "channel_id"):
        if ask.value(name) is not None:
            yield partial(_has, name, ask.number(name, 0))
    email = ask.value("email")
    if email is not None:
        yield lambda row: folded(row.billing_address.email) == folded(email)
    for field in ("date_created", "date_modified"):
        yield from _date_conditions(ask, field)


def _date_conditions(ask: Ask, field: str) -> Iterator[Callable[[OrderRow], bool]]:
    earliest, latest = ask.moment(f"min_{field}"), ask.moment(f"max_{field}")
    if earliest:
        yield lambda row: is_at_least(getattr(row, field), earliest, ask)
    if latest:
        yield lambda row: getattr(row, field) <= latest


def _has(name: str, value: int, row: OrderRow) -> bool:
    return bool(getattr(row, name) == value)


def _in_range(ask: Ask) -> Iterator[OrderRow]:
    rows = ask.shop.tables.orders.ordered()
    lowest, highest = ask.number("min_id", 0), ask.number("max_id", 2**62)
    start = bisect_left(rows, lowest, key=lambda row: row.id)
    end = bisect_right(rows, highest, key=lambda row: row.id)
    return (rows[place] for place in range(start, end))


def _sorted(rows: Iterable[OrderRow], ask: Ask) -> Iterable[OrderRow]:
    field, _, direction = (ask.value("sort") or "id:asc").partition(":")
    if field not in _SORTABLE:
        raise refused_v2(400, "The field 'sort' is invalid.")
    if field == "id":
        return rows if direction != "desc" else reversed(list(rows))
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
