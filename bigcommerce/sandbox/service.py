"""What happens to one request to a store's API: noted, troubled by faults, judged, answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bigcommerce.sandbox import routes
from bigcommerce.sandbox.answers import (
    MAINTENANCE_PAGE,
    Answer,
    RefusedError,
    refused,
)
from bigcommerce.sandbox.clock import Clock
from bigcommerce.sandbox.faults import Fault, Faults
from bigcommerce.sandbox.journal import Journal, Received
from bigcommerce.sandbox.mischief import twisted_answer, twisted_query
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.switches import Switches

When = Literal["before", "after"]
Callback = Callable[[Received], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to one store; `path` without the store's prefix."""

    store: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    token: str = ""

    @property
    def version(self) -> str:
        """v2 or v3, for the words of a refusal."""
        return "v2" if self.path.startswith("/v2") else "v3"


@dataclass(slots=True)
class Service:
    """The state of a sandbox, and the one way requests reach it."""

    clock: Clock = field(default_factory=Clock)
    switches: Switches = field(default_factory=Switches)
    faults: Faults = field(default_factory=Faults)
    requests: Journal = field(default_factory=Journal)
    latency: float = 0.0
    shops: dict[str, Shop] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    callbacks: dict[When, list[Callback]] = field(
        default_factory=lambda: {"before": [], "after": []}
    )

    def serve(self, request: Request) -> tuple[Answer, Fault | None]:
        """The answer, after `latency` seconds, and the fault that is to spoil its delivery."""
        due = time.monotonic() + self.latency
        entry = self._note(request)
        self._call_back("before", entry)
        fault = self.faults.strike(request.store, request.method, _address(request))
        answer = self._troubled(request, fault)
        entry.status = answer.status
        self._call_back("after", entry)
        time.sleep(max(0.0, due - time.monotonic()))
        return answer, fault

    def _note(self, request: Request) -> Received:
        entry = Received(
            store=request.store,
            method=request.method,
            path=request.path,
            query=request.query,
            body=request.body.decode("utf-8", "replace"),
            at=self.clock.now(),
        )
        self.requests.add(entry)
        return entry

    def _call_back(self, when: When, entry: Received) -> None:
        for callback in tuple(self.callbacks[when]):
            callback(entry)

    def _troubled(self, request: Request, fault: Fault | None) -> Answer:
        if fault and fault.act in {"hang", "drop", "reset"}:
            return Answer(0)
        if fault and fault.act == "answer":
            return Answer(fault.status, fault.body or fault.raw_body or None, dict(fault.headers))
        answer = self._answer(request, twisted_query(fault, request.query))
        return twisted_answer(fault, request.query, answer)

    def _answer(self, request: Request, query: str) -> Answer:
        if self.switches.maintenance:
            return Answer(503, MAINTENANCE_PAGE)
        try:
            shop = self._admitted(request)
        except RefusedError as no:
            return no.answer
        is_granted, headers = shop.quota.take() if shop.quota else (True, {})
        answer = _judged(shop, request, query) if is_granted else _too_many()
        answer.headers.update(headers)
        return answer

    def _admitted(self, request: Request) -> Shop:
        """The shop, if the token is its own."""
        shop = self.shops.get(request.store)
        if shop is not None and request.token == shop.access_token:
            return shop
        is_of_another = any(request.token == each.access_token for each in self.shops.values())
        if request.token and (shop is None or is_of_another):
            raise refused(request.version, 403, "You don't have a required scope.")
        text = "No credentials were supplied in the request."
        raise refused(request.version, 401, text if not request.token else "Unauthorized")


def _judged(shop: Shop, request: Request, query: str) -> Answer:
    try:
        return routes.answer(shop, request.method, request.path, query, request.body)
    except RefusedError as no:
        return no.answer


def _too_many() -> Answer:
    body = {"status": 429, "title": "Too many requests", "type": "", "errors": {}}
    return Answer(429, body)


def _address(request: Request) -> str:
    return f"{request.path}?{request.query}" if request.query else request.path
