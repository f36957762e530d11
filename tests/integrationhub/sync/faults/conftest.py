"""What the tests of faults share: a world to trouble, and what becomes of an untroubled one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.integrationhub.sync.faults import worlds

# Long enough ago that the second day's reads do not overlap it, and not yet a day.
FIRST_DAY = timedelta(hours=3)


@pytest.fixture(autouse=True)
def quick(settings, mail_server):
    """Let imports be done when they are first asked about, and pauses be short."""
    mail_server.switches.import_polls = 0
    settings.BIGCOMMERCE_TUNING = {"backoff": 0.002, "tries": 3, "read_timeout": 5.0}
    settings.DOTDIGITAL_TUNING |= {"first_pause": 0.002, "answer_timeout": 5.0}


@pytest.fixture
def new_world(shop_server, mail_server):
    """Make a world by name, at the moment that our clock shows."""

    def make(name, now=timezone.now):
        shop = shop_server.add_store(name, access_token=f"token-{name}", name=name)
        mail = mail_server.add_account(user=f"{name}@apiconnector.com", password=name, name=name)
        return worlds.connect(shop, mail, now())

    return make


@pytest.fixture
def on_the_second_day(new_world, shop_server, mail_server):
    """Make a world whose first day is over, and in which much has happened since."""

    def make(name):
        shop_server.clock.advance(-FIRST_DAY)
        mail_server.clock.advance(-FIRST_DAY.total_seconds())
        world = new_world(name, lambda: timezone.now() - FIRST_DAY)
        worlds.first_day(world)
        world.run(lambda: timezone.now() - FIRST_DAY)
        shop_server.clock.advance(FIRST_DAY)
        mail_server.clock.advance(FIRST_DAY.total_seconds())
        worlds.second_day(world)
        return world

    return make


@pytest.fixture(scope="session")
def remembered():
    """What the undisturbed world came to, once some test has let it pass."""
    return {}


@pytest.fixture
def undisturbed(remembered, on_the_second_day):
    """What both days come to where nothing goes wrong; ask for it before `world`."""
    if not remembered:
        twin = on_the_second_day("twin")
        last = twin.run()
        remembered["outcome"] = worlds.Outcome(
            state=worlds.final_state(twin),
            bigcommerce_calls=last.bigcommerce_calls,
            dotdigital_calls=last.dotdigital_calls,
        )
        twin.store.delete()
    return remembered["outcome"]


@pytest.fixture
def world(on_the_second_day):
    """The world that is going to be troubled, on its second day."""
    return on_the_second_day("troubled")


@pytest.fixture
def cure(shop_server, mail_server):
    """Let both vendors behave again."""

    def both():
        shop_server.faults.clear()
        mail_server.faults.clear()

    return both
