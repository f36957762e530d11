"""Tests of limits that several stores of one account, and several workers, share."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bigcommerce.errors import RateLimitError as ShopRateLimitError
from bigcommerce.sandbox import Fault as ShopFault
from bigcommerce.sandbox.quota import Quota
from dotdigital.errors import RateLimitError as MailRateLimitError
from dotdigital.sandbox import Fault as MailFault
from integrationhub.clients import bigcommerce_client, dotdigital_client, dotdigital_client_for
from integrationhub.models import RateBudget, Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.faults import worlds
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened, lost

pytestmark = pytest.mark.django_db(transaction=True)
TIERS = ("lowCallRate", "mediumCallRate", "highCallRate")


def refused(server):
    return [request for request in server.requests if request.status == 429]


@pytest.fixture
def patient(settings):
    """Let nobody wait: whoever would have to says so at once."""
    settings.BIGCOMMERCE_TUNING = {"backoff": 0.002, "tries": 3, "longest_wait": 0.0}
    settings.DOTDIGITAL_TUNING = {"first_pause": 0.002, "attempts": 3, "longest_wait": 0.0}


@pytest.fixture
def three_stores(shop_server, new_world):
    """Three stores of one Dotdigital account."""
    first = new_world("first")
    others = [
        worlds.connect(
            shop_server.add_store(name, access_token=f"token-{name}", name=name),
            first.mail,
            timezone.now(),
            account=first.store.account,
        )
        for name in ("second", "third")
    ]
    return [first, *others]


def test_clients_of_one_store_take_what_is_left_of_its_quota_between_them(
    new_world, shop_server, settings, patient
):
    settings.BIGCOMMERCE_QUOTA_SHARE = 1.0
    world = new_world("shared")
    world.shop.quota = Quota(20, 60.0)
    shop_server.requests.clear()
    clients = [bigcommerce_client(world.store) for _ in range(3)]
    granted = 0

    for turn in range(60):
        try:
            clients[turn % 3].time()
            granted += 1
        except ShopRateLimitError:
            continue

    assert granted == 20
    assert not refused(shop_server)


def test_half_of_a_stores_quota_is_left_to_others_by_all_workers_together(
    new_world, shop_server, patient
):
    world = new_world("shared")
    world.shop.quota = Quota(40, 60.0)
    shop_server.requests.clear()
    clients = [bigcommerce_client(world.store) for _ in range(4)]
    granted = 0

    for turn in range(80):
        try:
            clients[turn % 4].time()
            granted += 1
        except ShopRateLimitError:
            continue

    assert granted == 20


def test_a_window_that_one_worker_found_closed_is_closed_for_the_others(
    new_world, shop_server, patient
):
    world = new_world("closed")
    headers = {"X-Rate-Limit-Time-Reset-Ms": "45000"}
    shop_server.faults.add(ShopFault(status=429, headers=headers))
    with pytest.raises(ShopRateLimitError), bigcommerce_client(world.store) as client:
        client.time()
    shop_server.requests.clear()

    with pytest.raises(ShopRateLimitError) as told, bigcommerce_client(world.store) as client:
        client.time()

    assert 40 < told.value.retry_after <= 45
    assert not shop_server.requests


def test_three_stores_of_one_account_share_its_limit_and_are_never_refused(
    three_stores, mail_server, patient
):
    mail_server.switches.tiers = dict.fromkeys(TIERS, 35)
    mail_server.switches.window = 60.0
    mail_server.requests.clear()
    clients = [dotdigital_client(world.store.account) for world in three_stores]
    granted = [0, 0, 0]

    for turn in range(90):
        try:
            clients[turn % 3].data_fields()
            granted[turn % 3] += 1
        except MailRateLimitError:
            continue

    assert sum(granted) > 15
    assert max(granted) - min(granted) <= 1
    assert not refused(mail_server)
    stranger = dotdigital_client_for(
        three_stores[0].mail.user, three_stores[0].mail.password, endpoint=mail_server.url
    )
    with pytest.raises(MailRateLimitError):
        stranger.data_fields()
    assert refused(mail_server), "they had left nothing"


@pytest.mark.parametrize("told", ["1", "60", "a date", "rubbish"])
def test_whatever_a_refusal_asks_for_all_stores_of_the_account_heed_it(
    three_stores, mail_server, settings, told
):
    moment = mail_server.clock.now() + timedelta(seconds=50)
    date = f"{moment:%a, %d %b %Y %H:%M:%S} GMT"
    headers = {"Retry-After": date if told == "a date" else told}
    settings.DOTDIGITAL_TUNING = {"first_pause": 0.01, "attempts": 3, "longest_wait": 30.0}
    mail_server.faults.add(MailFault(status=429, headers=headers))
    for world in three_stores:
        world.shop.subscribe(f"reader@{world.shop.store_hash}.example")

    runs = [world.run() for world in three_stores]

    waits = told in {"60", "a date"}
    assert len(refused(mail_server)) == 1
    for run in runs:
        assert run.status == (SyncRun.Status.RUNNING if waits else SyncRun.Status.COMPLETED)
        assert (run.reason == Reason.DOTDIGITAL_RATE_LIMIT) == waits
    if waits:
        due = Store.objects.values_list("next_sync_at", flat=True)
        assert min(due) > timezone.now() + timedelta(seconds=30)


def test_while_there_is_plenty_nothing_is_written(world, undisturbed):
    world.shop.quota = Quota(150, 30.0)

    world.run()

    assert not RateBudget.objects.exists()
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_another_account_goes_on_while_one_must_wait(new_world, mail_server, settings):
    waiting, other = new_world("waiting"), new_world("other")
    other.shop.subscribe("reader@other.example")
    mail_server.faults.add(MailFault(status=429, headers={"Retry-After": "60"}))

    first = waiting.run()
    second = other.run()

    assert first.reason == Reason.DOTDIGITAL_RATE_LIMIT
    assert second.status == SyncRun.Status.COMPLETED
    assert lost(other) == set()


def test_readers_side_by_side_share_the_quota_with_other_workers(new_world, shop_server, settings):
    settings.BIGCOMMERCE_QUOTA_SHARE = 1.0
    world = new_world("sidebyside")
    for number in range(60):
        world.shop.add_customer(f"c{number}@shop.example")
    shop_server.switches.largest_page = 2
    world.shop.quota = Quota(30, 1.0)
    shop_server.requests.clear()

    run = world.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert run.bigcommerce_calls > 30
    assert len(refused(shop_server)) <= 3
