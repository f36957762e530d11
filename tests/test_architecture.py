"""The house style, as far as a machine can tell: sizes, names, and what is never done."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

from integrationhub.management.demo import places

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("integrationhub/", "bigcommerce/", "dotdigital/")
LONGEST_FILE, LONGEST_FUNCTION, MOST_ARGUMENTS = 250, 25, 6
LISTS_THAT_GROW = {"integrationhub/reasons.py", "integrationhub/settings.py"}  # entries, no logic
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
ENVIRONMENT = re.compile(r"os\.(?:environ|getenv)")
KNOW_THE_ENVIRONMENT = {
    "integrationhub/settings.py",
    "integrationhub/wsgi.py",  # names the settings module
    "integrationhub/management/processes.py",  # hands it on to child processes
}
MAY_SLEEP = ("bigcommerce/", "dotdigital/", "integrationhub/management/")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def listed() -> list[str]:
    """The files of the repository, those not committed yet included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in told.stdout.splitlines() if (ROOT / name).is_file())


@cache
def code() -> dict[str, ast.Module]:
    """The program's own modules."""
    return {
        name: ast.parse((ROOT / name).read_text())
        for name in listed()
        if name.endswith(".py") and name.startswith(PACKAGES) and "/migrations/" not in name
    }


def functions() -> list[tuple[str, Function]]:
    return [
        (f"{name}:{node.lineno} {node.name}", node)
        for name, module in code().items()
        for node in ast.walk(module)
        if isinstance(node, Function)
    ]


def test_a_module_opens_with_a_sentence_that_says_what_belongs_in_it():
    sentences = {name: ast.get_docstring(module) or "" for name, module in code().items()}

    assert not [name for name, text in sentences.items() if not text.split("\n")[0].endswith(".")]


def test_a_file_is_named_after_its_subject():
    assert not [name for name in code() if Path(name).stem in FORBIDDEN_NAMES]


def test_a_file_stays_short_enough_to_be_read():
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in code()}

    too_long = {name: length for name, length in lengths.items() if length > LONGEST_FILE}
    assert not too_long.keys() - LISTS_THAT_GROW, too_long


def test_a_function_fits_a_glance():
    assert not [name for name, each in functions() if body_length(each) > LONGEST_FUNCTION]


def body_length(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def test_a_function_is_given_no_more_than_a_reader_can_keep_in_mind():
    assert not [name for name, each in functions() if required_arguments(each) > MOST_ARGUMENTS]


def required_arguments(function: Function) -> int:
    told = function.args
    by_place = [each.arg for each in (*told.posonlyargs, *told.args)]
    of_its_class = len({"self", "cls"}.intersection(by_place))
    by_name = sum(default is None for default in told.kw_defaults)
    return len(by_place) - of_its_class - len(told.defaults) + by_name


def test_only_the_settings_read_the_environment():
    hub = [name for name in code() if name.startswith("integrationhub/")]
    readers = {name for name in hub if ENVIRONMENT.search((ROOT / name).read_text())}

    assert readers <= KNOW_THE_ENVIRONMENT


def test_no_page_and_no_engine_ever_sleeps():
    sleepers = [
        name
        for name, module in code().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"sleep", "time.sleep"}
    ]

    assert all(name.startswith(MAY_SLEEP) for name in sleepers), sleepers


def test_the_repository_names_nothing_of_the_machine_it_was_made_on():
    texts = [name for name in listed() if not name.endswith((".png", ".ico"))]
    words = re.compile("|".join((r"/(?:work|root)/", r"py(?:pi|thonhosted)\.org")))

    assert not [name for name in texts if words.search((ROOT / name).read_text())]


def test_the_queue_is_pinned_to_the_version_whose_inside_the_worker_leans_on():
    assert '"django-q2~=1.11.1"' in (ROOT / "pyproject.toml").read_text()


def test_the_demo_is_for_this_machine_only():
    assert places.HOST == "127.0.0.1"
