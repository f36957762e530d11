"""The sandbox's own addresses, under /sandbox/: a JSON API for programs, pages for people."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bigcommerce.sandbox.answers import Answer
from bigcommerce.sandbox.asks import parse_query
from bigcommerce.sandbox.faults import Fault
from bigcommerce.sandbox.pages import Pages
from bigcommerce.sandbox.service import Service
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.tables import TakenError

API = "/sandbox/api/"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

ACTIONS = frozenset(
    {
        *("add_customer", "edit_customer", "delete_customer", "add_address", "edit_address"),
        *("add_attribute", "set_attribute", "add_group"),
        *("subscribe", "unsubscribe", "edit_subscriber", "delete_subscriber"),
        *("place_order", "set_order_status", "archive_order", "edit_order"),
    }
)


class Control:
    """What answers everything that is not the vendor's API."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pages = Pages(service)

    def answer(
        self, method: str, path: str, query: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        """The answer; only to this machine, and not to forms of foreign pages."""
        if not _is_local(headers):
            return Answer(403, "Only this machine may ask.\n", {"Content-Type": "text/plain"})
        if not path.startswith(API):
            return self._pages.answer(method, path, query, body)
        try:
            return Answer(200, self._answer(method, path.removeprefix(API), query, body))
        except (LookupError, TypeError, ValueError, TakenError, msgspec.MsgspecError) as error:
            return Answer(400, {"error": f"{type(error).__name__}: {error}"})

    def _answer(self, method: str, name: str, query: str, body: bytes) -> Any:
        asked = msgspec.json.decode(body) if body else {}
        if method == "GET":
            return self._read(name, {key: each.value for key, each in parse_query(query).items()})
        changes: dict[str, Callable[[Any], Any]] = {
            "POST actions": self._act,
            "POST faults": self._add_fault,
            "DELETE faults": lambda _: self._service.faults.clear(),
            "POST switches": self._switch,
            "POST clock": self._set_clock,
            "DELETE requests": lambda _: self._service.requests.clear(),
        }
        return {"result": changes[f"{method} {name}"](asked)}

    def _read(self, name: str, query: dict[str, str]) -> Any:
        reads: dict[str, Callable[[dict[str, str]], Any]] = {
            "state": self._state,
            "requests": self._requests,
            "switches": lambda _: asdict(self._service.switches),
        }
        return reads[name](query)

    def _state(self, query: dict[str, str]) -> dict[str, Any]:
        shops = self._service.shops
        if "store" not in query:
            return {"stores": {name: shop.counts() for name, shop in shops.items()}}
        shop = shops[query["store"]]
        found: dict[str, Any] = {"store": shop.store_hash, "counts": shop.counts()}
        return {**found, **(_person(shop, query["email"]) if "email" in query else {})}

    def _requests(self, query: dict[str, str]) -> dict[str, Any]:
        entries = list(self._service.requests)[int(query.get("since", "0")) :]
        destructive = self._service.requests.destructive_calls
        return {"requests": entries, "destructive_calls": destructive}

    def _act(self, asked: dict[str, Any]) -> Any:
        """`{store, action, subject, arguments}`: the subject is whom or what it is done to."""
        if asked["action"] not in ACTIONS:
            raise LookupError(f"There is no action {asked['action']}.")
        arguments = {
            name: _moment(value) if name.endswith("_at") else value
            for name, value in asked.get("arguments", {}).items()
        }
        subject = [asked["subject"]] if "subject" in asked else []
        return getattr(self._service.shops[asked["store"]], asked["action"])(*subject, **arguments)

    def _add_fault(self, asked: dict[str, Any]) -> None:
        self._service.faults.add(msgspec.convert(asked, Fault))

    def _switch(self, asked: dict[str, Any]) -> dict[str, Any]:
        known = {each.name for each in fields(self._service.switches)}
        for name, value in asked.items():
            if name not in known:
                raise LookupError(f"There is no switch {name}.")
            setattr(self._service.switches, name, value)
        return asdict(self._service.switches)

    def _set_clock(self, asked: dict[str, Any]) -> datetime:
        clock = self._service.clock
        if "set" in asked:
            clock.set(datetime.fromisoformat(asked["set"]))
        clock.advance(float(asked.get("advance", 0)))
        return clock.now()


def _person(shop: Shop, email: str) -> dict[str, Any]:
    customer = shop.customer_by_email(email)
    customer_id = customer.id if customer else 0
    return {
        "customer": customer,
        "attributes": shop.attribute_values(customer_id),
        "subscriber": shop.subscriber(email),
        "orders": shop.orders_of(email, customer_id),
    }


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value))


def _is_local(headers: Mapping[str, str]) -> bool:
    """Whether the address asked for is a name of this machine, and no foreign page's form."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return False
    return urlsplit(f"//{headers.get('host', '')}").hostname in LOOPBACK_NAMES
