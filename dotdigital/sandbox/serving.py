"""HTTP on loopback: reading requests and delivering answers, well or badly as a fault wants."""

import contextlib
import socket
import struct
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from dotdigital.sandbox.answers import Answer, html_answer
from dotdigital.sandbox.faults import Fault
from dotdigital.sandbox.requests import Request

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
LARGEST_REQUEST: Final = 100_000_000
RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)

Respond = Callable[[Request], tuple[Answer, Fault]]
Now = Callable[[], datetime]


class Server(ThreadingHTTPServer):
    """Serves one region until it is told to stop."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, *, region: str, respond: Respond, now: Now) -> None:
        super().__init__(("127.0.0.1", port), _Exchange)
        self.region = region
        self.respond = respond
        self.now = now
        self.stopping = Event()
        self.lines: set[socket.socket] = set()
        self._thread = Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._workers: set[Thread] = set()

    @property
    def url(self) -> str:
        """Where this region is reached."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """In a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everyone and wait until every thread is done."""
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        for line in tuple(self.lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for worker in tuple(self._workers):
            worker.join(timeout=5)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Like the base class, but keeps the thread so that `stop` can wait for it."""
        self.lines.add(request)
        worker = Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._workers = {each for each in self._workers if each.is_alive()} | {worker}
        worker.start()

    def shutdown_request(self, request: Any) -> None:
        """Closes a line and forgets it."""
        super().shutdown_request(request)
        self.lines.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are no news."""


class _Exchange(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def serve(self) -> None:
        request = self._read()
        if request is None:
            return
        answer, fault = self.server.respond(request)
        if fault.hang:
            self.server.stopping.wait(fault.hang)
        self._deliver(answer, fault)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """The request log is kept elsewhere."""

    def _read(self) -> Request | None:
        length = self._length()
        if length is None or not self._is_local():
            self.close_connection = True
            self._write(html_answer("Not from there, and not so.", status=400))
            return None
        url = urlsplit(self.path)
        return Request(
            method=self.command,
            path=url.path,
            query=dict(parse_qsl(url.query, keep_blank_values=True)),
            body=self.rfile.read(length),
            headers={name.lower(): value for name, value in self.headers.items()},
            region=self.server.region,
            at=self.server.now(),
        )

    def _length(self) -> int | None:
        told = self.headers.get("Content-Length", "0")
        if not told.isdigit() or "Transfer-Encoding" in self.headers:
            return None
        return int(told) if int(told) <= LARGEST_REQUEST else None

    def _is_local(self) -> bool:
        host = self.headers.get("Host", "")
        return host.rpartition(":")[0] in LOOPBACK or host in LOOPBACK

    def _deliver(self, answer: Answer, fault: Fault) -> None:
        if fault.drop:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        elif fault.flood:
            self._flood(answer)
        elif fault.drip:
            self._drip(answer, fault.drip)
        else:
            self._write(answer, is_whole=not fault.truncate)

    def _write(self, answer: Answer, *, is_whole: bool = True) -> None:
        half = len(answer.body) // 2
        body = answer.body if is_whole else answer.body[:half]
        self.close_connection = self.close_connection or not is_whole
        self.wfile.write(self._head(answer, len(answer.body)) + body)
        self.wfile.flush()

    def _flood(self, answer: Answer) -> None:
        self.close_connection = True
        self.wfile.write(self._head(answer, None) + b"[")
        while not self.server.stopping.is_set():
            self.wfile.write(b" " * 65_536)
            self.wfile.flush()

    def _drip(self, answer: Answer, pause: float) -> None:
        self.wfile.write(self._head(answer, len(answer.body)))
        for position in range(len(answer.body)):
            self.wfile.write(answer.body[position : position + 1])
            self.wfile.flush()
            if self.server.stopping.wait(pause):
                return

    def _head(self, answer: Answer, length: int | None) -> bytes:
        headers = {
            "Date": format_datetime(self.server.now(), usegmt=True),
            "Content-Type": answer.content_type,
            **answer.headers,
        }
        if length is not None and answer.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(length)
        if self.close_connection:
            headers["Connection"] = "close"
        reason = HTTPStatus(answer.status).phrase
        lines = [f"HTTP/1.1 {answer.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


for _method in METHODS:
    setattr(_Exchange, f"do_{_method}", _Exchange.serve)
