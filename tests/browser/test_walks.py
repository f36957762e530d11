"""The walks of a marketer, click by click: few and long, each with tenants of its own."""

import pytest

from bigcommerce.sandbox import Fault as ShopFault

ANN, BOB, CY = "ann@shop.example", "bob@shop.example", "cy@shop.example"
NEW_BOOK = "Buyers, no campaigns"


@pytest.fixture
def shops(tenants, shop_server):
    """Their stores; each has one who agreed to the newsletter, and one who only bought."""
    shops = [shop_server.store(tenant.store_hash) for tenant in tenants]
    for shop in shops:
        shop.subscribe(ANN)
        shop.subscribe(BOB, consents=())
        shop.place_order(BOB, billing={"first_name": "Bob"})
    return shops


@pytest.fixture
def members(tenants, mail_server):
    """Answer who is in an address book of the tenant that had no store."""
    account = mail_server.accounts[tenants[1].api_user]

    def of(name):
        [book] = [each for each in account.state.address_books.values() if each.name == name]
        return {each.lower() for each in account.members(book.id)}

    return of


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).click()


def connect(page, tenant):
    follow(page, "See what is available")
    follow(page, "Connect")
    page.get_by_label("Store hash").fill(tenant.store_hash)
    page.get_by_label("Access token").fill(tenant.access_token)
    page.get_by_label("API user").fill(tenant.api_user)
    page.get_by_label("Password").fill(tenant.api_password)
    press(page, "Test and connect")
    page.get_by_text("is connected.").wait_for()


def make_a_book_for_customers(page):
    page.get_by_text("New address book", exact=True).click()
    page.get_by_label("Name of the new book").fill(NEW_BOOK)
    page.get_by_label("Choose it for").select_option("customers")
    press(page, "Make it")
    page.get_by_text(f"Customers go into {NEW_BOOK}").first.wait_for()


def tab_to(page, name):
    """Go on by the Tab key alone until the button of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"{name} cannot be reached by keyboard.")


def test_from_connecting_a_store_to_why_somebody_is_missing_and_trying_them_again(
    window, tenants, shops, members, mail_server, monkeypatch
):
    monkeypatch.setattr(mail_server.switches, "longest_text", 50)
    shops[1].subscribe(CY, first_name="C" * 80)  # so Dotdigital refuses the person
    page = window(tenants[1].marketer_email)

    connect(page, tenants[1])
    make_a_book_for_customers(page)
    press(page, "Count who would be added")
    page.get_by_role("heading", name=f"Customers into {NEW_BOOK}").wait_for()
    press(page, "SAVE")
    page.get_by_text("would be added to Store subscribers").wait_for()
    press(page, "Add everybody")

    # The page follows the run to its end by itself.
    page.get_by_text("Last synced").wait_for()
    page.get_by_role("heading", name="Subscribers", exact=True).wait_for()
    assert (members("Store subscribers"), members(NEW_BOOK)) == ({ANN}, {BOB})

    # "Why do I get no mail?": two clicks from the hub.
    page.get_by_role("banner").get_by_role("link", name="Integration hub").click()
    page.get_by_role("link", name="Find a contact of").click()
    page.get_by_label("Email address").fill(BOB)
    press(page, "Find")
    page.locator(".answers").get_by_text("has not agreed to the newsletter").wait_for()

    # Or from the store, by the reason.
    follow(page, "Store")
    reason = page.locator(".grounds li", has_text="Has not agreed to the newsletter")
    reason.get_by_role("link", name="See who").click()
    follow(page, BOB)
    page.locator(".answers").get_by_text("has not agreed to the newsletter").wait_for()

    # Once whatever kept them out is mended, the failed are tried again.
    monkeypatch.setattr(mail_server.switches, "longest_text", 1000)
    follow(page, "Sync history")
    page.locator("tr", has_text="Some failed").get_by_role("link").click()
    page.get_by_role("button", name="Retry these").click()
    page.get_by_text("1 person will be tried again; the sync starts now.").wait_for()
    follow(page, "Store")
    page.locator(".store-head").get_by_text("1 added").wait_for()
    assert members("Store subscribers") == {ANN, CY}


def test_without_javascript_both_books_are_chosen_saved_and_synced(window, tenants, shops, members):
    page = window(tenants[1].marketer_email, java_script_enabled=False)

    connect(page, tenants[1])
    make_a_book_for_customers(page)
    press(page, "SAVE")
    press(page, "Add everybody")
    for _ in range(60):
        if page.get_by_text("Last synced").count():
            break
        page.wait_for_timeout(300)
        page.reload()
    press(page, "Sync now")

    page.get_by_text("The sync starts in a moment.").first.wait_for()
    assert (members("Store subscribers"), members(NEW_BOOK)) == ({ANN}, {BOB})


def test_by_keyboard_alone_a_book_is_saved_and_the_sync_is_stopped(
    window, tenants, shops, shop_server
):
    tenant = tenants[0]
    hangs = {"act": "hang", "path": "/v2/orders", "store": tenant.store_hash, "seconds": 3.0}
    shop_server.faults.add(ShopFault(**hangs))
    page = window(tenant.marketer_email)
    page.goto(f"/{tenant.slug}/bigcommerce/{tenant.store_hash}/")

    for name in ("SAVE", "Add everybody", "Stop"):
        page.get_by_role("button", name=name, exact=True).wait_for()
        tab_to(page, name)
        page.keyboard.press("Enter")

    page.locator(".store-head", has_text="stopped").wait_for()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_store_is_disconnected_by_its_name_and_connected_again(window, tenants, has_script):
    tenant = tenants[0]
    page = window(tenant.marketer_email, java_script_enabled=has_script)
    page.goto(f"/{tenant.slug}/bigcommerce/{tenant.store_hash}/")

    page.get_by_text("Disconnect this store").click()
    for name in ("Something else", tenant.name):
        page.get_by_label("Type the store's name").fill(name)
        press(page, "Disconnect")
    page.locator(".pill", has_text="Not connected").wait_for()
    page.goto(f"/{tenant.slug}/available/")
    page.get_by_role("link", name="Connect again").click()
    page.get_by_label("Access token").fill(tenant.access_token)
    page.get_by_label("API user").fill(tenant.api_user)
    page.get_by_label("Password").fill(tenant.api_password)
    press(page, "Test and connect")

    page.get_by_text("is connected again, and goes on where it was.").wait_for()
