"""Mails to an account's people: once when a store's sync needs them, and once when it is well."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list

from integrationhub.models import Account, Membership, Store
from integrationhub.reasons import OF_THE_ACCOUNT, words
from integrationhub.troubles import (
    INTERVALS_TOLERATED,
    OUT_OF_STEP_TOLERATED,
    interval,
    trouble_of,
)

MOST_AT_ONCE = 20
MOST_NAMED = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new of an account's stores: of one, or of several by one mail."""

    trouble: str
    stores: tuple[Store, ...]
    is_told_already: bool = False

    @property
    def named(self) -> list[Store]:
        """Return the stores to tell of; of one that a person has paused nothing is said."""
        return [store for store in self.stores if store.is_sync_enabled]


def send_alerts(now: datetime) -> int:
    """Mail whom there is something new to tell, and return of how many stores.

    Any number of processes may do so at once: a conditional update decides who tells of a store.
    What a mail server does not take is tried again by whoever comes next.
    """
    told = 0
    for news in _news(now):
        try:
            told += len(news.named) if _tell(news, now=now) else 0
        except (SMTPException, OSError):  # the next store's mails might take as long to fail
            log.exception("%s: nobody could be told, and no other store is tried", _ids(news))
            break
        if told >= MOST_AT_ONCE:
            break
    return told


def _news(now: datetime) -> Iterator[News]:
    """Yield, account by account, what its people were told otherwise, or not at all, before."""
    late = Q(next_sync_at__lt=now - INTERVALS_TOLERATED * interval())
    out_of_step = Q(last_synced_at=None) | Q(last_synced_at__lt=now - OUT_OF_STEP_TOLERATED)
    told_or_to_tell = ~Q(problem="") | ~Q(alerted_about="") | late | out_of_step
    perhaps = Store.objects.connected().filter(told_or_to_tell).select_related("account")
    by_account = perhaps.order_by("account", "pk").iterator()
    for _, stores in groupby(by_account, key=attrgetter("account_id")):
        yield from _news_of([*stores], now)


def _news_of(stores: Sequence[Store], now: datetime) -> Iterator[News]:
    """Yield what is new of one account; what stops all of its stores is told of once.

    Whoever is stopped by the same later is told of already, and all are well when the last is.
    """
    for (trouble, about), some in _alike(stores, now).items():
        others = [store for store in stores if store.alerted_about == about and store not in some]
        if trouble or not others:
            yield News(trouble=trouble, stores=tuple(some), is_told_already=bool(others))


def _alike(stores: Sequence[Store], now: datetime) -> Mapping[tuple[str, str | int], list[Store]]:
    """Return the stores of which something is new, by what it is and what it is about."""
    found: defaultdict[tuple[str, str | int], list[Store]] = defaultdict(list)
    for store in stores:
        trouble = trouble_of(store, now)
        if trouble != store.alerted_about and (trouble or _is_over(store)):
            about = trouble or store.alerted_about
            found[trouble, about if about in OF_THE_ACCOUNT else store.pk].append(store)
    return found


def _is_over(store: Store) -> bool:
    """Return whether a store that was in trouble is well: synced since, or switched off."""
    synced_at, told_at = store.last_synced_at, store.alerted_at
    has_synced = bool(synced_at and told_at and synced_at > told_at)
    return has_synced or not store.is_sync_enabled


def _tell(news: News, *, now: datetime) -> bool:
    if not _take(news, now) or news.is_told_already or not news.named:
        return False
    is_told = False
    try:
        is_told = _is_taken(news, _messages(news))
    finally:
        if not is_told:
            _put_back(news, now)
    log.info("%s: told of %s: %s", _ids(news), news.trouble or "recovery", is_told)
    return is_told


def _take(news: News, now: datetime) -> bool:
    """Write down that people are told, unless another process has done so of one of the stores."""
    with transaction.atomic():
        for store in news.stores:
            same = Store.objects.filter(pk=store.pk, **_told(store))
            if not same.update(alerted_about=news.trouble, alerted_at=now):
                transaction.set_rollback(True)
                return False
    return True


def _put_back(news: News, now: datetime) -> None:
    for store in news.stores:
        taken = Store.objects.filter(pk=store.pk, alerted_about=news.trouble, alerted_at=now)
        taken.update(**_told(store))


def _told(store: Store) -> dict[str, Any]:
    return {"alerted_about": store.alerted_about, "alerted_at": store.alerted_at}


def _ids(news: News) -> str:
    return f"store {', '.join(str(store.pk) for store in news.stores)}"


def _is_taken(news: News, messages: Sequence[mail.EmailMessage]) -> bool:
    """Return whether the mail server took one of these mails, or there are none.

    Then whoever was mailed is not mailed again because somebody else could not be.
    """
    if not messages:
        return True
    taken = 0
    with mail.get_connection() as server:
        try:
            for message in messages:
                taken += _send(server, message, news)
        except (SMTPException, OSError):
            if not taken:
                raise
            log.exception("%s: only some people could be told", _ids(news))
    return taken > 0


def _send(server: BaseEmailBackend, message: mail.EmailMessage, news: News) -> int:
    """Send a mail, and answer whether the server knows the address; its refusal would name it."""
    try:
        return server.send_messages([message]) or 0
    except SMTPRecipientsRefused:
        log.warning("%s: the address of one person is refused", _ids(news))
        return 0


def _messages(news: News) -> list[mail.EmailMessage]:
    """Return a mail for each of the account's people who wants it, none knowing of the others."""
    account = news.stores[0].account
    subject, text = _subject(news), _text(news, account)
    return [mail.EmailMessage(subject, text, to=[address]) for address in _addresses(account)]


def _addresses(account: Account) -> Iterator[str]:
    people = Membership.objects.of(account).exclude(role=Membership.Role.VIEWER)
    told = people.filter(is_mailed_of_trouble=True, user__is_active=True).exclude(user__email="")
    yield from told.order_by("pk").values_list("user__email", flat=True)


def _names(news: News) -> str:
    names = [str(store) for store in news.named[:MOST_NAMED]]
    more = len(news.named) - len(names)
    return get_text_list([*names, f"{more} more"] if more else names, "and")


def _named(news: News, account: Account) -> str:
    """Return the stores' names, and the account's where that is another one."""
    names = _names(news)
    return names if names.casefold() == str(account).casefold() else f"{names} ({account})"


def _subject(news: News) -> str:
    said = "the sync needs attention" if news.trouble else "the sync works again"
    return " ".join(f"{_names(news)}: {said}".split())


def _text(news: News, account: Account) -> str:
    template = f"integrationhub/mails/{'trouble' if news.trouble else 'recovered'}.txt"
    hub = f"{settings.SITE_URL}{reverse('hub', args=[account.slug])}"
    store = news.named[0] if len(news.named) == 1 else None
    page = reverse("store", args=[account.slug, store.store_hash]) if store else ""
    shared = {
        "of": _named(news, account),
        "store": store,
        "words": words(news.trouble) if news.trouble else None,
        "is_of_the_account": news.trouble in OF_THE_ACCOUNT,
        "address": f"{settings.SITE_URL}{page}" if store else hub,
        "hub_address": hub,
    }
    with timezone.override(account.zone):
        return render_to_string(template, shared)
