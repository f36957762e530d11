"""What the faults of paging do to a request and to its answer."""

import re
from typing import Any

from bigcommerce.sandbox.answers import Answer
from bigcommerce.sandbox.faults import Fault

_WHERE_TO_GO_ON = re.compile(r"(^|&)(page|after|min_id)=[^&]*")
_AFTER = re.compile(r"(?:^|&)after=([^&]*)")


def twisted_query(fault: Fault | None, query: str) -> str:
    """The query the endpoint gets to see."""
    if fault is None or fault.act != "repeat-page":
        return query
    return _WHERE_TO_GO_ON.sub("", query).lstrip("&")


def twisted_answer(fault: Fault | None, query: str, answer: Answer) -> Answer:
    """The answer, made wrong as the fault says."""
    if fault is None or answer.status != 200:
        return answer
    if fault.act == "empty-page":
        return _emptied(answer)
    if isinstance(answer.content, dict):
        _twist_meta(fault, query, answer.content.get("meta", {}))
    return answer


def _emptied(answer: Answer) -> Answer:
    if isinstance(answer.content, list):
        return Answer(204)
    answer.content["data"] = []
    return answer


def _twist_meta(fault: Fault, query: str, meta: dict[str, Any]) -> None:
    cursors, numbers = meta.get("cursor_pagination"), meta.get("pagination")
    asked = _AFTER.search(query)
    if fault.act == "stuck-cursor" and cursors and asked:
        cursors["end_cursor"] = asked[1]
        cursors["links"] = {"next": f"?after={asked[1]}"}
    if fault.act == "shrink" and numbers:
        numbers["total_pages"] = 1
        numbers["total"] = numbers["total"] if fault.total is None else fault.total
