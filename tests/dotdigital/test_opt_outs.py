"""Who left the account or a book, and how they are asked back."""

from datetime import UTC, datetime, timedelta

import pytest

from dotdigital.client import Client
from dotdigital.errors import (
    NotFoundError,
    RejectedError,
    UnavailableError,
)
from dotdigital.records import (
    Removal,
    ResubscribeStatus,
)
from dotdigital.sandbox import Account, Fault, Sandbox

LONG_AGO = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


def test_everyone_who_left_the_account_is_told_with_the_reason(
    client: Client, account: Account
) -> None:
    for email in ("a@x.example", "b@x.example", "c@x.example", "d@x.example"):
        account.add_contact(email)
    account.unsubscribe("a@x.example", at=LONG_AGO)
    account.bounce("b@x.example", at=LONG_AGO + timedelta(seconds=1))
    account.complain("c@x.example", at=LONG_AGO + timedelta(seconds=2))
    account.suppress("d@x.example", at=LONG_AGO - timedelta(seconds=2))

    pages = list(client.suppressed_since(LONG_AGO))

    assert [page.cursor for page in pages] == [None]
    assert [each.reason for each in pages[0].records] == [
        "Unsubscribed",
        "HardBounced",
        "IspComplained",
    ]
    assert pages[0].records[0] == Removal(
        contact_id=account.known("a@x.example").id,
        email="a@x.example",
        removed_at=LONG_AGO,
        reason="Unsubscribed",
        status="Unsubscribed",
    )


def test_who_left_one_book_is_told_for_that_book_alone(
    client: Client, account: Account, book: int
) -> None:
    account.add_contact("a@x.example", lists=[book])
    account.add_contact("b@x.example", lists=[book])
    account.unsubscribe_from(book, "a@x.example", at=LONG_AGO)
    account.unsubscribe("b@x.example", at=LONG_AGO)

    rows = [each for page in client.unsubscribed_since(book, LONG_AGO) for each in page.records]

    assert [(each.email, each.reason, each.status) for each in rows] == [
        ("a@x.example", "Unsubscribed", "Subscribed")
    ]
    assert [each.email for page in client.suppressed_since(LONG_AGO) for each in page.records] == [
        "b@x.example"
    ]


def test_who_left_a_book_that_is_gone_is_not_found(client: Client) -> None:
    with pytest.raises(NotFoundError):
        list(client.unsubscribed_since(4711, LONG_AGO))


def test_since_is_written_in_whole_seconds_of_utc(sandbox: Sandbox, client: Client) -> None:
    list(client.suppressed_since(LONG_AGO))

    assert sandbox.requests[-1].path == "/v2/contacts/suppressed-since/2026-01-02T03:04:05Z"


def test_a_challenged_person_stays_out_until_they_click(
    client: Client, account: Account, book: int
) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.unsubscribe("jane@x.example")

    answer = client.resubscribe(book, "jane@x.example")
    before = account.members(book)
    account.confirm_resubscription("jane@x.example")

    assert answer is ResubscribeStatus.CHALLENGED
    assert before == []
    assert account.members(book) == ["jane@x.example"]


def test_without_a_challenge_the_person_is_back_at_once(
    client: Client, account: Account, book: int
) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.unsubscribe_from(book, "jane@x.example")

    answer = client.resubscribe(book, "jane@x.example", challenge=False)

    assert answer is ResubscribeStatus.ADDED
    assert account.members(book) == ["jane@x.example"]


def test_who_complained_is_not_asked_again(client: Client, account: Account, book: int) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.complain("jane@x.example")

    assert client.resubscribe(book, "jane@x.example") is ResubscribeStatus.REFUSED
    assert client.resubscribe(book, "jane@x.example", challenge=False) is ResubscribeStatus.REFUSED


def test_a_refusal_by_token_is_a_refusal_too(sandbox: Sandbox, client: Client, book: int) -> None:
    body = {"message": "Contact is suppressed. ERROR_CONTACT_SUPPRESSED"}
    sandbox.faults.add(Fault(path="resubscribe", status=400, body=body))

    assert client.resubscribe(book, "jane@x.example") is ResubscribeStatus.REFUSED


def test_resubscribing_somebody_unknown_is_rejected(client: Client, book: int) -> None:
    with pytest.raises(RejectedError) as raised:
        client.resubscribe(book, "nobody@x.example")

    assert raised.value.code == "ERROR_CONTACT_RESUBSCRIPTION_INVALID"


def test_nobody_is_asked_twice_because_an_answer_got_lost(
    sandbox: Sandbox, client: Client, account: Account, book: int
) -> None:
    account.add_contact("jane@x.example", lists=[book])
    account.unsubscribe("jane@x.example")
    sandbox.faults.add(Fault.named("lost answer", path="resubscribe"))

    with pytest.raises(UnavailableError):
        client.resubscribe(book, "jane@x.example")

    assert len(sandbox.requests.matching("resubscribe")) == 1
