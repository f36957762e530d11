"""What the tests in a browser share: the system's Chromium, one hub, and windows into it.

Browser, pages, worker and pretend vendors are started once in a process; each walk has tenants of
its own. Playwright is there for one test only: it keeps a loop running in which Django refuses to
work, and other tests need Django. So rows are made by a process of the hub.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


@pytest.fixture(scope="session")
def shared_database(
    migrated: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[str]:
    """A migrated database for the hub that all tests share."""
    with django_db_blocker.unblock():
        name = copy_of(migrated, into=tmp_path_factory.mktemp("database"))
        server = os.environ.get("DATABASE_URL", "").rpartition("/")[0]
        yield f"sqlite:///{name}" if IS_FILE else f"{server}/{name}"
        drop(name)


@pytest.fixture(scope="session")
def hub(
    shared_database: str,
    tmp_path_factory: pytest.TempPathFactory,
    shop_server: BigCommerceSandbox,
    mail_server: DotdigitalSandbox,
) -> Iterator[Hub]:
    """One hub with everybody and everything in it; its worker comes when a test asks for one."""
    directory: Path = tmp_path_factory.mktemp("site")
    place = {"DATA_DIR": str(directory), "DATABASE_URL": shared_database, "DEBUG": "on"}
    urls = {
        "BIGCOMMERCE_API_URL": shop_server.url,
        "BIGCOMMERCE_LOGIN_URL": shop_server.url,
        "DOTDIGITAL_API_URL": mail_server.url,
    }
    hurry = {"IMPORT_ASK_SECONDS": "0", "JOB_POLL_SECONDS": "0.2", "JOB_WORKERS": "2"}
    settings = {"DJANGO_SETTINGS_MODULE": "tests.browser.settings"}
    hub = Hub(place | urls | hurry | settings, log=directory / "programs.log")
    with ExitStack() as stack:
        stack.callback(hub.end)
        hub.shell("from tests.browser.rows import make; make()")
        _bring_people(shop_server, mail_server)
        yield hub


def _bring_people(shop_server: BigCommerceSandbox, mail_server: DotdigitalSandbox) -> None:
    """Let both sides know those of Northwind whom pages show."""
    shop = shop_server.store(NORTHWIND.store_hash)
    mail = mail_server.accounts[NORTHWIND.api_user]
    for email in (ANN, LEAVER):
        shop.subscribe(email, consents=[NEWSLETTER] if email == ANN else [])
        mail.add_contact(email)
    mail.unsubscribe(LEAVER)


@pytest.fixture(scope="session")
def site(hub: Hub) -> str:
    """The address of the pages."""
    address = hub.serve_pages()
    hub.wait_for_pages()
    return address


@pytest.fixture(scope="session")
def _worker(hub: Hub) -> None:
    """Somebody who carries out syncs."""
    hub.start("worker")
    hub.wait_for_worker()


@pytest.fixture
def tenants(_worker: None) -> tuple[Tenant, Tenant]:
    """Two tenants whom no other walk knows: one with a connected store, one without."""
    return WALKERS[next(WALK)]


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a window, in which somebody has logged in; an error on a page fails the test.

    Answers of 4xx and 5xx, what a script throws, and what the content policy forbids are errors.
    """
    errors: list[str] = []
    with ExitStack() as stack:

        def note(said: ConsoleMessage) -> None:
            if said.type == "error":
                errors.append(f"{said.location.get('url', '')}: {said.text}")

        def open_window(email: str = "", *, may_err: bool = False, **options: Any) -> Page:
            context = chromium.new_context(base_url=site, **options)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            if not may_err:
                page.on("console", note)
            page.on("pageerror", lambda error: errors.append(str(error)))
            if email:
                log_in(page, email)
            return page

        yield open_window
    assert not errors


def log_in(page: Page, email: str) -> None:
    """Log in as anybody would."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()
