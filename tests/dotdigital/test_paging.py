"""Feeds page by page: nothing lost at the borders, no page for ever."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import pytest

from dotdigital.client import Client
from dotdigital.errors import UnwantedAnswerError
from dotdigital.patience import Tuning
from dotdigital.sandbox import Account, Fault, Request, Sandbox

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 100


@pytest.fixture
def reader(sandbox: Sandbox, account: Account) -> Iterator[Client]:
    tuning = Tuning(page_size=PAGE, first_pause=0.001)
    with Client(account.user, account.password, endpoint=sandbox.url, tuning=tuning) as ready:
        yield ready


def leave(account: Account, count: int) -> set[str]:
    emails = [f"p{number}@x.example" for number in range(count)]
    for number, email in enumerate(emails):
        account.add_contact(email)
        account.unsubscribe(email, at=START + timedelta(seconds=number))
    return set(emails)


def test_every_removal_is_read_over_many_pages(reader: Client, account: Account) -> None:
    expected = leave(account, 250)

    pages = list(reader.suppressed_since(START))

    assert {each.email for page in pages for each in page.records} == expected
    assert [page.cursor is None for page in pages] == [False, False, True]


def test_a_reading_goes_on_after_its_cursor(reader: Client, account: Account) -> None:
    expected = leave(account, 250)
    first = next(reader.suppressed_since(START))

    rest = list(reader.suppressed_since(START, cursor=first.cursor))

    read = {each.email for page in [first, *rest] for each in page.records}
    assert read == expected
    assert len(rest) == 2


def test_a_full_last_page_is_followed_by_the_end(reader: Client, account: Account) -> None:
    leave(account, PAGE)

    pages = list(reader.suppressed_since(START))

    assert pages[-1].cursor is None
    assert len({each.email for page in pages for each in page.records}) == PAGE


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_somebody_who_comes_back_during_the_reading_hides_nobody(
    sandbox: Sandbox, reader: Client, account: Account, order: str
) -> None:
    sandbox.switches.newest_first = order == "newest"
    expected = leave(account, 250)

    def come_back(request: Request, moment: Literal["before", "after"]) -> None:
        if moment == "after" and len(sandbox.requests) == 1:
            returning = account.known("p249@x.example" if order == "newest" else "p0@x.example")
            account.people.set_status(returning, "subscribed")

    sandbox.on_request(come_back)
    pages = list(reader.suppressed_since(START))

    assert {each.email for page in pages for each in page.records} == expected


def test_the_same_page_again_and_again_ends_in_an_error(sandbox: Sandbox, reader: Client) -> None:
    row = {"suppressedContact": {"id": 1, "email": "a@x.example"}, "dateRemoved": "2026-01-01"}
    sandbox.faults.add(Fault(path="suppressed", times=None, status=200, body=[row] * PAGE))

    with pytest.raises(UnwantedAnswerError, match="came twice"):
        list(reader.suppressed_since(START))

    assert reader.calls == 2


def test_a_second_page_that_fails_is_an_error_and_no_end(
    sandbox: Sandbox, reader: Client, account: Account
) -> None:
    leave(account, 150)
    sandbox.faults.add(Fault(path="suppressed", skip=1, cut=True))

    pages = list(reader.suppressed_since(START))

    assert sum(len(page.records) for page in pages) >= 150
    assert reader.calls == 3


def test_address_books_come_once_each_over_many_pages(reader: Client, account: Account) -> None:
    made = [account.add_address_book(f"Book {number}") for number in range(2 * PAGE)]

    ids = [book.id for book in reader.address_books()]

    assert len(ids) == len(set(ids)) == len(made) + 2


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_since_may_or_may_not_count_its_own_moment(
    sandbox: Sandbox, reader: Client, account: Account, is_inclusive: bool
) -> None:
    sandbox.switches.since_is_inclusive = is_inclusive
    leave(account, 2)

    rows = [each for page in reader.suppressed_since(START) for each in page.records]

    assert len(rows) == (2 if is_inclusive else 1)


def test_a_removal_may_show_late(sandbox: Sandbox, reader: Client, account: Account) -> None:
    sandbox.switches.removal_delay = 30
    account.add_contact("jane@x.example")
    account.unsubscribe("jane@x.example")

    before = next(reader.suppressed_since(START)).records
    sandbox.clock.advance(31)
    after = next(reader.suppressed_since(START)).records

    assert (len(before), len(after)) == (0, 1)


def test_rows_are_plain_json_lists(sandbox: Sandbox, reader: Client) -> None:
    sandbox.faults.add(Fault(status=200, body=msgspec.json.encode([])))

    assert list(reader.address_books()) == []
