"""Tests of the benchmark itself: it runs, on the small scale, and never in production."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

DATABASE_URL = os.environ.get("DATABASE_URL", "")


@pytest.fixture(autouse=True)
def not_in_production(settings):
    settings.DEBUG = True


def test_it_tells_what_a_first_run_and_an_unchanged_one_have_cost(capsys):
    names = "first-run,unchanged"

    call_command(
        "bench_sync", people=300, only=names, json=True, database_url=DATABASE_URL, repeat=1
    )

    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["first-run BigCommerce calls"]["measured"] >= 3
    assert rows["first-run people sent"]["measured"] > 100
    assert rows["first-run CPU"]["bare"] > 0
    assert rows["unchanged writes"]["measured"] == 0


def test_it_tells_how_long_the_claims_of_due_stores_take(capsys):
    call_command("bench_sync", people=500, only="claims", json=True, database_url=DATABASE_URL)

    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["claims"]["work"] == "claiming 5 of 5 due stores among 500"
    assert 0 < rows["claims"]["measured"] < 5
    assert 0 < rows["claims all due"]["measured"] < 5


def test_a_page_of_documentation_gets_its_table(capsys):
    call_command("bench_sync", people=100, only="claims", markdown=True, database_url=DATABASE_URL)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| work | bound |")
    assert all(line.count("|") == 6 for line in lines)


def test_it_does_not_run_where_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError):
        call_command("bench_sync")


def test_a_row_that_there_is_not_is_named():
    with pytest.raises(CommandError, match="no-such-row"):
        call_command("bench_sync", only="no-such-row")
