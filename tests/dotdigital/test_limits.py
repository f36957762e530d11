"""Headers in, seconds out."""

from datetime import UTC, datetime, timedelta

import pytest

from dotdigital.limits import allowance, http_date, retry_after

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [(str(EPOCH + 20), 20), ("20", 20), (str(EPOCH - 5), 0), ("0.25", 0.25), ("999999999", 3600)],
)
def test_a_reset_is_an_epoch_or_seconds(reset: str, seconds: float) -> None:
    headers = {
        "X-RateLimit-Limit": "150",
        "X-RateLimit-Remaining": "3",
        "X-RateLimit-Reset": reset,
        "X-RateLimit-Scope": "lowCallRate",
    }

    told = allowance(headers, now=NOW)

    assert told is not None
    assert (told.scope, told.limit, told.remaining) == ("lowcallrate", 150, 3)
    assert told.resets_in == pytest.approx(seconds)


@pytest.mark.parametrize("rubbish", ["", "soon", "nan", "inf", "-1", "1e999"])
def test_rubbish_in_a_header_is_no_allowance(rubbish: str) -> None:
    headers = {
        "X-RateLimit-Limit": "150",
        "X-RateLimit-Remaining": "3",
        "X-RateLimit-Reset": rubbish,
    }

    assert allowance(headers, now=NOW) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("1", 1),
        ("60", 60),
        ("0", 0),
        ("1000000", 3600),
        ("Fri, 02 Jan 2026 03:04:35 GMT", 30),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0),
        ("in a while", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_nothing(told: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": told}, now=NOW) == seconds


def test_no_header_asks_for_nothing() -> None:
    assert retry_after({}, now=NOW) is None


@pytest.mark.parametrize("text", [None, "", "yesterday", "Fri, 99 Jan 2026 03:04:05 GMT"])
def test_a_date_that_is_none_is_none(text: str | None) -> None:
    assert http_date(text) is None


def test_a_date_is_in_utc() -> None:
    moment = http_date("Fri, 02 Jan 2026 05:04:05 +0200")

    assert moment == NOW
    assert moment.utcoffset() == timedelta()
