"""Disconnecting a store: what goes at once, what is kept of it, and what is forgotten later."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from integrationhub.models import (
    Account,
    ActivityEntry,
    AddressBookMapping,
    Contact,
    ContactImport,
    ContactRequest,
    Cursor,
    Preview,
    PreviewRemoval,
    SeenRecord,
    StandingCount,
    Store,
    SyncRun,
    UnchangedContact,
)
from integrationhub.reasons import NEEDS_GO_ON, Reason

log = logging.getLogger(__name__)

PIECE = 1000
SIBLINGS_NAMED = 4
NO_CREDENTIALS = {
    "dotdigital_api_user": "",
    "dotdigital_password": "",
    "dotdigital_endpoint": "",
}
UNREAD: dict[str, Any] = {
    "since": None,
    "position": "",
    "read_started_at": None,
    "is_full": True,
    "full_read_at": None,
    "completed_at": None,
    "completed_in": None,
}


def disconnect(store: Store, *, now: datetime, by: User | None = None) -> bool:
    """Stop the sync and delete the credentials, at once; answers False if that was done before.

    Whoever works on the store has the next write refused; what was done is kept. Neither vendor
    is told. What is known of the store's people is forgotten when it has been kept for its time.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=store.account_id)
        connected = Store.objects.of(account).connected()
        if not connected.filter(pk=store.pk).update(**_parted(now, by)):
            return False
        ActivityEntry.objects.note(store, ActivityEntry.Deed.DISCONNECTED, at=now)
        _end_what_is_open(store, now, by)
        if not connected.exists():
            Account.objects.filter(pk=account.pk).update(**NO_CREDENTIALS)
    log.info("store %s: disconnected", store.pk)
    return True


def _parted(now: datetime, by: User | None) -> dict[str, object]:
    """Return the columns of a store that is disconnected now."""
    ended = ("lease_token", "lease_expires_at", "next_sync_at", "sync_requested_at", "alerted_at")
    return {
        **dict.fromkeys((*ended, "sync_requested_by")),
        **dict.fromkeys(("access_token", "problem", "safety_stop_passed", "alerted_about"), ""),
        "failures_in_a_row": 0,
        "disconnected_at": now,
        "disconnected_by": by,
        "forget_at": now + kept_for(),
    }


def _end_what_is_open(store: Store, now: datetime, by: User | None) -> None:
    reason = Reason.DISCONNECTED
    SyncRun.objects.filter(store=store, finished_at=None).update(
        status=SyncRun.Status.STOPPED,
        reason=reason,
        goes_on_at=None,
        finished_at=now,
        stop_requested_at=now,
        stop_requested_by=by,
    )
    Preview.objects.filter(store=store, finished_at=None).update(finished_at=now, reason=reason)


def kept_for() -> timedelta:
    """Return how long the people of a disconnected store are kept, lest it come back."""
    return timedelta(days=settings.DISCONNECTED_KEPT_DAYS)


def siblings(store: Store) -> list[str]:
    """Return the names of the account's other stores that are connected; of many, the first."""
    others = Store.objects.of(store.account).connected().exclude(pk=store.pk)
    return list(others.order_by("name", "pk").values_list("name", flat=True)[:SIBLINGS_NAMED])


def forget_due(*, now: Callable[[], datetime], ends_at: datetime) -> bool:
    """Forget the people of stores whose time is up, piece by piece; answers whether some are left.

    Settings, history and the receipts of opt-outs are kept, so that nobody who said no is mailed
    should the store ever come back.
    """
    while (store := _due(now()).order_by("forget_at", "pk").first()) and now() < ends_at:
        _forget_a_piece(store, now())
    return store is not None


def _due(now: datetime) -> Any:
    return Store.objects.disconnected().filter(forget_at__lte=now)


def _forget_a_piece(store: Store, now: datetime) -> None:
    """Delete one piece of what is known, unless the store has been connected again just now."""
    with transaction.atomic():
        found = _due(now).select_for_update(no_key=True).filter(pk=store.pk).first()
        if found is None:
            return
        if found.forgotten_at is None:
            _begin_anew(found, now)
        elif not _forget_some(found):
            Preview.objects.filter(store=found).delete()
            _mine(found).update(forget_at=None)
            log.info("store %s: its people are forgotten", found.pk)


def _begin_anew(store: Store, now: datetime) -> None:
    """Let the store be read from its beginning, should it come back; books are chosen anew then.

    So whoever connects it again is asked before anybody is put into a book.
    """
    AddressBookMapping.objects.filter(store=store).delete()
    StandingCount.objects.filter(store=store).delete()
    Cursor.objects.filter(store=store).update(**UNREAD)
    ContactImport.objects.filter(store=store, finished_at=None).update(
        status=ContactImport.Status.UNKNOWN, finished_at=now
    )
    _mine(store).update(
        forgotten_at=now, last_synced_at=None, is_filling=True, is_trial=False, trial_people=None
    )


def _forget_some(store: Store) -> bool:
    """Forget one piece; answers whether there was any."""
    return any(_delete_some(rows) for rows in _people(store)) or any(
        _blank_some(rows) for rows in _vendors_words(store)
    )


def _people(store: Store) -> list[Any]:
    """Return what is known of people, in the order in which it goes."""
    return [
        SeenRecord.objects.filter(cursor__store=store),
        UnchangedContact.objects.filter(store=store),
        ContactRequest.objects.filter(store=store),
        PreviewRemoval.objects.filter(preview__store=store),
        Contact.objects.filter(store=store),
    ]


def _delete_some(rows: Any) -> int:
    """Delete a piece of these rows, and answer how many those were."""
    keys = list(rows.values_list("pk", flat=True)[:PIECE])
    rows.model.objects.filter(pk__in=keys).delete()
    return len(keys)


def _vendors_words(store: Store) -> list[Any]:
    """Return the history in which a vendor's words stand: they may name somebody."""
    return [
        SyncRun.objects.filter(store=store).exclude(reason__in=NEEDS_GO_ON),
        ContactImport.objects.filter(store=store),
    ]


def _blank_some(rows: Any) -> int:
    """Strike out what was said in a piece of these rows, and answer how many those were."""
    keys = list(rows.exclude(detail="").values_list("pk", flat=True)[:PIECE])
    changed: int = rows.model.objects.filter(pk__in=keys).update(detail="")
    return changed


def _mine(store: Store) -> Any:
    return Store.objects.filter(pk=store.pk)
