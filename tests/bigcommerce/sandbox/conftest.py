"""Plain requests to the sandbox, as any program would send them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from bigcommerce.sandbox import Sandbox, Shop

Ask = Callable[..., requests.Response]


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """A client without any opinions."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def ask(browser: requests.Session, sandbox: Sandbox, shop: Shop) -> Ask:
    """Asks the store: `ask("GET", "/v2/time")`."""

    def send(method: str, address: str, json: Any = None, **options: Any) -> requests.Response:
        token = options.pop("token", shop.access_token)
        store = options.pop("store", shop.store_hash)
        return browser.request(
            method,
            f"{sandbox.url}/stores/{store}{address}",
            json=json,
            headers={"X-Auth-Token": token} if token else {},
            timeout=5,
            **options,
        )

    return send
