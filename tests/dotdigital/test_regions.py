"""Where calls may go, as tables of hostile and honest addresses."""

import pytest

from dotdigital.errors import EndpointError
from dotdigital.regions import check_base_url, endpoint_for, region_name

OFFICIAL = "https://r1-api.dotdigital.com"
HOSTILE = [
    "http://169.254.169.254",
    "https://127.0.0.1:5432",
    "https://r1-api.dotdigital.com@evil.test",
    "https://user:word@r2-api.dotdigital.com",
    "https://evil.test/#.dotdigital.com",
    "https://evil.test/?https://r2-api.dotdigital.com",
    "https://r1-api.dotdigital.com.evil.test",
    "https://r2-api.dotdigital.com.",
    "https://r2-api.dotdigital.com:8443",
    "https://r2-api.dotdigital.com/v2",
    "https://r4-api.dotdigital.com",
    "https://r22-api.dotdigital.com",
    "https://R2-API.DOTDIGITAL.COM",
    "http://r2-api.dotdigital.com",
    "https://r2-api.dotdigita\u217c.com",
    "https://xn--r2-api-9za.dotdigital.com",
    "https://[::1]",
    "https://[::ffff:169.254.169.254]",
    "https://2130706433",
    "https://0x7f.1",
    "file:///etc/passwd",
    "//r2-api.dotdigital.com",
    "https://r2-api.dotdigital.com\nhttps://evil.test",
    "https://r2\u3002dotdigital.com",
    "https://[broken",
]


@pytest.mark.parametrize("told", HOSTILE)
def test_a_real_account_cannot_send_us_anywhere_but_to_a_region(told: str) -> None:
    with pytest.raises(EndpointError):
        endpoint_for(OFFICIAL, told)


@pytest.mark.parametrize("region", ["r1", "r2", "r3"])
def test_each_region_is_an_address(region: str) -> None:
    told = f"https://{region}-api.dotdigital.com/"

    endpoint = endpoint_for(OFFICIAL, told)

    assert endpoint == told.rstrip("/")


def test_an_account_that_tells_no_endpoint_stays_where_it_was_asked() -> None:
    assert endpoint_for(OFFICIAL + "/", "") == OFFICIAL


@pytest.mark.parametrize(
    ("told", "used"),
    [
        ("http://127.0.0.1:9002/", "http://127.0.0.1:9002"),
        ("http://127.0.0.1:9001", "http://127.0.0.1:9001"),
        ("https://r1-api.dotdigital.com", "http://127.0.0.1:9001"),
        ("http://evil.test:9001", "http://127.0.0.1:9001"),
        ("http://localhost:9001", "http://127.0.0.1:9001"),
        ("http://127.0.0.1@evil.test", "http://127.0.0.1:9001"),
        ("rubbish", "http://127.0.0.1:9001"),
    ],
)
def test_a_test_server_sends_us_to_its_own_host_only(told: str, used: str) -> None:
    assert endpoint_for("http://127.0.0.1:9001", told) == used


def test_an_encrypted_test_server_cannot_send_us_to_an_open_line() -> None:
    used = endpoint_for("https://dotdigital.test", "http://dotdigital.test")

    assert used == "https://dotdigital.test"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "ftp://localhost",
        "https://",
        "https://user@example.com",
        "https://example.com/path",
        "https://example.com?x",
        "https://example.com:0",
        "https://example.com:99999",
        "https://10.0.0.1",
        "https://xn--80ak6aa92e.com",
        "http://localhost.",
        "example.com",
        "",
    ],
)
def test_an_address_is_https_and_a_host_or_loopback(address: str) -> None:
    with pytest.raises(EndpointError):
        check_base_url(address)


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://[::1]:80", "https://api.example.com:8443"]
)
def test_loopback_may_be_plain_http(address: str) -> None:
    assert check_base_url(address + "/") == address


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [
        ("https://r1-api.dotdigital.com", "Europe"),
        ("https://r2-api.dotdigital.com/", "North America"),
        ("https://r3-api.dotdigital.com", "Asia Pacific"),
        ("http://127.0.0.1:9001", "127.0.0.1:9001"),
    ],
)
def test_a_region_has_a_name(endpoint: str, name: str) -> None:
    assert region_name(endpoint) == name
