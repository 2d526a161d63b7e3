"""Tags, indicators, subfields, repetition: one mistake, one message, in the right place."""

from __future__ import annotations

from typing import Any

import pytest

from grading.checking import check
from tests.grading.checking.records import (
    COMARC,
    MARC21,
    UNIMARC,
    Record,
    and_field,
    found,
    only,
    with_field,
    without,
)
from tests.grading.marc_records import MODELS, answer_of


@pytest.mark.parametrize("name", MODELS)
def test_a_right_record_raises_no_alarm(name: str) -> None:
    key = MODELS[name]

    assert [d for d in check(answer_of(key), key["profile"]) if d.severity != "note"] == []


@pytest.mark.parametrize(
    ("record", "code", "where"),
    [
        (and_field(MARC21, "500", "  ", [["a", "x"], ["3", " "]]), "subfield.empty", "500[0]$3[0]"),
        (and_field(MARC21, "248", "10", [["a", "x"]]), "field.undefined", "248[0]"),
        (and_field(MARC21, "245", "10", MARC21[5][2]), "field.repeated", "245[1]"),
        (and_field(MARC21, "300", "  ", []), "field.empty", "300[1]"),
        (without(MARC21, "245"), "field.missing", "245"),
        (with_field(MARC21, "650", " 9", [["a", "x"]]), "indicator.second.value", "650[0]/ind2"),
        (with_field(MARC21, "020", "1 ", [["q", "x"]]), "indicator.first.undefined", "020[0]/ind1"),
        (with_field(MARC21, "020", "1", [["q", "x"]]), "indicator.number", "020[0]"),
        (
            and_field(MARC21, "500", "  ", [["a", "x"], ["x", "y"]]),
            "subfield.undefined",
            "500[0]$x[0]",
        ),
        (
            and_field(MARC21, "500", "  ", [["a", "x"], ["a", "y"]]),
            "subfield.repeated",
            "500[0]$a[1]",
        ),
        (and_field(MARC21, "500", "  ", [["a", "x"], ["ß", "y"]]), "subfield.code", "500[0]$ß[0]"),
        (
            and_field(MARC21, "260", "  ", [["a", "x"], ["d", "y"]]),
            "subfield.obsolete",
            "260[0]$d[0]",
        ),
    ],
)
def test_one_mistake_gives_one_message(record: Record, code: str, where: str) -> None:
    assert found(record) == [(code, where)]


@pytest.mark.parametrize(
    ("record", "code", "where"),
    [
        (and_field(UNIMARC, "299", "  ", [["a", "x"]]), None, ""),
        (and_field(UNIMARC, "233", "  ", [["a", "x"]]), "field.undefined", "233[0]"),
        (and_field(UNIMARC, "700", " 1", [["a", "x"]]), "field.repeated", "700[1]"),
        (
            and_field(UNIMARC, "205", "  ", [["a", "x"], ["k", "y"]]),
            "subfield.undefined",
            "205[1]$k[0]",
        ),
        (with_field(UNIMARC, "200", "2 ", [["a", "x"]]), "indicator.first.value", "200[0]/ind1"),
        (without(UNIMARC, "101"), "field.missing", "101"),
    ],
)
def test_unimarc_has_its_own_structure(record: Record, code: str | None, where: str) -> None:
    assert found(record, "unimarc") == ([(code, where)] if code else [])


@pytest.mark.parametrize("profile", ["marc21", "unimarc", "comarc", "rusmarc"])
@pytest.mark.parametrize("tag", ["090", "590", "699", "899", "900", "999", "CAT"])
def test_local_fields_raise_no_alarm(profile: str, tag: str) -> None:
    codes = [
        d.code for d in check([[tag, "97", [["a", "x"], ["ž", "y"]]]], profile, strictness="draft")
    ]

    assert codes == []


def test_a_local_subfield_raises_no_alarm() -> None:
    assert found(and_field(MARC21, "500", "  ", [["a", "x"], ["9", "y"]])) == []


def test_comarc_allows_what_its_tables_here_do_not_know_with_a_warning() -> None:
    assert (
        only(and_field(COMARC, "205", "  ", [["a", "x"], ["k", "y"]]), "comarc").severity
        == "warning"
    )


@pytest.mark.parametrize("tag", ["120", "123", "206", "304", "850"])
def test_unimarc_does_not_ask_for_fields_that_few_records_have(tag: str) -> None:
    assert found(without(UNIMARC, tag), "unimarc") == []


@pytest.mark.parametrize("tag", ["606", "610"])
def test_the_level_of_a_subject_need_not_be_told(tag: str) -> None:
    assert found(and_field(UNIMARC, tag, "  ", [["a", "Hrvatska"]]), "unimarc") == []


def test_a_draft_may_lack_what_is_still_to_come() -> None:
    assert check([MARC21[5]], "marc21", strictness="draft") == []
    assert {d.where for d in check([MARC21[5]], "marc21")} >= {"008", "LDR"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("245", "record.row"),
        ([], "record.row"),
        ([245, "10", []], "record.row"),
        (["24", "10", [["a", "x"]]], "record.tag"),
        (["245", "10", [["a"]]], "record.field"),
        (["245", "10", [["a", None]]], "record.field"),
        (["245", 10, [["a", "x"]]], "record.field"),
        (["008", "x", [["a", "x"]]], "record.field"),
        (["245", "00", [["a", "x."]], "x"], "record.field"),
        (["245", "00"], "field.empty"),
        (["245"], "field.empty"),
    ],
)
def test_what_is_no_field_is_reported(row: Any, code: str) -> None:
    assert [d.code for d in check([row], "marc21", strictness="draft")] == [code]


@pytest.mark.parametrize("record", [None, 7, "245", {"fields": []}])
def test_what_is_no_record_is_reported(record: Any) -> None:
    assert [d.code for d in check(record, "marc21", strictness="draft")] == ["record.shape"]


def test_an_empty_record_lacks_everything() -> None:
    assert found([]) == [("field.missing", tag) for tag in ("008", "245", "LDR")]


def test_rows_left_empty_in_an_editor_are_no_mistake() -> None:
    assert check([["", "", []], ["", "  ", [["", ""]]]][:1], "marc21", strictness="draft") == []


def test_a_message_names_the_place_and_the_rule() -> None:
    diagnostic = only(with_field(MARC21, "650", " 9", [["a", "x"]]))

    assert diagnostic.message == "650: the second indicator must be one of 0-7, not «9»."
    assert diagnostic.severity == "error"
    assert diagnostic.refs[0] == {
        "scheme": "MARC 21",
        "number": "650/ind2",
        "url": "https://www.loc.gov/marc/bibliographic/bd650.html",
    }


def test_an_unknown_profile_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        check([], "usmarc")


def test_a_field_of_very_many_subfields_is_told_place_by_place() -> None:
    many = [["a", "x"], ["b", "y"]] * 40_000

    places = [where for code, where in found([["245", "10", many]]) if code == "subfield.repeated"]

    assert places[:3] == ["245[0]$a[1]", "245[0]$b[1]", "245[0]$a[2]"]
    assert len(places) == len(set(places)) > 400
