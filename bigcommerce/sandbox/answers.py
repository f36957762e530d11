"""What goes back over the wire, and the vendor's ways of saying no."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

_TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"
_JSON = "application/json"

MAINTENANCE_PAGE = "<html><head><title>Maintenance</title></head><body>Back soon.</body></html>"


@dataclass(slots=True)
class Answer:
    """An answer; `content` is encoded as JSON when it is sent, or sent as it is if text."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The body, and its kind in the headers unless that is said already."""
        if self.content is None:
            return b""
        if isinstance(self.content, str | bytes):
            text = self.content
            self.headers.setdefault("Content-Type", _kind(text))
            return text.encode() if isinstance(text, str) else text
        self.headers.setdefault("Content-Type", _JSON)
        return msgspec.json.encode(self.content)


def _kind(text: str | bytes) -> str:
    is_html = text[:1] in {"<", b"<"}
    return "text/html; charset=utf-8" if is_html else _JSON


class RefusedError(Exception):
    """Ends the work on a request with an answer that says no."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refused_v3(status: int, title: str, errors: dict[str, str] | None = None) -> RefusedError:
    """A refusal as v3 words it."""
    body = {"status": status, "title": title, "type": _TYPE, "errors": errors or {}}
    return RefusedError(Answer(status, body))


def refused_v2(status: int, message: str) -> RefusedError:
    """A refusal as v2 words it."""
    return RefusedError(Answer(status, [{"status": status, "message": message}]))


def refused(version: str, status: int, text: str) -> RefusedError:
    """A refusal in the words of the given version of the API."""
    return refused_v2(status, text) if version == "v2" else refused_v3(status, text)
