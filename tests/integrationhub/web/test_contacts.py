"""The Contacts section: many books, a new one in place, and the save bar."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from integrationhub.models import AddressBook, AddressBookMapping, Audience, StandingCount
from integrationhub.web.changes import sentence
from tests.factories import AddressBookFactory, AddressBookMappingFactory
from tests.integrationhub.web.reading import words_of

TAKEN = "Dotdigital has an address book or a segment of this name already"


@pytest.fixture
def books(store):
    """Letters and Buyers, and Letters is where subscribers go."""
    letters = AddressBookFactory(account=store.account, name="Letters")
    AddressBookMappingFactory(store=store, address_book=letters)
    return letters, AddressBookFactory(account=store.account, name="Buyers")


@pytest.fixture
def thousand(store):
    """A thousand books, of which subscribers go into one far behind."""
    rows = AddressBookFactory.build_batch(1000, account=store.account)
    for number, row in enumerate(rows):
        row.name = f"Campaign {number:04}"
    made = AddressBook.objects.bulk_create(rows)
    AddressBookMappingFactory(store=store, address_book=made[900])
    return made


def chosen(answer, name):
    """Return the value that a list of the page shows chosen."""
    select = answer.content.decode().split(f'name="{name}"')[1].split("</select>")[0]
    return select.split('" selected')[0].rsplit('value="', 1)[1]


def test_every_book_is_offered_with_its_contacts_and_visibility(browser, page, store):
    AddressBookFactory(account=store.account, name="Big", contact_count=48213, visibility="Public")

    assert "Big (48,213 contacts, public)" in words_of(browser.get(page("store")))


def test_among_a_thousand_books_the_chosen_one_is_there_and_the_page_stays_light(
    browser, page, thousand, django_assert_max_num_queries
):
    with django_assert_max_num_queries(23):
        answer = browser.get(page("store"))

    seen = words_of(answer)
    assert "Campaign 0900" in seen
    assert "Campaign 0899" not in seen
    assert "The first 60 of 1,000 are offered below." in seen
    assert len(answer.content) < 40_000


def test_a_book_is_found_by_part_of_its_name_and_the_choice_is_kept(browser, page, thousand):
    draft = {"subscribers_book": thousand[5].pk, "customers_book": thousand[7].pk}

    answer = browser.post(page("find_books"), {**draft, "find_book": "gn 080"}, follow=True)

    seen = words_of(answer)
    assert "10 match and are offered below." in seen
    assert "Campaign 0807" in seen
    assert chosen(answer, "subscribers_book") == str(thousand[5].pk)
    assert chosen(answer, "customers_book") == str(thousand[7].pk)
    assert "Subscribers: Campaign 0005 instead of Campaign 0900." in seen


def test_books_are_offered_in_the_order_of_the_alphabet(browser, page, store):
    for name in ("Zebra", "apple", "Mango"):
        AddressBookFactory(account=store.account, name=name)

    seen = words_of(browser.get(page("store")))

    assert seen.index("apple") < seen.index("Mango") < seen.index("Zebra")


def test_a_search_for_books_without_a_result_says_so(browser, page, thousand):
    answer = browser.get(page("store"), {"find_book": "<i>x\0"})

    assert "No address book has “<i>x” in its name." in words_of(answer)
    assert "<i>x" not in answer.content.decode()


def test_a_book_that_is_not_offered_at_the_moment_is_saved_all_the_same(
    browser, page, store, thousand
):
    browser.post(
        page("store"),
        {"subscribers_book": thousand[500].pk, "customers_book": "", "how": "everybody"},
    )

    assert AddressBookMapping.objects.get(store=store).address_book == thousand[500]


@pytest.mark.parametrize("value", ["x", "-1", "²", "9" * 30, "1 OR 1=1", "\0"])
def test_an_address_with_a_choice_that_cannot_be_shows_what_is_saved(browser, page, books, value):
    answer = browser.get(page("store"), {"subscribers_book": value, "customers_book": value})

    assert chosen(answer, "subscribers_book") == str(books[0].pk)
    assert "Discard" not in words_of(answer)


def test_a_new_book_is_made_private_in_dotdigital_and_shown_chosen(
    browser, page, store, mail, books
):
    told = {
        "subscribers_book": books[0].pk,
        "customers_book": "",
        "new_book": "  Spring sale ",
        "new_book_for": "customers",
    }

    answer = browser.post(page("new_book"), told, follow=True)

    made = next(book for book in mail.state.address_books.values() if book.name == "Spring sale")
    assert made.visibility == "Private"
    ours = AddressBook.objects.get(name="Spring sale")
    assert chosen(answer, "customers_book") == str(ours.pk)
    assert chosen(answer, "subscribers_book") == str(books[0].pk)
    assert "Customers go into Spring sale; they were not synced so far." in words_of(answer)
    assert AddressBookMapping.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter a name."),
        ("   ", "Enter a name."),
        ("x" * 129, "Ensure this value has at most 128 characters"),
        ("test", TAKEN),
        ("All Contacts", TAKEN),
        ("buyers", TAKEN),
        ("a\tb", "Leave out tabs, line ends and the like."),
    ],
)
def test_a_name_that_dotdigital_would_refuse_is_refused_beside_the_field(
    browser, page, mail_server, books, name, said
):
    asked_before = len(mail_server.requests)

    told = {"subscribers_book": books[1].pk, "new_book": name, "new_book_for": "subscribers"}
    answer = browser.post(page("new_book"), told)

    assert said in words_of(answer)
    assert "<details" in answer.content.decode()
    assert chosen(answer, "subscribers_book") == str(books[1].pk)
    assert len(mail_server.requests) == asked_before


def test_a_name_that_dotdigital_alone_knows_is_refused_beside_the_field(browser, page, mail, books):
    mail.add_address_book("Autumn")

    answer = browser.post(page("new_book"), {"new_book": "Autumn", "new_book_for": "subscribers"})

    assert TAKEN in words_of(answer)
    assert not AddressBook.objects.filter(name="Autumn").exists()


def test_the_save_bar_names_the_change_and_can_discard_it(browser, page, store, books):
    StandingCount.objects.create(
        store=store,
        audience="subscribers",
        standing="in_book",
        reason="in_book",
        number=212,
        counted_at=timezone.now(),
    )
    AddressBook.objects.update(refreshed_at=timezone.now())

    answer = browser.get(page("store"), {"subscribers_book": books[1].pk})

    seen = words_of(answer)
    assert "Subscribers: Buyers instead of Letters. 212 people stay in Letters. SAVE" in seen
    assert "Discard" in seen


def test_without_a_change_there_is_nothing_to_discard(browser, page, books):
    seen = words_of(browser.get(page("store")))

    assert "SAVE" in seen
    assert "Discard" not in seen


SENTENCES = [
    ("", "Letters", 0, "Subscribers go into Letters; they were not synced so far."),
    ("Old", "Letters", 1, "Subscribers: Letters instead of Old. 1 person stays in Old."),
    ("Old", "Letters", 0, "Subscribers: Letters instead of Old. Nobody is taken out of Old."),
    ("Old", "", 1212, "Subscribers: not synced any more. 1,212 people stay in Old."),
]


@pytest.mark.parametrize(("before", "after", "staying", "said"), SENTENCES)
def test_a_change_in_words(before, after, staying, said):
    told = sentence(Audience.SUBSCRIBERS, before=before, after=after, staying=staying)

    assert told == said


def test_refreshing_keeps_the_choice_that_is_not_saved(browser, page, books):
    answer = browser.post(page("refresh_books"), {"subscribers_book": books[1].pk})

    assert parse_qs(urlsplit(answer.url).query) == {"subscribers_book": [str(books[1].pk)]}


def test_a_viewer_sees_the_choice_but_no_buttons(viewers_browser, page, books):
    answer = viewers_browser.get(page("store"))

    assert "Letters" in words_of(answer)
    assert "SAVE" not in words_of(answer)
    assert page("new_book") not in answer.content.decode()


def test_a_refresh_of_many_books_asks_the_database_little(
    browser, page, store, mail, django_assert_max_num_queries
):
    for number in range(150):
        mail.add_address_book(f"Campaign {number}")

    with django_assert_max_num_queries(20):
        browser.post(page("refresh_books"))

    assert AddressBook.objects.filter(account=store.account).count() == 150
