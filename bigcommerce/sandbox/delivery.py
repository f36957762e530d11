"""How answers travel over the sandbox's sockets, spoilt where a fault says so."""

import socket
import struct
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bigcommerce.sandbox import store_api
from bigcommerce.sandbox.answers import Answer, RefusedError
from bigcommerce.sandbox.faults import Fault
from bigcommerce.sandbox.orders_api import letter_date
from bigcommerce.sandbox.service import Request

if TYPE_CHECKING:
    from bigcommerce.sandbox.server import LoopbackServer

_LARGEST_BODY = 10 * 1024 * 1024
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_SPOILT_ON_THE_WAY = {"hang", "drop", "drop-after", "reset", "truncate", "drip"}


class Connection(BaseHTTPRequestHandler):
    """One client's connection, kept open from request to request."""

    server: "LoopbackServer"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answer any method alike."""
        size = int(self.headers.get("Content-Length") or 0)
        if size > _LARGEST_BODY:
            self.close_connection = True
            self._send(Answer(413))
            return
        self._answer(self.rfile.read(size))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815  the standard library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as in the base
        """Keep quiet: the journal tells it all."""

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/stores/"):
            self._answer_store(parts.path, parts.query, body)
        elif parts.path == "/oauth2/token" and self.command == "POST":
            self._send(self._token(body))
        else:
            control = self.server.control
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._send(control.answer(self.command, parts.path, parts.query, body, headers))

    def _answer_store(self, path: str, query: str, body: bytes) -> None:
        store, _, rest = path.removeprefix("/stores/").partition("/")
        answer, fault = self.server.service.serve(
            Request(
                store=store,
                method=self.command,
                path=f"/{rest}",
                query=query,
                body=body,
                token=self.headers.get("X-Auth-Token", ""),
            )
        )
        self._deliver(answer, fault)

    def _token(self, body: bytes) -> Answer:
        try:
            return store_api.exchange(self.server.service.shops, self.server.service.codes, body)
        except RefusedError as no:
            return no.answer

    def _deliver(self, answer: Answer, fault: Fault | None) -> None:
        if fault is None or fault.act not in _SPOILT_ON_THE_WAY:
            self._send(answer)
            return
        self.close_connection = True
        if fault.act == "hang":
            self.server.stopping.wait(fault.seconds)
        elif fault.act == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        elif fault.act == "truncate":
            head, body = self._packed(answer)
            self.wfile.write(head + body[: int(len(body) * fault.share_kept)])
        elif fault.act == "drip":
            drip(self.connection, self._packed(answer), fault, self.server.stopping)

    def _send(self, answer: Answer) -> None:
        head, body = self._packed(answer)
        self.wfile.write(head + body)

    def _packed(self, answer: Answer) -> tuple[bytes, bytes]:
        body = answer.encoded()
        lines = [
            f"HTTP/1.1 {answer.status} {_phrase(answer.status)}",
            f"Date: {letter_date(self.server.service.clock.now())[:-5]}GMT",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        if answer.status != HTTPStatus.NO_CONTENT:
            lines.append(f"Content-Length: {len(body)}")
        if self.close_connection:
            lines.append("Connection: close")
        return "\r\n".join((*lines, "", "")).encode("latin-1", "replace"), body


def drip(
    connection: socket.socket, packed: tuple[bytes, bytes], fault: Fault, stop: threading.Event
) -> None:
    """Send the body a byte at a time, until it is sent, the client is gone or it is the end."""
    head, body = packed
    try:
        connection.sendall(head)
        for byte in body:
            if stop.wait(1 / fault.bytes_per_second):
                return
            connection.sendall(bytes((byte,)))
    except OSError:
        return


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
