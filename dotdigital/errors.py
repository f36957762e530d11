"""The one family of errors the client raises; nothing of requests or msgspec gets past it."""

import re

LONGEST_DETAIL = 200
EMAIL_ADDRESS = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+")
NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\u00a1-\ud7ff]+")


class ApiError(Exception):
    """Whatever went wrong between us and Dotdigital; `str()` is a sentence for staff.

    `code` is Dotdigital's own word for it (`ERROR_X` of v2, `contacts:x` of v3) or empty,
    `status` the HTTP status or 0 when there was no answer.
    """

    sentence = "Dotdigital did not do what was asked"
    is_passing = False

    def __init__(
        self, detail: str = "", *, status: int = 0, method: str = "", path: str = "", code: str = ""
    ) -> None:
        super().__init__(detail)
        self.detail = without_people(detail)
        self.status = status
        self.method = method
        self.path = path
        self.code = code

    def __str__(self) -> str:
        said = f"{self.sentence}: {self.detail}" if self.detail else self.sentence
        call = f"{self.method} {self.path}".strip()
        facts = ", ".join(filter(None, [str(self.status or ""), self.code, call]))
        return f"{said} ({facts})" if facts else said


class AuthenticationError(ApiError):
    """The API user or its password is not accepted; asking again does not help."""

    sentence = "Dotdigital did not accept the API user or its password"


class RegionError(AuthenticationError):
    """403 without a reason: the account lives in another region, or nowhere that it tells."""

    sentence = "Dotdigital refused the account at this address, it may live in another region"


class NotFoundError(ApiError):
    """The address book, import, contact or data field is not (or no longer) there."""

    sentence = "Dotdigital does not have what was asked for"


class RejectedError(ApiError):
    """The request as sent is refused (400, 409, 413, 422): nothing of it was done."""

    sentence = "Dotdigital refused the request"


class SetupError(ApiError):
    """The Dotdigital account does not allow this; its owner has to change something."""

    sentence = "The Dotdigital account is not set up for this"


class RateLimitError(ApiError):
    """Too many calls; come back after `retry_after` seconds."""

    sentence = "Dotdigital asks us to slow down"

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after: float | None = None,
        status: int = 0,
        method: str = "",
        path: str = "",
        code: str = "",
    ) -> None:
        super().__init__(detail, status=status, method=method, path=path, code=code)
        self.is_told = retry_after is not None
        self.retry_after = 60.0 if retry_after is None else retry_after


class TooManyImportsError(RateLimitError):
    """Every import slot of the account is taken; wait for an import to end, not for the clock."""

    sentence = "Dotdigital is still working on other imports of this account"


class UnavailableError(ApiError):
    """No answer in time, a network fault or a server error; the next run tries again."""

    sentence = "Dotdigital could not be reached or could not answer"
    is_passing = True


class MalformedAnswerError(ApiError):
    """The answer is cut off or is not what the API promises."""

    sentence = "Dotdigital's answer could not be understood"
    is_passing = True


class UnwantedAnswerError(MalformedAnswerError):
    """An answer we do not take: a redirect, one without end, the same page over and over."""

    sentence = "Dotdigital's answer was not taken"
    is_passing = False


class EndpointError(ApiError):
    """An address that calls must not go to."""

    sentence = "This is not an address of Dotdigital"


def without_people(text: str) -> str:
    """Short, on one line and without e-mail addresses, so that it may be logged."""
    line = NOT_PRINTABLE.sub(" ", EMAIL_ADDRESS.sub("(an address)", text[: 5 * LONGEST_DETAIL]))
    return line.strip()[:LONGEST_DETAIL]
