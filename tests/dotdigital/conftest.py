"""A sandbox, an account in it and an impatient client."""

from collections.abc import Iterator

import pytest

from dotdigital.client import Client
from dotdigital.patience import Tuning
from dotdigital.sandbox import Account, Sandbox

QUICK = Tuning(
    connect_timeout=2,
    answer_timeout=5,
    attempts=6,
    first_pause=0.001,
    longest_pause=0.002,
    patience=10,
    longest_wait=0.5,
    largest_answer=2_000_000,
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return sandbox.add_account(user="apiuser-1@apiconnector.com", password="a-password")


@pytest.fixture
def book(account: Account) -> int:
    return account.add_address_book("Store subscribers")


@pytest.fixture
def client(sandbox: Sandbox, account: Account) -> Iterator[Client]:
    with Client(account.user, account.password, endpoint=sandbox.url, tuning=QUICK) as ready:
        yield ready
