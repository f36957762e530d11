"""The two meetings of an app with BigCommerce's log-in: a code for a token, and signed payloads."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

import jwt
import msgspec
from jwt.types import Options

from bigcommerce.envelopes import single
from bigcommerce.http import Session
from bigcommerce.retries import Tuning
from bigcommerce.tolerance import Number, Record, Text

LOGIN = "https://login.bigcommerce.com"
LEEWAY_SECONDS = 60

_ALGORITHMS = ["HS256", "HS512"]
_LONGEST_PAYLOAD = 16 * 1024
_CHECKS: Options = {
    "require": ["aud", "iss", "exp", "nbf", "sub"],
    # Judged below, against the time given and not against this machine's.
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}
_CONTEXT = re.compile(r"stores/([a-z0-9]{1,32})")


class InvalidPayloadError(Exception):
    """A signed payload nobody should act on; the text says why, without the payload itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The app as registered with BigCommerce; `redirect_uri` is its auth callback, exactly."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


class User(Record, frozen=True, kw_only=True):
    """Somebody who works with the store."""

    id: int
    email: Text = ""
    username: Text = ""
    locale: Text = ""


class Grant(Record, frozen=True, kw_only=True):
    """A store's consent: the access token and what it is good for."""

    access_token: str
    context: str
    scope: Text = ""
    user: User | None = None
    owner: User | None = None
    account_uuid: Text = ""

    @property
    def store_hash(self) -> str:
        """The store; InvalidPayloadError when the context names none."""
        return store_hash_of(self.context)

    def __repr__(self) -> str:
        return f"Grant(context={self.context!r}, scope={self.scope!r})"


class SignedPayload(Record, frozen=True, kw_only=True):
    """What BigCommerce vouches for: who acts in which store. `url` is the page asked for."""

    sub: str
    user: User
    owner: User | None = None
    url: Text = "/"
    channel_id: Number = 0
    jti: Text = ""

    @property
    def store_hash(self) -> str:
        """The store; InvalidPayloadError when the subject names none."""
        return store_hash_of(self.sub)


_read_grant = single(Grant)


def exchange_code(
    code: str,
    *,
    context: str,
    scope: str,
    app: App,
    login_url: str = LOGIN,
    tuning: Tuning | None = None,
) -> Grant:
    """The token for a code, which works once; `context` and `scope` as the callback got them."""
    store_hash_of(context)
    body = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": app.redirect_uri,
        "grant_type": "authorization_code",
        "code": code,
        "context": context,
        "scope": scope,
    }
    with Session(login_url, tuning=tuning or Tuning()) as session:
        return session.post("/oauth2/token", _read_grant, msgspec.json.encode(body))


def verify_signed_payload(
    token: str, *, client_id: str, client_secret: str, now: datetime
) -> SignedPayload:
    """The payload of a load, uninstall or remove-user callback; InvalidPayloadError if forged.

    Times are judged against `now`, with a minute's leeway, for `nbf` may precede `iat`.
    """
    if len(token) > _LONGEST_PAYLOAD:
        raise InvalidPayloadError("the payload is too long")
    try:
        claims = jwt.decode(
            token,
            client_secret,
            algorithms=_ALGORITHMS,
            audience=client_id,
            issuer="bc",
            options=_CHECKS,
        )
        payload = msgspec.convert(claims, SignedPayload, strict=False)
    except (jwt.InvalidTokenError, msgspec.ValidationError) as error:
        raise InvalidPayloadError(type(error).__name__) from None
    _check_times(claims["nbf"], claims["exp"], now)
    store_hash_of(payload.sub)
    return payload


def store_hash_of(context: str) -> str:
    """The hash in `stores/<hash>`; InvalidPayloadError for any other text."""
    match = _CONTEXT.fullmatch(context)
    if match is None:
        raise InvalidPayloadError("the context is not that of a store")
    return match[1]


def _check_times(starts: object, ends: object, now: datetime) -> None:
    moment = now.astimezone(UTC).timestamp()
    if not isinstance(starts, int | float) or not isinstance(ends, int | float):
        raise InvalidPayloadError("the payload has no times")
    if moment < starts - LEEWAY_SECONDS:
        raise InvalidPayloadError("the payload is not valid yet")
    if moment > ends + LEEWAY_SECONDS:
        raise InvalidPayloadError("the payload has expired")
