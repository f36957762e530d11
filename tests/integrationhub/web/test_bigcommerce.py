"""The BigCommerce page: what it shows, and what SAVE does."""

from html import unescape

import pytest

pytestmark = pytest.mark.django_db


def text(answer):
    return unescape(answer.content.decode())


def test_the_page_offers_the_books_of_dotdigital_but_not_the_built_in_ones(browser, page, mail):
    mail.add_address_book("Spring sale")

    answer = browser.get(page("store"))

    assert "Spring sale (0 contacts, private)" in text(answer)
    assert "All contacts" not in text(answer)
    assert "Store subscribers (new: made in Dotdigital, private)" in text(answer)
