"""Histories of both sides and of runs, in any order, keep promises 1, 2, 4 and 9.

MODEL_EXAMPLES says how many histories are tried; script/soak tries ten thousand. Without it the
same few are tried every time.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from bigcommerce.sandbox import Sandbox as BigCommerceSandbox
from dotdigital.sandbox import Sandbox as DotdigitalSandbox
from integrationhub.models import SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import buyers, members, readers
from tests.integrationhub.sync.faults.verdict import assert_books_are_kept, doubled, rows_sent
from tests.integrationhub.sync.model.town import PEOPLE, Town

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "30"))
MOST_CLOSING_RUNS = 8
numbers = count()


@dataclass
class Servers:
    """Both pretend vendors, and what is to happen at one of the next requests to them."""

    shop: Any
    mail: Any
    requests_left: int = 0
    deed: Callable[[], None] | None = field(default=None)

    def cure(self) -> None:
        """Let both vendors behave again."""
        self.shop.faults.clear()
        self.mail.faults.clear()

    def at_request(self, number: int, deed: Callable[[], None] | None) -> None:
        """Do something before the request of this number from now on is answered."""
        self.requests_left, self.deed = number, deed

    def count(self, *_: Any) -> None:
        """Notice a request."""
        self.requests_left -= 1
        if self.requests_left == 0 and self.deed is not None:
            self.deed()


@pytest.fixture(scope="module")
def servers():
    with BigCommerceSandbox() as shop, DotdigitalSandbox() as mail:
        found = Servers(shop, mail)
        shop.on_request(found.count)
        mail.on_request(lambda _, moment: found.count() if moment == "before" else None)
        mail.switches.import_polls = 0
        yield found


@pytest.fixture
def quick(servers, settings):
    settings.BIGCOMMERCE_API_URL = settings.BIGCOMMERCE_LOGIN_URL = servers.shop.url
    settings.DOTDIGITAL_API_URL = servers.mail.url
    settings.BIGCOMMERCE_TUNING = {"backoff": 0.001, "tries": 3, "read_timeout": 5.0}
    settings.DOTDIGITAL_TUNING |= {"first_pause": 0.001, "answer_timeout": 5.0}
    settings.IMPORT_LOST_SECONDS = 0


who = st.one_of(st.just(PEOPLE[0]), st.just(PEOPLE[0]), st.sampled_from(PEOPLE))
request = st.integers(1, 14)
DEEDS = (
    "subscribe", "subscribe", "unsubscribe", "delete_subscriber", "rename", "move", "order",
    "cancel", "join", "close", "leave", "leave", "complain", "leave_readers", "leave_buyers",
    "click",
)  # fmt: skip
events = st.one_of(
    st.tuples(st.sampled_from(DEEDS), who),
    st.tuples(st.sampled_from(DEEDS), who),
    st.tuples(st.just("run")),
    st.tuples(st.just("run")),
    st.tuples(st.just("run_broken"), request, st.integers(0, 7)),
    st.tuples(st.just("run_while_leaving"), request, who),
    st.tuples(st.just("run_a_day_later")),
)
switches = st.fixed_dictionaries(
    {
        "storefront_unsubscribe": st.sampled_from(["empty", "delete"]),
        "consent_edit_touches_subscriber": st.booleans(),
    }
)


@settings(
    max_examples=EXAMPLES,
    derandomize="MODEL_EXAMPLES" not in os.environ,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(
    history=st.lists(events, min_size=3, max_size=16), is_challenging=st.booleans(), way=switches
)
def test_whatever_happens_nobody_is_mailed_who_said_no(
    servers, quick, history, is_challenging, way
):
    for name, value in way.items():
        setattr(servers.shop.switches, name, value)
    town = Town(f"town{next(numbers)}", servers, is_challenging=is_challenging)
    try:
        for name, *arguments in history:
            town.later()
            getattr(town, name)(*arguments)

        last = come_to_rest(town)

        assert_promise_1_and_2(town)
        assert_promise_4(town)
        assert_promise_9(town)
        assert_all_who_may_are_there(town)
        event(f"ended {last.reason}")
    finally:
        servers.cure()
        servers.at_request(0, None)
        store = town.world.store
        store.delete()
        store.account.delete()
        servers.shop.requests.clear()
        servers.mail.requests.clear()


def come_to_rest(town):
    """Run without faults until there is nothing left to do; then a run sends nobody.

    The first run reads everything: nothing else can find what was deleted in the store.
    """
    town.run_a_day_later()
    for _ in range(MOST_CLOSING_RUNS):
        town.later()
        run = town.run()
        if run.reason == Reason.NOTHING_TO_DO:
            break
    town.later()
    town.servers.mail.requests.clear()
    last = town.run()
    assert last.status == SyncRun.Status.COMPLETED
    assert not rows_sent(town.servers.mail.requests, town.mail.user)
    assert last.written_back == last.removed == 0
    return last


def assert_promise_1_and_2(town):
    in_book = members(town.mail, town.world.books[0])
    refusers = {email for email in town.words.said if town.words.refuses(email)}
    assert in_book <= readers(town.shop), "in the book without an opt-in in the store"
    assert not in_book & refusers, "in the book after a no"
    assert not readers(town.shop) & refusers, "subscribed in the store after a no"
    if town.is_challenging:
        waiting = {email for email in town.words.said if town.words.awaits_click(email)}
        assert not in_book & waiting, "in the book without the click that was asked for"


def assert_promise_4(town):
    known = {row.email.lower() for row in town.shop.tables.subscribers.ordered()}
    if town.servers.shop.switches.storefront_unsubscribe == "empty":
        assert known == set(town.words.subscribed)
    assert known <= set(town.words.subscribed)
    assert readers(town.shop) <= town.words.readers()


def assert_promise_9(town):
    assert_books_are_kept(town.world)
    assert not doubled(town.world)


def assert_all_who_may_are_there(town):
    words = town.words
    untroubled = {
        email
        for email in words.readers() | buyers(town.shop)
        if not words.has_ever_refused(email) and email not in words.moved
    }
    wanted = words.readers() & untroubled
    assert wanted <= members(town.mail, town.world.books[0]), "left out without a reason"
    assert wanted <= readers(town.shop), "unsubscribed in the store without a reason"
    assert members(town.mail, town.world.books[1]) <= buyers(town.shop)
    assert buyers(town.shop) & untroubled <= members(town.mail, town.world.books[1])
