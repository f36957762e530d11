"""Shuts the network for the tests: nothing but this machine can be reached."""

import ipaddress
import sys
from typing import Any

LOCAL_NAMES = frozenset({"", "localhost", "ip6-localhost"})


class NetworkShutError(AssertionError):
    """A test tried to leave this machine."""


def refuse_the_world(event: str, arguments: tuple[Any, ...]) -> None:
    """Let no connection and no look-up of a name pass that leads away from here."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _check(arguments[1][0])
    elif event == "socket.getaddrinfo":
        _check(arguments[0])


def _check(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host or ""
    if not _is_here(name):
        raise NetworkShutError(f"The network is shut for tests, so {name} is out of reach.")


def _is_here(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name in LOCAL_NAMES
    return address.is_loopback or address.is_unspecified


def pytest_configure() -> None:
    """Shut it for good; no code can take an audit hook away again."""
    sys.addaudithook(refuse_the_world)
