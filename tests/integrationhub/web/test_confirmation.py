"""What is asked before people are put into an address book that was newly chosen."""

import pytest
from django.test import Client

from integrationhub.models import AddressBookMapping
from tests.factories import AddressBookFactory, AddressBookMappingFactory, MembershipFactory
from tests.integrationhub.web.reading import words_of


@pytest.fixture
def book(store):
    return AddressBookFactory(account=store.account, name="Letters")


def test_save_asks_before_anybody_is_added(browser, page, book):
    answer = browser.post(page("store"), {"subscribers_book": book.pk, "customers_book": ""})

    seen = words_of(answer)
    assert "Subscribers go into Letters: not counted yet." in seen
    assert "may start for each person who is added" in seen
    assert "Add everybody Try with ten people first Count first Cancel" in seen
    assert not AddressBookMapping.objects.exists()


def test_customers_are_asked_about_with_the_warning_that_not_all_have_agreed(
    browser, page, store, book
):
    buyers = AddressBookFactory(account=store.account, name="Buyers")
    warning = "Keep them in a book you never send campaigns to."

    of_both = browser.post(
        page("store"), {"subscribers_book": book.pk, "customers_book": buyers.pk}
    )
    of_readers = browser.post(page("store"), {"subscribers_book": book.pk, "customers_book": ""})

    assert warning in words_of(of_both)
    assert warning not in words_of(of_readers)


@pytest.mark.parametrize(("how", "is_trial"), [("everybody", False), ("trial", True)])
def test_an_answer_is_kept_with_who_gave_it_and_when(
    browser, page, store, book, marketer, how, is_trial
):
    told = {"subscribers_book": book.pk, "customers_book": "", "how": how}

    browser.post(page("store"), told)

    assert AddressBookMapping.objects.get().address_book == book
    store.refresh_from_db()
    assert store.is_trial is is_trial
    assert store.books_chosen_by == marketer
    assert store.books_chosen_at is not None


@pytest.mark.parametrize("how", ["", "nobody", "EVERYBODY", "<b>"])
def test_anything_but_an_answer_is_asked_again(browser, page, book, how):
    told = {"subscribers_book": book.pk, "customers_book": "", "how": how}

    answer = browser.post(page("store"), told)

    assert "Before people are added" in words_of(answer)
    assert not AddressBookMapping.objects.exists()


def test_giving_up_a_book_adds_nobody_and_asks_nothing(browser, page, store, book):
    AddressBookMappingFactory(store=store, address_book=book)
    AddressBookMappingFactory(store=store, audience="customers")

    browser.post(page("store"), {"subscribers_book": book.pk, "customers_book": ""})

    assert AddressBookMapping.objects.get().audience == "subscribers"


def test_a_viewer_and_a_stranger_are_asked_nothing(viewers_browser, page, book):
    stranger = Client()
    stranger.force_login(MembershipFactory().user)
    told = {"subscribers_book": book.pk, "customers_book": "", "how": "everybody"}

    assert viewers_browser.post(page("store"), told).status_code == 403
    assert stranger.post(page("store"), told).status_code == 404
    assert not AddressBookMapping.objects.exists()
