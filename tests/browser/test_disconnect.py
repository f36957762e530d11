"""A marketer disconnects a store and connects it again, and everybody can use those pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from integrationhub.management.demo.world import NORTHWIND
from tests.browser.test_access import NARROW, RULES, WIDE, synced
from tests.browser.test_walks import STORE

__all__ = ["synced"]


def faults(page):
    """Answer what axe finds, and whether the page scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    found = [] if width <= page.viewport_size["width"] else [f"scrolls sideways: {width}"]
    report = Axe().run(page, options=RULES).generate_snapshot()
    return [*found, *([report] if report else [])]


def disconnect(page, name):
    page.get_by_text("Disconnect this store").click()
    page.get_by_label("Type the store's name").fill(name)
    page.get_by_role("button", name="Disconnect", exact=True).click()


@pytest.mark.parametrize(
    ("has_script", "scheme", "size"), [(True, "light", WIDE), (False, "dark", NARROW)]
)
def test_a_store_is_disconnected_by_its_name_and_connected_again(
    window, synced, shops, mails, has_script, scheme, size
):
    page = window(NORTHWIND, java_script_enabled=has_script, color_scheme=scheme, viewport=size)
    page.goto(STORE)

    disconnect(page, "Something else")
    page.get_by_text("This is not the store's name").wait_for()
    found = {"the box": faults(page) if has_script else []}
    page.get_by_label("Type the store's name").fill(NORTHWIND.name)
    page.get_by_role("button", name="Disconnect", exact=True).click()
    page.locator(".pill", has_text="Not connected").wait_for()
    found["disconnected"] = faults(page) if has_script else []
    page.goto(f"/{NORTHWIND.slug}/available/")
    found["available"] = faults(page) if has_script else []
    page.get_by_role("link", name="Connect again").click()
    found["connect again"] = faults(page) if has_script else []
    page.get_by_label("Access token").fill(NORTHWIND.access_token)
    page.get_by_label("API user").fill(NORTHWIND.api_user)
    page.get_by_label("Password").fill(NORTHWIND.api_password)
    page.get_by_role("button", name="Test and connect").click()

    page.get_by_text("is connected again, and goes on where it was.").wait_for()
    assert not any(found.values()), found
