"""The journal of requests received, for tests to assert on and people to look at."""

import threading
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from msgspec import Struct

LONGEST = 50_000


class Received(Struct, kw_only=True):
    """One request; `path` is without the store's prefix, `status` 0 until it was answered."""

    store: str
    method: str
    path: str
    query: str
    body: str
    at: datetime
    status: int = 0

    @property
    def is_destructive(self) -> bool:
        """Whether it creates or deletes people, which the hub must never ask for."""
        is_of_people = self.path.startswith("/v3/customers") or self.path.startswith("/v2/orders")
        is_post = self.method == "POST" and self.path in {
            "/v3/customers",
            "/v3/customers/subscribers",
        }
        return is_of_people and (self.method == "DELETE" or is_post)


class Journal:
    """The requests in the order received, the oldest forgotten beyond a limit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Received] = []
        self.destructive_calls = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Received]:
        return iter(list(self._entries))

    def __getitem__(self, index: int) -> Received:
        return self._entries[index]

    def add(self, entry: Received) -> None:
        """Write down a request."""
        with self._lock:
            self._entries.append(entry)
            self.destructive_calls += entry.is_destructive
            if len(self._entries) > LONGEST:
                del self._entries[: LONGEST // 2]

    def clear(self) -> None:
        """Begin a new journal."""
        with self._lock:
            self._entries.clear()
            self.destructive_calls = 0

    def latest(self, number: int) -> list[Received]:
        """The latest requests, newest first."""
        return list(islice(reversed(list(self._entries)), number))

    def matching(self, method: str, path: str) -> list[Received]:
        """Those of one method to exactly this path."""
        return [each for each in self if each.method == method and each.path == path]
