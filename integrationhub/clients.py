"""Stored credentials become API clients, and the clients' errors become reasons."""

from django.conf import settings

import bigcommerce.errors as shop
import dotdigital.errors as mail
from bigcommerce.client import Client as BigCommerceClient
from bigcommerce.retries import Tuning as ShopTuning
from dotdigital.client import Client as DotdigitalClient
from dotdigital.client import discover
from dotdigital.patience import Tuning as MailTuning
from dotdigital.records import AccountInformation
from dotdigital.regions import endpoint_for
from integrationhub.models import Account, Store
from integrationhub.reasons import Reason

ApiErrors = (shop.ApiError, mail.ApiError)
RateLimitErrors = (shop.RateLimitError, mail.RateLimitError)

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
    (mail.AuthenticationError, Reason.DOTDIGITAL_CREDENTIALS),
    (mail.TooManyImportsError, Reason.DOTDIGITAL_IMPORTS_FULL),
    (mail.RateLimitError, Reason.DOTDIGITAL_RATE_LIMIT),
    (mail.UnavailableError, Reason.DOTDIGITAL_UNREACHABLE),
    (mail.MalformedAnswerError, Reason.DOTDIGITAL_MALFORMED),
    (mail.SetupError, Reason.DOTDIGITAL_SETUP),
    (mail.ApiError, Reason.DOTDIGITAL_REFUSED),
)


def bigcommerce_client(store: Store) -> BigCommerceClient:
    """Return a client for a connected store; close it after use."""
    return bigcommerce_client_for(store.store_hash, store.access_token)


def bigcommerce_client_for(store_hash: str, access_token: str) -> BigCommerceClient:
    """Return a client for credentials that are not stored yet.

    Raises ValueError when the hash cannot be one.
    """
    return BigCommerceClient(
        store_hash,
        access_token,
        base_url=settings.BIGCOMMERCE_API_URL,
        quota_share=settings.BIGCOMMERCE_QUOTA_SHARE,
        tuning=ShopTuning(**settings.BIGCOMMERCE_TUNING),
    )


def dotdigital_client(account: Account) -> DotdigitalClient:
    """Return a client for a connected Dotdigital account; close it after use."""
    return dotdigital_client_for(
        account.dotdigital_api_user,
        account.dotdigital_password,
        endpoint=account.dotdigital_endpoint,
    )


def dotdigital_client_for(user: str, password: str, *, endpoint: str) -> DotdigitalClient:
    """Return a client for credentials that are not stored yet.

    The endpoint is checked again at every use: credentials never go to another host.
    """
    return DotdigitalClient(
        user,
        password,
        endpoint=endpoint_for(settings.DOTDIGITAL_API_URL, endpoint),
        integration_token=settings.DOTDIGITAL_INTEGRATION_TOKEN,
        tuning=MailTuning(**settings.DOTDIGITAL_TUNING),
    )


def discover_dotdigital(user: str, password: str) -> AccountInformation:
    """Return which account these credentials open, with the endpoint that its calls go to."""
    tuning = MailTuning(**settings.DOTDIGITAL_TUNING)
    return discover(user, password, base_url=settings.DOTDIGITAL_API_URL, tuning=tuning)


def reason_of(error: Exception) -> Reason:
    """Return the reason that a marketer is shown for a client's error."""
    return next(reason for kind, reason in _REASONS if isinstance(error, kind))
