"""Every page as everybody can use it: axe finds nothing, it is light, and it fits a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from integrationhub.management.demo.world import NORTHWIND

HUB = f"/{NORTHWIND.slug}/"
STORE = f"{HUB}bigcommerce/{NORTHWIND.store_hash}/"
PAGES = (
    HUB,
    f"{HUB}?search=nothing-like-this",
    f"{HUB}available/",
    f"{HUB}bigcommerce/connect/",
    STORE,
    f"{STORE}people/",
    f"{STORE}credentials/",
    f"{STORE}find/",
    f"{STORE}activity/",
    f"{STORE}runs/",
    f"{STORE}runs/?starter=command",
    f"{STORE}runs/1/",
    f"{STORE}runs/1/people/?who=subscribers.left_out.no_opt_in",
)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
HEAVIEST = 100_000
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture
def synced(hub, site, shops):
    """A store whose first sync has ended, and left somebody out."""
    shops[NORTHWIND.slug].subscribe("ann@shop.example")
    shops[NORTHWIND.slug].subscribe("bob@shop.example", consents=())
    saved = hub.shell(
        "from django.utils import timezone as z; from integrationhub import address_books as a;"
        "from integrationhub.models import Store; s = Store.objects.get();"
        "b = a.ensure(s.account, 'Store subscribers', now=z.now());"
        "a.assign(s, a.Choice(subscribers=b, customers=None), now=z.now())"
    )
    assert not saved
    hub.ask("sync_store", NORTHWIND.store_hash)


def test_axe_finds_nothing_no_page_scrolls_sideways_and_none_is_heavy(window, synced):
    found = {}
    for scheme, size in (("light", WIDE), ("dark", NARROW)):
        page = window(NORTHWIND, color_scheme=scheme, viewport=size)
        loaded: list[int] = []
        page.on("response", lambda answer, loaded=loaded: loaded.append(len(answer.body())))
        for path in PAGES:
            loaded.clear()
            page.goto(path, wait_until="load")
            if sum(loaded) > HEAVIEST:
                found[scheme, path, "weight"] = sum(loaded)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found[scheme, path, "scrolls sideways"] = True
            if report := Axe().run(page, options=RULES).generate_snapshot():
                found[scheme, path, "axe"] = report

    assert found == {}
