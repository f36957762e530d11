"""The wrappers BigCommerce puts around its records, and the rows taken out of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from msgspec import Raw, Struct

from bigcommerce.errors import MalformedAnswerError, readable
from bigcommerce.records import Unreadable
from bigcommerce.tolerance import decode_odd, mended


class Identified(Protocol):
    """A record with an id."""

    @property
    def id(self) -> int:
        """Unique among its kind in the store."""


RowT = TypeVar("RowT", bound=Identified)
DataT = TypeVar("DataT")


Nothing = list[Any] | None
"""What may stand for an object without contents."""


class Links(Struct):
    """Where to go on; the addresses themselves are not needed."""

    next: str | None = None


class Pagination(Struct):
    """Paging by number."""

    total: int | None = None
    per_page: int | None = None
    current_page: int | None = None
    total_pages: int | None = None

    @property
    def contradiction(self) -> str:
        """What in these numbers cannot be true; empty when they can."""
        if self.total is None or not self.per_page or self.total_pages is None:
            return ""
        if self.total_pages * self.per_page < self.total:
            return f"{self.total} rows do not fit {self.total_pages} pages of {self.per_page}"
        return ""


class CursorPagination(Struct):
    """Paging by cursor; offered by some v3 listings on their first page."""

    end_cursor: str | None = None
    links: Links | Nothing = None

    @property
    def has_next(self) -> bool:
        """Whether a page after this one is promised."""
        return isinstance(self.links, Links) and bool(self.links.next)


class Meta(Struct):
    """What v3 says about a page."""

    pagination: Pagination | Nothing = None
    cursor_pagination: CursorPagination | Nothing = None

    @property
    def cursors(self) -> CursorPagination:
        """The paging by cursor, empty where the answer has none."""
        offered = self.cursor_pagination
        return offered if isinstance(offered, CursorPagination) else CursorPagination()


class _Collection(Struct, Generic[DataT]):
    data: list[DataT]
    meta: Meta | Nothing = None


class _Single(Struct, Generic[DataT]):
    data: DataT


class _OnlyId(Struct):
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[RowT]):
    """The rows of one answer."""

    records: list[RowT]
    unreadable: tuple[Unreadable, ...] = ()
    meta: Meta

    @property
    def ids(self) -> list[int]:
        """Those of all rows, readable or not."""
        return [record.id for record in self.records] + [row.id for row in self.unreadable]

    @property
    def numbers(self) -> Pagination:
        """The paging by number, empty where the answer has none."""
        told = self.meta.pagination
        return told if isinstance(told, Pagination) else Pagination()


def single(kind: type[DataT]) -> Callable[[bytes], DataT]:
    """A reader of a bare object, as v2 answers it."""
    return msgspec.json.Decoder(kind, strict=False, dec_hook=decode_odd).decode


def wrapped(kind: type[DataT]) -> Callable[[bytes], DataT]:
    """A reader of one object in v3's wrapper."""
    read: Callable[[bytes], _Single[DataT]] = single(_Single[kind])  # type: ignore[valid-type]
    return lambda body: read(body).data


def wrapped_list(kind: type[DataT]) -> Callable[[bytes], list[DataT]]:
    """A reader of a short v3 list, all of it or nothing."""
    read: Callable[[bytes], _Collection[DataT]] = single(_Collection[kind])  # type: ignore[valid-type]
    return lambda body: read(body).data


def v3_rows(kind: type[RowT]) -> Callable[[bytes], Rows[RowT]]:
    """A reader of one page of a v3 listing."""
    whole: Callable[[bytes], _Collection[RowT]] = single(_Collection[kind])  # type: ignore[valid-type]
    raw: Callable[[bytes], _Collection[Raw]] = single(_Collection[Raw])
    row = single(kind)

    def read(body: bytes) -> Rows[RowT]:
        try:
            page = whole(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            by_row = raw(mended(body))
            return _checked(_row_by_row(row, by_row.data, _meta(by_row.meta)))
        return _checked(Rows(records=page.data, meta=_meta(page.meta)))

    return read


def v2_rows(kind: type[RowT]) -> Callable[[bytes], Rows[RowT]]:
    """A reader of one page of a v2 listing, where no body (204) means no rows."""
    whole: Callable[[bytes], list[RowT]] = single(list[kind])  # type: ignore[valid-type]
    raw: Callable[[bytes], list[Raw]] = single(list[Raw])
    row = single(kind)

    def read(body: bytes) -> Rows[RowT]:
        if not body:
            return Rows(records=[], meta=Meta())
        try:
            return Rows(records=whole(body), meta=Meta())
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return _row_by_row(row, raw(mended(body)), Meta())

    return read


def _meta(meta: Meta | Nothing) -> Meta:
    return meta if isinstance(meta, Meta) else Meta()


def _row_by_row(row: Callable[[bytes], RowT], raws: list[Raw], meta: Meta) -> Rows[RowT]:
    """A row that does not fit costs only itself, as long as it has an id."""
    records: list[RowT] = []
    unreadable: list[Unreadable] = []
    for raw in raws:
        try:
            records.append(row(bytes(raw)))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            unreadable.append(_as_unreadable(raw, error))
    return Rows(records=records, unreadable=tuple(unreadable), meta=meta)


_only_id: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_OnlyId, strict=False)


def _as_unreadable(raw: Raw, error: Exception) -> Unreadable:
    try:
        found = _only_id.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise MalformedAnswerError(f"a row without an id: {readable(str(error))}") from error
    return Unreadable(id=found.id, detail=readable(str(error)))


def _checked(rows: Rows[RowT]) -> Rows[RowT]:
    """The rows, if the page agrees with what it says of itself."""
    numbers = rows.numbers
    if numbers.contradiction:
        raise MalformedAnswerError(numbers.contradiction)
    is_within = (numbers.current_page or 0) <= (numbers.total_pages or 0)
    if numbers.total and numbers.current_page and is_within and not rows.ids:
        raise MalformedAnswerError(f"page {numbers.current_page} is empty")
    return rows
