"""From a request to its answer: who is asking, in which region, within which limits, for what."""

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import RLock
from typing import Literal
from urllib.parse import unquote

from dotdigital.sandbox import imports, v2_accounts, v2_address_books, v2_contacts, v3_contacts
from dotdigital.sandbox.account import Account
from dotdigital.sandbox.answers import Answer, RefusedError, html_answer, json_answer
from dotdigital.sandbox.clock import Clock
from dotdigital.sandbox.faults import Fault, Faults
from dotdigital.sandbox.limits import CallLimits
from dotdigital.sandbox.requests import Request, RequestLog
from dotdigital.sandbox.routing import Route, Visit
from dotdigital.sandbox.switches import Switches

Moment = Literal["before", "after"]
Callback = Callable[[Request, Moment], None]
FORBIDDEN = "<html><head><title>403 Forbidden</title></head><body>Forbidden</body></html>"
ROUTES = (
    v3_contacts.routes,
    v2_address_books.routes,
    v2_contacts.routes,
    v2_accounts.routes,
)


@dataclass(slots=True)
class Service:
    """The API of every account of this process."""

    switches: Switches = field(default_factory=Switches)
    clock: Clock = field(default_factory=Clock)
    requests: RequestLog = field(default_factory=RequestLog)
    faults: Faults = field(default_factory=Faults)
    accounts: dict[str, Account] = field(default_factory=dict)
    callbacks: list[Callback] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    latency: float = 0.0
    limits: CallLimits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = CallLimits(self.switches, self.clock)

    def answer(self, request: Request, addresses: Mapping[str, str]) -> tuple[Answer, Fault]:
        """The answer, after `latency` seconds, and the fault to play while it is delivered."""
        due = time.monotonic() + self.latency
        request.user, password = _credentials(request)
        self.requests.add(request)
        self._tell(request, "before")
        fault = self.faults.meeting(request) or Fault()
        answer = Answer()
        if fault.after_work or not fault.replaces_answer:
            answer = self._work(request, password, addresses, fault)
        answer = fault.spoil(answer)
        request.status = 0 if fault.drop else answer.status
        self._tell(request, "after")
        time.sleep(max(0.0, due - time.monotonic()))
        return answer, fault

    def _tell(self, request: Request, moment: Moment) -> None:
        for callback in tuple(self.callbacks):
            callback(request, moment)

    def _work(
        self, request: Request, password: str, addresses: Mapping[str, str], fault: Fault
    ) -> Answer:
        try:
            with self.lock:
                account = self._authenticated(request, password)
                route, arguments = _found(request)
                refusal, headers = self.limits.admit(account.user, route.tier)
                visit = self._visit(account, request, addresses, fault)
                answer = refusal or _responded(route, visit, arguments)
        except RefusedError as refused:
            return refused.answer
        answer.headers.update(headers)
        return answer

    def _authenticated(self, request: Request, password: str) -> Account:
        account = self.accounts.get(request.user)
        if account is None or not compare_digest(account.password.encode(), password.encode()):
            raise RefusedError(_unauthorized(request))
        is_discovery = request.region == "r1" and request.path.startswith("/v2/account-info")
        if account.state.region != request.region and not is_discovery:
            raise RefusedError(html_answer(FORBIDDEN, status=403))
        return account

    def _visit(
        self, account: Account, request: Request, addresses: Mapping[str, str], fault: Fault
    ) -> Visit:
        imports.advance(account)
        return Visit(
            account=account,
            request=request,
            endpoint=addresses[account.state.region],
            calls_in_last_hour=self.limits.calls_in_last_hour(account.user),
            outcome=fault.outcome or "Finished",
        )


def _found(request: Request) -> tuple[Route, list[str | None]]:
    for routes in ROUTES:
        found = routes.find(request)
        if found:
            route, arguments = found
            return route, [each and unquote(each) for each in arguments]
    raise RefusedError(json_answer({"message": "No resource was found."}, status=404))


def _responded(route: Route, visit: Visit, arguments: list[str | None]) -> Answer:
    try:
        return route.respond(visit, *arguments)
    except RefusedError as refused:
        return refused.answer


def _unauthorized(request: Request) -> Answer:
    sentence = "Authorization has been denied for this request."
    if request.path.startswith("/v2/"):
        return json_answer({"message": sentence}, status=401)
    return json_answer({"errorCode": "contacts:unauthorized", "description": sentence}, status=401)


def _credentials(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.pop("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (user, password) if scheme.lower() == "basic" else ("", "")
