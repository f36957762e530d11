"""The meetings with BigCommerce's log-in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from bigcommerce.errors import RejectedError
from bigcommerce.oauth import App, InvalidPayloadError, exchange_code, verify_signed_payload
from bigcommerce.sandbox import Sandbox, Shop
from tests.bigcommerce.conftest import QUICK

SECRET = "a-client-secret-that-is-long-enough-for-both-of-the-hash-algorithms-used"
APP = App(client_id="client-1", client_secret=SECRET, redirect_uri="https://app.example/auth")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def signed(*, key: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    issued = int(NOW.timestamp())
    claims = {
        "aud": "client-1",
        "iss": "bc",
        "iat": issued,
        "nbf": issued - 5,
        "exp": issued + 86400,
        "jti": "1c9",
        "sub": "stores/abc12",
        "user": {"id": 11, "email": "a@example.com", "locale": "en"},
        "owner": {"id": 10, "email": "o@example.com"},
        "url": "/",
        "channel_id": None,
        **changes,
    }
    return jwt.encode({k: v for k, v in claims.items() if v != "-"}, key, algorithm=algorithm)


def verified(token: str, *, now: datetime = NOW) -> str:
    payload = verify_signed_payload(token, client_id="client-1", client_secret=SECRET, now=now)
    return payload.store_hash


def test_a_code_is_exchanged_for_the_stores_token(sandbox: Sandbox, shop: Shop) -> None:
    code = sandbox.grant_code("abc12")

    grant = exchange_code(
        code,
        context="stores/abc12",
        scope="store_v2_customers",
        app=APP,
        login_url=sandbox.url,
        tuning=QUICK,
    )

    assert (grant.access_token, grant.store_hash) == (shop.access_token, "abc12")
    assert grant.owner is not None
    assert shop.access_token not in repr(grant)


def test_a_code_works_once(sandbox: Sandbox, shop: Shop) -> None:
    code = sandbox.grant_code("abc12")
    options: dict[str, Any] = {"context": "stores/abc12", "scope": "", "app": APP}
    exchange_code(code, login_url=sandbox.url, **options)

    with pytest.raises(RejectedError, match="invalid_grant"):
        exchange_code(code, login_url=sandbox.url, **options)


@pytest.mark.parametrize("context", ["", "stores/", "stores/../x", "stores/a/b", "stores/A%00"])
def test_a_context_that_is_no_store_is_refused_before_anything_is_sent(context: str) -> None:
    with pytest.raises(InvalidPayloadError):
        exchange_code("code", context=context, scope="", app=APP, login_url="https://x.example")


def test_a_secret_is_not_shown() -> None:
    assert SECRET not in repr(APP)


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_a_payload_of_bigcommerce_is_believed(algorithm: str) -> None:
    payload = verify_signed_payload(
        signed(algorithm=algorithm), client_id="client-1", client_secret=SECRET, now=NOW
    )

    assert (payload.store_hash, payload.user.id, payload.url) == ("abc12", 11, "/")


@pytest.mark.parametrize(
    "token",
    [
        signed(key="another-secret-that-is-also-long-enough-for-either-algorithm-here"),
        signed(algorithm="HS384"),
        signed(aud="client-2"),
        signed(aud="-"),
        signed(iss="evil"),
        signed(iss="-"),
        signed(exp="-"),
        signed(nbf="-"),
        signed(exp="tomorrow"),
        signed(sub="-"),
        signed(sub="stores/../x"),
        signed(sub="stores/abc12/x"),
        signed(sub="stores/ABC"),
        signed(sub="stores/abc12\n"),
        signed(user="-"),
        signed(user="me"),
        jwt.encode({"sub": "stores/abc12"}, key="", algorithm="none"),
        signed()[:-4],
        "a.b.c",
        "",
        "x" * 1_000_000,
    ],
    ids=range(21),
)
def test_any_other_payload_is_not(token: str) -> None:
    with pytest.raises(InvalidPayloadError) as caught:
        verified(token)

    assert token[:20] not in str(caught.value) or not token


@pytest.mark.parametrize(
    ("step", "believed"),
    [
        (timedelta(seconds=-60), True),
        (timedelta(seconds=-70), False),
        (timedelta(hours=24), True),
        (timedelta(hours=24, seconds=59), True),
        (timedelta(hours=24, seconds=61), False),
    ],
)
def test_a_payload_is_good_for_a_day_with_some_leeway(step: timedelta, believed: bool) -> None:
    if believed:
        assert verified(signed(), now=NOW + step) == "abc12"
        return
    with pytest.raises(InvalidPayloadError):
        verified(signed(), now=NOW + step)
