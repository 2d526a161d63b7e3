"""Fields that belong together: 880 beside its field, fields that UNIMARC embeds."""

from __future__ import annotations

from typing import Any

import pytest

from grading.checking import check
from tests.grading.checking.records import MARC21, UNIMARC, Record, and_field, found, with_field

TITLE: list[list[str]] = [["6", "880-01"], *MARC21[5][2]]
CYRILLIC: list[list[str]] = [
    ["6", "245-01/(N"],
    ["a", "Јудита :"],
    ["b", "епска поема /"],
    ["c", "Марко Марулић."],
]


def linked(*fields: list[Any]) -> Record:
    return [*with_field(MARC21, "245", "10", TITLE), *fields]


def test_a_field_and_its_original_script_name_each_other() -> None:
    assert found(linked(["880", "10", CYRILLIC])) == []


@pytest.mark.parametrize("value", ["245-01/Cyrl", "245-01/(3/r", "245-01//r", "245-01"])
def test_the_script_may_be_told_in_several_ways(value: str) -> None:
    assert found(linked(["880", "10", [["6", value], *CYRILLIC[1:]]])) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            [["880", "10", CYRILLIC[1:]]],
            [("link.alone", "245[0]$6[0]"), ("link.missing", "880[0]$6")],
        ),
        ([], [("link.alone", "245[0]$6[0]")]),
        (
            [["880", "10", [["6", "245-02"], *CYRILLIC[1:]]]],
            [("link.alone", "245[0]$6[0]"), ("link.alone", "880[0]$6[0]")],
        ),
        (
            [["880", "10", [["6", "245/01"], *CYRILLIC[1:]]]],
            [("link.alone", "245[0]$6[0]"), ("link.form", "880[0]$6[0]")],
        ),
        ([["880", "10", [*CYRILLIC[1:], CYRILLIC[0]]]], [("link.first", "880[0]$6[0]")]),
        (
            [["880", "10", CYRILLIC], ["880", "  ", [["6", "248-00"], ["a", "x"]]]],
            [("link.tag", "880[1]$6")],
        ),
    ],
)
def test_a_link_that_leads_nowhere_is_told(fields: Record, expected: list[tuple[str, str]]) -> None:
    assert found(linked(*fields)) == expected


def test_an_unlinked_880_needs_no_partner() -> None:
    assert found([*MARC21, ["880", "10", [["6", "245-00"], *CYRILLIC[1:]]]]) == []


@pytest.mark.parametrize(
    ("ind", "subfields", "code", "where"),
    [
        ("70", CYRILLIC, "indicator.first.value", "880[0]/ind1"),
        ("10", [*CYRILLIC, ["x", "y."]], "subfield.undefined", "880[0]$x[0]"),
        ("10", [*CYRILLIC, ["a", "y."]], "subfield.repeated", "880[0]$a[1]"),
    ],
)
def test_880_follows_the_rules_of_the_tag_it_is_linked_to(
    ind: str, subfields: list[list[str]], code: str, where: str
) -> None:
    assert found(linked(["880", ind, subfields])) == [(code, where)]


def test_a_message_about_880_names_both_tags() -> None:
    (diagnostic,) = check(linked(["880", "70", CYRILLIC]), "marc21")

    assert diagnostic.message == "880 (245): the first indicator must be one of 0, 1, not «7»."
    assert diagnostic.refs[0]["url"].endswith("bd245.html")


def test_the_links_of_unimarc_have_another_form() -> None:
    assert found(and_field(UNIMARC, "701", " 1", [["6", "a01700"], ["a", "x"]]), "unimarc") == []


EMBEDDED: list[list[str]] = [
    ["1", "001RU\\NLR\\bibl\\5996"],
    ["1", "2001 "],
    ["a", "Задачи и этюды"],
    ["v", "Вып. 13"],
]


@pytest.mark.parametrize("profile", ["unimarc", "rusmarc"])
def test_fields_may_be_embedded_whole(profile: str) -> None:
    assert found(and_field(UNIMARC, "461", " 0", EMBEDDED), profile) == []


@pytest.mark.parametrize(
    ("subfields", "code", "where"),
    [
        ([["1", "2007 "], ["a", "x"]], "indicator.first.value", "461[0]$1[0]/ind1"),
        ([["1", "2001 "], ["a", "x"], ["k", "y"]], "subfield.undefined", "461[0]$k[0]"),
        (
            [*EMBEDDED, ["1", "700 1"], ["a", "x"], ["a", "y"]],
            "subfield.repeated",
            "461[0]$a[2]",
        ),
        ([["1", "x"], ["a", "y"]], "embedded.tag", "461[0]$1[0]"),
        ([["1", "233  "], ["a", "y"]], "embedded.undefined", "461[0]$1[0]"),
        ([["t", "x"], ["1", "2001 "], ["a", "y"]], "embedded.mixed", "461[0]$1[0]"),
        ([["1", "101  "], ["a", "xyz"]], "indicator.first.value", "461[0]$1[0]/ind1"),
        ([["1", "2001 "]], "field.empty", "461[0]$1[0]"),
    ],
)
def test_an_embedded_field_follows_its_own_rules(
    subfields: list[list[str]], code: str, where: str
) -> None:
    assert (code, where) in found(and_field(UNIMARC, "461", " 0", subfields), "unimarc")


@pytest.mark.parametrize("indicators", ["1", "1 ", "1#", "1_"])
def test_the_blank_of_an_embedded_field_may_be_written_as_a_sign(indicators: str) -> None:
    title = [["1", f"200{indicators}"], ["a", "Dracula"]]

    assert found(and_field(UNIMARC, "454", " 1", title), "unimarc") == []


def test_a_link_without_embedded_fields_is_right() -> None:
    subfields = [["t", "Zbirka"], ["v", "3"], ["x", "0317-8471"]]

    assert found(and_field(UNIMARC, "461", " 0", subfields), "unimarc") == []
