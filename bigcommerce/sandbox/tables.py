"""Tables of rows by id, in the order made, with a unique text where there is one."""

import threading
from collections.abc import Callable, Iterable
from typing import Any, Generic, Protocol, TypeVar

from bigcommerce.sandbox.rows import (
    AddressRow,
    AttributeRow,
    AttributeValueRow,
    CustomerRow,
    GroupRow,
    OrderRow,
    SubscriberRow,
)


class HasId(Protocol):
    """A row."""

    @property
    def id(self) -> int:
        """Given in rising order, never twice."""


RowT = TypeVar("RowT", bound=HasId)


class TakenError(Exception):
    """Another row has this unique text already."""


class Table(Generic[RowT]):
    """Rows of one kind; `unique` tells the text no two rows may share."""

    def __init__(self, unique: Callable[[RowT], str] | None = None) -> None:
        self._lock = threading.RLock()
        self._unique = unique
        self._rows: dict[int, RowT] = {}
        self._by_text: dict[str, RowT] = {}
        self._ordered: list[RowT] | None = None
        self.last_id = 0
        self.changes = 0

    def __len__(self) -> int:
        return len(self._rows)

    def fill(self, rows: Iterable[RowT], last_id: int) -> None:
        """Take over saved rows."""
        with self._lock:
            for row in rows:
                self._put(row)
            self.last_id = max(self.last_id, last_id)

    def add(self, make: Callable[[int], RowT]) -> RowT:
        """A new row, made with the next id; TakenError leaves the table as it was."""
        with self._lock:
            row = make(self.last_id + 1)
            self._check(row)
            self.last_id += 1
            self._put(row)
            return row

    def edit(self, row: RowT, changes: dict[str, Any]) -> None:
        """Change fields of a row, its unique text perhaps; TakenError changes nothing."""
        with self._lock:
            before = {name: getattr(row, name) for name in changes}
            self._forget(row)
            _assign(row, changes)
            try:
                self._check(row)
            except TakenError:
                _assign(row, before)
                raise
            finally:
                self._put(row, is_new=False)

    def remove(self, row_id: int) -> RowT | None:
        """Take a row out."""
        with self._lock:
            row = self._rows.pop(row_id, None)
            if row is not None:
                self._forget(row)
                self._ordered = None
                self.changes += 1
            return row

    def get(self, row_id: int) -> RowT | None:
        """The row of this id."""
        return self._rows.get(row_id)

    def by_text(self, text: str) -> RowT | None:
        """The row with this unique text, however capitalised."""
        return self._by_text.get(folded(text))

    def ordered(self) -> list[RowT]:
        """All rows by rising id; not to be changed."""
        with self._lock:
            if self._ordered is None:
                self._ordered = list(self._rows.values())
            return self._ordered

    def _put(self, row: RowT, *, is_new: bool = True) -> None:
        self.changes += 1
        if self._unique:
            self._by_text[folded(self._unique(row))] = row
        if is_new:
            self._rows[row.id] = row
            self.last_id = max(self.last_id, row.id)
            self._ordered = None

    def _forget(self, row: RowT) -> None:
        if self._unique:
            self._by_text.pop(folded(self._unique(row)), None)

    def _check(self, row: RowT) -> None:
        if self._unique:
            other = self._by_text.get(folded(self._unique(row)))
            if other is not None and other.id != row.id:
                raise TakenError(self._unique(row))


def folded(text: object) -> str:
    """As unique texts are compared; tests may plant values that are no text at all."""
    return str(text).strip().lower()


def _assign(row: HasId, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)


class Tables:
    """Everything a store keeps."""

    def __init__(self) -> None:
        self.customers: Table[CustomerRow] = Table(lambda row: row.email)
        self.addresses: Table[AddressRow] = Table()
        self.attributes: Table[AttributeRow] = Table(lambda row: row.name)
        self.values: Table[AttributeValueRow] = Table(
            lambda row: f"{row.customer_id}/{row.attribute_id}"
        )
        self.groups: Table[GroupRow] = Table()
        self.subscribers: Table[SubscriberRow] = Table(lambda row: row.email)
        self.orders: Table[OrderRow] = Table()
        self.addresses_of: dict[int, list[AddressRow]] = {}
        self.values_of: dict[int, list[AttributeValueRow]] = {}

    @property
    def changes(self) -> int:
        """A number that moves whenever anything changes."""
        tables = (
            self.customers,
            self.addresses,
            self.attributes,
            self.values,
            self.groups,
            self.subscribers,
            self.orders,
        )
        return sum(table.changes for table in tables)

    def index(self) -> None:
        """Find addresses and values by customer again, after rows were filled in."""
        self.addresses_of.clear()
        self.values_of.clear()
        for address in self.addresses.ordered():
            self.addresses_of.setdefault(address.customer_id, []).append(address)
        for value in self.values.ordered():
            self.values_of.setdefault(value.customer_id, []).append(value)
