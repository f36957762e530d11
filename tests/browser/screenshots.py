"""Takes a picture of every page in every state; `script/screenshots DIR` runs it, no test does."""

import os
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from tests.browser.states import STATES

WIDTHS, HEIGHT = (360, 768, 1280), 800
SCHEMES = ("light", "dark")


def test_pictures_are_taken(gallery_window):
    directory = Path(os.environ["SCREENSHOTS"])

    for who, states in groupby(sorted(STATES, key=attrgetter("who")), key=attrgetter("who")):
        page = gallery_window(who)
        for state in states:
            page.set_viewport_size({"width": WIDTHS[-1], "height": HEIGHT})
            state.open(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    place = directory / f"{state.name}-{width}-{scheme}.png"
                    page.screenshot(path=place, full_page=True)

    assert len(list(directory.glob("*.png"))) >= len(STATES) * len(WIDTHS) * len(SCHEMES)
