"""What goes wrong on demand: which requests a fault meets, and what it does to them."""

import random
import re
from threading import Lock
from typing import Any, Final, Self

import msgspec
from msgspec import Struct

from dotdigital.sandbox.answers import HTML, JSON, Answer
from dotdigital.sandbox.requests import Request

GATEWAY_PAGE: Final = "<html><head><title>Oops</title></head><body>Something broke</body></html>"
EXCESS: Final = (
    "Your account has generated excess API activity and is being temporarily capped. "
    "Please contact support. ERROR_APIUSAGE_EXCEEDED"
)
NAMED: Final[dict[str, dict[str, Any]]] = {
    "rate limit": {
        "status": 429,
        "headers": {
            "X-RateLimit-Limit": "150",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": "1",
            "X-RateLimit-Scope": "lowCallRate",
        },
    },
    "bare 429": {"status": 429},
    "flat limit": {"status": 400, "body": {"message": EXCESS}},
    "too many imports": {
        "status": 429,
        "body": {"errorCode": "contacts:tooManyActiveImports", "description": "Too many imports"},
    },
    "too many imports, v2": {
        "status": 400,
        "body": {"message": "Error: ERROR_IMPORT_TOOMANYACTIVEIMPORTS"},
    },
    "wrong region": {"status": 403, "body": "<html><body>Forbidden</body></html>"},
    "unavailable": {"status": 503, "body": GATEWAY_PAGE},
    "gateway page": {"status": 200, "body": GATEWAY_PAGE},
    "restoring": {
        "status": 503,
        "body": {"message": "Error: ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"},
    },
    "lost answer": {"drop": True, "after_work": True},
    "lost request": {"drop": True},
}


class Fault(Struct, kw_only=True):
    """Meets requests whose method and path fit; `times` None means for ever.

    Of those it lets the first `skip` pass, then takes every `every`th, or a seeded `share`.
    """

    method: str = ""
    path: str = ""
    times: int | None = 1
    skip: int = 0
    every: int = 1
    share: float = 1.0
    seed: int = 0
    # What happens: before the work is done, or instead of the answer to work that was done.
    after_work: bool = False
    status: int | None = None
    headers: dict[str, str] = {}
    body: Any = None
    hang: float = 0.0
    drop: bool = False
    truncate: bool = False
    cut: bool = False
    drip: float = 0.0
    flood: bool = False
    # An import that is taken ends so: RejectedByWatchdog, Failed, ExceedsAllowedContactLimit,
    # NotFinished (for ever) or Vanished.
    outcome: str = ""

    @classmethod
    def named(cls, name: str, **match: Any) -> Self:
        """One of the common faults, see NAMED."""
        return cls(**{**NAMED[name], **match})

    @property
    def replaces_answer(self) -> bool:
        """Whether the client gets something else than Dotdigital's own answer."""
        return self.status is not None or self.body is not None or self.drop or self.flood

    def spoil(self, answer: Answer) -> Answer:
        """The answer with this fault's status, headers and body in place of its own."""
        if self.status is not None:
            answer = Answer(status=self.status)
        if self.body is not None:
            answer.body, answer.content_type = _encoded(self.body)
        if self.cut:
            answer.body = answer.body[: len(answer.body) // 2]
        answer.headers.update(self.headers)
        return answer


class Faults:
    """The faults in force; the first that meets a request is played."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[_Counted] = []

    def add(self, fault: Fault) -> Fault:
        """From now on."""
        with self._lock:
            self._faults.append(_Counted(fault))
        return fault

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self._faults.clear()

    def left(self) -> list[Fault]:
        """Those that may still be played."""
        with self._lock:
            return [each.fault for each in self._faults if not each.is_spent]

    def meeting(self, request: Request) -> Fault | None:
        """The fault to play on this request, if any."""
        with self._lock:
            return next((each.fault for each in self._faults if each.takes(request)), None)


class _Counted:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._seen = 0
        self._played = 0
        self._chance = random.Random(fault.seed)

    @property
    def is_spent(self) -> bool:
        return self.fault.times is not None and self._played >= self.fault.times

    def takes(self, request: Request) -> bool:
        if self.is_spent or not self._fits(request):
            return False
        self._seen += 1
        turn = self._seen - self.fault.skip
        is_due = turn > 0 and turn % self.fault.every == 0
        if not is_due or self._chance.random() >= self.fault.share:
            return False
        self._played += 1
        return True

    def _fits(self, request: Request) -> bool:
        has_method = self.fault.method.upper() in {"", request.method}
        return has_method and bool(re.search(self.fault.path, request.path))


def _encoded(body: Any) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, JSON
    if isinstance(body, str):
        return body.encode(), HTML
    return msgspec.json.encode(body), JSON
