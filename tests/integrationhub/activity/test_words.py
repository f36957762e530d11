"""Tests of the words: there are some for everything that can be written down."""

from string import Formatter

import pytest
from auditlog.registry import auditlog

from integrationhub.activity import lines_of
from integrationhub.activity.words import DEEDS, DETAILS, FIELDS, ROWS
from integrationhub.admin.stores import SETTINGS
from integrationhub.fields import EncryptedTextField
from integrationhub.models import ActivityEntry, Store
from tests.factories import ActivityEntryFactory

RECORDED = {
    model._meta.model_name: (model, auditlog.get_model_fields(model))
    for model in auditlog.get_models()
}
TOLD_BESIDE = {
    "audience": "subscribers",
    "reason": "safety_stop_removals",
    "number": 3,
    "book": "VIP customers",
    "books": ["VIP customers"],
    "refusing": [],
}


@pytest.mark.parametrize("kind", RECORDED)
def test_every_recorded_field_has_words_and_every_row_that_comes_or_goes(kind):
    _, told = RECORDED[kind]

    assert told["include_fields"]
    assert set(told["include_fields"]) <= FIELDS[kind].keys()
    assert {(kind, ActivityEntry.Action.CREATE), (kind, ActivityEntry.Action.DELETE)} <= ROWS.keys()


@pytest.mark.parametrize("kind", RECORDED)
def test_no_secret_is_a_recorded_field(kind):
    model, told = RECORDED[kind]

    for name in told["include_fields"]:
        assert not isinstance(model._meta.get_field(name), EncryptedTextField)


def test_every_setting_that_staff_may_change_is_recorded():
    _, told = RECORDED["store"]

    assert set(SETTINGS) <= set(told["include_fields"])


@pytest.mark.parametrize("deed", ActivityEntry.Deed)
def test_every_deed_is_told_in_a_whole_sentence(db, deed):
    entry = ActivityEntryFactory(deed=deed, additional_data=TOLD_BESIDE)

    (line,) = lines_of(entry)

    assert line.text.endswith(".")
    assert "{" not in line.text


def test_a_sentence_names_nothing_that_no_entry_tells():
    known = {"before", "after", "name", "column", "person", "field", *TOLD_BESIDE, *DETAILS}
    of_rows = {"role", "source_field", "data_field"}
    every = [
        *DEEDS.values(),
        *ROWS.values(),
        *(each for of in FIELDS.values() for each in of.values()),
    ]

    named = {
        name
        for words in every
        for sentence in (words.sentence, words.off)
        for _, name, _, _ in Formatter().parse(sentence)
        if name
    }

    assert named <= known | of_rows


@pytest.mark.parametrize(
    ("field", "before", "after", "told"),
    [
        ("is_sync_enabled", True, False, "paused the sync. Before: on."),
        ("is_sync_enabled", False, True, "resumed the sync. Before: paused."),
        ("safety_share", 0.2, 0.05, "stops and asks: <b>5%</b>. Before: <b>20%</b>."),
        ("safety_number", 200, 12000, "stops and asks: <b>12,000</b>. Before: <b>200</b>."),
        (
            "uncounted_order_statuses",
            [0, 5],
            [],
            "<b>none</b>. Before: <b>Incomplete, Cancelled</b>",
        ),
        ("tags_attribute", "Tags", "", "<b>nothing</b>. Before: <b>Tags</b>."),
        ("tags_attribute", "Tags", "<script>", "<b>&lt;script&gt;</b>. Before: <b>Tags</b>."),
        (
            "customers_book",
            None,
            "VIP",
            "chose <b>VIP</b> for <i>Sync customers to</i>. Before: <b>not sync",
        ),
        ("customers_book", "VIP", None, "stopped syncing customers. Before: <b>VIP</b>."),
        ("of_long_ago", 1, 2, "changed <b>of_long_ago</b>. Before: <b>1</b>. After: <b>2</b>."),
    ],
)
def test_a_change_is_told_with_what_was_before(db, field, before, after, told):
    update = {"action": ActivityEntry.Action.UPDATE, "deed": ""}
    entry = ActivityEntryFactory(changes={field: [before, after]}, **update)

    (line,) = lines_of(entry)

    assert told in line.text


def test_the_engines_own_fields_are_not_recorded():
    _, told = RECORDED["store"]
    bookkeeping = {
        "next_sync_at",
        "last_synced_at",
        "lease_token",
        "lease_expires_at",
        "failures_in_a_row",
        "problem",
        "clock_lead",
        "has_consents_key",
        "trial_people",
        "is_decision_due",
    }

    assert bookkeeping <= {field.name for field in Store._meta.fields}
    assert not bookkeeping & set(told["include_fields"])
