"""The demo's first rows: tenants, log-ins, people who have already said no, a connected store."""

from collections.abc import Iterable, Sequence
from typing import Any

import requests
from django.conf import settings
from django.contrib.auth import get_user_model

from integrationhub import probes, stores
from integrationhub.management.demo.world import PASSWORD, STAFF_EMAIL, Tenant
from integrationhub.models import Account, Membership, Store

OPTED_IN = "marketing_newsletter"
DEEDS = ("unsubscribe", "unsubscribe", "unsubscribe", "complain")
TIMEOUT_SECONDS = 10


def seed(tenants: Iterable[Tenant]) -> None:
    """Make what is absent; what a person has changed in the demo stays."""
    _keep_user(STAFF_EMAIL, is_staff=True)
    for tenant in tenants:
        account, _ = Account.objects.get_or_create(slug=tenant.slug, defaults={"name": tenant.name})
        marketer = _keep_user(tenant.marketer_email, is_staff=False)
        Membership.objects.get_or_create(account=account, user=marketer)
        known = Store.objects.of(account).filter(store_hash=tenant.store_hash)
        is_new = tenant.is_connected_from_the_start and not known.exists()
        if is_new:
            _let_some_say_no(tenant)
        if is_new or known.connected().exists():
            connect(account, tenant)


def connect(account: Account, tenant: Tenant) -> Store:
    """Connect the tenant's store, or again: the vendors may have moved to another port."""
    credentials = probes.Credentials(
        store_hash=tenant.store_hash,
        access_token=tenant.access_token,
        api_user=tenant.api_user,
        password=tenant.api_password,
    )
    return stores.connect(account, credentials)


def _keep_user(email: str, *, is_staff: bool) -> Any:
    users = get_user_model().objects
    user = users.filter(email=email).first()
    if user is None:
        user = users.create_user(username=email, email=email, password=PASSWORD)
    user.is_staff = user.is_superuser = is_staff
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


def _let_some_say_no(tenant: Tenant) -> None:
    """Have a few subscribers of the shop known to Dotdigital as people who want no mail."""
    for email, deed in zip(_opted_in(tenant), DEEDS, strict=False):
        _post(
            "/contacts/v3",
            {"identifiers": {"email": email}},
            auth=(tenant.api_user, tenant.api_password),
        )
        _post(f"/sandbox/api/accounts/{tenant.api_user}/deeds", {"deed": deed, "email": email})


def _opted_in(tenant: Tenant) -> Sequence[str]:
    answer = requests.get(
        f"{settings.BIGCOMMERCE_API_URL}/stores/{tenant.store_hash}/v3/customers/subscribers",
        params={"limit": "50"},
        headers={"X-Auth-Token": tenant.access_token},
        timeout=TIMEOUT_SECONDS,
    )
    answer.raise_for_status()
    rows = answer.json()["data"]
    return [row["email"] for row in rows if OPTED_IN in (row.get("consents") or ())]


def _post(path: str, content: object, auth: tuple[str, str] | None = None) -> None:
    url = f"{settings.DOTDIGITAL_API_URL}{path}"
    answer = requests.post(url, json=content, auth=auth, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
