"""The command: `python -m bigcommerce.sandbox`, a pretend BigCommerce until it is told to stop."""

import argparse
import contextlib
import gc
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bigcommerce.sandbox.crowd import gather
from bigcommerce.sandbox.quota import Quota
from bigcommerce.sandbox.saving import Keeper, UnreadableStateError
from bigcommerce.sandbox.seed import populate
from bigcommerce.sandbox.server import Sandbox
from bigcommerce.sandbox.shop import Shop

STANDARD_QUOTA = (150, 30.0)
DEFAULT_STORE = "abc12:sandbox-token:Sandbox shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedStore:
    """A store named on the command line; `people` None means as many as `--people` says."""

    store_hash: str
    access_token: str
    name: str = ""
    people: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Out of HASH:TOKEN[:NAME][:people]; a last part of digits is the number of people."""
        store_hash, token, *rest = text.split(":")
        people = int(rest.pop()) if rest and rest[-1].isdigit() else None
        name = ":".join(rest)
        return cls(store_hash=store_hash, access_token=token, name=name, people=people)


def wanted_store(text: str) -> WantedStore:
    """For argparse, which turns the ValueError into a sentence."""
    return WantedStore.parse(text)


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m bigcommerce.sandbox",
        description="A pretend BigCommerce on this machine, for demos and tests.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--people", type=int, default=3000, help="made-up people per new store")
    parser.add_argument("--seed", type=int, default=1, help="other people for another number")
    parser.add_argument(
        "--crowd", action="store_true", help="people all alike, made fast: for measuring"
    )
    parser.add_argument(
        "--quota", type=int, default=STANDARD_QUOTA[0], help="calls a store takes in 30 s; 0: any"
    )
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds to every answer")
    parser.add_argument("--state", type=Path, help="load from and save to this file")
    parser.add_argument(
        "--store",
        type=wanted_store,
        action="append",
        dest="stores",
        metavar="HASH:TOKEN[:NAME][:people]",
        help="a store; may be given several times",
    )
    return parser.parse_args(arguments)


def add_stores(sandbox: Sandbox, options: argparse.Namespace) -> None:
    """The stores wanted that the state file did not bring, filled with people."""
    for wanted in options.stores or [wanted_store(DEFAULT_STORE)]:
        known = sandbox.service.shops.get(wanted.store_hash)
        if known is not None:
            known.access_token = wanted.access_token
            continue
        shop = sandbox.add_store(
            wanted.store_hash, access_token=wanted.access_token, name=wanted.name
        )
        shop.quota = Quota(options.quota, STANDARD_QUOTA[1]) if options.quota else None
        people = options.people if wanted.people is None else wanted.people
        if options.crowd:
            _gather(shop, people)
        else:
            populate(shop, people, seed=options.seed)


def _gather(shop: Shop, people: int) -> None:
    """Millions of rows: looking through them for garbage would take longer than making them."""
    gc.disable()
    gather(shop, people)
    gc.freeze()
    gc.enable()


def serve(options: argparse.Namespace, stop: threading.Event) -> None:
    """Serve until told to stop, the address on standard output."""
    sandbox = Sandbox(host=options.host, port=options.port)
    sandbox.service.latency = options.latency / 1000
    with contextlib.ExitStack() as stack:
        keeper = Keeper(sandbox, options.state) if options.state else None
        stack.callback(sandbox.stop)
        if keeper:
            keeper.load()
        add_stores(sandbox, options)
        if keeper:
            stack.enter_context(keeper)
        stack.enter_context(sandbox)
        sys.stdout.write(f"{sandbox.url}\n")
        sys.stdout.flush()
        stop.wait()


def main(arguments: list[str]) -> int:
    """The exit status: 0 after a signal, 2 with a sentence when it cannot start."""
    options = parse_arguments(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        serve(options, stop)
    except (ValueError, OSError, UnreadableStateError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
