"""A sandbox with one store, and a client of it that does not wait long for anything."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bigcommerce.client import Client
from bigcommerce.http import Tuning
from bigcommerce.sandbox import Sandbox, Shop

QUICK = Tuning(
    connect_timeout=1.0,
    read_timeout=0.3,
    deadline=0.5,
    patience=3.0,
    longest_wait=1.0,
    backoff=0.001,
    longest_backoff=0.01,
)

NewClient = Callable[..., Client]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A pretend BigCommerce, empty."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    """A store in it."""
    return sandbox.add_store("abc12", access_token="token-of-abc12", name="Tea & Co")


@pytest.fixture
def new_client(sandbox: Sandbox, shop: Shop) -> Iterator[NewClient]:
    """Makes clients of the store, and closes them."""
    made: list[Client] = []

    def make(**options: Any) -> Client:
        settings = {"base_url": sandbox.url, "tuning": QUICK, **options}
        token = settings.pop("access_token", shop.access_token)
        store_hash = settings.pop("store_hash", shop.store_hash)
        made.append(Client(store_hash, token, **settings))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(new_client: NewClient) -> Client:
    """A client of the store."""
    return new_client()
