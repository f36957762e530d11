"""Rows to import, and a bare way to ask the sandbox what our client does not ask."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import requests

from dotdigital.client import Client
from dotdigital.records import ContactImport
from dotdigital.sandbox import Account, Sandbox

JANE = "jane@x.example"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(sandbox: Sandbox, account: Account) -> Ask:
    def call(method: str, path: str, content: Any = None, **options: Any) -> tuple[int, Any]:
        options.setdefault("auth", (account.user, account.password))
        body = None if content is None else msgspec.json.encode(content)
        with requests.request(
            method, sandbox.url + path, data=body, timeout=5, allow_redirects=False, **options
        ) as answer:
            return answer.status_code, answer.json() if answer.text[:1] in {
                "{",
                "[",
            } else answer.text

    return call


def row(email: str = JANE, **parts: Any) -> bytes:
    return msgspec.json.encode(
        {"matchIdentifier": "email", "identifiers": {"email": email}, **parts}
    )


def run(client: Client, *rows: bytes) -> ContactImport:
    import_id = client.import_contacts(rows)
    while not (report := client.contact_import(import_id)).is_finished:
        pass
    return report


def codes(report: ContactImport) -> list[str]:
    return [each.code for each in report.failures]
