"""What an answer that is no yes means: Dotdigital's codes and statuses become our errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from dotdigital import limits
from dotdigital.errors import (
    ApiError,
    AuthenticationError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitError,
    RegionError,
    RejectedError,
    SetupError,
    TooManyImportsError,
    UnavailableError,
    UnwantedAnswerError,
)

FLAT_LIMIT_PAUSE: Final = 300.0
LONGEST_REFUSAL: Final = 65_536
TOKEN = re.compile(r"ERROR_[A-Z_]+")

BY_CODE: Final[Mapping[str, type[ApiError]]] = {
    "ERROR_APIUSAGE_EXCEEDED": RateLimitError,
    "ERROR_IMPORT_TOOMANYACTIVEIMPORTS": TooManyImportsError,
    "contacts:toomanyactiveimports": TooManyImportsError,
    "contacts:toomanybulkdeletejobs": TooManyImportsError,
    "ERROR_ACCOUNT_INVALID": AuthenticationError,
    "ERROR_APIUSER_INVALID": AuthenticationError,
    "ERROR_INVALID_LOGIN": AuthenticationError,
    "ERROR_UNKNOWN_ACCOUNT": AuthenticationError,
    "ERROR_USERACCOUNT_UNKNOWN": AuthenticationError,
    "ERROR_ADDRESSBOOK_IN_USE": UnavailableError,
    "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE": UnavailableError,
    "ERROR_UNKNOWN": UnavailableError,
    "ERROR_ADDRESSBOOK_NOT_FOUND": NotFoundError,
    "ERROR_CONTACT_NOT_FOUND": NotFoundError,
    "ERROR_DATAFIELD_NOTFOUND": NotFoundError,
    "ERROR_IMPORT_NOT_FOUND": NotFoundError,
    "contacts:contactnotfound": NotFoundError,
    "contacts:importnotfound": NotFoundError,
    "ERROR_ADDRESSBOOK_LIMITEXCEEDED": SetupError,
    "ERROR_ADDRESSBOOK_NOTWRITABLE": SetupError,
    "ERROR_CANNOT_PERFORM_OPERATION_ON_ACCOUNT": SetupError,
    "ERROR_CONTACT_TOOMANY": SetupError,
    "ERROR_DATAFIELD_INVALID": SetupError,
    "ERROR_DATAFIELD_LIMITEXCEEDED": SetupError,
    "ERROR_FEATURENOTACTIVE": SetupError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def came_at(self) -> datetime:
        """The server's clock when it answered, ours if it does not tell."""
        return limits.http_date(self.headers.get("Date")) or datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a body says is wrong: a code and a sentence, either may be empty."""

    code: str = ""
    detail: str = ""


def refusal(answer: Answer, *, method: str, path: str) -> ApiError | None:
    """The error this answer stands for, or None. A v2 `message` is one whatever the status."""
    is_yes = 200 <= answer.status < 300
    if is_yes and not (path.startswith("/v2/") and answer.body[:1] == b"{"):
        return None
    complaint = _complaint(answer.body[:LONGEST_REFUSAL])
    if is_yes and complaint is None:
        return None
    kind = _kind(answer, complaint)
    complaint = complaint or Complaint()
    error = kind(
        complaint.detail, status=answer.status, method=method, path=path, code=complaint.code
    )
    if isinstance(error, RateLimitError):
        _note_wait(error, answer)
    return error


def _complaint(body: bytes) -> Complaint | None:
    try:
        told = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return _complaint_in({key[:1].lower() + key[1:]: value for key, value in told.items()})


def _complaint_in(told: Mapping[str, Any]) -> Complaint | None:
    if "message" in told:
        message = str(told["message"])
        token = TOKEN.search(message)
        return Complaint(token[0] if token else "", message)
    if "errorCode" in told:
        detail = told.get("description") or told.get("error") or ""
        return Complaint(str(told["errorCode"])[:80], f"{detail} {_items(told)}".strip())
    return None


def _items(told: Mapping[str, Any]) -> str:
    details = told.get("details")
    return msgspec.json.encode(details).decode()[:200] if details else ""


def _kind(answer: Answer, complaint: Complaint | None) -> type[ApiError]:
    code = complaint.code if complaint else ""
    known = BY_CODE.get(code) or BY_CODE.get(code.lower())
    if known:
        return known
    if answer.status == 403:
        return _forbidden(code, is_explained=complaint is not None)
    if answer.status == 404:
        is_ours = complaint is not None or not answer.body.strip()
        return NotFoundError if is_ours else MalformedAnswerError
    return _by_status(answer.status)


def _forbidden(code: str, *, is_explained: bool) -> type[ApiError]:
    if code:
        return SetupError
    return AuthenticationError if is_explained else RegionError


def _by_status(status: int) -> type[ApiError]:
    if status >= 500 or status == 408:
        return UnavailableError
    if 300 <= status < 400:
        return UnwantedAnswerError
    return {401: AuthenticationError, 429: RateLimitError}.get(status, RejectedError)


def _note_wait(error: RateLimitError, answer: Answer) -> None:
    if error.code == "ERROR_APIUSAGE_EXCEEDED":
        asked: float | None = FLAT_LIMIT_PAUSE
    else:
        asked = limits.retry_after(answer.headers, now=answer.came_at)
    told = limits.allowance(answer.headers, now=answer.came_at)
    if asked is None and told is not None:
        asked = told.resets_in
    if asked is not None:
        error.is_told, error.retry_after = True, asked
