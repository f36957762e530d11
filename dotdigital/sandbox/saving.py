"""Keeping the accounts in a file, so that a sandbox goes on where it was stopped."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from dotdigital.sandbox.server import Sandbox
from dotdigital.sandbox.state import AccountState


class Saved(Struct, kw_only=True):
    """What the file holds."""

    accounts: list[AccountState]


def load(sandbox: Sandbox, path: Path) -> None:
    """Open every account of the file, if there is one."""
    if path.exists():
        for state in msgspec.json.decode(path.read_bytes(), type=Saved).accounts:
            sandbox.open_account(state)


def save(sandbox: Sandbox, path: Path) -> None:
    """Write the file anew and put it in place at once, whole or not at all."""
    with sandbox.service.lock:
        accounts = [account.state for account in sandbox.accounts.values()]
        content = msgspec.json.encode(Saved(accounts=accounts))
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.write_bytes(content)
    draft.replace(path)
