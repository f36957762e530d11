"""The sandbox as a whole: accounts, switches, faults, and the server of each region."""

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import uuid4

from dotdigital.sandbox import control
from dotdigital.sandbox.account import Account
from dotdigital.sandbox.answers import Answer
from dotdigital.sandbox.clock import Clock
from dotdigital.sandbox.faults import Fault, Faults
from dotdigital.sandbox.requests import Request, RequestLog
from dotdigital.sandbox.service import Callback, Service
from dotdigital.sandbox.serving import Server
from dotdigital.sandbox.state import AccountState
from dotdigital.sandbox.switches import Switches


class Sandbox:
    """A pretend Dotdigital; as a context manager it serves on a free port of loopback.

    Accounts outside region r1 are served on a port of their own, as account-info tells.
    """

    def __init__(self, *, port: int = 0, switches: Switches | None = None) -> None:
        self._service = Service(switches=switches or Switches())
        self._servers: dict[str, Server] = {}
        self._port = port
        self.changes = 0

    @property
    def url(self) -> str:
        """Where everybody begins: region r1."""
        return self._servers["r1"].url

    @property
    def clock(self) -> Clock:
        """Advanceable; Date headers, server-time and removals go by it."""
        return self._service.clock

    @property
    def switches(self) -> Switches:
        """How it behaves where the documents leave it open."""
        return self._service.switches

    @property
    def requests(self) -> RequestLog:
        """Every API request so far."""
        return self._service.requests

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self._service.faults

    @property
    def accounts(self) -> Mapping[str, Account]:
        """By API user."""
        return self._service.accounts

    @property
    def service(self) -> Service:
        """What answers the requests."""
        return self._service

    def add_account(
        self,
        *,
        user: str | None = None,
        password: str = "sandbox-password",  # noqa: S107 - a pretend account
        name: str = "Demo shop",
        email: str = "owner@shop.example",
        region: str = "r1",
    ) -> Account:
        """An account with the built-in address books and data fields, and nobody in it."""
        state = AccountState(
            id=len(self.accounts) + 1,
            user=user or f"apiuser-{uuid4().hex[:12]}@apiconnector.com",
            password=password,
            name=name,
            email=email,
            region=region,
        )
        return self.open_account(state)

    def open_account(self, state: AccountState) -> Account:
        """An account as it was saved."""
        account = Account(state, clock=self.clock, switches=self.switches, lock=self._service.lock)
        self._service.accounts[account.user] = account
        self.changes += 1
        if self._servers:
            self._serve(state.region)
        return account

    def on_request(self, callback: Callback) -> None:
        """Called as callback(request, "before" or "after") around the serving of each one."""
        self._service.callbacks.append(callback)

    def start(self) -> None:
        """Serve, each region in a thread."""
        self._serve("r1")
        for account in self.accounts.values():
            self._serve(account.state.region)

    def stop(self) -> None:
        """Hang up and be gone."""
        for server in self._servers.values():
            server.stop()
        self._servers.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _serve(self, region: str) -> str:
        with self._service.lock:
            if region not in self._servers:
                port = 0 if self._servers else self._port
                server = Server(port, region=region, respond=self._respond, now=self._now)
                self._servers[region] = server
                server.start()
            return self._servers[region].url

    def _respond(self, request: Request) -> tuple[Answer, Fault]:
        is_ours = control.is_for(request)
        if not is_ours or request.method != "GET":
            self.changes += 1
        if is_ours:
            return control.respond(self._service, request), Fault()
        regions = {account.state.region for account in tuple(self.accounts.values())}
        return self._service.answer(request, {each: self._serve(each) for each in regions})

    def _now(self) -> datetime:
        return self.clock.now()
