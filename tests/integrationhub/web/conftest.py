"""What the tests of pages share: people who are logged in, and a page's text."""

import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from integrationhub.models import Membership
from tests.factories import MembershipFactory, StaffFactory


@pytest.fixture(autouse=True)
def _no_tries_yet():
    """Forget how often people have tried: users of other tests had the same ids."""
    cache.clear()


@pytest.fixture
def marketer(account):
    return MembershipFactory(account=account).user


@pytest.fixture
def viewer(account):
    return MembershipFactory(account=account, role=Membership.Role.VIEWER).user


@pytest.fixture
def browser(marketer):
    """A browser in which the account's marketer is logged in."""
    client = Client()
    client.force_login(marketer)
    return client


@pytest.fixture
def viewers_browser(viewer):
    client = Client()
    client.force_login(viewer)
    return client


@pytest.fixture
def page(store):
    """Answer the address of one of the store's pages."""

    def address(name, **more):
        places = {"account": store.account.slug, "store_hash": store.store_hash}
        return reverse(name, kwargs={**places, **more})

    return address


@pytest.fixture
def _no_waiting(monkeypatch):
    """Let the clients try again at once, as many times as ever."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def staff(db):
    """A browser in which somebody of the staff is logged in, and who that is."""
    person, client = StaffFactory(), Client()
    client.force_login(person)
    return client, person


@pytest.fixture
def admin_form():
    """Change settings of a store in the admin, as its form sends them."""

    def send(client, store, **changes):
        address = reverse("admin:integrationhub_store_change", args=[store.pk])
        shown = client.get(address).context
        form = shown["adminform"].form
        entered = {
            name: json.dumps(value) if isinstance(value, list) else value
            for name, value in form.initial.items()
            if name in form.fields and value is not False
        }
        prefix = shown["inline_admin_formsets"][0].formset.prefix
        counts = {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        answer = client.post(address, {**entered, **counts, **changes})
        assert answer.status_code == 302

    return send
