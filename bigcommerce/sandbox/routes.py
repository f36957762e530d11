"""Which endpoint answers which request, and the scope it needs."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bigcommerce.sandbox import customers_api, orders_api, store_api, subscribers_api
from bigcommerce.sandbox.answers import Answer, refused
from bigcommerce.sandbox.asks import Ask, parse_query
from bigcommerce.sandbox.shop import CUSTOMERS, INFORMATION, ORDERS, Shop

Endpoint = Callable[[Ask], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One path, its methods, and the scope that opens it; "" for any valid token."""

    path: re.Pattern[str]
    scope: str
    methods: dict[str, Endpoint]


def _route(path: str, scope: str, **methods: Endpoint) -> Route:
    return Route(re.compile(path.replace("{id}", r"(\d+)")), scope, methods)


ROUTES = (
    _route("/v3/customers", CUSTOMERS, GET=customers_api.list_customers),
    _route("/v3/customers/addresses", CUSTOMERS, GET=customers_api.list_addresses),
    _route(
        "/v3/customers/attributes",
        CUSTOMERS,
        GET=customers_api.list_attributes,
        POST=customers_api.create_attributes,
    ),
    _route(
        "/v3/customers/attribute-values",
        CUSTOMERS,
        GET=customers_api.list_values,
        PUT=customers_api.put_values,
    ),
    _route(
        "/v3/customers/subscribers",
        CUSTOMERS,
        GET=subscribers_api.list_subscribers,
        POST=subscribers_api.post_subscriber,
        DELETE=subscribers_api.delete_subscribers,
    ),
    _route(
        "/v3/customers/subscribers/{id}",
        CUSTOMERS,
        GET=subscribers_api.get_subscriber,
        PUT=subscribers_api.put_subscriber,
        DELETE=subscribers_api.delete_subscriber,
    ),
    _route("/v3/channels", INFORMATION, GET=store_api.list_channels),
    _route("/v2/customer_groups", CUSTOMERS, GET=customers_api.list_groups),
    _route("/v2/orders", ORDERS, GET=orders_api.list_orders),
    _route("/v2/orders/count", ORDERS, GET=orders_api.count_orders),
    _route("/v2/orders/{id}", ORDERS, GET=orders_api.get_order),
    _route("/v2/orders/{id}/shipping_addresses", ORDERS, GET=orders_api.list_shipping_addresses),
    _route("/v2/store", INFORMATION, GET=store_api.get_store),
    _route("/v2/time", "", GET=store_api.get_time),
)


def answer(shop: Shop, method: str, path: str, query: str, body: bytes) -> Answer:
    """The answer of the endpoint; RefusedError where there is none or the token may not."""
    version = path.split("/")[1]
    for route in ROUTES:
        match = route.path.fullmatch(path)
        if match:
            endpoint = _permitted(shop, route, method, version)
            ids = tuple(int(each) for each in match.groups())
            parameters = parse_query(query)
            return endpoint(
                Ask(shop=shop, version=version, parameters=parameters, body=body, ids=ids)
            )
    raise refused(version, 404, "The resource at that URL is not found.")


def _permitted(shop: Shop, route: Route, method: str, version: str) -> Endpoint:
    if route.scope and not shop.may(route.scope, writes=method != "GET"):
        text = "Unauthorized Access. You do not have permission to make this request."
        raise refused(version, 403, text)
    endpoint = route.methods.get(method)
    if endpoint is None:
        raise refused(version, 405, "Method not allowed.")
    return endpoint
