"""Answers that hold anything at all: what can be read is read, no neighbour is lost."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dotdigital.client import Client
from dotdigital.errors import ApiError, MalformedAnswerError
from dotdigital.records import ImportStatus, ResubscribeStatus
from dotdigital.sandbox import Fault, Sandbox

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = b'{"suppressedContact":{"id":1,"email":"a@x.example"},"dateRemoved":"2026-01-02T03:04:05Z"}'


def removal(date: str = "2026-01-02T03:04:05Z", **contact: Any) -> dict[str, Any]:
    return {"suppressedContact": contact, "dateRemoved": date, "reason": "Unsubscribed"}


@pytest.mark.parametrize(
    "bad",
    [
        b'{"suppressedContact":null,"dateRemoved":"2026-01-02T03:04:05Z"}',
        b'{"suppressedContact":{"id":2,"email":null},"dateRemoved":"2026-01-02T03:04:05Z"}',
        b'{"suppressedContact":{"id":2,"email":["x"]},"dateRemoved":"2026-01-02T03:04:05Z"}',
        b'{"suppressedContact":{"id":2,"email":"b@x.example"},"dateRemoved":"someday"}',
        b'{"suppressedContact":{"id":2,"email":"b@x.example"},"dateRemoved":null}',
        b'{"suppressedContact":{"id":1e400,"email":"b@x.example"},"dateRemoved":"\\ud800"}',
        b'{"suppressedContact":{"id":2,"email":"b@x.example"}}',
        b'"row"',
        b"null",
        b"[]",
    ],
)
def test_one_bad_row_costs_one_row(sandbox: Sandbox, client: Client, bad: bytes) -> None:
    body = b"[" + GOOD + b"," + bad + b"," + GOOD + b"]"
    sandbox.faults.add(Fault(status=200, body=body))

    page = next(client.suppressed_since(SINCE))

    assert [each.email for each in page.records] == ["a@x.example"] * 2
    assert page.skipped == 1


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02T03:04:05.527123Z", datetime(2026, 1, 2, 3, 4, 5, 527_123, tzinfo=UTC)),
        ("2026-01-02T03:04:05.5271234Z", datetime(2026, 1, 2, 3, 4, 5, 527_123, tzinfo=UTC)),
        ("2026-01-02 03:04:05.527000+00:00", datetime(2026, 1, 2, 3, 4, 5, 527_000, tzinfo=UTC)),
        ("2026-01-02T05:04:05+02:00", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("0001-01-01T00:00:00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_moments_come_in_many_forms(
    sandbox: Sandbox, client: Client, text: str, moment: datetime
) -> None:
    sandbox.faults.add(Fault(status=200, body=[removal(text, id=1, email="a@x.example")]))

    page = next(client.suppressed_since(SINCE))

    assert [each.removed_at for each in page.records] == [moment]


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+05:00", "10000-01-01T00:00:00Z"])
def test_a_moment_out_of_all_time_skips_its_row(
    sandbox: Sandbox, client: Client, date: str
) -> None:
    sandbox.faults.add(Fault(status=200, body=[removal(date, id=1, email="a@x.example")]))

    page = next(client.suppressed_since(SINCE))

    assert (len(page.records), page.skipped) == (0, 1)


def test_an_id_told_as_text_is_a_number(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(status=200, body={"id": "7", "name": "Store", "contacts": "3"}))

    book = client.address_book(7)

    assert (book.id, book.contacts) == (7, 3)


def test_a_report_loses_only_the_rows_that_cannot_be_read(sandbox: Sandbox, client: Client) -> None:
    report = {
        "importId": "abc",
        "status": "finished",
        "created": [
            {"contactId": "x", "identifiers": {"email": "bad@x.example"}},
            {"contactId": "11", "identifiers": {"email": "a@x.example"}},
            None,
        ],
        "updated": "none",
        "failures": [
            {"identifiers": {"email": ["x"], "contactId": "y"}, "failures": None},
            {"identifiers": {"contactId": 12}, "failures": [{"failureCode": "InvalidEmail"}]},
        ],
    }
    sandbox.faults.add(Fault(status=200, body=report))

    read = client.contact_import("abc")

    assert read.status is ImportStatus.FINISHED
    assert [each.contact_id for each in read.created] == [11]
    assert [(each.contact_id, each.code) for each in read.failures] == [
        (None, ""),
        (12, "InvalidEmail"),
    ]


def test_an_unknown_status_of_an_import_is_no_end(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(status=200, body={"importId": "abc", "status": "Pondering"}))

    read = client.contact_import("abc")

    assert read.status is ImportStatus.UNKNOWN
    assert not read.is_finished


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"null", b"\xff\xfe", b'{"importId":"abc"}', b"[" * 100_000, b""]
)
def test_a_report_that_is_none_is_malformed(sandbox: Sandbox, client: Client, body: bytes) -> None:
    sandbox.faults.add(Fault(status=200, body=body, times=None))

    with pytest.raises(MalformedAnswerError):
        client.contact_import("abc")


@pytest.mark.parametrize("body", [b"{}", b"null", b'"text"', b"{", b"[" * 100_000])
def test_a_list_that_is_none_is_malformed(sandbox: Sandbox, client: Client, body: bytes) -> None:
    sandbox.faults.add(Fault(status=200, body=body, times=None))

    with pytest.raises(ApiError):
        client.data_fields()


def test_statuses_come_in_any_case(sandbox: Sandbox, client: Client, book: int) -> None:
    sandbox.faults.add(Fault(status=200, body={"contact": {}, "status": "contactadded"}))

    assert client.resubscribe(book, "a@x.example") is ResubscribeStatus.ADDED


def test_a_contact_with_next_to_nothing_is_a_contact(sandbox: Sandbox, client: Client) -> None:
    bare = {"contactId": 5, "identifiers": {"email": None}, "dataFields": None, "lists": None}
    sandbox.faults.add(Fault(status=200, body=bare))

    found = client.contact_by_id(5)

    assert found is not None
    assert (found.email, found.lists, found.created) == ("", {}, None)
