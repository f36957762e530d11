"""What the tests of faults share: a world to trouble, and what becomes of an untroubled one."""

import pytest
from django.utils import timezone

from tests.integrationhub.sync.faults import worlds


@pytest.fixture(autouse=True)
def quick(settings, mail_server):
    """Let imports be done when they are first asked about, and patience be short."""
    mail_server.switches.import_polls = 0
    settings.BIGCOMMERCE_TUNING = {"backoff": 0.002, "tries": 3, "read_timeout": 0.25}
    settings.DOTDIGITAL_TUNING = {"first_pause": 0.002, "attempts": 3, "answer_timeout": 0.25}


@pytest.fixture
def new_world(db, shop_server, mail_server):
    """Make a world by name, at the moment that our clock shows."""

    def make(name, now=timezone.now):
        shop = shop_server.add_store(name, access_token=f"token-{name}", name=name)
        mail = mail_server.add_account(user=f"{name}@apiconnector.com", password=name, name=name)
        return worlds.connect(shop, mail, now())

    return make


@pytest.fixture(scope="session")
def remembered():
    """What the undisturbed world came to, once some test has let it pass."""
    return {}


@pytest.fixture
def undisturbed(remembered, new_world):
    """What both days come to where nothing goes wrong; ask for it before `world`."""
    if not remembered:
        twin = new_world("twin")
        worlds.first_day(twin)
        twin.run()
        worlds.second_day(twin)
        last = twin.run()
        remembered["outcome"] = worlds.Outcome(
            state=worlds.final_state(twin),
            bigcommerce_calls=last.bigcommerce_calls,
            dotdigital_calls=last.dotdigital_calls,
        )
        twin.store.delete()
    return remembered["outcome"]


@pytest.fixture
def world(new_world):
    """The world that is going to be troubled, on its second day."""
    world = new_world("troubled")
    worlds.first_day(world)
    world.run()
    worlds.second_day(world)
    return world


@pytest.fixture
def cure(shop_server, mail_server):
    """Let both vendors behave again."""

    def both():
        shop_server.faults.clear()
        mail_server.faults.clear()

    return both
