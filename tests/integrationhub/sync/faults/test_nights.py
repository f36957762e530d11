"""Tests of the nights in which the clocks change: everything is read once, and nobody is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from integrationhub.models import Account, Cursor
from tests.integrationhub.sync.faults import worlds
from tests.integrationhub.sync.faults.verdict import (
    assert_books_are_kept,
    doubled,
    lost,
    resubscribed,
    said_no_everywhere,
)

pytestmark = pytest.mark.django_db(transaction=True)
HALF_AN_HOUR = timedelta(minutes=30)
# In London the hour from 1 to 2 is left out in the one night, and comes twice in the other.
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)


@pytest.fixture
def clock(shop_server, mail_server):
    """Let everybody's clock show a moment, and answer a clock that shows it too."""

    def at(moment):
        shop_server.clock.set(moment)
        mail_server.clock.advance((moment - mail_server.clock.now()).total_seconds())
        return shop_server.clock.now

    return at


def full_reads():
    """When each source was last read as a whole."""
    return dict(Cursor.objects.values_list("source", "full_read_at"))


@pytest.mark.parametrize("midnight", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_in_the_night_of_the_change_everything_is_read_once_and_nobody_is_lost(
    new_world, clock, midnight
):
    evening, morning = midnight - timedelta(hours=10), midnight + timedelta(hours=7)
    world = new_world("night", clock(evening))
    Account.objects.update(time_zone="Europe/London")
    worlds.first_day(world)
    world.run(clock(evening))
    seen = [full_reads()]
    worlds.second_day(world)

    moment = midnight - timedelta(hours=2)
    while moment < morning:
        world.run(clock(moment))
        seen.append(full_reads())
        moment += HALF_AN_HOUR

    for source in ("customers", "subscribers"):
        times = {reads[source] for reads in seen}
        assert len(times) == 2, (source, times)
    assert lost(world) == doubled(world) == resubscribed(world) == set()
    assert said_no_everywhere(world)
    assert_books_are_kept(world)
