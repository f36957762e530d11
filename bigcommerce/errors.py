"""The one family of errors this client raises, each with a sentence that staff can read."""

import re

import msgspec

_LONGEST_DETAIL = 300
_UNREADABLE_IN_LOGS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class ApiError(Exception):
    """Any failure of a call to BigCommerce; `path` carries no query, `detail` no credentials."""

    meaning = "BigCommerce did not do what was asked"

    def __init__(
        self,
        detail: str = "",
        *,
        status: int | None = None,
        method: str = "",
        path: str = "",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.method = method
        self.path = path

    def __str__(self) -> str:
        """One sentence: what it means, which call it was, and what the answer said."""
        call = f"{self.method} {self.path}".strip()
        answer = "" if self.status is None else f"answered {self.status}"
        where = " ".join(part for part in (call, answer) if part)
        return ": ".join(part for part in (self.meaning, where, self.detail) if part)


class AuthenticationError(ApiError):
    """The access token is not, or no longer, valid: only reconnecting the store helps."""

    meaning = "BigCommerce does not accept the store's access token"


class PermissionDeniedError(ApiError):
    """The token is valid, but not for this: a scope is missing or the store hash is wrong."""

    meaning = "The access token lacks a permission, or belongs to another store"


class NotFoundError(ApiError):
    """The record does not exist, or exists no longer."""

    meaning = "BigCommerce has no such record"


class RejectedError(ApiError):
    """BigCommerce understood the call and refused it; the same call will be refused again."""

    meaning = "BigCommerce refused the request"


class RateLimitError(ApiError):
    """The store's quota is used up; `retry_after` is in seconds from now."""

    meaning = "The store's request quota is used up"

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after: float = 0.0,
        status: int | None = None,
        method: str = "",
        path: str = "",
    ) -> None:
        super().__init__(detail, status=status, method=method, path=path)
        self.retry_after = retry_after


class UnavailableError(ApiError):
    """BigCommerce could not be reached or did not answer properly, however often it was asked."""

    meaning = "BigCommerce is not answering at the moment"


class MaintenanceError(UnavailableError):
    """The store is in maintenance, being upgraded or suspended; that can last for hours."""

    meaning = "The store is in maintenance or suspended"


class MalformedAnswerError(ApiError):
    """An answer that cannot be true: not JSON, cut off, of another shape, or a repeated page."""

    meaning = "BigCommerce sent an answer that cannot be right"


_BY_STATUS: dict[int, type[ApiError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    408: UnavailableError,
    423: UnavailableError,
    429: RateLimitError,
    499: UnavailableError,
    503: MaintenanceError,
}


def error_class(status: int) -> type[ApiError]:
    """Which error an answer of this status, not a 2xx, is."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return UnavailableError if status >= 500 else RejectedError


def readable(text: str, *, secrets: tuple[str, ...] = ()) -> str:
    """Text of a stranger made fit for one log line: bounded, one line, without the secrets."""
    for secret in secrets:
        text = text.replace(secret, "[secret]") if secret else text
    return _UNREADABLE_IN_LOGS.sub(" ", text[: _LONGEST_DETAIL * 2]).strip()[:_LONGEST_DETAIL]


class _ErrorBody(msgspec.Struct):
    """The fields in which v2 and v3 say what was wrong."""

    title: str | None = None
    message: str | None = None
    detail: str | None = None
    errors: dict[str, object] | list[object] | None = None
    error: str | None = None

    def text(self) -> str:
        said = [self.title, self.message, self.detail, self.error]
        return "; ".join([part for part in said if part] + self._field_errors())

    def _field_errors(self) -> list[str]:
        if isinstance(self.errors, dict):
            return [f"{field}: {problem}" for field, problem in self.errors.items()]
        return [str(problem) for problem in self.errors or ()]


_error_body = msgspec.json.Decoder(_ErrorBody | list[_ErrorBody], strict=False)


def explanation(body: bytes, *, secrets: tuple[str, ...] = ()) -> str:
    """What the body of a refusal says, in one bounded line."""
    try:
        said = _error_body.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return "not JSON" if body.strip() else ""
    parts = said if isinstance(said, list) else [said]
    return readable("; ".join(part.text() for part in parts), secrets=secrets)
