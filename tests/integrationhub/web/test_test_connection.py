"""Tests of trying the stored credentials on both sides."""

import pytest

from integrationhub.models import Account, Store
from tests.integrationhub.web.reading import words_of

pytestmark = pytest.mark.usefixtures("_no_waiting")


def told(browser, page):
    return words_of(browser.post(page("test_connection"), follow=True))


def test_both_sides_let_us_in(browser, page, store):
    seen = told(browser, page)

    assert "BigCommerce lets us in: Test shop." in seen
    assert "Dotdigital lets us in: Test account." in seen


def test_a_rejected_token_is_said_of_bigcommerce_alone(browser, page, store):
    store.access_token = "another-token"
    store.save()

    seen = told(browser, page)

    assert "BigCommerce does not let us in." in seen
    assert "Dotdigital lets us in: Test account." in seen
    assert "another-token" not in seen


def test_a_dead_dotdigital_is_said_of_dotdigital_alone(browser, page, store, mail_server):
    mail_server.stop()

    seen = told(browser, page)

    assert "BigCommerce lets us in: Test shop." in seen
    assert "Dotdigital does not let us in." in seen


def test_it_changes_nothing(browser, page, store):
    before = list(Store.objects.values()), list(Account.objects.values())

    told(browser, page)

    assert (list(Store.objects.values()), list(Account.objects.values())) == before
