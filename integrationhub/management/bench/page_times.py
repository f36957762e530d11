"""How long the server takes for a page, and in how many queries; the browser's time is not in it.

Everything from the request to the last byte counts: middleware, session, queries, templates. Of
a download it is the first people, for the rest is sent while it is read.
"""

import time
from collections.abc import Iterator
from itertools import islice
from statistics import median
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrationhub.management.bench.pages import PAGES, Page, Places, Who
from integrationhub.management.bench.populate import MARKETER, STAFF
from integrationhub.management.bench.rows import PageTime

HOST = "localhost"
FIRST_LINES = 10


class Browsers:
    """Somebody of each kind, logged in."""

    def __init__(self) -> None:
        """Log in."""
        self._clients = {who: Client(SERVER_NAME=HOST) for who in Who}
        for who, email in ((Who.MARKETER, MARKETER), (Who.STAFF, STAFF)):
            self._clients[who].force_login(
                User.objects.get(email=email), "django.contrib.auth.backends.ModelBackend"
            )

    def open(self, page: Page, places: Places) -> None:
        """Open a page and read it; of a download only the first lines."""
        client, path = self._clients[page.who], places.fill_in(page.path)
        form = {name: places.fill_in(value) for name, value in page.form.items()}
        answer: Any = client.post(path, form) if form else client.get(path)
        if answer.status_code != page.status:
            raise RuntimeError(f"{page.name}: {path} answers {answer.status_code}")
        if answer.streaming:
            _read_first(answer)


def _read_first(answer: Any) -> None:
    """Read the first lines, and hang up as the client itself does behind the last one.

    The answer's own `close` would close the connection to the database too.
    """
    list(islice(answer, FIRST_LINES))
    answer._iterator.close()  # noqa: SLF001 - the client's, with no other name


def queries_of(page: Page, places: Places, browsers: Browsers) -> list[str]:
    """Return the queries that a page takes, once it is warm."""
    cache.clear()
    browsers.open(page, places)
    with CaptureQueriesContext(connection) as captured:
        browsers.open(page, places)
    return [query["sql"] for query in captured.captured_queries]


def times_of(places: Places, *, repeat: int) -> Iterator[PageTime]:
    """Measure every page."""
    browsers = Browsers()
    for page in PAGES:
        queries = queries_of(page, places, browsers)
        taken = [_seconds(page, places, browsers) for _ in range(repeat)]
        yield PageTime(name=page.name, milliseconds=median(taken) * 1000, queries=len(queries))


def _seconds(page: Page, places: Places, browsers: Browsers) -> float:
    cache.clear()  # else whoever looks up many people is asked to wait
    began = time.perf_counter()
    browsers.open(page, places)
    return time.perf_counter() - began
