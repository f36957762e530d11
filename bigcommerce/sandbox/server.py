"""The sandbox as a whole: a server on loopback, its stores, and what tests may turn."""

import contextlib
import ipaddress
import socket
import sys
import threading
from collections.abc import Iterable
from http.server import ThreadingHTTPServer
from typing import Any, Self

from bigcommerce.sandbox.clock import Clock
from bigcommerce.sandbox.control import Control
from bigcommerce.sandbox.delivery import Connection
from bigcommerce.sandbox.faults import Faults
from bigcommerce.sandbox.journal import Journal
from bigcommerce.sandbox.quota import Quota
from bigcommerce.sandbox.service import Callback, Service, When
from bigcommerce.sandbox.shop import DEFAULT_SCOPES, Shop
from bigcommerce.sandbox.switches import Switches


class LoopbackServer(ThreadingHTTPServer):
    """Serves each connection in a thread, and can end them all."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        super().__init__(address, Connection)
        self.service = service
        self.control = Control(service)
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection while it lasts."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is a fault of the sandbox."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        """Hang up on every client."""
        self.stopping.set()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Sandbox:
    """A pretend BigCommerce: `with Sandbox() as sandbox: shop = sandbox.add_store("abc12")`."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if not is_loopback(host):
            message = f"The sandbox serves this machine only, so it cannot listen on {host}."
            raise ValueError(message)
        self.service = Service()
        self._server = LoopbackServer((host, port), self.service)
        self._thread = threading.Thread(target=self._serve, name="bigcommerce-sandbox")

    @property
    def url(self) -> str:
        """The base address, in place of the vendor's."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def clock(self) -> Clock:
        """The time here."""
        return self.service.clock

    @property
    def switches(self) -> Switches:
        """How the open questions are answered."""
        return self.service.switches

    @property
    def faults(self) -> Faults:
        """The trouble lying in wait."""
        return self.service.faults

    @property
    def requests(self) -> Journal:
        """What was asked of the stores."""
        return self.service.requests

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody and free the port; may be called again."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.end_connections()
        self._server.server_close()

    def add_store(
        self,
        store_hash: str,
        *,
        access_token: str = "token",  # noqa: S107  a pretend store's, good for nothing else
        name: str = "",
        scopes: Iterable[str] = DEFAULT_SCOPES,
        quota: tuple[int, float] | None = None,
    ) -> Shop:
        """A new, empty store; `quota` is requests and the seconds of their window."""
        shop = Shop(store_hash, access_token, clock=self.clock, switches=self.switches)
        shop.name = name or shop.name
        shop.allow(scopes)
        shop.quota = Quota(*quota) if quota else None
        self.service.shops[store_hash] = shop
        return shop

    def store(self, store_hash: str) -> Shop:
        """The store of this hash; KeyError if there is none."""
        return self.service.shops[store_hash]

    def on_request(self, callback: Callback, *, when: When = "before") -> None:
        """Be called with each request to a store, before it is answered or after."""
        self.service.callbacks[when].append(callback)

    def grant_code(self, store_hash: str) -> str:
        """A code the log-in would send to the app's callback; good once."""
        code = f"code-{len(self.service.codes) + 1}-{store_hash}"
        self.service.codes[code] = store_hash
        return code

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.01)


def is_loopback(host: str) -> bool:
    """Whether the address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
