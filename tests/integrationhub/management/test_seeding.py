"""Tests of the demo's first rows: what a person has changed in the demo stays."""

import pytest
from django.utils import timezone

from integrationhub import disconnecting
from integrationhub.management.demo.seeding import seed
from integrationhub.management.demo.world import NORTHWIND
from integrationhub.models import Store

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(shop_server, mail_server, settings):
    """The pretend store and account of the tenant that is connected from the start."""
    settings.DEBUG = True
    shop_server.add_store(NORTHWIND.store_hash, access_token=NORTHWIND.access_token, name="North")
    mail_server.add_account(
        user=NORTHWIND.api_user, password=NORTHWIND.api_password, name="North mail"
    )


@pytest.mark.usefixtures("northwind")
def test_a_store_that_somebody_has_disconnected_is_not_connected_by_the_next_start():
    seed([NORTHWIND])
    disconnecting.disconnect(Store.objects.get(), now=timezone.now())

    seed([NORTHWIND])

    assert Store.objects.get().is_disconnected


@pytest.mark.usefixtures("northwind")
def test_a_connected_store_is_connected_again_by_the_next_start():
    seed([NORTHWIND])
    Store.objects.update(access_token="of yesterday")

    seed([NORTHWIND])

    assert Store.objects.get().access_token == NORTHWIND.access_token
