"""What the sandbox says: answers, and refusals in the two dialects of Dotdigital."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(slots=True, kw_only=True)
class Answer:
    """An HTTP answer before faults are played on it."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """Ends the serving of a request with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def json_answer(content: Any, *, status: int = 200) -> Answer:
    """Any content as JSON."""
    return Answer(status=status, body=msgspec.json.encode(content))


def html_answer(text: str, *, status: int = 200) -> Answer:
    """A page."""
    return Answer(status=status, body=text.encode(), content_type=HTML)


def v2_refusal(token: str, sentence: str = "Error:", *, status: int = 400) -> RefusedError:
    """v2 hides its code in a sentence."""
    return RefusedError(json_answer({"message": f"{sentence} {token}".strip()}, status=status))


def v3_refusal(
    code: str, description: str, *, status: int = 400, items: Mapping[str, str] | None = None
) -> RefusedError:
    """v3 has a code, a description and sometimes details."""
    content: dict[str, Any] = {"errorCode": f"contacts:{code}", "description": description}
    if items:
        content["details"] = [{"item": item, "error": text} for item, text in items.items()]
    return RefusedError(json_answer(content, status=status))


def in_pascal_case(content: Any) -> Any:
    """The same content as v2 sometimes spells its keys: Id, Status."""
    if isinstance(content, dict):
        return {key[:1].upper() + key[1:]: in_pascal_case(each) for key, each in content.items()}
    if isinstance(content, list):
        return [in_pascal_case(each) for each in content]
    return content
