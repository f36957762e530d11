"""The bytes of an imported row, and what records tell of themselves."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from dotdigital.records import (
    AddressBook,
    ConsentRecord,
    ContactImport,
    ContactToImport,
    ImportStatus,
    encode,
)

CONSENT = ConsentRecord(
    text="I agree",
    consented_at=datetime(2026, 1, 2, 5, 4, 5, 999_999, tzinfo=timezone(timedelta(hours=2))),
    url="https://shop.example/",
    ip_address="203.0.113.7",
    user_agent="Mozilla/5.0",
)


def test_the_same_contact_is_always_the_same_bytes() -> None:
    one = ContactToImport(email="a@x.example", data_fields={"B": 1, "A": None})
    other = ContactToImport(email="a@x.example", data_fields={"A": None, "B": 1})

    assert encode(one) == encode(other)


def test_a_row_holds_what_was_asked_for_and_never_a_status() -> None:
    contact = ContactToImport(
        email="jane@x.example",
        data_fields={"FIRSTNAME": "Jane", "NOTE": None, "SPENT": 1.5, "LOYAL": True},
        address_book_ids=(7, 8),
        opt_in_type="single",
        consent_records=(CONSENT,),
    )

    row = msgspec.json.decode(encode(contact))

    assert row == {
        "matchIdentifier": "email",
        "identifiers": {"email": "jane@x.example"},
        "dataFields": {"FIRSTNAME": "Jane", "NOTE": None, "SPENT": 1.5, "LOYAL": True},
        "lists": [7, 8],
        "channelProperties": {"email": {"emailType": "html", "optInType": "single"}},
        "consentRecords": [
            {
                "text": "I agree",
                "dateTimeConsented": "2026-01-02T03:04:05Z",
                "url": "https://shop.example/",
                "ipAddress": "203.0.113.7",
                "userAgent": "Mozilla/5.0",
            }
        ],
    }


def test_what_is_empty_is_left_out() -> None:
    row = msgspec.json.decode(encode(ContactToImport(email="jane@x.example")))

    assert row == {"matchIdentifier": "email", "identifiers": {"email": "jane@x.example"}}


def test_a_contact_with_an_id_is_found_by_it() -> None:
    row = msgspec.json.decode(encode(ContactToImport(email="new@x.example", contact_id=12)))

    assert row["matchIdentifier"] == "contactId"
    assert row["identifiers"] == {"contactId": 12, "email": "new@x.example"}


def test_text_that_is_no_text_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        encode(ContactToImport(email="a@x.example", data_fields={"FIRSTNAME": "\ud800"}))


def test_a_moment_without_a_time_zone_is_refused() -> None:
    consent = msgspec.structs.replace(CONSENT, consented_at=datetime(2026, 1, 2))  # noqa: DTZ001

    with pytest.raises(ValueError, match="time zone"):
        encode(ContactToImport(email="a@x.example", consent_records=(consent,)))


@pytest.mark.parametrize(
    ("name", "is_built_in"), [("Test", True), ("ALL CONTACTS", True), ("Testers", False)]
)
def test_built_in_books_are_known_by_name(name: str, is_built_in: bool) -> None:
    assert AddressBook(id=1, name=name).is_built_in is is_built_in


@pytest.mark.parametrize(
    ("status", "is_finished"),
    [
        (ImportStatus.NOT_FINISHED, False),
        (ImportStatus.UNKNOWN, False),
        (ImportStatus.FINISHED, True),
        (ImportStatus.FAILED, True),
        (ImportStatus.REJECTED_BY_WATCHDOG, True),
        (ImportStatus.EXCEEDS_ALLOWED_CONTACT_LIMIT, True),
    ],
)
def test_an_import_is_finished_when_nothing_more_will_come(
    status: ImportStatus, is_finished: bool
) -> None:
    assert ContactImport(id="1", status=status).is_finished is is_finished


def test_years_of_four_digits_stay_so() -> None:
    early = msgspec.structs.replace(CONSENT, consented_at=datetime(1, 2, 3, tzinfo=UTC))

    row = msgspec.json.decode(
        encode(ContactToImport(email="a@b.example", consent_records=(early,)))
    )

    assert row["consentRecords"][0]["dateTimeConsented"] == "0001-02-03T00:00:00Z"
