"""The walks of a marketer, click by click."""

import pytest

from bigcommerce.sandbox import Fault as ShopFault
from integrationhub.management.demo.world import BLUEBIRD, NORTHWIND

ANN, BOB = "ann@shop.example", "bob@shop.example"
STORE = f"/{NORTHWIND.slug}/bigcommerce/{NORTHWIND.store_hash}/"


@pytest.fixture
def people(shops):
    """In each store one who agreed to the newsletter, and one who bought but did not."""
    for shop in shops.values():
        shop.subscribe(ANN)
        shop.subscribe(BOB, consents=())
        shop.place_order(BOB, billing={"first_name": "Bob"})


def connect(page, tenant):
    page.get_by_role("link", name="See what is available").click()
    page.get_by_role("link", name="Connect", exact=True).click()
    page.get_by_label("Store hash").fill(tenant.store_hash)
    page.get_by_label("Access token").fill(tenant.access_token)
    page.get_by_label("API user").fill(tenant.api_user)
    page.get_by_label("Password").fill(tenant.api_password)
    page.get_by_role("button", name="Test and connect").click()


def test_from_connecting_a_store_to_why_somebody_is_missing(window, people, mails):
    page = window(BLUEBIRD)

    connect(page, BLUEBIRD)
    page.get_by_text("is connected.").wait_for()
    page.get_by_label("Sync subscribers to").select_option(index=0)
    page.get_by_role("button", name="SAVE").click()
    page.get_by_role("button", name="Add everybody").click()

    # The page follows the run by itself.
    page.get_by_text("Last synced").wait_for()
    page.locator(".pill.good", has_text="Healthy").wait_for()
    books = mails[BLUEBIRD.slug].state.address_books.values()
    [book] = [each for each in books if each.name == "Store subscribers"]
    assert [each.lower() for each in mails[BLUEBIRD.slug].members(book.id)] == [ANN]

    page.get_by_role("link", name="See who").first.click()
    page.get_by_text(BOB).wait_for()
    page.get_by_role("link", name="Find a contact").click()
    page.get_by_label("Email address").fill(BOB)
    page.get_by_role("button", name="Find", exact=True).click()
    page.locator(".answers").get_by_text("newsletter").first.wait_for()

    page.get_by_role("link", name="Sync history").click()
    page.locator("table a").first.click()
    page.get_by_text("The whole sync").wait_for()
    page.get_by_text("Has not agreed to the newsletter in the store.").first.wait_for()


def test_without_javascript_a_store_is_connected_chosen_saved_and_synced(window, people):
    page = window(BLUEBIRD, java_script_enabled=False)

    connect(page, BLUEBIRD)
    page.get_by_text("is connected.").wait_for()
    page.get_by_role("button", name="SAVE").click()
    page.get_by_role("button", name="Add everybody").click()
    for _ in range(60):
        if page.get_by_text("Last synced").count():
            break
        page.wait_for_timeout(300)
        page.reload()
    page.get_by_role("button", name="Sync now").click()

    page.get_by_text("The sync starts in a moment.").first.wait_for()


def test_by_keyboard_alone_a_book_is_saved(window, people):
    page = window(NORTHWIND)
    page.goto(STORE)

    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "SAVE":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Before people are added").wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Add everybody":
            break
    page.keyboard.press("Enter")

    page.get_by_text("Last synced").wait_for()


def test_a_sync_that_is_stopped_says_so(window, people, shop_server):
    page = window(NORTHWIND)
    page.goto(STORE)
    shop_server.faults.add(ShopFault(act="hang", path="/v2/orders", seconds=3.0))
    page.get_by_role("button", name="SAVE").click()
    page.get_by_role("button", name="Add everybody").click()

    page.get_by_role("button", name="Stop", exact=True).click()

    page.locator(".store-head", has_text="stopped").wait_for()
