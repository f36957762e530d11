"""Tests of the safety stop: what counts, what a person is told, and what Go on lets pass."""

import pytest
from django.utils import timezone

from integrationhub import stores
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import members, readers

pytestmark = pytest.mark.django_db(transaction=True)
LEAVING = (
    "6 people would leave an address book, 30% of the 20 who are in an address book now: "
    "Has not agreed to the newsletter in the store (5); "
    "Has never signed up for the newsletter in the store (1)"
)
PEOPLE = [f"p{number:02}@shop.example" for number in range(20)]


@pytest.fixture
def careful(shop, store, books, run_once):
    """Bring twenty readers into a book of a store that may do no more than two by itself."""
    Store.objects.filter(pk=store.pk).update(safety_number=2)
    for email in PEOPLE:
        shop.subscribe(email)
    run_once()


def go_on():
    stores.go_on(Store.objects.get(), now=timezone.now())


@pytest.fixture
def run_now(store, run_once):
    """Run the store as it stands now."""

    def go():
        store.refresh_from_db()
        return run_once()

    return go


def test_people_who_left_by_themselves_are_no_removals_of_ours(careful, shop, mail, books, run_now):
    for email in PEOPLE[:6]:
        mail.unsubscribe(email)
    stopped = run_now()
    go_on()

    run = run_now()

    assert stopped.reason == Reason.SAFETY_STOP_OPT_OUTS
    assert run.status == SyncRun.Status.COMPLETED
    assert readers(shop) == set(PEOPLE[6:])


def test_go_on_lifts_only_the_limit_that_was_hit(careful, shop, mail, books, run_now):
    for email in PEOPLE[:6]:
        mail.unsubscribe(email)
    run_now()
    for email in PEOPLE[6:12]:
        shop.unsubscribe(email)
    go_on()

    second = run_now()
    between = members(mail, books[0])
    go_on()
    third = run_now()

    assert second.reason == Reason.SAFETY_STOP_REMOVALS
    assert between >= set(PEOPLE[6:])
    assert third.status == SyncRun.Status.COMPLETED
    assert members(mail, books[0]) == set(PEOPLE[12:])


def test_go_on_covers_as_many_as_the_person_was_told_of(careful, shop, mail, books, run_now):
    for email in PEOPLE[:6]:
        shop.unsubscribe(email)
    run_now()
    for email in PEOPLE[6:12]:
        shop.unsubscribe(email)
    go_on()

    asked_again = run_now()
    go_on()
    run = run_now()

    assert asked_again.reason == Reason.SAFETY_STOP_REMOVALS
    assert asked_again.detail.startswith("12 people")
    assert run.status == SyncRun.Status.COMPLETED
    assert members(mail, books[0]) == set(PEOPLE[12:])


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (
            lambda shop, mail: [mail.unsubscribe(email) for email in PEOPLE[:6]],
            "6 unsubscribes would be written back to BigCommerce, 30% of the 20 who are in",
        ),
        (
            lambda shop, mail: [
                *(shop.unsubscribe(email) for email in PEOPLE[:5]),
                shop.delete_subscriber(PEOPLE[5]),
            ],
            LEAVING,
        ),
        (
            lambda shop, mail: [shop.subscribe(f"new{number}@x.example") for number in range(5)],
            "5 people would come into an address book, 25% of the 20 who are in",
        ),
    ],
)
def test_the_run_says_what_it_would_do_and_why(careful, shop, mail, run_now, settings, deed, told):
    settings.FULL_READ_HOURS = 0
    deed(shop, mail)

    run = run_now()

    assert run.status == SyncRun.Status.STOPPED
    assert run.detail.startswith(told)
