"""Stored credentials become API clients, and the clients' errors become reasons."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.conf import settings
from django.utils import timezone

import bigcommerce.errors as shop
import dotdigital.errors as mail
from bigcommerce.client import Client as BigCommerceClient
from bigcommerce.retries import Tuning as ShopTuning
from dotdigital.client import Client as DotdigitalClient
from dotdigital.client import discover
from dotdigital.patience import Tuning as MailTuning
from dotdigital.records import AccountInformation
from dotdigital.regions import endpoint_for
from integrationhub.budgets import MailPacer, ShopPacer
from integrationhub.models import Account, Store
from integrationhub.reasons import Reason

log = logging.getLogger(__name__)
ApiErrors = (shop.ApiError, mail.ApiError)
RateLimitErrors = (shop.RateLimitError, mail.RateLimitError)
UnavailableErrors = (shop.UnavailableError, mail.UnavailableError)

TRIES_WHILE_AWAITED = 4

# The most particular class first: the first that fits gives the reason.
_REASONS: tuple[tuple[type[Exception], Reason], ...] = (
    (shop.AuthenticationError, Reason.BIGCOMMERCE_CREDENTIALS),
    (shop.PermissionDeniedError, Reason.BIGCOMMERCE_SCOPE),
    (shop.NotFoundError, Reason.BIGCOMMERCE_STORE_UNKNOWN),
    (shop.RateLimitError, Reason.BIGCOMMERCE_RATE_LIMIT),
    (shop.MaintenanceError, Reason.BIGCOMMERCE_MAINTENANCE),
    (shop.UnavailableError, Reason.BIGCOMMERCE_UNREACHABLE),
    (shop.MalformedAnswerError, Reason.BIGCOMMERCE_MALFORMED),
    (shop.ApiError, Reason.BIGCOMMERCE_REFUSED),
    (mail.RegionError, Reason.DOTDIGITAL_REGION),
    (mail.AuthenticationError, Reason.DOTDIGITAL_CREDENTIALS),
    (mail.TooManyImportsError, Reason.DOTDIGITAL_IMPORTS_FULL),
    (mail.RateLimitError, Reason.DOTDIGITAL_RATE_LIMIT),
    (mail.UnavailableError, Reason.DOTDIGITAL_UNREACHABLE),
    (mail.MalformedAnswerError, Reason.DOTDIGITAL_MALFORMED),
    (mail.SetupError, Reason.DOTDIGITAL_SETUP),
    (mail.ApiError, Reason.DOTDIGITAL_REFUSED),
)


def bigcommerce_client(store: Store, *, is_awaited: bool = False) -> BigCommerceClient:
    """Return a client for a connected store; close it after use.

    It soon gives up on a store that does not answer where the worker `is_awaited` elsewhere.
    """
    pacer = ShopPacer(store.store_hash, share=settings.BIGCOMMERCE_QUOTA_SHARE, now=timezone.now)
    tuning = _shop_tuning()
    if is_awaited:
        few, most = min(tuning.tries, TRIES_WHILE_AWAITED), _silence_of(store)
        tuning = replace(tuning, tries=few, patience_in_silence=most)
    return _bigcommerce(store.store_hash, store.access_token, tuning=tuning, pacer=pacer)


def _silence_of(store: Store) -> float:
    """Return for how long the store may keep silent: the longer, the more often it has.

    Else one that is slow would never be synced where others are always due.
    """
    bearable: list[float] = settings.SYNC_SILENCE_SECONDS
    return bearable[min(store.failures_in_a_row, len(bearable) - 1)]


def bigcommerce_client_for(store_hash: str, access_token: str) -> BigCommerceClient:
    """Return a client for credentials that are being tried, impatient because a person waits.

    Raises ValueError when the hash or the token cannot be one.
    """
    return _bigcommerce(store_hash, access_token, tuning=_hurried_shop_tuning())


def bigcommerce_glance(store: Store) -> BigCommerceClient:
    """Return a client that asks once and answers soon, for a page that shows one person."""
    pacer = ShopPacer(store.store_hash, share=settings.BIGCOMMERCE_QUOTA_SHARE, now=timezone.now)
    tuning, most = _hurried_shop_tuning(), settings.GLANCE_SECONDS
    once = replace(
        tuning,
        tries=1,
        patience=most,
        deadline=most,
        connect_timeout=min(tuning.connect_timeout, most),
        read_timeout=min(tuning.read_timeout, most),
        longest_wait=0.0,
    )
    return _bigcommerce(store.store_hash, store.access_token, tuning=once, pacer=pacer)


def _bigcommerce(
    store_hash: str, access_token: str, *, tuning: ShopTuning, pacer: ShopPacer | None = None
) -> BigCommerceClient:
    return BigCommerceClient(
        store_hash,
        access_token,
        base_url=settings.BIGCOMMERCE_API_URL,
        quota_share=settings.BIGCOMMERCE_QUOTA_SHARE,
        readers=settings.BIGCOMMERCE_READERS,
        tuning=tuning,
        pacer=pacer,
    )


def dotdigital_client(account: Account, *, is_hurried: bool = False) -> DotdigitalClient:
    """Return a client for a connected account, impatient where a person waits; close it.

    The endpoint is checked again at every use: credentials never go to another host.
    """
    return _dotdigital_of(account, _hurried_mail_tuning() if is_hurried else _mail_tuning())


def dotdigital_client_of(store: Store, *, is_awaited: bool = False) -> DotdigitalClient:
    """Return a client for the account of a store that is synced, as `bigcommerce_client` does."""
    tuning = _mail_tuning()
    if is_awaited:
        few, most = min(tuning.attempts, TRIES_WHILE_AWAITED), _silence_of(store)
        tuning = replace(tuning, attempts=few, patience_in_silence=most)
    return _dotdigital_of(store.account, tuning)


def dotdigital_glance(account: Account) -> DotdigitalClient:
    """Return a client that asks once and answers soon, for a page that shows one person."""
    tuning, most = _hurried_mail_tuning(), settings.GLANCE_SECONDS
    once = replace(
        tuning,
        attempts=1,
        patience=most,
        connect_timeout=min(tuning.connect_timeout, most),
        answer_timeout=min(tuning.answer_timeout, most),
        longest_wait=0.0,
    )
    return _dotdigital_of(account, once)


def _dotdigital_of(account: Account, tuning: MailTuning) -> DotdigitalClient:
    return _dotdigital(
        account.dotdigital_api_user,
        account.dotdigital_password,
        endpoint=endpoint_for(settings.DOTDIGITAL_API_URL, account.dotdigital_endpoint),
        tuning=tuning,
        pacer=MailPacer(str(account.dotdigital_id), now=timezone.now),
        relocate=partial(_endpoint_now, account),
    )


def _endpoint_now(account: Account) -> str:
    """Return where the account lives by now, and keep it; told of another one, what we know.

    Only while it is known by what was read of it; and by no `save()`: it is nobody's activity.
    """
    found = discover_dotdigital(account.dotdigital_api_user, account.dotdigital_password)
    known = endpoint_for(settings.DOTDIGITAL_API_URL, account.dotdigital_endpoint)
    if found.id != account.dotdigital_id or found.endpoint == known:
        return known
    log.warning("account %s lives at %s now", account.pk, found.endpoint)
    names = ("pk", "dotdigital_id", "dotdigital_api_user", "dotdigital_endpoint")
    same = Account.objects.filter(**{name: getattr(account, name) for name in names})
    same.update(dotdigital_endpoint=found.endpoint)
    account.dotdigital_endpoint = found.endpoint
    return found.endpoint


def dotdigital_client_for(user: str, password: str, *, endpoint: str) -> DotdigitalClient:
    """Return an impatient client for credentials that are being tried."""
    return _dotdigital(user, password, endpoint=endpoint, tuning=_hurried_mail_tuning())


def _dotdigital(
    user: str,
    password: str,
    *,
    endpoint: str,
    tuning: MailTuning,
    pacer: MailPacer | None = None,
    relocate: Callable[[], str] | None = None,
) -> DotdigitalClient:
    return DotdigitalClient(
        user,
        password,
        endpoint=endpoint,
        integration_token=settings.DOTDIGITAL_INTEGRATION_TOKEN,
        tuning=tuning,
        pacer=pacer,
        relocate=relocate,
    )


def discover_dotdigital(user: str, password: str) -> AccountInformation:
    """Return which account these credentials open, with the endpoint that its calls go to."""
    tuning = _hurried_mail_tuning()
    return discover(user, password, base_url=settings.DOTDIGITAL_API_URL, tuning=tuning)


def _shop_tuning() -> ShopTuning:
    return ShopTuning(**settings.BIGCOMMERCE_TUNING)


def _hurried_shop_tuning() -> ShopTuning:
    tuning, most = _shop_tuning(), settings.PAGE_PATIENCE_SECONDS
    return replace(
        tuning,
        tries=min(tuning.tries, 2),
        patience=min(tuning.patience, most),
        deadline=min(tuning.deadline, most),
    )


def _mail_tuning() -> MailTuning:
    return MailTuning(**settings.DOTDIGITAL_TUNING)


def _hurried_mail_tuning() -> MailTuning:
    tuning, most = _mail_tuning(), settings.PAGE_PATIENCE_SECONDS
    return replace(
        tuning,
        attempts=min(tuning.attempts, 2),
        patience=min(tuning.patience, most),
        answer_timeout=min(tuning.answer_timeout, most),
    )


def reason_of(error: Exception) -> Reason:
    """Return the reason that a marketer is shown for a client's error."""
    return next(reason for kind, reason in _REASONS if isinstance(error, kind))
