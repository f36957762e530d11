"""The pages on which a person plays the shopper."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
import requests

from bigcommerce.sandbox import Sandbox, Shop
from tests.bigcommerce.sandbox.conftest import Ask

Do = Callable[..., str]


@pytest.fixture
def page(browser: requests.Session, sandbox: Sandbox, shop: Shop) -> str:
    """The address of the store's page."""
    return f"{sandbox.url}/sandbox/stores/abc12"


@pytest.fixture
def do(browser: requests.Session, page: str) -> Do:
    """Presses a button: `do("subscribe", email="a@example.com")`; the page shown then."""

    def press(action: str, **fields: str) -> str:
        answer = browser.post(f"{page}/{action}", data=fields, timeout=5)
        assert answer.status_code == 200
        return answer.text

    return press


class Parts(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_the_first_page_leads_to_every_store(browser: requests.Session, sandbox: Sandbox) -> None:
    sandbox.add_store("abc12", name="Tea & Co")

    shown = browser.get(sandbox.url, timeout=5)

    assert shown.url.endswith("/sandbox/")
    assert '<a href="/sandbox/stores/abc12">Tea &amp; Co</a>' in shown.text


def test_a_shopper_subscribes_and_unsubscribes(shop: Shop, do: Do) -> None:
    subscribed = do("subscribe", email="a+b@example.com")
    unsubscribed = do("unsubscribe", email="a+b@example.com")

    found = shop.subscriber("a+b@example.com")
    assert found is not None
    assert found.consents == []
    assert "consents: marketing_newsletter" in subscribed
    assert "consents: none" in unsubscribed


def test_subscribing_again_keeps_the_other_consent(shop: Shop, do: Do) -> None:
    shop.subscribe("a@example.com", consents=["abandoned_cart"])

    do("subscribe", email="a@example.com")

    found = shop.subscriber("a@example.com")
    assert found is not None
    assert found.consents == ["marketing_newsletter", "abandoned_cart"]


def test_a_shopper_registers_and_changes_their_name(shop: Shop, do: Do) -> None:
    do("register", email="a@example.com", first_name="Anna", last_name="Li")
    shown = do("rename", email="a@example.com", first_name="Anne", last_name="Li")

    customer = shop.customer_by_email("a@example.com")
    assert customer is not None
    assert customer.first_name == "Anne"
    assert "Name saved." in shown


def test_registering_twice_is_told_to_be_impossible(do: Do) -> None:
    do("register", email="a@example.com")

    assert "That did not work" in do("register", email="A@example.com")


def test_a_guest_orders(shop: Shop, do: Do) -> None:
    shown = do("order", email="a@example.com", first_name="Anna")

    order = shop.order(1)
    assert order is not None
    assert (order.customer_id, order.billing_address.first_name) == (0, "Anna")
    assert "placed as a guest" in shown


def test_the_last_requests_are_shown(ask: Ask, browser: requests.Session, page: str) -> None:
    before = browser.get(page, timeout=5).text

    ask("GET", "/v2/orders?limit=1")

    assert "None yet." in before
    assert "limit=1" in browser.get(page, timeout=5).text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_nothing_a_shopper_types_becomes_markup(
    shop: Shop, browser: requests.Session, page: str, text: str
) -> None:
    shop.name = text
    shop.add_customer("a@example.com", first_name=text, last_name=text)
    shop.subscribe(f"{text}@example.com")

    for email in ("a@example.com", f"{text}@example.com", text):
        query = {"email": email, "notice": text}
        shown = browser.get(page, params=query, timeout=5)

        parts = Parts(shown.text)
        assert not {"script", "img", "style"} & set(parts.tags)
        assert not {name for name, _ in parts.attributes if name.startswith(("on", "style"))}


def test_the_pages_allow_nothing_but_their_own_stylesheet(
    browser: requests.Session, sandbox: Sandbox, page: str
) -> None:
    shown = browser.get(page, timeout=5)
    style = browser.get(f"{sandbox.url}/sandbox/style.css", timeout=5)

    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert style.headers["Content-Type"].startswith("text/css")
    assert style.text.count("{") == style.text.count("}") > 10


def test_every_field_has_a_label(do: Do) -> None:
    parts = Parts(do("register", email="a@example.com"))

    hidden = parts.attributes.count(("type", "hidden"))
    assert parts.tags.count("label") == parts.tags.count("input") - hidden


@pytest.mark.parametrize("address", ["/sandbox/nothing", "/sandbox/stores/none", "/favicon.ico"])
def test_a_page_that_is_not_there_is_404(
    browser: requests.Session, sandbox: Sandbox, address: str
) -> None:
    assert browser.get(sandbox.url + address, timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("action", "email"), [("fly", "a@example.com"), ("subscribe", ""), ("subscribe", "x")]
)
def test_an_action_that_makes_no_sense_is_refused(
    browser: requests.Session, page: str, action: str, email: str
) -> None:
    answer = browser.post(f"{page}/{action}", data={"email": email}, timeout=5)

    assert answer.status_code == 400
