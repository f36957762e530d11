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
AXE = """which => axe.run(
  {exclude: ['[data-seen]']}, {runOnly: which, resultTypes: ['violations']})"""
# A part of the same elements, classes and empty places as one in another state is not looked at
# twice, nor a page of nothing but such parts: that would take most of the time.
PARTS = """seen => [...document.querySelectorAll('.top, .card, .tabs, .foot')].map(part => {
  const bones = [part, ...part.querySelectorAll('*')]
    .map(each => each.tagName + each.className + (each.textContent.trim() ? '' : '-')).join();
  const bone = [...bones].reduce((sum, each) => (sum * 31 + each.codePointAt(0)) | 0, 7);
  if (seen.includes(bone)) part.dataset.seen = '';
  return bone; })"""
WEIGHT = """() => performance.getEntries()
  .filter(each => each.initiatorType !== 'xmlhttprequest')  // what comes later, by and by
  .reduce((sum, each) => sum + (each.decodedBodySize || 0), 0)"""
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll('.card')]
  .filter(each => each.scrollWidth > each.clientWidth).map(each => each.innerText.slice(0, 80))"""
TWICE = """() => { const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
  return ids.filter((id, place) => ids.indexOf(id) < place); }"""
HEAVIEST = 100_000
NARROW = ViewportSize(width=360, height=740)
MIDDLING = ViewportSize(width=768, height=900)
WIDE = ViewportSize(width=1280, height=900)


def test_axe_finds_nothing_everything_fits_and_no_page_is_heavy(gallery_window):
    found = {}
    seen: set[int] = set()

    for who, states in groupby(sorted(STATES, key=attrgetter("who")), key=attrgetter("who")):
        page = gallery_window(who)
        for state in states:
            page.set_viewport_size(WIDE)
            page.emulate_media(color_scheme="light")
            state.open(page)
            parts = set(page.evaluate(PARTS, list(seen)))
            if problems := list(_problems(page, is_new=not parts <= seen)):
                found[state.name] = problems
            seen |= parts

    assert found == {}


def _problems(page: Page, *, is_new: bool) -> Iterator[Any]:
    """Look at a page as it stands there, then at the same on a phone in the dark."""
    if (weight := page.evaluate(WEIGHT)) > HEAVIEST:
        yield f"{weight} bytes"
    if is_new:
        page.evaluate(AXE_SCRIPT)
    yield from _seen(page, STANDARD if is_new else None)
    page.set_viewport_size(MIDDLING)
    yield from _out_of_place(page)
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    yield from _seen(page, OF_LOOKS if is_new else None)


def _seen(page: Page, rules: dict[str, Any] | None) -> Iterator[Any]:
    yield from _out_of_place(page)
    for each in page.evaluate(AXE, rules)["violations"] if rules else ():
        yield each["id"], [node["html"] for node in each["nodes"]]


def _out_of_place(page: Page) -> Iterator[Any]:
    """Whatever does not fit into its card or into the window, and ids that would be mixed up."""
    for name, script in (("too wide", TOO_WIDE), ("the same id twice", TWICE)):
        if found := page.evaluate(script):
            yield name, page.viewport_size, found
