"""The BigCommerce page: what it shows, and what SAVE does."""

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from dotdigital.sandbox import Fault
from integrationhub import address_books, jobs
from integrationhub.models import AddressBook, AddressBookMapping
from tests.factories import (
    AddressBookFactory,
    AddressBookMappingFactory,
    AudienceCountFactory,
    SyncRunFactory,
)
from tests.integrationhub.web.reading import words_of


def books_of(store):
    rows = AddressBookMapping.objects.filter(store=store)
    return dict(rows.values_list("audience", "address_book__name"))


def test_the_page_offers_dotdigitals_books_but_not_the_built_in_ones(browser, page, mail):
    mail.add_address_book("Spring sale")

    seen = words_of(browser.get(page("store")))

    assert "Spring sale (0 contacts, private)" in seen
    assert "All contacts" not in seen
    assert "Store subscribers (new: made in Dotdigital, private)" in seen
    assert "Don't sync customers" in seen


def test_the_consent_warning_stands_before_the_choice_of_the_customers_book(browser, page):
    html = browser.get(page("store")).content.decode()

    assert html.index("have not agreed to marketing") < html.index('name="customers_book"')


def test_the_page_names_both_sides(browser, page, store):
    seen = words_of(browser.get(page("store")))

    assert "Test shop abc12" in seen
    assert "Test account" in seen
    assert "orders, the product catalogue and web tracking are not part of it" in seen


def test_a_dotdigital_account_in_a_region_is_shown_with_the_regions_name(browser, page, store):
    store.account.dotdigital_endpoint = "https://r2-api.dotdigital.com"
    store.account.save()
    AddressBookFactory(account=store.account)

    assert "Test account North America" in words_of(browser.get(page("store")))


def test_saving_makes_the_default_book_in_dotdigital_and_starts_the_first_sync(
    browser, page, store, mail
):
    browser.get(page("store"))

    answer = browser.post(
        page("store"),
        {"subscribers_book": "new", "customers_book": "", "how": "everybody"},
        follow=True,
    )

    assert "Saved. The sync starts now." in words_of(answer)
    assert books_of(store) == {"subscribers": "Store subscribers"}
    made = [book for book in mail.state.address_books.values() if book.name == "Store subscribers"]
    assert [book.visibility for book in made] == ["Private"]
    store.refresh_from_db()
    assert store.next_sync_at <= timezone.now()
    assert OrmQ.objects.count() == 1


def test_saving_takes_a_book_of_the_default_name_that_was_made_meanwhile(
    browser, page, store, mail
):
    browser.get(page("store"))
    mail.add_address_book("store SUBSCRIBERS")

    browser.post(
        page("store"), {"subscribers_book": "new", "customers_book": "", "how": "everybody"}
    )

    assert books_of(store) == {"subscribers": "store SUBSCRIBERS"}


def test_both_books_are_saved_and_chosen_when_the_page_is_seen_again(browser, page, store):
    ours = AddressBookFactory(account=store.account, name="Letters")
    theirs = AddressBookFactory(account=store.account, name="Buyers")

    browser.post(
        page("store"),
        {"subscribers_book": ours.pk, "customers_book": theirs.pk, "how": "everybody"},
    )

    assert books_of(store) == {"subscribers": "Letters", "customers": "Buyers"}
    html = browser.get(page("store")).content.decode()
    assert f'<option value="{ours.pk}" selected>' in html
    assert f'<option value="{theirs.pk}" selected>' in html


def test_saving_the_same_choice_again_changes_nothing(browser, page, store):
    mapping = AddressBookMappingFactory(store=store)
    same = {"subscribers_book": mapping.address_book_id, "customers_book": ""}

    answer = browser.post(page("store"), same, follow=True)

    assert "Nothing to save" in words_of(answer)
    assert OrmQ.objects.count() == 0


def test_the_same_book_for_both_is_refused_beside_the_field(browser, page, store):
    book = AddressBookFactory(account=store.account)

    answer = browser.post(
        page("store"), {"subscribers_book": book.pk, "customers_book": book.pk, "how": "everybody"}
    )

    assert "Subscribers already go into this address book." in words_of(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert books_of(store) == {}


def test_a_book_that_was_deleted_in_dotdigital_is_named_so_and_not_saved(browser, page, store):
    gone = AddressBookFactory(account=store.account, name="Old list", is_missing=True)
    AddressBookMappingFactory(store=store, address_book=gone)

    assert "Old list (deleted in Dotdigital)" in words_of(browser.get(page("store")))
    answer = browser.post(
        page("store"), {"subscribers_book": gone.pk, "customers_book": "", "how": "everybody"}
    )

    assert "This address book no longer exists in Dotdigital." in words_of(answer)


def test_a_book_of_another_account_cannot_be_chosen(browser, page, store):
    foreign = AddressBookFactory()

    answer = browser.post(
        page("store"), {"subscribers_book": foreign.pk, "customers_book": "", "how": "everybody"}
    )

    assert foreign.name not in words_of(answer)
    assert books_of(store) == {}


def test_the_page_is_shown_even_when_dotdigital_refuses_to_list_the_books(
    browser, page, store, mail
):
    mail.set_password("changed")

    answer = browser.get(page("store"))

    assert answer.status_code == 200
    assert "Dotdigital did not accept the API user or its password." in words_of(answer)


@pytest.mark.usefixtures("_no_waiting")
def test_the_default_book_that_cannot_be_made_is_told_beside_the_field(
    browser, page, store, mail_server
):
    browser.get(page("store"))
    mail_server.faults.add(Fault.named("unavailable", times=None))

    answer = browser.post(
        page("store"), {"subscribers_book": "new", "customers_book": "", "how": "everybody"}
    )

    assert "Dotdigital could not be reached or had a failure of its own." in words_of(answer)
    assert books_of(store) == {}


def test_a_lost_encryption_key_is_told_on_the_page(browser, page, store, settings):
    settings.ENCRYPTION_KEYS = "k2:" + "A" * 43 + "="

    answer = browser.get(page("store"))

    assert "The stored credentials cannot be opened" in words_of(answer)


def test_the_last_sync_is_told_with_its_counts(browser, page, store):
    run = SyncRunFactory(store=store)
    AudienceCountFactory(run=run, read=1217, added=14, unchanged=1200, skipped=2, failed=1)

    seen = words_of(browser.get(page("store")))

    assert "14 added, 2 left out, 1 failed" in seen


def test_times_are_told_in_the_accounts_time_zone(browser, page, store, time_machine):
    time_machine.move_to("2026-07-01T10:00:00Z", tick=True)
    store.account.time_zone = "Europe/Berlin"
    store.account.save()
    SyncRunFactory(store=store, started_at="2026-07-01T09:00:00Z")

    seen = words_of(browser.get(page("store")))

    assert "Last synced 11:00" in seen
    assert "Times are in Europe/Berlin." in seen


def test_a_time_zone_that_means_nothing_is_taken_for_utc(browser, page, store):
    store.account.time_zone = "../etc/passwd"
    store.account.save()

    assert browser.get(page("store")).status_code == 200


def test_what_the_vendors_call_things_is_shown_as_text_only(browser, page, store):
    hostile = '"><script>alert(1)</script>{{7*7}}'
    store.name, store.url = hostile, "javascript:alert(1)"
    store.save()
    AddressBookFactory(account=store.account, name=hostile)

    html = browser.get(page("store")).content.decode()

    assert "<script>" not in html
    assert "javascript:" not in html
    assert "{{7*7}}" in html


def test_books_are_asked_for_once_not_at_every_look(browser, page, store, mail_server):
    address_books.refresh(store.account, now=timezone.now())
    AddressBookFactory(account=store.account)
    before = len(mail_server.requests)

    browser.get(page("store"))

    assert len(mail_server.requests) == before
    assert AddressBook.objects.exists()


def test_the_counts_of_books_are_as_new_as_the_last_sync(browser, page, store, shop):
    shop.subscribe("jane@shop.example")
    browser.post(
        page("store"), {"subscribers_book": "new", "customers_book": "", "how": "everybody"}
    )
    jobs.work()

    seen = words_of(browser.get(page("store")))

    assert "Store subscribers (1 contact, private)" in seen


@pytest.mark.parametrize("name", ["store", "runs", "credentials"])
def test_every_page_of_a_store_says_how_it_stands_and_leads_to_the_others(
    browser, page, store, name
):
    answer = browser.get(page(name))

    seen, html = words_of(answer), answer.content.decode()
    assert "Test shop Needs attention No address book has been chosen yet" in seen
    assert page("store") in html
    assert page("runs") in html
    assert 'aria-current="page"' in html
