"""The preview in the Contacts section: asked for, shown in words, downloaded."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from integrationhub import sync
from integrationhub.models import Contact, Preview, Store
from tests.factories import AddressBookFactory, MembershipFactory
from tests.integrationhub.web.reading import words_of


@pytest.fixture
def book(store):
    return AddressBookFactory(account=store.account, name="Letters")


@pytest.fixture
def counted(store, book):
    """A preview that is finished: two would be added, one has no opt-in."""
    for email, consents in (("=cmd@x.example", ["marketing_newsletter"]), ("bob@x.example", [])):
        Contact.objects.create(
            store=store, email=email, has_subscriber_record=True, consents=consents
        )
    return Preview.objects.create(
        store=store,
        asked_at=timezone.now(),
        finished_at=timezone.now(),
        books={"subscribers": book.dotdigital_id},
        names={"subscribers": "Letters"},
        counts={"subscribers": {"added": {"waiting": 412}, "left_out": {"no_opt_in": 37}}},
    )


def test_the_button_asks_for_a_count_and_saves_nothing(browser, page, store, book):
    told = {"subscribers_book": book.pk, "customers_book": ""}

    answer = browser.post(page("ask_preview"), told, follow=True)

    assert "Counting starts in a moment." in words_of(answer)
    assert Preview.objects.get().books == {"subscribers": book.dotdigital_id}
    assert not store.address_book_mappings.exists()
    store.refresh_from_db()
    assert store.next_sync_at <= timezone.now()


def test_the_result_is_shown_in_words_and_in_the_question(browser, page, book, counted):
    told = {"subscribers_book": book.pk, "customers_book": ""}

    seen = words_of(browser.get(page("store"), told))
    asked = words_of(browser.post(page("store"), told))

    assert "412 would be added" in seen
    assert "37 left out: Has not agreed to the newsletter in the store." in seen
    assert "Out of date" not in seen
    assert "Subscribers: 412 people would be added to Letters." in asked


def test_a_count_for_other_books_is_out_of_date(browser, page, store, counted):
    other = AddressBookFactory(account=store.account, name="Other")
    told = {"subscribers_book": other.pk, "customers_book": ""}

    assert "Out of date" in words_of(browser.get(page("store"), told))
    assert "not counted yet" in words_of(browser.post(page("store"), told))


def test_a_count_for_a_book_still_to_be_made_holds_once_that_book_is_made(
    browser, page, store, book, shop, mail, counted
):
    told = {"subscribers_book": "new", "customers_book": ""}
    browser.post(page("ask_preview"), told)
    Preview.objects.update(finished_at=timezone.now(), counts=counted.counts)

    before = words_of(browser.get(page("store"), told))
    browser.post(page("store"), {**told, "how": "everybody"})
    after = words_of(browser.get(page("store")))
    other = words_of(browser.get(page("store"), {"subscribers_book": book.pk}))

    assert store.address_book_mappings.get().address_book.name == "Store subscribers"
    for seen in (before, after):
        assert "412 would be added" in seen
        assert "Out of date" not in seen
    assert "Out of date: this was counted for other address books." in other


def test_the_download_defuses_formulas_and_is_not_kept(browser, page, counted):
    answer = browser.get(page("download_preview"))

    rows = list(csv.reader(io.StringIO(answer.getvalue().decode())))
    assert rows[1:] == [
        ["'=cmd@x.example", "Subscribers", "would be added", "Waiting to be sent."],
        [
            "bob@x.example",
            "Subscribers",
            "left out",
            "Has not agreed to the newsletter in the store.",
        ],
    ]
    assert "no-store" in answer["Cache-Control"]


def test_a_stranger_gets_neither_a_count_nor_a_download(page, book, counted):
    stranger = Client()
    stranger.force_login(MembershipFactory().user)

    assert stranger.get(page("download_preview")).status_code == 404
    assert stranger.post(page("ask_preview"), {}).status_code == 404


def test_a_viewer_may_not_ask(viewers_browser, page, book):
    told = {"subscribers_book": book.pk, "customers_book": ""}

    assert viewers_browser.post(page("ask_preview"), told).status_code == 403
    assert not Preview.objects.exists()


def test_a_paused_store_is_not_read(browser, page, store, book):
    Store.objects.update(is_sync_enabled=False)
    told = {"subscribers_book": book.pk, "customers_book": ""}

    answer = browser.post(page("ask_preview"), told, follow=True)

    assert "The sync is paused: press Resume first." in words_of(answer)
    assert not Preview.objects.exists()


def test_a_second_count_waits_for_the_first(browser, page, store, book, shop, mail):
    told = {"subscribers_book": book.pk, "customers_book": ""}
    browser.post(page("ask_preview"), told)
    lease = sync.claim_store(Store.objects.get(), timezone.now())
    sync.work_on(lease, now=timezone.now, ends_at=timezone.now())

    answer = browser.post(page("ask_preview"), told, follow=True)

    assert "People are being counted already." in words_of(answer)
