"""Tests of the pages' benchmark itself: it runs, on the small scale, and never in production."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

from integrationhub.management.bench.pages import PAGES

SMALL = {"people": 60, "runs": 60, "books": 3, "repeat": 1}
DATABASE_URL = os.environ.get("DATABASE_URL", "")


def test_it_tells_what_every_page_takes(settings, capsys):
    settings.DEBUG = True

    call_command("bench_pages", **SMALL, json=True, database_url=DATABASE_URL)

    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == [page.name for page in PAGES]
    assert all(row["milliseconds"] > 0 for row in rows)
    assert all(row["queries"] <= page.queries for row, page in zip(rows, PAGES, strict=True))


def test_it_does_not_run_where_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError):
        call_command("bench_pages")
