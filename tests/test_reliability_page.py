"""Tests of docs/reliability.md: it names every promise, and only tests that there are."""

import ast
import re

import pytest
from django.conf import settings

PAGE = settings.BASE_DIR / "docs" / "reliability.md"
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text())))


def names_of_tests(path):
    tree = ast.parse((settings.BASE_DIR / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_the_page_names_is_there(path, name):
    assert (settings.BASE_DIR / path).exists(), path
    assert name in names_of_tests(path)


def test_every_promise_has_a_row_with_a_test():
    rows = re.findall(r"^\| (\d+) \|(.*)$", PAGE.read_text(), flags=re.MULTILINE)

    assert [int(number) for number, _ in rows] == list(range(1, 11))
    assert all("::test_" in row or "below" in row for _, row in rows)


def test_every_test_of_a_fault_stands_on_the_page():
    folder = settings.BASE_DIR / "tests" / "integrationhub" / "sync" / "faults"
    named = {path for path, _ in NAMED}

    files = {str(path.relative_to(settings.BASE_DIR)) for path in folder.rglob("test_*.py")}

    assert files <= named
