"""What the tests in a browser share: the system's Chromium, two hubs, and windows into them.

Browser, pages, worker and pretend vendors are started once in a process; each walk has tenants of
its own. The gallery has every page in every state, and no worker. Playwright is there for one test
only: it keeps a loop running in which Django refuses to work, and other tests need Django. So rows
are made by a process of the hub.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from bigcommerce.sandbox import Sandbox as BigCommerceSandbox
from bigcommerce.sandbox.signups import NEWSLETTER
from dotdigital.sandbox import Sandbox as DotdigitalSandbox
from integrationhub.management.demo.world import PASSWORD
from tests.browser.world import ANN, LEAVER, NORTHWIND, TENANTS, WALKERS, Tenant
from tests.processes import Hub, eventually
from tests.workers import IS_FILE, copy_of, drop

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--disable-sync",
)
PATIENCE_MS = 20_000
HURRY = {"IMPORT_ASK_SECONDS": "0", "JOB_POLL_SECONDS": "0.2", "JOB_WORKERS": "2"}
WALK = count()


def executable() -> str:
    """Return where the system's browser is; without one the walks are left out, in CI they fail."""
    found = next(filter(None, map(shutil.which, NAMES)), "")
    if not found and os.environ.get("BROWSER_IS_NEEDED"):
        pytest.fail("No Chromium was found, and BROWSER_IS_NEEDED says that there must be one.")
    if not found:
        pytest.skip("No Chromium was found, so the tests in a browser are left out.")
    return found


@pytest.fixture(scope="session")
def browsers_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A browser that runs until the end; whoever knows its address can steer it."""
    home = tmp_path_factory.mktemp("chromium")
    port = home / "DevToolsActivePort"
    places = (f"--user-data-dir={home}", "--remote-debugging-port=0", "about:blank")
    with subprocess.Popen(
        [executable(), *SWITCHES, *places], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as browser:
        eventually(lambda: port.exists() and port.read_text().count("\n"), why="no browser")
        yield f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        browser.terminate()


@pytest.fixture
def chromium(browsers_address: str) -> Iterator[Browser]:
    """The browser, steered by one test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(browsers_address)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shop_server() -> Iterator[BigCommerceSandbox]:
    """A pretend BigCommerce with the stores of all tenants."""
    with BigCommerceSandbox() as server:
        for tenant in TENANTS:
            token = tenant.access_token
            server.add_store(tenant.store_hash, access_token=token, name=tenant.name)
        yield server


@pytest.fixture(scope="session")
def mail_server() -> Iterator[DotdigitalSandbox]:
    """A pretend Dotdigital with the accounts of all tenants."""
    with DotdigitalSandbox() as server:
        for tenant in TENANTS:
            password = tenant.api_password
            server.add_account(user=tenant.api_user, password=password, name=tenant.name)
        yield server


@contextmanager
def _hub_with(rows: str, *, directory: Path, template: str, urls: dict[str, str]) -> Iterator[Hub]:
    """A hub on a database of its own, in which a function of tests.browser.rows has made rows."""
    name = copy_of(template, into=directory)
    server = os.environ.get("DATABASE_URL", "").rpartition("/")[0]
    place = {
        "DATA_DIR": str(directory),
        "DATABASE_URL": f"sqlite:///{name}" if IS_FILE else f"{server}/{name}",
        "DEBUG": "on",
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
    }
    hub = Hub(place | HURRY | urls, log=directory / "programs.log")
    with ExitStack() as stack:
        stack.callback(drop, name)
        stack.callback(hub.end)
        hub.shell(f"from tests.browser.rows import {rows}; {rows}()")
        yield hub


@pytest.fixture(scope="session")
def urls(shop_server: BigCommerceSandbox, mail_server: DotdigitalSandbox) -> dict[str, str]:
    """Where the pretend vendors are."""
    return {
        "BIGCOMMERCE_API_URL": shop_server.url,
        "BIGCOMMERCE_LOGIN_URL": shop_server.url,
        "DOTDIGITAL_API_URL": mail_server.url,
    }


@pytest.fixture(scope="session")
def site(
    migrated: str, tmp_path_factory: pytest.TempPathFactory, urls: dict[str, str]
) -> Iterator[str]:
    """The address of the pages that are walked through, and a worker behind them."""
    directory = tmp_path_factory.mktemp("site")
    with _hub_with("make_walkers", directory=directory, template=migrated, urls=urls) as hub:
        yield hub.serve()


@pytest.fixture(scope="session")
def gallery(
    migrated: str,
    tmp_path_factory: pytest.TempPathFactory,
    urls: dict[str, str],
    shop_server: BigCommerceSandbox,
    mail_server: DotdigitalSandbox,
) -> Iterator[str]:
    """The address of the pages in all their states; nobody works there, so that they stay."""
    directory = tmp_path_factory.mktemp("gallery")
    with _hub_with("make_states", directory=directory, template=migrated, urls=urls) as hub:
        _bring_people(shop_server, mail_server)
        address = hub.serve_pages()
        hub.wait_for_pages()
        yield address


def _bring_people(shop_server: BigCommerceSandbox, mail_server: DotdigitalSandbox) -> None:
    """Let both sides know those of Northwind whom pages show."""
    shop = shop_server.store(NORTHWIND.store_hash)
    mail = mail_server.accounts[NORTHWIND.api_user]
    for email in (ANN, LEAVER):
        shop.subscribe(email, consents=[NEWSLETTER] if email == ANN else [])
        mail.add_contact(email)
    mail.unsubscribe(LEAVER)


@pytest.fixture
def tenants() -> tuple[Tenant, Tenant]:
    """Two tenants whom no other walk knows: one with a connected store, one without."""
    return WALKERS[next(WALK)]


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a window, in which somebody has logged in; an error on a page fails the test.

    Answers of 4xx and 5xx, what a script throws, and what the content policy forbids are errors.
    """
    errors: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            errors.append(f"{said.location.get('url', '')}: {said.text}")

    def listen(page: Page) -> None:
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))

    with _windows(chromium, site, listen) as open_window:
        yield open_window
    assert not errors


@pytest.fixture
def gallery_window(chromium: Browser, gallery: str) -> Iterator[Callable[..., Page]]:
    """Open a window for looking at states, pages of errors among them."""
    with _windows(chromium, gallery, lambda page: None) as open_window:
        yield open_window


@contextmanager
def _windows(
    chromium: Browser, address: str, listen: Callable[[Page], None]
) -> Iterator[Callable[..., Page]]:
    with ExitStack() as stack:

        def open_window(email: str = "", **options: Any) -> Page:
            context = chromium.new_context(base_url=address, **options)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            listen(page)
            if email:
                log_in(page, email)
            return page

        yield open_window


def log_in(page: Page, email: str) -> None:
    """Log in as anybody would."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()
