"""Tests of rights that are lost in mid-run: stopped at once, said plainly, taken up again later."""

import pytest
from django.utils import timezone

from bigcommerce.sandbox.shop import DEFAULT_SCOPES
from dotdigital.sandbox.faults import Fault
from integrationhub import stores
from integrationhub.models import Account, Store, SyncRun
from integrationhub.reasons import REASONS, Fixer, Reason
from tests.integrationhub.sync.faults import worlds
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened, lost

pytestmark = pytest.mark.django_db(transaction=True)


def revoke_token(world):
    world.shop.access_token = "another-token"


def narrow_scope(world):
    world.shop.allow(())


def change_password(world):
    world.mail.set_password("changed")


LOSSES = [
    ("token revoked", revoke_token, Reason.BIGCOMMERCE_CREDENTIALS),
    ("scope lost", narrow_scope, Reason.BIGCOMMERCE_SCOPE),
    ("password changed", change_password, Reason.DOTDIGITAL_CREDENTIALS),
]


@pytest.fixture
def at_call(shop_server, mail_server):
    """Do something just before one of our calls; answer the side of each call, in order."""

    def wait(number, deed):
        sides = []

        def note(side, moment="before"):
            if moment == "before":
                sides.append(side)
                if len(sides) == number:
                    deed()

        shop_server.on_request(lambda _: note("shop"))
        mail_server.on_request(lambda _, moment: note("mail", moment))
        return sides

    return wait


def reconnect(world):
    """Enter the credentials that are valid now, with all the rights."""
    world.shop.allow(DEFAULT_SCOPES)
    stores.connect(world.store.account, worlds.credentials(world.shop, world.mail))


@pytest.mark.parametrize("number", [1, 7, 12])
@pytest.mark.parametrize(("name", "lose", "reason"), LOSSES)
def test_rights_lost_in_mid_run_cost_one_more_call_and_nothing_after_reconnecting(
    undisturbed, world, at_call, name, lose, reason, number
):
    sides = at_call(number, lambda: lose(world))
    run = world.run()
    calls_after = sides[number:].count("mail" if lose is change_password else "shop")
    standing = world.store
    reconnect(world)

    world.run()

    assert (run.status, run.reason) == (SyncRun.Status.FAILED, reason)
    assert REASONS[reason].fixer is Fixer.MARKETER
    assert calls_after <= 1
    assert (standing.problem, standing.next_sync_at) == (reason, None)
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_a_token_revoked_in_one_store_stops_no_other_store_of_the_account(shop_server, world):
    second = worlds.connect(
        shop_server.add_store("other", access_token="token-other"),
        world.mail,
        timezone.now(),
        account=world.store.account,
    )
    second.shop.subscribe("other.reader@shop.example")
    revoke_token(world)
    world.run()

    run = second.run()

    assert world.store.problem == Reason.BIGCOMMERCE_CREDENTIALS
    assert run.status == SyncRun.Status.COMPLETED
    assert lost(second) == set()


def test_a_password_changed_in_one_account_stops_no_other_account(new_world, world):
    other = new_world("other")
    other.shop.subscribe(worlds.READERS[0])
    change_password(world)
    world.run()

    run = other.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert lost(other) == set()
    assert set(Store.objects.exclude(problem="").values_list("pk", flat=True)) == {world.store_id}


@pytest.mark.parametrize("number", [1, 9])
def test_an_account_that_moves_to_another_region_loses_nothing(undisturbed, world, at_call, number):
    before = world.store.account.dotdigital_endpoint
    at_call(number, lambda: world.mail.move_to("r2"))

    run = world.run()
    world.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert world.store.account.dotdigital_endpoint != before
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_an_account_that_moves_again_and_again_is_followed(undisturbed, world):
    for region in ("r2", "r3", "r1"):
        world.mail.move_to(region)

        run = world.run()

        assert run.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_an_account_that_is_refused_where_it_lives_is_told_so_after_one_more_call(
    world, mail_server
):
    mail_server.faults.add(Fault.named("wrong region", path="suppressed", times=None))
    mail_server.requests.clear()

    run = world.run()

    assert run.reason == Reason.DOTDIGITAL_REGION
    assert world.store.next_sync_at is None
    assert [each.path for each in mail_server.requests].count("/v2/account-info") == 1


def test_nobody_is_followed_into_another_account(world, mail_server):
    world.mail.move_to("r2")
    Account.objects.update(dotdigital_id=4711)

    run = world.run()

    assert run.reason == Reason.DOTDIGITAL_REGION


@pytest.mark.parametrize("status", ["maintenance", "back at once"])
def test_a_store_in_maintenance_pauses_and_goes_on_by_itself(
    undisturbed, world, shop_server, at_call, status
):
    at_call(6, lambda: setattr(shop_server.switches, "maintenance", True))
    if status == "back at once":
        at_call(7, lambda: setattr(shop_server.switches, "maintenance", False))
    world.run()
    due = world.store.next_sync_at
    shop_server.switches.maintenance = False

    world.run()

    assert due is not None
    assert due > timezone.now()
    assert_as_if_nothing_had_happened(world, undisturbed)
