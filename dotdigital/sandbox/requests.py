"""Every request the sandbox got, kept for assertions, and counts of what nobody should send."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, overload

import msgspec

KEPT: Final = 20_000
SUBSCRIBED = re.compile(rb'"status"\s*:\s*"subscribed"', re.IGNORECASE)
DANGERS: Final = {
    "contact replaced": re.compile(r"PUT /contacts/v3/(?!import$)"),
    "recycle bin emptied": re.compile(r"POST /v2/accounts/empty-recycle-bin"),
    "everyone removed": re.compile(r"POST /v2/address-books/\d+/contacts/delete-all"),
    "contact deleted": re.compile(r"DELETE /(contacts/v3|v2/contacts)/|POST /contacts/v3/delete"),
    "address book deleted": re.compile(r"DELETE /v2/address-books/\d+$"),
}


@dataclass(slots=True, kw_only=True)
class Request:
    """One request; `status` is 0 until it is answered, and stays so when the line is cut."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    user: str = ""
    region: str = "r1"
    at: datetime
    status: int = 0

    @property
    def content(self) -> Any:
        """The body as JSON."""
        return msgspec.json.decode(self.body)

    @property
    def line(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


class RequestLog(Sequence[Request]):
    """The requests in order; `dangers` counts the harmful ones by name."""

    def __init__(self) -> None:
        self._requests: deque[Request] = deque(maxlen=KEPT)
        self.bodies_kept = KEPT
        self.dangers: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[Request]:
        return iter(tuple(self._requests))

    @overload
    def __getitem__(self, index: int) -> Request: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Request]: ...
    def __getitem__(self, index: int | slice) -> Request | Sequence[Request]:
        return tuple(self._requests)[index]

    def matching(self, pattern: str) -> list[Request]:
        """Those whose method and path fit a pattern, such as `PUT /contacts/v3/import`."""
        return [each for each in self if re.search(pattern, each.line)]

    def clear(self) -> None:
        """Forget all of them, and the counts."""
        self._requests.clear()
        self.dangers.clear()

    def add(self, request: Request) -> None:
        """Keep a request and count it if it is a harmful one."""
        self._requests.append(request)
        if len(self._requests) > self.bodies_kept:
            self._requests[-self.bodies_kept - 1].body = b""
        for name, pattern in DANGERS.items():
            if pattern.match(request.line):
                self.dangers[name] += 1
        if request.path.startswith("/contacts/v3") and SUBSCRIBED.search(request.body):
            self.dangers["status subscribed sent"] += len(SUBSCRIBED.findall(request.body))
