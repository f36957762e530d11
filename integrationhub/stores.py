"""Connecting a store and a Dotdigital account, and saying when the store is synced."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from bigcommerce.records import StoreInformation
from dotdigital.records import AccountInformation
from dotdigital.regions import region_name
from integrationhub.clients import (
    ApiErrors,
    bigcommerce_client_for,
    discover_dotdigital,
    dotdigital_client_for,
    reason_of,
)
from integrationhub.doorbell import ring
from integrationhub.models import Account, FieldMapping, Store, SyncRun
from integrationhub.reasons import NEEDS_GO_ON, Reason, words

LONGEST_NAME, LONGEST_URL = 255, 200
BIGCOMMERCE, DOTDIGITAL = "bigcommerce", "dotdigital"

DEFAULT_FIELDS = (
    ("first_name", "FIRSTNAME", "String"),
    ("last_name", "LASTNAME", "String"),
    ("phone", "PHONE", "String"),
    ("note", "STORE_NOTE", "String"),
    ("tags", "TAGS", "String"),
    ("shipping_address_1", "SHIPPING_ADDRESS_1", "String"),
    ("shipping_address_2", "SHIPPING_ADDRESS_2", "String"),
    ("shipping_city", "SHIPPING_CITY", "String"),
    ("shipping_state", "SHIPPING_STATE", "String"),
    ("shipping_postcode", "SHIPPING_POSTCODE", "String"),
    ("shipping_country", "SHIPPING_COUNTRY", "String"),
    ("shipping_phone", "SHIPPING_PHONE", "String"),
    ("accepts_marketing", "ACCEPTS_MARKETING", "Boolean"),
    ("accepts_marketing_updated_at", "ACCEPTS_MKTG_UPDATED", "Date"),
)


class ConnectionRefusedByVendorError(Exception):
    """One side did not let us in; `side` says which, and the text what to do."""

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
class _StoreProbe:
    information: StoreInformation
    is_subscriber_filter_working: bool


@dataclass(frozen=True, slots=True)
class _AccountProbe:
    information: AccountInformation
    server_time: datetime


def connect(account: Account, credentials: Credentials) -> Store:
    """Test both sides live, then keep the credentials; a known store keeps everything else.

    Raises ConnectionRefusedByVendorError, having changed nothing.
    """
    mail = _probe_dotdigital(credentials)
    if account.dotdigital_id not in {None, mail.information.id}:
        reason = Reason.DOTDIGITAL_OTHER_ACCOUNT
        raise ConnectionRefusedByVendorError(DOTDIGITAL, reason, mail.information.name)
    shop = _probe_store(credentials)
    with transaction.atomic():
        _keep_account(account, credentials, mail.information)
        store = _keep_store(account, credentials, shop, connected_at=mail.server_time)
    _wake_siblings(account)
    return store


def _wake_siblings(account: Account) -> None:
    """Try the account's other stores again that waited for Dotdigital's credentials."""
    waiting = Store.objects.of(account).filter(
        problem=Reason.DOTDIGITAL_CREDENTIALS, is_sync_enabled=True
    )
    for store in waiting:
        request_sync(store, now=timezone.now())


def _probe_dotdigital(credentials: Credentials) -> _AccountProbe:
    """Find the account's region, and Dotdigital's clock: opt-outs older than it stay there."""
    user, password = credentials.api_user, credentials.password
    try:
        information = discover_dotdigital(user, password)
        with dotdigital_client_for(user, password, endpoint=information.endpoint) as client:
            return _AccountProbe(information, client.server_time())
    except ApiErrors as error:
        raise _refused(DOTDIGITAL, error) from error


def _probe_store(credentials: Credentials) -> _StoreProbe:
    """Ask for one row of everything the sync reads, so that a missing scope shows now."""
    if not credentials.access_token.isascii() or len(credentials.access_token.split()) != 1:
        reason = Reason.BIGCOMMERCE_CREDENTIALS
        raise ConnectionRefusedByVendorError(BIGCOMMERCE, reason, "a token is one word")
    try:
        with bigcommerce_client_for(credentials.store_hash, credentials.access_token) as client:
            information = client.store()
            client.check_access()
            return _StoreProbe(information, client.subscriber_filter_works())
    except ValueError as error:
        reason = Reason.BIGCOMMERCE_STORE_UNKNOWN
        raise ConnectionRefusedByVendorError(BIGCOMMERCE, reason, str(error)) from error
    except ApiErrors as error:
        raise _refused(BIGCOMMERCE, error) from error


def _refused(side: str, error: Exception) -> ConnectionRefusedByVendorError:
    return ConnectionRefusedByVendorError(side, reason_of(error), str(error))


def _keep_account(account: Account, credentials: Credentials, mail: AccountInformation) -> None:
    account.dotdigital_api_user = credentials.api_user
    account.dotdigital_password = credentials.password
    account.dotdigital_endpoint = mail.endpoint
    account.dotdigital_id = mail.id
    account.dotdigital_name = mail.name[:LONGEST_NAME]
    if mail.time_zone in available_timezones():
        account.time_zone = mail.time_zone
    account.save()


def _keep_store(
    account: Account, credentials: Credentials, shop: _StoreProbe, *, connected_at: datetime
) -> Store:
    told = {
        "access_token": credentials.access_token,
        "name": shop.information.name[:LONGEST_NAME] or credentials.store_hash,
        "url": link(shop.information.secure_url),
        "is_subscriber_filter_working": shop.is_subscriber_filter_working,
    }
    store, is_new = Store.objects.update_or_create(
        account=account,
        store_hash=credentials.store_hash,
        defaults=told,
        create_defaults={**told, "connected_at": connected_at},
    )
    if is_new:
        _map_default_fields(store)
    elif store.problem and store.is_sync_enabled:
        request_sync(store, now=timezone.now())
    return store


def link(url: str) -> str:
    """Return a vendor's address if a page may link to it, else an empty text."""
    is_fit = len(url) <= LONGEST_URL and urlsplit(url).scheme in {"http", "https"}
    return url if is_fit else ""


def _map_default_fields(store: Store) -> None:
    FieldMapping.objects.bulk_create(
        FieldMapping(store=store, source_field=source, data_field=field, type=kind)
        for source, field, kind in DEFAULT_FIELDS
    )


def request_sync(store: Store, *, now: datetime, by: User | None = None) -> None:
    """Make the store due at once and ring for a worker; a waiting problem is tried again.

    The next run is told who asked. Asked again before it begins, nothing more happens.
    """
    is_new = store.sync_requested_at is None
    store.next_sync_at, store.problem = now, ""
    store.sync_requested_at, store.sync_requested_by = now, by
    store.save(update_fields=["next_sync_at", "problem", "sync_requested_at", "sync_requested_by"])
    if is_new:
        ring()


def request_full_read(store: Store, *, now: datetime) -> None:
    """Let the next run read everything again, and not only what has changed."""
    store.full_read_requested_at = now
    store.save(update_fields=["full_read_requested_at"])


def go_on(store: Store, *, now: datetime, by: User | None = None) -> None:
    """Let the next run pass the safety stop that was hit, because a person has looked.

    For as many people as the person was told of; for many more, or at another limit, it stops.
    """
    if store.problem not in NEEDS_GO_ON:
        return
    store.safety_stop_passed = store.problem
    store.save(update_fields=["safety_stop_passed"])
    request_sync(store, now=now, by=by)


def switch_sync(store: Store, *, is_enabled: bool, now: datetime, by: User | None = None) -> None:
    """Turn data sync on or off; turned off, a run that is going on stops within a page."""
    store.is_sync_enabled = is_enabled
    store.save(update_fields=["is_sync_enabled"])
    if not is_enabled:
        request_stop(store, now=now, by=by)
    elif store.address_book_mappings.exists():
        request_sync(store, now=now, by=by)


def request_stop(store: Store, *, now: datetime, by: User | None = None) -> bool:
    """Let the run that is going on stop within a page; answers whether there is one.

    A run that waits for its next slice gets it now, so that it can stop.
    """
    open_runs = SyncRun.objects.filter(store=store, finished_at=None)
    if not open_runs.update(stop_requested_at=now, stop_requested_by=by):
        return False
    Store.objects.filter(pk=store.pk).update(next_sync_at=now)
    ring()
    return True


def region_of(account: Account) -> str:
    """Return where the Dotdigital account lives, as people say it."""
    return region_name(account.dotdigital_endpoint) if account.dotdigital_endpoint else ""
