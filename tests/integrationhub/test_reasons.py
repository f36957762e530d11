"""The catalogue of reasons: whatever the engine can say has a sentence, a next step and a fixer."""

import ast
from pathlib import Path

import pytest

import bigcommerce.errors as shop
import dotdigital.errors as mail
from integrationhub.clients import reason_of
from integrationhub.models import Contact, OptOut, SyncRun
from integrationhub.people import facts, removals
from integrationhub.reasons import GOES_ON_BY_ITSELF, REASONS, Fixer, Reason
from integrationhub.sync import decide, outcomes
from integrationhub.web import results, standing

HUB = Path(standing.__file__).parent.parent
KEPT_AS_CODES = {"problem", "reason", "safety_stop_passed"}
ENGINE = (
    "sync",
    "clients.py",
    "stores.py",
    "disconnecting.py",
    "probes.py",
    "address_books.py",
    "data_fields.py",
)


def modules(*names):
    for name in names:
        place = HUB / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield path, ast.parse(path.read_text())


def family(kind):
    """Answer an error class and every class below it."""
    return [kind, *(each for below in kind.__subclasses__() for each in family(below))]


@pytest.mark.parametrize("reason", Reason)
def test_every_code_has_a_sentence_a_next_step_and_somebody_who_can_take_it(reason):
    words = REASONS[reason]

    assert words.sentence.endswith(".")
    assert words.next_step.endswith(".")
    assert isinstance(words.fixer, Fixer)
    assert "successfully" not in words.in_full


def test_somebody_named_by_the_next_step_is_not_named_again():
    assert REASONS[Reason.NO_OPT_IN].who == ""
    assert REASONS[Reason.WRITE_BACKS_REFUSED].who == ""
    assert REASONS[Reason.CONTACT_REFUSED].who == "you"


@pytest.mark.parametrize("reason", Reason)
def test_who_is_asked_to_do_something_is_told_what(reason):
    words = REASONS[reason]

    if words.fixer in {Fixer.STAFF, Fixer.VENDOR, Fixer.CONTACT}:
        assert not words.next_step.startswith("Nothing to do")
    if words.fixer is Fixer.STAFF:
        assert "administrator" in words.next_step


def test_every_code_that_the_engine_names_is_in_the_catalogue_and_no_other():
    named = {
        node.attr
        for path, module in modules(".")
        if path.name != "reasons.py"
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Reason"
    }

    assert {name for name in named if name.isupper()} == {reason.name for reason in Reason}


def test_the_engine_writes_no_code_past_the_catalogue():
    """A code that is written down stands in the catalogue, or is empty."""
    written = [
        (path.name, value.value)
        for path, module in modules(*ENGINE)
        for node in ast.walk(module)
        for name, value in kept(node)
        if name in KEPT_AS_CODES and isinstance(value, ast.Constant)
    ]

    assert written
    assert [each for each in written if each[1] and each[1] not in set(Reason)] == []


def kept(node):
    """Answer what a call or a dict calls by name, and what an assignment to an attribute does."""
    if isinstance(node, ast.keyword):
        yield node.arg, node.value
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield getattr(key, "value", None), value
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from assigned(target, node.value)


def assigned(target, value):
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, part in zip(target.elts, value.elts, strict=True):
            yield from assigned(each, part)
    elif isinstance(target, ast.Attribute):
        yield target.attr, value


@pytest.mark.parametrize("kind", [*family(shop.ApiError), *family(mail.ApiError)])
def test_every_error_of_either_client_has_a_reason_of_its_side(kind):
    reason = reason_of(kind("what the vendor said"))

    assert reason in REASONS
    assert reason.name.startswith("DOTDIGITAL" if issubclass(kind, mail.ApiError) else "BIGCOMM")


@pytest.mark.parametrize("receipt", OptOut.Receipt)
def test_every_receipt_of_an_opt_out_has_words(receipt):
    assert receipt in removals.BECAME


@pytest.mark.parametrize("answer", OptOut.Resubscription)
def test_every_answer_to_a_resubscription_has_words(answer):
    assert answer in removals.RETURNS


@pytest.mark.parametrize(
    "told",
    [
        *("Unsubscribed", "Suppressed", "IspComplained", "DirectComplaint"),
        *("SoftBounced", "HardBounced", "MailBlocked", "Something new", ""),
    ],
)
def test_whatever_dotdigital_gives_as_the_reason_of_a_removal_has_words(told):
    for book in (0, 17):
        row = OptOut(reason=told, address_book_id=book)

        assert decide.opt_out_reason(row) in removals.HAPPENED
        assert decide.opt_out_reason(row) in REASONS


@pytest.mark.parametrize(
    "code", ["invalidEmail", "globallySuppressed", "suppressedByDomain", "blocker", "new", ""]
)
def test_whatever_dotdigital_refuses_a_contact_with_has_words(code):
    assert outcomes.reason_of_code(code) in REASONS


def test_every_state_of_a_run_and_every_step_has_words():
    assert set(results._STATUS_LABELS) == set(SyncRun.Status)
    assert set(standing.STEPS) == set(SyncRun.Step)
    assert set(results._TRIGGERS) == set(SyncRun.Trigger)


def test_every_next_stage_of_a_person_has_words():
    assert {*facts.NEXT, Contact.Stage.SETTLED} == set(Contact.Stage)


def test_a_safety_stop_says_what_go_on_and_discard_do():
    for reason in (name for name in Reason if name.startswith("safety_stop")):
        assert "Go on" in REASONS[reason].next_step
        assert "Discard" in REASONS[reason].next_step


def test_what_goes_on_by_itself_asks_nobody_for_anything():
    assert all(REASONS[reason].fixer is Fixer.HUB for reason in GOES_ON_BY_ITSELF)
