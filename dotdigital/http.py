"""HTTP with Dotdigital: credentials, time-outs, retries and rate limits, and nowhere else."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import msgspec
import requests
from requests.auth import HTTPBasicAuth

from dotdigital import limits
from dotdigital.errors import (
    ApiError,
    RateLimitError,
    RegionError,
    TooManyImportsError,
    UnavailableError,
)
from dotdigital.pacing import Pacer, WindowPacer
from dotdigital.patience import Patience, Tuning
from dotdigital.refusals import Answer, refusal
from dotdigital.regions import check_base_url
from dotdigital.transport import BoundedAdapter, read_bounded

USER_AGENT: Final = "integration-hub-dotdigital/1"
LONGEST_POLL: Final = 10.0
POLL_GROWTH: Final = 1.6
Decoded = TypeVar("Decoded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `name` says it in logs and errors, where a path may hold an e-mail address.

    What is not repeatable is sent once: a lost answer leaves its outcome unknown.
    """

    method: str
    path: str
    name: str = ""
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: bytes | None = None
    is_repeatable: bool = True

    @property
    def shown(self) -> str:
        """The path without anything about a person."""
        return self.name or self.path

    @property
    def kind(self) -> str:
        """What calls of one tier have in common."""
        return f"{self.method} {self.name or self.path}"


def get(path: str, *, name: str = "") -> Call:
    """A call that reads."""
    return Call(method="GET", path=path, name=name)


def post(path: str, content: Any, *, name: str = "", is_repeatable: bool = True) -> Call:
    """A call with this content as JSON."""
    body = msgspec.json.encode(content)
    return Call(method="POST", path=path, name=name, body=body, is_repeatable=is_repeatable)


class Session:
    """Calls to one address with one API user; for one thread at a time.

    `relocate` finds out where the account lives, should it have moved to another region.
    """

    def __init__(
        self,
        user: str,
        password: str,
        *,
        base_url: str,
        integration_token: str = "",
        tuning: Tuning | None = None,
        pacer: Pacer | None = None,
        relocate: Callable[[], str] | None = None,
    ) -> None:
        self.base_url = check_base_url(base_url)
        self._relocate = relocate
        self.tuning = tuning or Tuning()
        self.calls = 0
        self._has_answered = False
        self.server_date: datetime | None = None
        self._date_came_at = 0.0
        self._pacer: Pacer = pacer or WindowPacer()
        self._requests = _new_requests_session(integration_token)
        self._requests.auth = HTTPBasicAuth(user.encode(), password.encode())

    def ask(self, call: Call, decode: Callable[[bytes], Decoded]) -> Decoded:
        """Make the call and decode its answer, again if need be; raises an ApiError."""
        patience = Patience(self._tuning_now)
        while True:
            try:
                return decode(self._answer(call).body)
            except ApiError as error:
                _locate(error, call)
                if isinstance(error, RegionError) and self._has_moved():
                    continue
                if not call.is_repeatable and not isinstance(error, RateLimitError):
                    raise
                pause = patience.spend_on(error)
            time.sleep(pause)

    def ask_until(
        self,
        call: Call,
        decode: Callable[[bytes], Decoded],
        *,
        is_done: Callable[[Decoded], bool],
        patience: float,
        earliest: float = 0.0,
    ) -> Decoded:
        """Ask again, with growing pauses, until it is done or `patience` seconds are over."""
        ends_at = time.monotonic() + patience
        time.sleep(earliest)
        pause = self.tuning.first_poll
        while True:
            answer = self.ask(call, decode)
            if is_done(answer) or time.monotonic() + pause > ends_at:
                return answer
            time.sleep(pause)
            pause = min(pause * POLL_GROWTH, LONGEST_POLL)

    def close(self) -> None:
        """Let go of the connections, and of what the pacer still holds for them."""
        self._requests.close()
        self._pacer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _has_moved(self) -> bool:
        """Whether the account lives at another address now, where calls go from now on.

        It is asked once: an account that is refused there too has not moved.
        """
        relocate, self._relocate = self._relocate, None
        before = self.base_url
        if relocate is not None:
            self.base_url = check_base_url(relocate())
        return self.base_url != before

    @property
    def _tuning_now(self) -> Tuning:
        return self.tuning if self._has_answered else self.tuning.in_silence()

    def _answer(self, call: Call) -> Answer:
        wait = self._pacer.claim(call.kind)
        if wait > 0:
            raise RateLimitError("the calls of this window are used up", retry_after=wait)
        try:
            answer = self._exchange(call)
        except ApiError:
            self._pacer.learn(call.kind, None)
            raise
        error = refusal(answer, method=call.method, path=call.path)
        self._learn(call, answer, error)
        if error:
            raise error
        return answer

    def _exchange(self, call: Call) -> Answer:
        self.calls += 1
        try:
            with self._requests.request(
                call.method,
                self.base_url + call.path,
                params=call.query,
                data=call.body,
                headers={"Content-Type": "application/json"} if call.body is not None else None,
                timeout=(self._tuning_now.connect_timeout, self._tuning_now.answer_timeout),
                stream=True,
                allow_redirects=False,
            ) as response:
                self._has_answered = True
                body = read_bounded(response, largest=self.tuning.largest_answer)
                return Answer(status=response.status_code, headers=response.headers, body=body)
        except (requests.RequestException, OSError) as fault:
            raise UnavailableError(_in_words(fault)) from None

    @property
    def server_clock(self) -> datetime | None:
        """What the server's clock shows by now, to a second or two; None before any answer."""
        since = timedelta(seconds=time.monotonic() - self._date_came_at)
        return self.server_date and self.server_date + since

    def _learn(self, call: Call, answer: Answer, error: ApiError | None) -> None:
        if date := limits.http_date(answer.headers.get("Date")):
            self.server_date, self._date_came_at = date, time.monotonic()
        told = limits.allowance(answer.headers, now=answer.came_at)
        self._pacer.learn(call.kind, told, closed_for=_closed_for(error))


def _new_requests_session(integration_token: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
    if integration_token:
        session.headers["x-ddg-integration-token"] = integration_token
    for scheme in ("https://", "http://"):
        session.mount(scheme, BoundedAdapter())
    return session


def _closed_for(error: ApiError | None) -> float:
    """Seconds for which every call is unwelcome; a lack of import slots holds up imports only."""
    if not isinstance(error, RateLimitError) or isinstance(error, TooManyImportsError):
        return 0.0
    return error.retry_after if error.is_told else 0.0


def _locate(error: ApiError, call: Call) -> None:
    error.method, error.path = call.method, call.shown


def _in_words(fault: Exception) -> str:
    if isinstance(fault, requests.exceptions.SSLError):
        return "the secure connection failed"
    if isinstance(fault, (requests.Timeout, TimeoutError)) or "timed out" in str(fault).lower():
        return "it took too long"
    return "the connection failed"
