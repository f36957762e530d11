"""HTTP with BigCommerce: addresses, limits, retries and waits; nothing of customers or orders."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from typing import Generic, Self, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
from urllib3.exceptions import HTTPError

from bigcommerce.bodies import TooLargeError, TooSlowError, read_body
from bigcommerce.errors import (
    ApiError,
    MalformedAnswerError,
    RateLimitError,
    UnavailableError,
    error_class,
    explanation,
)
from bigcommerce.pacing import NO_ANSWER, Pacer, wait_told
from bigcommerce.retries import Patience, Tuning

__all__ = ["LOOPBACK_HOSTS", "Session", "Tuning", "checked_base_url"]

USER_AGENT = "integration-hub/1.0 (BigCommerce client)"
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

AnswerT = TypeVar("AnswerT")


def checked_base_url(url: str) -> str:
    """The address without its last slash; ValueError unless https, or http on this machine."""
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
    )
    if not is_safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        message = "The BigCommerce address must be an https address (http only on this machine)."
        raise ValueError(message)
    return url.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call(Generic[AnswerT]):
    """One request, and how its answer is read; `query` is encoded already."""

    method: str
    path: str
    read: Callable[[bytes], AnswerT]
    query: str = ""
    body: bytes | None = None

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


class Session:
    """A connection kept open to one base address, with the patience and pace a store needs."""

    def __init__(
        self, base_url: str, *, token: str = "", tuning: Tuning, pacer: Pacer | None = None
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._secrets = (token,)
        self._tuning = tuning
        self._pacer = pacer
        self._requests = _new_requests_session(token)
        self.calls = 0
        self._counting = Lock()
        self._has_answered = False
        self.server_date: datetime | None = None
        self._date_came_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connection, and what the pacer still holds for it."""
        self._requests.close()
        if self._pacer:
            self._pacer.close()

    def get(self, path: str, read: Callable[[bytes], AnswerT], query: str = "") -> AnswerT:
        """What `read` makes of the answer's body: b"" for a 204, never for a 200."""
        return self._carry_out(_Call(method="GET", path=path, read=read, query=query))

    def put(self, path: str, read: Callable[[bytes], AnswerT], body: bytes) -> AnswerT:
        """As `get`; repeated after a lost answer, so the change must be safe to repeat."""
        return self._carry_out(_Call(method="PUT", path=path, read=read, body=body))

    def post(self, path: str, read: Callable[[bytes], AnswerT], body: bytes) -> AnswerT:
        """As `get`, but tried once: after a lost answer nobody knows whether it was done."""
        return self._carry_out(_Call(method="POST", path=path, read=read, body=body))

    def _carry_out(self, call: _Call[AnswerT]) -> AnswerT:
        patience = Patience(
            self._tuning, may_repeat=call.method != "POST", has_answered=self._has_answered
        )
        while True:
            self._wait_for_our_share(call)
            try:
                return self._try(call, patience.time_left())
            except ApiError as error:
                time.sleep(patience.wait_after(error))

    def _wait_for_our_share(self, call: _Call[AnswerT]) -> None:
        waited = 0.0
        while self._pacer and (wait := self._pacer.wait_needed()):
            waited += wait
            if waited > self._tuning.longest_wait:
                detail = f"it is refilled in {wait:.0f} s"
                raise RateLimitError(detail, retry_after=wait, method=call.method, path=call.path)
            time.sleep(wait)

    def _try(self, call: _Call[AnswerT], seconds: float) -> AnswerT:
        """One request and its answer; network faults become members of our family."""
        with self._counting:
            self.calls += 1
        ends_at = time.monotonic() + seconds
        try:
            return self._read(call, self._send(call, seconds), ends_at)
        except TooLargeError:
            detail = f"more than {self._tuning.largest_answer} bytes"
            raise MalformedAnswerError(detail, method=call.method, path=call.path) from None
        except (requests.RequestException, HTTPError, OSError, TooSlowError) as error:
            detail = type(error).__name__
            raise UnavailableError(detail, method=call.method, path=call.path) from error

    def _send(self, call: _Call[AnswerT], seconds: float) -> requests.Response:
        timeouts = (
            min(self._tuning.connect_timeout, seconds),
            min(self._tuning.read_timeout, seconds),
        )
        try:
            response = self._requests.request(
                call.method,
                self._base_url + call.address,
                data=call.body,
                headers={"Content-Type": "application/json"} if call.body is not None else None,
                timeout=timeouts,
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, HTTPError, OSError):
            self._tell_pacer({}, NO_ANSWER)
            raise
        self._has_answered = True
        self._tell_pacer(response.headers, response.status_code)
        return response

    def _read(self, call: _Call[AnswerT], response: requests.Response, ends_at: float) -> AnswerT:
        with response:
            self._note_date(_date_of(response))
            body = read_body(response, largest=self._tuning.largest_answer, ends_at=ends_at)
        if not 200 <= response.status_code < 300:
            raise self._refusal(call, response, body)
        return self._decoded(call, response, body)

    @property
    def server_clock(self) -> datetime | None:
        """What the server's clock shows by now, to a second or two; None before any answer."""
        since = timedelta(seconds=time.monotonic() - self._date_came_at)
        return self.server_date and self.server_date + since

    def _note_date(self, date: datetime | None) -> None:
        if date is not None:
            self.server_date, self._date_came_at = date, time.monotonic()

    def _tell_pacer(self, headers: Mapping[str, str], status: int) -> None:
        if self._pacer:
            self._pacer.observe(headers, status=status)

    def _refusal(self, call: _Call[AnswerT], response: requests.Response, body: bytes) -> ApiError:
        body_says = explanation(body, secrets=self._secrets)
        said = "a redirect, which is never followed" if response.is_redirect else body_says
        error = error_class(response.status_code)(
            said,
            status=response.status_code,
            method=call.method,
            path=call.path,
        )
        if isinstance(error, RateLimitError):
            error.retry_after = wait_told(response.headers)
        return error

    def _decoded(self, call: _Call[AnswerT], response: requests.Response, body: bytes) -> AnswerT:
        try:
            if not body and response.status_code != 204:
                raise MalformedAnswerError("empty")
            return call.read(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, MalformedAnswerError) as error:
            detail = _what_is_wrong(error, response)
            raise MalformedAnswerError(
                detail, status=response.status_code, method=call.method, path=call.path
            ) from error


def _new_requests_session(token: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["Accept"] = "application/json"
    session.headers["User-Agent"] = USER_AGENT
    if token:
        session.headers["X-Auth-Token"] = token
    return session


def _date_of(response: requests.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None


def _what_is_wrong(error: Exception, response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "")
    said = error.detail if isinstance(error, ApiError) else str(error)
    return said if "json" in kind or not kind else f"{kind.split(';')[0]} instead of JSON"
