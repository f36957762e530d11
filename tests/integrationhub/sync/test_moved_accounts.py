"""Tests of an account that moves to another region while people do something with it."""

import pytest
from django.db import connection
from django.utils import timezone

from integrationhub import disconnecting, sync
from integrationhub.models import Account, ActivityEntry, Membership
from tests.factories import ContactFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_that_it_has_moved_is_found_out_by_the_hub_and_is_nobodys_activity(store, mail, client):
    contact = ContactFactory(store=store)
    viewer = MembershipFactory(account=store.account, role=Membership.Role.VIEWER)
    client.force_login(viewer.user)
    before = store.account.dotdigital_endpoint
    mail.move_to("r2")

    client.get(f"/acme/bigcommerce/{store.store_hash}/find/{contact.pk}/?ask=1")

    assert Account.objects.get().dotdigital_endpoint != before
    assert not ActivityEntry.objects.filter(actor=viewer.user).exists()


def test_an_account_that_is_disconnected_while_it_is_looked_for_keeps_no_address(
    store, books, mail, mail_server, run_once
):
    def hear(entry, moment):
        if moment == "before" and entry.path == "/v2/account-info":
            disconnecting.disconnect(store, now=timezone.now())
            connection.close()  # this is the sandbox's thread

    mail.move_to("r2")
    mail_server.on_request(hear)

    with pytest.raises(sync.LeaseLostError):
        run_once()

    assert not Account.objects.get().is_connected
