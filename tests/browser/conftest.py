"""What walks share: the system's Chromium, the demo's tenants, pages that may have no error."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from integrationhub.management.demo.world import BLUEBIRD, NORTHWIND, PASSWORD, Tenant

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 20_000


def executable() -> str:
    """Return where the system's browser is; without one the walks are left out, in CI they fail."""
    found = next(filter(None, map(shutil.which, NAMES)), "")
    if not found and os.environ.get("BROWSER_IS_NEEDED"):
        pytest.fail("No Chromium was found, and BROWSER_IS_NEEDED says that there must be one.")
    if not found:
        pytest.skip("No Chromium was found, so the tests in a browser are left out.")
    return found


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """A browser for one test: Playwright keeps a loop running, in which Django refuses to work."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def shops(shop_server):
    """The demo's stores by slug, with a few people in them."""
    return {
        tenant.slug: shop_server.add_store(
            tenant.store_hash, access_token=tenant.access_token, name=tenant.name
        )
        for tenant in (NORTHWIND, BLUEBIRD)
    }


@pytest.fixture
def mails(mail_server):
    """The demo's Dotdigital accounts by slug."""
    return {
        tenant.slug: mail_server.add_account(
            user=tenant.api_user, password=tenant.api_password, name=tenant.name
        )
        for tenant in (NORTHWIND, BLUEBIRD)
    }


@pytest.fixture
def site(hub, shops, mails):
    """The address of the pages: one tenant with a connected store, one without."""
    seeded = hub.run("seed_demo")
    assert seeded.returncode == 0, seeded.stderr
    return hub.serve()


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a window in which a tenant's marketer has logged in; an error on a page fails the test.

    Answers of 4xx and 5xx, what a script throws, and what the content policy forbids are errors.
    """
    errors: list[str] = []
    with ExitStack() as stack:

        def note(said: ConsoleMessage) -> None:
            if said.type == "error":
                errors.append(said.text)

        def log_in(tenant: Tenant, **options: Any) -> Page:
            context = chromium.new_context(base_url=site, **options)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.on("console", note)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto("/accounts/login/")
            page.get_by_label("Email").fill(tenant.marketer_email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.get_by_role("heading", name="Integration hub").wait_for()
            return page

        yield log_in
    assert not errors
