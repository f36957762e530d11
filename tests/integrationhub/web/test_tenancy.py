"""Who may open which page: every page there is, taken from the resolver."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from integrationhub import models
from integrationhub.web.urls import urlpatterns
from tests.factories import ContactFactory, MembershipFactory, StoreFactory, SyncRunFactory
from tests.integrationhub.web.reading import body_of

PATTERNS = {pattern.name: set(pattern.pattern.converters) for pattern in urlpatterns}
OF_AN_ACCOUNT = [name for name, parts in PATTERNS.items() if "account" in parts]
OF_A_STORE = [name for name, parts in PATTERNS.items() if "store_hash" in parts]
ASKING = {"find_contact"}  # posted, so that no address stands in a log; it changes nothing
ROWS = (
    models.Account,
    models.Store,
    models.AddressBookMapping,
    models.SyncRun,
    models.Membership,
    models.ContactRequest,
    models.ActivityEntry,
)


@pytest.fixture
def run(store):
    return SyncRunFactory(store=store, detail="what only they may read")


@pytest.fixture
def addresses(store, run):
    places = {
        "account": store.account.slug,
        "store_hash": store.store_hash,
        "run": run.pk,
        "contact": ContactFactory(store=store).pk,
    }
    return {
        name: reverse(name, kwargs={part: places[part] for part in parts})
        for name, parts in PATTERNS.items()
    }


@pytest.fixture
def stranger(db):
    client = Client()
    client.force_login(MembershipFactory().user)
    return client


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in ROWS}


@pytest.mark.parametrize("name", OF_AN_ACCOUNT)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_a_stranger_gets_404_and_changes_nothing(stranger, addresses, store, name, method):
    before = everything()

    answer = getattr(stranger, method)(addresses[name])

    assert answer.status_code == 404
    assert store.name not in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize("name", OF_A_STORE)
def test_another_accounts_store_is_not_found_under_ones_own_account(browser, account, store, name):
    theirs = SyncRunFactory(store=StoreFactory())
    places = {
        "account": account.slug,
        "store_hash": theirs.store.store_hash,
        "run": theirs.pk,
        "contact": ContactFactory(store=theirs.store).pk,
    }
    address = reverse(name, kwargs={part: places[part] for part in PATTERNS[name]})

    assert browser.get(address).status_code in {404, 405}
    assert browser.post(address).status_code == 404


def test_another_stores_run_is_not_found_under_ones_own_store(browser, page, store):
    theirs = SyncRunFactory()

    assert browser.get(page("run", run=theirs.pk)).status_code == 404


@pytest.mark.parametrize("name", PATTERNS)
def test_who_is_not_logged_in_is_sent_to_the_log_in(addresses, name):
    answer = Client().get(addresses[name])

    assert answer.status_code == 302
    assert urlsplit(answer.url).path == reverse("account_login")


@pytest.mark.parametrize("name", PATTERNS)
def test_looking_changes_nothing(browser, addresses, name):
    before = everything()

    assert browser.get(addresses[name]).status_code in {200, 302, 405}

    assert everything() == before


@pytest.mark.parametrize("name", PATTERNS)
def test_a_request_forged_elsewhere_is_refused(marketer, addresses, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(marketer)
    before = everything()

    answer = client.post(addresses[name], {"data_sync": "off"})

    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize("name", [name for name in OF_AN_ACCOUNT if name not in ASKING])
def test_a_viewer_may_look_but_not_change(viewers_browser, addresses, name):
    before = everything()

    assert viewers_browser.get(addresses[name]).status_code in {200, 405}
    answer = viewers_browser.post(addresses[name], {"data_sync": "off"})

    assert answer.status_code == 403
    assert "You may look at this account, but not change anything in it." in answer.content.decode()
    assert everything() == before


def test_a_stranger_is_told_no_more_where_debug_is_on(stranger, addresses, settings):
    settings.DEBUG = True

    answer = stranger.get(addresses["store"])

    html = answer.content.decode()
    assert answer.status_code == 404
    assert "This page does not exist" in html
    assert "Membership" not in html


@pytest.mark.parametrize("name", PATTERNS)
def test_no_page_holds_a_byte_of_a_secret(browser, addresses, store, name):
    html = body_of(browser.get(addresses[name]))

    assert store.access_token not in html
    assert store.account.dotdigital_password not in html
    assert "v1.k1." not in html


@pytest.mark.parametrize("name", PATTERNS)
def test_every_answer_forbids_foreign_scripts_and_frames(browser, addresses, name):
    answer = browser.get(addresses[name])

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    html = body_of(answer)
    assert " style=" not in html
    assert all(' src="/static/' in tag for tag in re.findall("<script[^>]*>", html))
