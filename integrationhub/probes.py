"""Both sides are tested live with the credentials that a person has entered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bigcommerce.records import StoreInformation
from dotdigital.records import AccountInformation
from integrationhub.clients import (
    ApiErrors,
    bigcommerce_client_for,
    discover_dotdigital,
    dotdigital_client_for,
    reason_of,
)
from integrationhub.fields import SecretUnreadableError
from integrationhub.models import Store
from integrationhub.reasons import Reason, words

BIGCOMMERCE, DOTDIGITAL = "bigcommerce", "dotdigital"


class ConnectionRefusedByVendorError(Exception):
    """One side did not let us in; `side` says which, and the text what to do.

    Where both sides were asked and neither let us in, `beside` is the other one's refusal.
    """

    beside: "ConnectionRefusedByVendorError | None" = None

    def __init__(self, side: str, reason: Reason, detail: str) -> None:
        """Make the sentence from the catalogue, and keep the vendor's words for staff."""
        super().__init__(words(reason).in_full)
        self.side, self.reason, self.detail = side, reason, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a person enters to connect a store and a Dotdigital account."""

    store_hash: str
    access_token: str
    api_user: str
    password: str

    def __repr__(self) -> str:
        """Name the store only: a traceback must not show secrets."""
        return f"Credentials({self.store_hash})"


@dataclass(frozen=True, slots=True)
class StoreProbe:
    """What a store says of itself."""

    information: StoreInformation
    is_subscriber_filter_working: bool


@dataclass(frozen=True, slots=True)
class AccountProbe:
    """What a Dotdigital account says of itself, and its clock."""

    information: AccountInformation
    server_time: datetime


def probe_dotdigital(credentials: Credentials) -> AccountProbe:
    """Find the account's region, and Dotdigital's clock: opt-outs older than it stay there."""
    user, password = credentials.api_user, credentials.password
    try:
        information = discover_dotdigital(user, password)
        with dotdigital_client_for(user, password, endpoint=information.endpoint) as client:
            return AccountProbe(information, client.server_time())
    except ApiErrors as error:
        raise _refused(DOTDIGITAL, error) from error


def probe_store(credentials: Credentials) -> StoreProbe:
    """Ask for one row of everything the sync reads, so that a missing scope shows now."""
    if not credentials.access_token.isascii() or len(credentials.access_token.split()) != 1:
        reason = Reason.BIGCOMMERCE_CREDENTIALS
        raise ConnectionRefusedByVendorError(BIGCOMMERCE, reason, "a token is one word")
    try:
        with bigcommerce_client_for(credentials.store_hash, credentials.access_token) as client:
            information = client.store()
            client.check_access()
            return StoreProbe(information, client.subscriber_filter_works())
    except ValueError as error:
        reason = Reason.BIGCOMMERCE_STORE_UNKNOWN
        raise ConnectionRefusedByVendorError(BIGCOMMERCE, reason, str(error)) from error
    except ApiErrors as error:
        raise _refused(BIGCOMMERCE, error) from error


def probe_both(credentials: Credentials) -> tuple[StoreProbe, AccountProbe]:
    """Ask both sides, so that a person hears of both mistakes at once."""
    try:
        mail = probe_dotdigital(credentials)
    except ConnectionRefusedByVendorError as error:
        error.beside = _refusal_of_store(credentials)
        raise
    return probe_store(credentials), mail


def _refusal_of_store(credentials: Credentials) -> ConnectionRefusedByVendorError | None:
    try:
        probe_store(credentials)
    except ConnectionRefusedByVendorError as error:
        return error
    return None


@dataclass(frozen=True, slots=True)
class Knock:
    """How one side answered the stored credentials: the name it goes by, or what is wrong."""

    side: str
    name: str = ""
    problem: str = ""


def knock(store: Store) -> list[Knock]:
    """Try the stored credentials on both sides; each answers, or fails, by itself."""
    return [_knock(BIGCOMMERCE, store, _shop_name), _knock(DOTDIGITAL, store, _mail_name)]


def _knock(side: str, store: Store, ask: Callable[[Credentials], str]) -> Knock:
    try:
        return Knock(side, name=ask(_stored(store)))
    except SecretUnreadableError:
        return Knock(side, problem=words(Reason.SECRET_UNREADABLE).in_full)
    except ConnectionRefusedByVendorError as error:
        return Knock(side, problem=str(error))


def _stored(store: Store) -> Credentials:
    return Credentials(
        store_hash=store.store_hash,
        access_token=store.access_token,
        api_user=store.account.dotdigital_api_user,
        password=store.account.dotdigital_password,
    )


def _shop_name(credentials: Credentials) -> str:
    return probe_store(credentials).information.name or credentials.store_hash


def _mail_name(credentials: Credentials) -> str:
    return probe_dotdigital(credentials).information.name or credentials.api_user


def _refused(side: str, error: Exception) -> ConnectionRefusedByVendorError:
    return ConnectionRefusedByVendorError(side, reason_of(error), str(error))
