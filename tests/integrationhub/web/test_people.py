"""The health of a store, and the people behind each reason."""

import pytest
from django.utils import timezone

from integrationhub.models import StandingCount
from tests.factories import (
    AddressBookMappingFactory,
    ContactFactory,
    StoreFactory,
    SyncRunFactory,
)
from tests.integrationhub.web.reading import words_of

NO_OPT_IN = {"who": "subscribers.left_out.no_opt_in"}


@pytest.fixture
def counted(store):
    """A store whose counts say: 1,200 in the book, 37 left out, 2 failed, 1 waiting."""
    AddressBookMappingFactory(store=store, address_book__name="Letters")
    run = SyncRunFactory(store=store)
    for standing, reason, number in (
        ("in_book", "in_book", 1200),
        ("left_out", "no_opt_in", 30),
        ("left_out", "unsubscribed", 7),
        ("failed", "invalid_email", 2),
        ("waiting", "waiting", 1),
    ):
        StandingCount.objects.create(
            store=store,
            audience="subscribers",
            standing=standing,
            reason=reason,
            number=number,
            counted_in=run,
            counted_at=timezone.now(),
        )
    return store


def left_out(store, number, reason="no_opt_in"):
    standing = {"subscribers_standing": "left_out", "subscribers_reason": reason}
    return [ContactFactory(store=store, **standing) for _ in range(number)]


def test_the_store_page_splits_its_people_into_four_with_reasons(browser, page, counted):
    seen = words_of(browser.get(page("store")))

    assert "Subscribers in Letters" in seen
    assert "In the book 1,200 Left out on purpose 37 Failed 2 Waiting 1" in seen
    assert "30 Left out on purpose: Has not agreed to the newsletter in the store." in seen
    assert "Correct the address in BigCommerce; the next sync tries again." in seen


def test_failures_stand_before_those_who_wait_and_those_left_out(browser, page, counted):
    seen = words_of(browser.get(page("store")))

    places = [
        seen.index(said)
        for said in ("email address is not valid", "Waiting to be sent", "Has not agreed")
    ]
    assert places == sorted(places)


def test_each_reason_leads_to_the_people_behind_it(browser, page, counted):
    somebody = left_out(counted, 1)[0]

    html = browser.get(page("store")).content.decode()

    assert f"{page('people')}?who=subscribers.left_out.no_opt_in" in html
    assert somebody.email in words_of(browser.get(page("people"), NO_OPT_IN))


def test_counts_from_before_another_book_was_chosen_are_told_as_such(browser, page, counted):
    assert "when the sync ended that last changed something" in words_of(browser.get(page("store")))

    counted.books_chosen_at = timezone.now()
    counted.save()

    seen = words_of(browser.get(page("store")))
    assert "before the address books were chosen anew; the next sync counts again." in seen


def test_before_the_first_sync_the_page_says_what_will_stand_there(browser, page, store):
    AddressBookMappingFactory(store=store)

    assert "Nobody has been looked at yet." in words_of(browser.get(page("store")))


def test_only_the_people_of_that_reason_and_store_are_listed(browser, page, counted):
    shown = left_out(counted, 1)
    others = [*left_out(counted, 1, reason="complained"), *left_out(StoreFactory(), 1)]

    seen = words_of(browser.get(page("people"), NO_OPT_IN))

    assert shown[0].email in seen
    assert not [each for each in others if each.email in seen]


def test_many_people_are_listed_a_page_at_a_time(browser, page, counted):
    everybody = left_out(counted, 51)

    first = browser.get(page("people"), NO_OPT_IN).content.decode()
    after = everybody[49].pk
    second = browser.get(page("people"), {**NO_OPT_IN, "after": after}).content.decode()

    assert f"after={after}" in first
    assert everybody[49].email in first
    assert everybody[50].email not in first
    assert everybody[50].email in second
    assert everybody[49].email not in second
    assert "Next page" not in second


def test_without_a_choice_the_worst_reason_is_shown(browser, page, counted):
    assert "The email address is not valid." in words_of(browser.get(page("people")))


def test_where_nobody_is_left_out_the_page_says_so(browser, page, store):
    assert "Nobody is left out, and nobody has failed" in words_of(browser.get(page("people")))


@pytest.mark.parametrize(
    "asked",
    [
        {"who": "subscribers"},
        {"who": "subscribers.in_book.in_book"},
        {"who": "subscribers.left_out.' OR 1=1--"},
        {"who": "email__contains.left_out.no_opt_in"},
        {**NO_OPT_IN, "after": "-1"},
        {**NO_OPT_IN, "after": "9" * 5000},
        {**NO_OPT_IN, "after": "²"},
    ],
)
def test_an_address_that_means_nothing_is_not_found(browser, page, counted, asked):
    assert browser.get(page("people"), asked).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(
    browser, page, counted, django_assert_max_num_queries
):
    run = SyncRunFactory(store=counted)
    for contact in left_out(counted, 40):
        contact.decided_in = run
        contact.save()

    with django_assert_max_num_queries(13):
        browser.get(page("people"), NO_OPT_IN)


def test_a_trial_says_who_is_added_when_and_what_discard_does(browser, page, counted):
    tried, other = ContactFactory(store=counted), ContactFactory(store=counted)
    counted.is_trial, counted.trial_people = True, [tried.pk]
    counted.problem, counted.last_synced_at = "trial_waits", timezone.now()
    counted.save()
    SyncRunFactory(store=counted, reason="trial_waits", detail="1 person has been added on trial.")

    answer = browser.get(page("store"))
    listed = words_of(browser.get(page("people"), {"who": "trial"}))

    seen = words_of(answer)
    assert "Everybody else is added when you press Go on." in seen
    assert "On trial: everybody else is added when you press Go on" in seen
    assert "everybody else waits" not in seen
    assert "Discard pauses the sync: whoever was added stays in the book, and you are" in seen
    assert f"{page('people')}?who=trial" in answer.content.decode()
    assert "Who is added on trial" in listed
    assert tried.email in listed
    assert other.email not in listed


def test_where_nothing_is_on_trial_nobody_is_listed(browser, page, counted):
    ContactFactory(store=counted)

    assert "Nobody is left here." in words_of(browser.get(page("people"), {"who": "trial"}))
