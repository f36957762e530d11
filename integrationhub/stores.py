"""Connecting a store and a Dotdigital account, and saying when the store is synced."""

import logging
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from dotdigital.records import AccountInformation
from dotdigital.regions import region_name
from integrationhub.clients import ApiErrors, dotdigital_client
from integrationhub.data_fields import create_missing, map_default_fields
from integrationhub.doorbell import ring
from integrationhub.fields import SecretUnreadableError
from integrationhub.models import Account, ActivityEntry, Store, SyncRun
from integrationhub.models.accounts import zone_named
from integrationhub.probes import (
    DOTDIGITAL,
    ConnectionRefusedByVendorError,
    Credentials,
    StoreProbe,
    probe_both,
)
from integrationhub.reasons import NEEDS_GO_ON, Reason

log = logging.getLogger(__name__)

LONGEST_NAME, LONGEST_URL = 255, 200
Deed = ActivityEntry.Deed


def connect(account: Account, credentials: Credentials) -> Store:
    """Test both sides live, then keep the credentials; a known store keeps everything else.

    One that was disconnected goes on where it was, if its people are not forgotten yet.
    Raises ConnectionRefusedByVendorError, having changed nothing.
    """
    shop, mail = probe_both(credentials)
    if account.dotdigital_id not in {None, mail.information.id}:
        reason = Reason.DOTDIGITAL_OTHER_ACCOUNT
        raise ConnectionRefusedByVendorError(DOTDIGITAL, reason, mail.information.name)
    with transaction.atomic():
        _keep_account(account, credentials, mail.information)
        store = _keep_store(account, credentials, shop, connected_at=mail.server_time)
    _prepare_data_fields(store)
    _wake_siblings(account)
    return store


def _prepare_data_fields(store: Store) -> None:
    """Make the mapped data fields, so that the first run begins at once; else that makes them."""
    try:
        with closing(dotdigital_client(store.account, is_hurried=True)) as client:
            create_missing(store, client)
    except ApiErrors as error:
        log.warning("store %s: the first run makes the data fields: %s", store.pk, error)


def _wake_siblings(account: Account) -> None:
    """Try the account's other stores again that waited for Dotdigital's credentials."""
    waits_for = (Reason.DOTDIGITAL_CREDENTIALS, Reason.DOTDIGITAL_REGION)
    waiting = (
        Store.objects.of(account).connected().filter(problem__in=waits_for, is_sync_enabled=True)
    )
    for store in waiting:
        request_sync(store, now=timezone.now())


def _keep_account(account: Account, credentials: Credentials, mail: AccountInformation) -> None:
    is_replaced = account.is_connected and _is_new(
        account, "dotdigital_password", credentials.password
    )
    account.dotdigital_api_user = credentials.api_user
    account.dotdigital_password = credentials.password
    account.dotdigital_endpoint = mail.endpoint
    account.dotdigital_id = mail.id
    account.dotdigital_name = mail.name[:LONGEST_NAME]
    if zone_named(mail.time_zone):
        account.time_zone = mail.time_zone
    account.save()
    if is_replaced:
        ActivityEntry.objects.note(account, Deed.PASSWORD_REPLACED)


def _is_new(row: Account | Store, name: str, secret: str) -> bool:
    """Return whether another secret is stored, or one that cannot be opened any more."""
    try:
        return bool(getattr(row, name) != secret)
    except SecretUnreadableError:
        return True


def _keep_store(
    account: Account, credentials: Credentials, shop: StoreProbe, *, connected_at: datetime
) -> Store:
    told = {
        "access_token": credentials.access_token,
        "name": shop.information.name[:LONGEST_NAME] or credentials.store_hash,
        "url": link(shop.information.secure_url),
        "is_subscriber_filter_working": shop.is_subscriber_filter_working,
    }
    same = Store.objects.of(account).filter(store_hash=credentials.store_hash)
    known: Store | None = same.first()
    if known is not None:
        _renew(known, told)
        return known
    store: Store = Store.objects.create(
        account=account,
        store_hash=credentials.store_hash,
        connected_at=connected_at,
        is_sync_enabled=not _is_elsewhere(account, credentials.store_hash),
        **told,
    )
    map_default_fields(store)
    return store


def _renew(store: Store, told: Mapping[str, object]) -> None:
    """Keep what was told of a known store; one that was disconnected is looked at as a whole.

    A consent may have moved meanwhile without a date.
    """
    is_back = store.is_disconnected
    if is_back:
        told = {**told, **_back(store)}
        ActivityEntry.objects.note(store, Deed.CONNECTED_AGAIN)
    elif _is_new(store, "access_token", str(told["access_token"])):
        ActivityEntry.objects.note(store, Deed.TOKEN_REPLACED)
    for name, value in told.items():
        setattr(store, name, value)
    store.save(update_fields=list(told))
    is_due = store.problem or (is_back and store.address_book_mappings.exists())
    if is_due and store.is_sync_enabled:
        request_sync(store, now=timezone.now())


def _back(store: Store) -> dict[str, object]:
    """Return the columns of a store that was disconnected and is connected again now."""
    is_alone = not _is_elsewhere(store.account, store.store_hash)
    return {
        **dict.fromkeys(("disconnected_at", "disconnected_by", "forget_at", "forgotten_at")),
        "is_sync_enabled": store.is_sync_enabled and is_alone,
        "full_read_requested_at": timezone.now(),
    }


def _is_elsewhere(account: Account, store_hash: str) -> bool:
    """Return whether another account has this store; two that sync it must both be wanted."""
    same = Store.objects.connected().filter(store_hash=store_hash)
    return bool(same.exclude(account=account).exists())


def elsewhere(store: Store, user: User) -> str:
    """Return what to say where other accounts have this store too; empty where none has.

    Only an account that the person belongs to is named.
    """
    same = Store.objects.connected().filter(store_hash=store.store_hash)
    others = Account.objects.filter(stores__in=same).exclude(pk=store.account_id)
    known = list(others.filter(memberships__user=user).values_list("name", flat=True))
    if known:
        where = f"in {' and '.join(sorted(known))}"
    elif others.exists():
        where = "in another account of this hub: your administrator knows which"
    else:
        return ""
    return (
        f"This store is also connected {where}. Each account that syncs it fills its own address "
        "books, and takes its own unsubscribes back to the store."
    )


def link(url: str) -> str:
    """Return a vendor's address if a page may link to it, else an empty text."""
    is_fit = len(url) <= LONGEST_URL and urlsplit(url).scheme in {"http", "https"}
    return url if is_fit else ""


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
    After a trial it adds everybody.
    """
    if store.problem not in NEEDS_GO_ON:
        return
    if store.problem == Reason.TRIAL_WAITS:
        store.is_trial, store.trial_people = False, None
    else:
        store.safety_stop_passed = store.problem
    store.save(update_fields=["safety_stop_passed", "is_trial", "trial_people"])
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
