"""Tests of clocks that disagree, and of a night in which the hour comes twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from integrationhub.models import Store, SyncRun
from tests.integrationhub.sync.faults import worlds
from tests.integrationhub.sync.faults.verdict import (
    assert_as_if_nothing_had_happened,
    lost,
    resubscribed,
    rows_sent,
)

pytestmark = pytest.mark.django_db(transaction=True)

SKEWS = [-15, 15]
WHOSE = ["ours", "bigcommerce", "dotdigital"]
# Both 01:30 in London; the clocks there go back from 02:00 to 01:00 between the two.
BEFORE_THE_CHANGE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
AFTER_THE_CHANGE = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.fixture
def clock_of(shop_server, mail_server):
    """Put somebody's clock wrong from the beginning; answer the clock that we go by."""

    def put_wrong(whose, minutes):
        skew = timedelta(minutes=minutes)
        shop_server.clock.advance(skew if whose == "bigcommerce" else 0)
        mail_server.clock.advance(skew.total_seconds() if whose == "dotdigital" else 0)
        ours = skew if whose == "ours" else timedelta()
        return lambda: timezone.now() + ours

    return put_wrong


@pytest.mark.parametrize("minutes", SKEWS)
@pytest.mark.parametrize("whose", WHOSE)
def test_a_clock_that_is_wrong_loses_nobody_and_takes_nobody_back(
    undisturbed, new_world, clock_of, sandboxes_later, mail_server, whose, minutes
):
    now = clock_of(whose, minutes)
    world = new_world("skewed", now)
    worlds.first_day(world)
    world.run(now)
    sandboxes_later(minutes=180)
    worlds.second_day(world)

    for _ in range(2):
        last = world.run(lambda: now() + timedelta(minutes=180))

    assert last.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)
    assert max(rows_sent(mail_server.requests, world.mail.user).values()) == 2


CLOSE_CALLS = [
    ("ours", -15),
    ("ours", 15),
    ("bigcommerce", -15),
    ("bigcommerce", 15),
    ("dotdigital", 15),
    ("dotdigital", -15),
]


@pytest.mark.parametrize(("whose", "minutes"), CLOSE_CALLS)
def test_a_no_soon_after_a_yes_wins_whatever_the_clocks_say(new_world, clock_of, whose, minutes):
    now = clock_of(whose, minutes)
    world = new_world("skewed", now)
    Store.objects.update(is_challenging_resubscribers=False)
    world.shop.subscribe(worlds.ACCOUNT_LEAVER)
    world.run(now)
    world.mail.unsubscribe(worlds.ACCOUNT_LEAVER)

    for _ in range(2):
        world.run(now)

    assert world.mail.contact(worlds.ACCOUNT_LEAVER)["status"] == "unsubscribed"
    assert world.shop.subscriber(worlds.ACCOUNT_LEAVER).consents == []


@pytest.fixture
def night(shop_server, mail_server):
    """Let both vendors' clocks show a moment; answer a clock of ours that shows it too."""

    def at(moment):
        shop_server.clock.set(moment)
        mail_server.clock.advance((moment - mail_server.clock.now()).total_seconds())
        return shop_server.clock.now

    return at


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Kiritimati"])
def test_the_night_in_which_an_hour_comes_twice_loses_nobody(
    new_world, mail_server, night, settings, zone
):
    settings.TIME_ZONE = zone
    now = night(BEFORE_THE_CHANGE)
    world = new_world("night", now)
    world.store.account.__class__.objects.update(time_zone=zone)
    worlds.first_day(world)
    world.run(now)
    now = night(AFTER_THE_CHANGE)
    worlds.second_day(world)

    for _ in range(2):
        world.run(now)

    assert lost(world) == resubscribed(world) == set()
    assert worlds.NEWSLETTER not in world.shop.subscriber(worlds.ACCOUNT_LEAVER).consents
    assert worlds.NEWSLETTER not in world.shop.subscriber(worlds.BOOK_LEAVER).consents
