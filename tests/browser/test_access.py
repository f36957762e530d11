"""Every page in every state as everybody can use it: axe finds nothing, it is light, it fits."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.browser.states import STATES

STANDARD = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What can be another in the dark, or where there is little room.
OF_LOOKS = {"type": "rule", "values": ["color-contrast", "target-size"]}
AXE = "which => axe.run({runOnly: which, resultTypes: ['violations']})"
WEIGHT = "performance.getEntries().reduce((sum, each) => sum + (each.decodedBodySize || 0), 0)"
TWICE = """() => { const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
  return ids.filter((id, place) => ids.indexOf(id) < place); }"""
HEAVIEST = 100_000
NARROW = ViewportSize(width=360, height=740)
WIDE = ViewportSize(width=1280, height=900)


def test_axe_finds_nothing_no_page_scrolls_sideways_and_none_is_heavy(window):
    found = {}

    for who, states in groupby(sorted(STATES, key=attrgetter("who")), key=attrgetter("who")):
        page = window(who, may_err=True)
        for state in states:
            page.set_viewport_size(WIDE)
            page.emulate_media(color_scheme="light")
            state.open(page)
            if problems := list(_problems(page)):
                found[state.name] = problems

    assert found == {}


def _problems(page: Page) -> Iterator[Any]:
    """Look at a page as it stands there, then at the same on a phone in the dark."""
    if (weight := page.evaluate(WEIGHT)) > HEAVIEST:
        yield f"{weight} bytes"
    page.evaluate(AXE_SCRIPT)
    yield from _seen(page, STANDARD)
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    yield from _seen(page, OF_LOOKS)


def _seen(page: Page, rules: dict[str, Any]) -> Iterator[Any]:
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "scrolls sideways"
    if twice := page.evaluate(TWICE):
        yield "the same id twice", twice
    for each in page.evaluate(AXE, rules)["violations"]:
        yield each["id"], [node["html"] for node in each["nodes"]]
