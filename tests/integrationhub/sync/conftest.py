"""What the engine's tests share: a run from its lease to its end, and a look at both sides."""

import pytest
from django.utils import timezone

from bigcommerce.sandbox.seed import populate
from integrationhub import address_books, sync
from integrationhub.models import Contact


@pytest.fixture
def run_once(store):
    """Carry out one whole run of the store, and answer it as it ended."""

    def go():
        lease = sync.claim_store(store, timezone.now())
        assert lease is not None, "somebody holds the lease"
        return sync.work_on(lease, now=timezone.now)

    return go


@pytest.fixture
def books(store):
    """Choose both books, as SAVE does, and answer Dotdigital's ids: subscribers', customers'."""
    now = timezone.now()
    subscribers = address_books.ensure(store.account, "Store subscribers", now=now)
    customers = address_books.ensure(store.account, "Store customers", now=now)
    choice = address_books.Choice(subscribers=subscribers, customers=customers)
    address_books.assign(store, choice, now=now)
    return subscribers.dotdigital_id, customers.dotdigital_id


@pytest.fixture
def contact_of(store):
    """Answer the ledger's row of an address."""
    return lambda email: Contact.objects.get(store=store, email=email)


@pytest.fixture
def seeded_shop(shop):
    """Answer the shop with a few hundred people in it, as real ones are."""
    populate(shop, 300, seed=7)
    return shop
