"""Mails to an account's people: once when a store's sync needs them, and once when it is well."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from integrationhub.models import Membership, Store
from integrationhub.reasons import GOES_ON_BY_ITSELF, Reason, words

INTERVALS_TOLERATED = 2
FAILURES_TOLERATED = 4  # of what heals by itself: with growing pauses more than an hour
MOST_AT_ONCE = 20
WELL = ""

log = logging.getLogger(__name__)


def interval() -> timedelta:
    """Return how long after the end of a sync the next one is due."""
    return timedelta(seconds=settings.SYNC_INTERVAL_SECONDS)


def is_overdue(store: Store, now: datetime) -> bool:
    """Return whether the next sync is two intervals late: then nobody carries syncs out."""
    due_at, in_work_until = store.next_sync_at, store.lease_expires_at
    if due_at is None or not store.is_sync_enabled or (in_work_until and in_work_until > now):
        return False
    return due_at + INTERVALS_TOLERATED * interval() < now


def trouble_of(store: Store, now: datetime) -> str:
    """Return the code of what people must be told of a store now; WELL when there is nothing.

    What heals by itself is told only when it has not for more than an hour.
    """
    if not store.is_sync_enabled or store.problem == Reason.TRIAL_WAITS:
        return WELL
    if store.problem and store.problem not in GOES_ON_BY_ITSELF:
        return store.problem
    if is_overdue(store, now):
        return Reason.OVERDUE
    return store.problem if store.failures_in_a_row > FAILURES_TOLERATED else WELL


def send_alerts(now: datetime) -> int:
    """Mail whom there is something new to tell, and return of how many stores.

    Any number of processes may do so at once: a conditional update decides who tells of a store.
    What a mail server does not take is tried again by whoever comes next.
    """
    told = 0
    for store in _to_tell_of(now):
        try:
            told += _tell(store, trouble_of(store, now), now=now)
        except (SMTPException, OSError):  # the next store's mails might take as long to fail
            log.exception("store %s: nobody could be told, and no other store is tried", store.pk)
            break
        if told == MOST_AT_ONCE:
            break
    return told


def _to_tell_of(now: datetime) -> Iterator[Store]:
    """Yield the stores whose people were told something else, or nothing, before."""
    late = Q(next_sync_at__lt=now - INTERVALS_TOLERATED * interval())
    perhaps = Store.objects.connected().filter(~Q(problem="") | ~Q(alerted_about="") | late)
    for store in perhaps.select_related("account").order_by("pk").iterator():
        trouble = trouble_of(store, now)
        if trouble != store.alerted_about and (trouble or _is_over(store)):
            yield store


def _is_over(store: Store) -> bool:
    """Return whether a store that was in trouble is well: synced since, or switched off."""
    synced_at, told_at = store.last_synced_at, store.alerted_at
    has_synced = bool(synced_at and told_at and synced_at > told_at)
    return has_synced or not store.is_sync_enabled


def _tell(store: Store, trouble: str, *, now: datetime) -> bool:
    before = {"alerted_about": store.alerted_about, "alerted_at": store.alerted_at}
    mine = Store.objects.filter(pk=store.pk)
    if not mine.filter(**before).update(alerted_about=trouble, alerted_at=now):
        return False
    if not store.is_sync_enabled:
        return False
    is_told = False
    try:
        is_told = _is_taken(store, _messages(store, trouble))
    finally:
        if not is_told:
            mine.filter(alerted_about=trouble, alerted_at=now).update(**before)
    log.info("store %s: told its people of %s: %s", store.pk, trouble or "its recovery", is_told)
    return is_told


def _is_taken(store: Store, messages: Sequence[mail.EmailMessage]) -> bool:
    """Return whether the mail server took one of these mails, or there are none.

    Then whoever was mailed is not mailed again because somebody else could not be.
    """
    if not messages:
        return True
    taken = 0
    with mail.get_connection() as server:
        try:
            for message in messages:
                taken += _send(server, message, store)
        except (SMTPException, OSError):
            if not taken:
                raise
            log.exception("store %s: only some of its people could be told", store.pk)
    return taken > 0


def _send(server: BaseEmailBackend, message: mail.EmailMessage, store: Store) -> int:
    """Send a mail, and answer whether the server knows the address; its refusal would name it."""
    try:
        return server.send_messages([message]) or 0
    except SMTPRecipientsRefused:
        log.warning("store %s: the address of one of its people is refused", store.pk)
        return 0


def _messages(store: Store, trouble: str) -> list[mail.EmailMessage]:
    """Return a mail for each of the account's people who wants it, none knowing of the others."""
    subject, text = _subject(store, trouble), _text(store, trouble)
    return [mail.EmailMessage(subject, text, to=[address]) for address in _addresses(store)]


def _addresses(store: Store) -> Iterator[str]:
    people = Membership.objects.of(store.account).exclude(role=Membership.Role.VIEWER)
    told = people.filter(is_mailed_of_trouble=True, user__is_active=True).exclude(user__email="")
    yield from told.order_by("pk").values_list("user__email", flat=True)


def _subject(store: Store, trouble: str) -> str:
    said = "the sync needs attention" if trouble else "the sync works again"
    return " ".join(f"{store}: {said}".split())


def _named(store: Store) -> str:
    """Return the store's name, and the account's where that is another one."""
    is_same = str(store).casefold() == str(store.account).casefold()
    return str(store) if is_same else f"{store} ({store.account})"


def _text(store: Store, trouble: str) -> str:
    template = f"integrationhub/mails/{'trouble' if trouble else 'recovered'}.txt"
    address = reverse("store", args=[store.account.slug, store.store_hash])
    hub = reverse("hub", args=[store.account.slug])
    shared = {
        "store": store,
        "of": _named(store),
        "words": words(trouble) if trouble else None,
        "address": f"{settings.SITE_URL}{address}",
        "hub_address": f"{settings.SITE_URL}{hub}",
    }
    with timezone.override(store.account.zone):
        return render_to_string(template, shared)
