"""How lists are filtered by date and cut into pages, v3 and v2."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import compress, islice, repeat
from operator import attrgetter, eq, ge, gt, le
from typing import Any, Protocol, TypeVar

import msgspec

from bigcommerce.sandbox.answers import Answer, refused_v3
from bigcommerce.sandbox.asks import Ask
from bigcommerce.sandbox.tables import HasId

RowT = TypeVar("RowT", bound=HasId)
Show = Callable[[list[RowT]], list[Any]]


class HasDates(HasId, Protocol):
    """A row that tells when it was made and last changed."""

    @property
    def date_created(self) -> datetime:
        """In UTC, to the second."""

    @property
    def date_modified(self) -> datetime:
        """In UTC, to the second."""


DatedT = TypeVar("DatedT", bound=HasDates)

DATE_FILTERS = tuple(
    f"{field}{suffix}"
    for field in ("date_created", "date_modified")
    for suffix in ("", ":min", ":max")
)


def is_at_least(moment: datetime, bound: datetime, ask: Ask) -> bool:
    """Whether a date passes a lower bound, which may itself be in or out: an open question."""
    return moment >= bound if ask.switches.min_is_inclusive else moment > bound


def by_dates(rows: list[DatedT], ask: Ask, names: tuple[str, ...] = DATE_FILTERS) -> list[DatedT]:
    """The rows that pass the date filters; one with an encoded colon may have no effect."""
    for name in names:
        bound = ask.moment(name)
        if bound is None or _is_disabled(ask, name):
            continue
        field, _, kind = name.partition(":")
        moments = map(attrgetter(field), rows)
        rows = list(compress(rows, map(_comparison(kind, ask), moments, repeat(bound))))
    return rows


def _is_disabled(ask: Ask, name: str) -> bool:
    return ask.parameters[name].has_encoded_colon and not ask.switches.encoded_colons_work


def _comparison(kind: str, ask: Ask) -> Callable[[datetime, datetime], bool]:
    """How a date is compared with a bound; without Python's own loops, for a page scans it all."""
    if kind == "min":
        return ge if ask.switches.min_is_inclusive else gt
    return le if kind == "max" else eq


def numbered(rows: list[RowT], ask: Ask, show: Show[RowT]) -> Answer:
    """A v3 page by number."""
    limit, page = ask.limit(), max(1, ask.number("page", 1))
    cut = rows[(page - 1) * limit : page * limit]
    return Answer(200, {"data": show(cut), "meta": {"pagination": _numbers(ask, rows, cut)}})


def _numbers(ask: Ask, rows: list[RowT], cut: list[RowT]) -> dict[str, Any]:
    limit, page = ask.limit(), max(1, ask.number("page", 1))
    pages = max(1, -(-len(rows) // limit))
    links = {"current": f"?page={page}&limit={limit}"}
    if page > 1:
        links["previous"] = f"?page={page - 1}&limit={limit}"
    if page < pages:
        links["next"] = f"?page={page + 1}&limit={limit}"
    return {
        "total": len(rows),
        "count": len(cut),
        "per_page": limit,
        "current_page": page,
        "total_pages": pages,
        "links": links,
    }


def with_cursors(rows: list[RowT], ask: Ask, show: Show[RowT]) -> Answer:
    """A v3 page by cursor, or by number; the first page offers both."""
    after = ask.value("after")
    if after is not None:
        return _after(rows, ask, show)
    answer = numbered(rows, ask, show)
    if ask.number("page", 1) == 1 and ask.switches.customer_cursors:
        cut = rows[: ask.limit()]
        answer.content["meta"]["cursor_pagination"] = _cursors(ask, rows, cut, 0)
    return answer


def _after(rows: list[RowT], ask: Ask, show: Show[RowT]) -> Answer:
    last_id = _decoded(ask.value("after") or "")
    start = bisect_right(rows, last_id, key=lambda row: row.id)
    cut = rows[start : start + ask.limit()]
    meta = {"cursor_pagination": _cursors(ask, rows, cut, start)}
    return Answer(200, {"data": show(cut), "meta": meta})


def _cursors(ask: Ask, rows: list[RowT], cut: list[RowT], start: int) -> dict[str, Any]:
    limit = ask.limit()
    has_more = start + limit < len(rows)
    if ask.switches.cursor_end == "empty-page":
        has_more = bool(cut)
    first, last = (_encoded(cut[0].id), _encoded(cut[-1].id)) if cut else (None, None)
    links = {"next": f"?after={last}&limit={limit}"} if has_more else {}
    found: dict[str, Any] = {"count": len(cut), "per_page": limit, "links": links}
    return {**found, "start_cursor": first, "end_cursor": last}


def _encoded(row_id: int) -> str:
    return urlsafe_b64encode(b'{"id":%d}' % row_id).decode().rstrip("=")


def _decoded(cursor: str) -> int:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return int(msgspec.json.decode(text)["id"])
    except (ValueError, KeyError, TypeError):
        raise refused_v3(422, "The cursor is not valid.") from None


def bare(rows: Iterable[RowT], ask: Ask, show: Show[RowT]) -> Answer:
    """A v2 page: an array, or 204 and nothing where there are no rows."""
    limit, page = ask.limit(), max(1, ask.number("page", 1))
    cut = list(islice(rows, (page - 1) * limit, page * limit))
    return Answer(200, show(cut)) if cut else Answer(204)
