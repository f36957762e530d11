"""Which function answers which call, and in which tier of the rate limit the call is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from dotdigital.sandbox.account import Account
from dotdigital.sandbox.answers import Answer, v2_refusal
from dotdigital.sandbox.limits import Tier
from dotdigital.sandbox.requests import Request

LARGEST_PAGE = 1000
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One authenticated request to one account."""

    account: Account
    request: Request
    endpoint: str
    calls_in_last_hour: int = 0
    outcome: str = "Finished"

    @property
    def content(self) -> Any:
        """The body of a v2 request, its keys in camel case whatever they came in."""
        try:
            return _in_camel_case(msgspec.json.decode(self.request.body))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise v2_refusal("ERROR_MALFORMED_REQUEST") from None

    @property
    def fields(self) -> dict[str, Any]:
        """The body of a v2 request that has to be an object."""
        content = self.content
        if not isinstance(content, dict):
            raise v2_refusal("ERROR_MALFORMED_REQUEST")
        return content

    def page(self, rows: list[Row]) -> list[Row]:
        """The rows that select and skip ask for."""
        select, skip = self._number("select", LARGEST_PAGE), self._number("skip", 0)
        if not 1 <= select <= LARGEST_PAGE or skip < 0:
            raise v2_refusal("ERROR_PARAMETER_INVALID")
        return rows[skip : skip + select]

    def _number(self, name: str, default: int) -> int:
        try:
            return int(self.request.query.get(name, default))
        except ValueError:
            raise v2_refusal("ERROR_PARAMETER_INVALID") from None


Respond = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A call Dotdigital knows."""

    method: str
    pattern: re.Pattern[str]
    tier: Tier
    respond: Respond


class Routes:
    """The calls of one version of the API, in the order in which they are tried."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def on(self, method: str, pattern: str, tier: Tier) -> Callable[[Respond], Respond]:
        """Registers the decorated function; the groups of the pattern become its arguments."""

        def register(respond: Respond) -> Respond:
            self._routes.append(Route(method, re.compile(pattern), tier, respond))
            return respond

        return register

    def find(self, request: Request) -> tuple[Route, tuple[str, ...]] | None:
        """The route of a request and the arguments in its path."""
        for route in self._routes:
            match = route.pattern.fullmatch(request.path)
            if match and route.method == request.method:
                return route, match.groups()
        return None


def moment_in_path(text: str) -> datetime:
    """A date in a path; v2 refuses what is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise v2_refusal("ERROR_PARAMETER_INVALID") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_camel_case(content: Any) -> Any:
    if isinstance(content, dict):
        return {key[:1].lower() + key[1:]: _in_camel_case(each) for key, each in content.items()}
    if isinstance(content, list):
        return [_in_camel_case(each) for each in content]
    return content
