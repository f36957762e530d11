"""The command: `python -m dotdigital.sandbox --port 8071 --state FILE --account USER:PASSWORD`."""

import argparse
import signal
import sys
from pathlib import Path
from threading import Event
from typing import Final

from dotdigital.sandbox.saving import load, save
from dotdigital.sandbox.seed import furnish
from dotdigital.sandbox.server import Sandbox

LOOPBACK: Final = ("127.0.0.1", "localhost")
SAVE_EVERY: Final = 0.5
BODIES_KEPT: Final = 50


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    options = _parser().parse_args(arguments)
    if options.host not in LOOPBACK:
        sys.stderr.write("The sandbox has no real security and serves on 127.0.0.1 only.\n")
        return 2
    sandbox = Sandbox(port=options.port)
    sandbox.requests.bodies_kept = BODIES_KEPT
    sandbox.service.latency = options.latency / 1000
    if options.import_seconds is not None:
        sandbox.switches.import_polls = 0
        sandbox.switches.import_seconds = options.import_seconds
    if options.state:
        load(sandbox, options.state)
    _open_accounts(sandbox, options)
    stop = _stop_signal()
    with sandbox:
        sys.stdout.write(f"{sandbox.url}\n")
        sys.stdout.flush()
        _keep(sandbox, options.state, stop)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dotdigital.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, help="a file to go on from and to save to")
    parser.add_argument("--account", action="append", default=[], metavar="USER:PASSWORD[:NAME]")
    parser.add_argument("--contacts", type=int, default=12, help="people in each new account")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds to every answer")
    parser.add_argument(
        "--import-seconds",
        type=float,
        help="an import takes so long, however often it is asked for",
    )
    return parser


def _open_accounts(sandbox: Sandbox, options: argparse.Namespace) -> None:
    for told in options.account:
        user, _, rest = told.partition(":")
        password, _, name = rest.partition(":")
        if user not in sandbox.accounts:
            account = sandbox.add_account(user=user, password=password, name=name or "Demo shop")
            furnish(account, contacts=options.contacts, seed=options.seed)


def _stop_signal() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _keep(sandbox: Sandbox, path: Path | None, stop: Event) -> None:
    saved = -1
    while True:
        is_over = stop.wait(SAVE_EVERY)
        if path and saved != sandbox.changes:
            saved = sandbox.changes
            save(sandbox, path)
        if is_over:
            return


if __name__ == "__main__":
    sys.exit(main())
