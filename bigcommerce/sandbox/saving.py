"""The state of a sandbox in a file, so that a demo started again finds the same shop."""

import contextlib
import tempfile
import threading
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from bigcommerce.sandbox.quota import Quota
from bigcommerce.sandbox.rows import (
    AddressRow,
    AttributeRow,
    AttributeValueRow,
    CustomerRow,
    GroupRow,
    OrderRow,
    SubscriberRow,
)
from bigcommerce.sandbox.server import Sandbox
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.switches import Switches

INTERVAL = 0.5


class _Store(Struct, kw_only=True):
    """One store with all its rows; `last_ids` so that no id is ever given twice."""

    store_hash: str
    access_token: str
    name: str
    scopes: list[str]
    quota: tuple[int, float] | None
    last_ids: dict[str, int]
    customers: list[CustomerRow]
    addresses: list[AddressRow]
    attributes: list[AttributeRow]
    values: list[AttributeValueRow]
    groups: list[GroupRow]
    subscribers: list[SubscriberRow]
    orders: list[OrderRow]


class _State(Struct, kw_only=True):
    stores: list[_Store]
    switches: Switches


_TABLES = (
    *("customers", "addresses", "attributes", "values", "groups"),
    *("subscribers", "orders"),
)


class UnreadableStateError(Exception):
    """The file is not one this sandbox wrote."""


class Keeper:
    """Saves a sandbox soon after each change, and once more at the end."""

    def __init__(self, sandbox: Sandbox, path: Path, *, interval: float = INTERVAL) -> None:
        self._sandbox = sandbox
        self._path = path
        self._interval = interval
        self._saved = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="bigcommerce-sandbox-keeper")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._ended.set()
        self._thread.join()
        self._save_if_changed()

    def load(self) -> None:
        """Take over what the file holds, if there is one; UnreadableStateError if it is odd."""
        if not self._path.exists():
            return
        try:
            state = msgspec.json.decode(self._path.read_bytes(), type=_State)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            message = f"{self._path} is not a state file of this sandbox: {error}"
            raise UnreadableStateError(message) from error
        for name in state.switches.__slots__:
            setattr(self._sandbox.switches, name, getattr(state.switches, name))
        for store in state.stores:
            _restore(self._sandbox, store)

    def _keep(self) -> None:
        while not self._ended.wait(self._interval):
            self._save_if_changed()

    def _save_if_changed(self) -> None:
        shops = self._sandbox.service.shops
        now = repr((self._sandbox.switches, [(s, shops[s].tables.changes) for s in shops]))
        if now != self._saved:
            self._save()
            self._saved = now

    def _save(self) -> None:
        stores = [_picture(shop) for shop in tuple(self._sandbox.service.shops.values())]
        state = _State(stores=stores, switches=self._sandbox.switches)
        write_whole(self._path, msgspec.json.encode(state))


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once: a reader, or a crash, meets the old one or the new one."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(content)
    try:
        Path(file.name).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(file.name).unlink()


def _picture(shop: Shop) -> _Store:
    tables = {name: getattr(shop.tables, name) for name in _TABLES}
    return _Store(
        store_hash=shop.store_hash,
        access_token=shop.access_token,
        name=shop.name,
        scopes=sorted(shop.scopes),
        quota=(shop.quota.requests, shop.quota.seconds) if shop.quota else None,
        last_ids={name: table.last_id for name, table in tables.items()},
        **{name: table.ordered() for name, table in tables.items()},
    )


def _restore(sandbox: Sandbox, saved: _Store) -> None:
    shop = sandbox.add_store(saved.store_hash, access_token=saved.access_token, name=saved.name)
    shop.allow(saved.scopes)
    shop.quota = Quota(*saved.quota) if saved.quota else None
    for name in _TABLES:
        getattr(shop.tables, name).fill(getattr(saved, name), saved.last_ids.get(name, 0))
    shop.tables.index()
