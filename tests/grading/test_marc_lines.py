"""What the lines of a mark say, and where they point."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import Mark, ScoreLine
from grading.graders import marc
from tests.grading.marc_records import MODELS, WORKED, answer_of, model

TITLE: dict[str, Any] = {
    "profile": "marc21",
    "fields": [
        {
            "tag": "245",
            "ind": "10",
            "sub": [["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]],
        }
    ],
}


def grade_title(*subfields: list[str], ind: str = "10") -> dict[str, ScoreLine]:
    return by_code(marc.grade(TITLE, [["245", ind, list(subfields)]]))


def by_code(mark: Mark) -> dict[str, ScoreLine]:
    assert len({line.code for line in mark.lines}) == len(mark.lines)
    return {line.code: line for line in mark.lines}


A, B, C = ["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]


def test_a_right_field_is_one_line() -> None:
    lines = grade_title(A, B, C)

    assert list(lines) == ["245.right"]
    assert (lines["245.right"].points, lines["245.right"].max) == (10.0, 10.0)
    assert lines["245.right"].where == "245[0]"


@pytest.mark.parametrize(
    ("value", "code", "share"),
    [
        ("ep u šest libara/", "245.b.punctuation.spacing", 0.5),
        ("ep u šest libara", "245.b.punctuation.missing", 0.0),
        ("ep u šest libara ;", "245.b.punctuation.wrong", 0.0),
        ("Ep u šest libara /", "245.b.case", 0.9),
        ("ep u sest libara /", "245.b.diacritics", 0.8),
        ("Ep u sest libara /", "245.b.diacritics.case", 0.72),
        ("ep u šest libra /", "245.b.typo", 0.714),
        ("pjesma /", "245.b.wrong", 0.0),
    ],
)
def test_each_mistake_in_a_subfield_has_its_line(value: str, code: str, share: float) -> None:
    lines = grade_title(A, ["b", value], C)

    assert set(lines) == {"245.rest", code}
    line = lines[code]
    assert line.where == "245[0]$b[0]"
    assert line.points / line.max == pytest.approx(share, abs=0.001)
    assert line.kind == ("nearly" if share else "missing")
    assert [ref["scheme"] for ref in line.refs] == [
        "MARC 21",
        "ISBD Consolidated",
        "RDA (original Toolkit)",
    ]


def test_a_missing_subfield_takes_its_mark_with_it() -> None:
    lines = grade_title(A, C)

    assert set(lines) == {"245.rest", "245.b.missing"}
    assert lines["245.b.missing"].max == pytest.approx(10 * 3 / 13)
    assert lines["245.b.missing"].where == "245[0]$b"
    assert lines["245.b.missing"].expected == "ep u šest libara /"


def test_right_content_under_a_wrong_code_earns_half_and_says_so() -> None:
    lines = grade_title(A, B, ["p", "Marko Marulić."])

    line = lines["245.p.subfield"]
    assert line.points == pytest.approx(line.max / 2)
    assert line.where == "245[0]$p[0]"
    assert line.expected == "$c Marko Marulić."


def test_order_extra_subfields_and_indicators_have_lines_of_their_own() -> None:
    lines = grade_title(C, A, B, ["h", "[tekst]"], ind="13")

    assert lines["245.order"].kind == "nearly"
    assert lines["245.h.extra"].points == 0.0
    assert lines["245.ind2.nonfiling"].where == "245[0]/ind2"
    assert lines["245.ind2.nonfiling"].expected == "0"


def test_a_value_in_an_undefined_indicator_must_be_blank() -> None:
    key = {"fields": [{"tag": "300", "ind": "  ", "sub": [["a", "214 stranica"]]}]}
    lines = by_code(marc.grade(key, [["300", "1 ", [["a", "214 stranica"]]]]))

    assert lines["300.ind1.undefined"].max == pytest.approx(5 * 0.5 / 4.5)
    assert "must be blank" in lines["300.ind1.undefined"].message


def test_a_blank_indicator_earns_nothing_where_none_is_defined() -> None:
    key = {"fields": [{"tag": "300", "ind": "  ", "sub": [["a", "214 stranica"]]}]}

    assert marc.grade(key, [["300", "  ", [["a", "knjiga"]]]]).score == 0.0


def test_positions_of_a_fixed_field_have_lines_of_their_own() -> None:
    case = WORKED["W2"]
    lines = by_code(marc.grade(case["key"], case["answer"]))

    assert set(lines) == {"008.rest", "008.15-17.wrong", "008.33.wrong", "008.35-37.wrong"}
    assert lines["008.15-17.wrong"].where == "008[0]/15-17"
    assert lines["008.15-17.wrong"].max == 1.0
    assert lines["008.35-37.wrong"].expected == "hrv"
    assert lines["008.33.wrong"].params["name"] == "Literary form"


def test_a_lost_character_is_one_line_and_names_the_position() -> None:
    case = WORKED["W2b"]
    lines = by_code(marc.grade(case["key"], case["answer"]))

    assert set(lines) == {"008.rest", "008.length.lost"}
    line = lines["008.length.lost"]
    assert (line.points, line.max, line.kind) == (-2.0, 0.0, "unwanted")
    assert "one character is lost at position 11" in line.message
    assert "40" in line.message


def test_positions_within_a_unimarc_subfield_are_pointed_to() -> None:
    key = model("judita unimarc", "100")
    answer = answer_of(key)
    answer[0][2][0][1] = answer[0][2][0][1].replace("hrv", "eng")

    lines = by_code(marc.grade(key, answer))

    assert lines["100.a.22-24.wrong"].where == "100[0]$a[0]/22-24"
    assert lines["100.a.22-24.wrong"].params["name"] == "Language of cataloguing"


def test_an_error_carried_forward_is_noted_and_costs_nothing() -> None:
    year = by_code(marc.grade(WORKED["W7"]["key"], WORKED["W7"]["answer"]))
    entry = by_code(marc.grade(WORKED["W4"]["key"], WORKED["W4"]["answer"]))

    assert year["008.07-10.carried"].kind == "note"
    assert year["008.right"].points == 8.0
    assert entry["245.ind1.carried"].kind == "note"
    assert entry["245.right"].points == 10.0


def test_comarc_codes_of_the_year_and_the_title_follow_the_learners_record() -> None:
    key = model("deseti_brat comarc")
    answer = [field for field in answer_of(key) if field[0] != "700"]
    for field in answer:
        if field[0] == "100":
            field[2][1][1] = "2008"
        if field[0] == "200":
            field[1] = "1 "
        if field[0] == "210":
            field[2][2][1] = "2008"

    lines = by_code(marc.grade(key, answer))

    assert {"100.c.carried", "200.ind1.carried", "700.missing", "210.d.number"} <= set(lines)
    assert lines["100.right"].points == 8.0


def test_the_wrong_field_takes_half_back() -> None:
    lines = by_code(marc.grade(WORKED["W4"]["key"], WORKED["W4"]["answer"]))

    assert lines["700.rest"].points == 8.0
    assert lines["700.tag.wrong"].points == -4.0
    assert lines["700.tag.wrong"].expected == "100"


def test_an_accepted_variant_is_noted() -> None:
    lines = by_code(marc.grade(WORKED["W6"]["key"], WORKED["W6"]["answer"]))

    assert lines["214.right"].points == 8.0
    assert lines["214.accepted"].kind == "note"


def test_an_accepted_value_is_noted() -> None:
    key = {"fields": [{"tag": "300", "sub": [["a", "214 str.", {"alt": ["CCXIV str."]}]]}]}
    lines = by_code(marc.grade(key, [["300", "  ", [["a", "CCXIV str."]]]]))

    assert set(lines) == {"300.right", "300.a.accepted"}


def test_marks_typed_in_unimarc_must_not_be_typed() -> None:
    lines = by_code(marc.grade(WORKED["W6"]["key"], WORKED["W6"]["answer"]))

    assert "must not be typed" in lines["200.a.punctuation.unwanted"].message


def test_a_missing_field_and_one_that_disagrees_are_told_apart() -> None:
    key = model("judita marc21", "250", "490")
    lines = by_code(marc.grade(key, [["490", "0 ", [["a", "Nešto posve drugo"]]]]))

    assert lines["250.missing"].where == "250"
    assert lines["250.missing"].expected == "250 __ $aDrugo, dopunjeno izdanje."
    assert lines["490.wrong"].where == "490[0]"


@pytest.mark.parametrize(
    ("field", "code", "points"),
    [
        (["245", "10", [["a", "Judita"]]], "245.single", -3.0),
        (["245", "10", [A, B, C]], "245.repeat", -1.0),
        (["999", "  ", [["a", "x"]]], "", 0.0),
        (["500", "  ", [["a", "x"]]], "500.free", 0.0),
        (["123", "  ", [["a", "x"]]], "123.undefined", -2.0),
        (["520", "  ", [["a", "x"]]], "520.forbidden", -2.0),
    ],
)
def test_needless_fields_cost_what_their_kind_costs(
    field: list[Any], code: str, points: float
) -> None:
    key = copy.deepcopy(TITLE) | {"forbidden": ["520"], "settings": {"extras_cap": 1.0}}
    lines = by_code(marc.grade(key, [["245", "10", [A, B, C]], field]))

    assert set(lines) == {"245.right", code} - {""}
    if code:
        assert lines[code].points == pytest.approx(points)
        assert lines[code].where.startswith(field[0])


def test_the_score_stops_at_nothing_and_the_lines_with_it() -> None:
    key = copy.deepcopy(TITLE) | {"settings": {"extras_cap": 1.0, "free_extras": 0}}
    mark = marc.grade(key, [["500", "  ", [["a", f"bilješka {n}"]]] for n in range(30)])

    assert mark.points == 0.0
    assert sum(line.points for line in mark.lines) == 0.0


def test_caps_lower_all_they_cover_alike() -> None:
    lines = marc.grade(WORKED["W9"]["key"], WORKED["W9"]["answer"]).lines
    padding = [line.points for line in lines if line.code == "500.padding"]
    headings = [line.points for line in lines if line.code == "650.heading"]

    assert padding == [pytest.approx(-16 / 19.5)] * 17
    assert headings == [pytest.approx(-0.25)] * 20


def test_the_best_of_several_keys_is_explained() -> None:
    keys = {"keys": [model("judita marc21", "250"), TITLE]}

    assert marc.grade(keys, [["245", "10", [A, B, C]]]).points == 10.0


def texts(line: ScoreLine) -> str:
    return f"{line.template} {line.message} {line.code} {line.where} {dict(line.params)}"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(MODELS)), st.data())
def test_no_sentence_quotes_the_model(name: str, data: st.DataObject) -> None:
    key = MODELS[name]
    answer: list[Any] = [
        [field[0], "x" * len(field[1])]
        if len(field) == 2
        else [field[0], data.draw(st.sampled_from([field[1], "99"])), [["a", "xyzzy"]]]
        for field in answer_of(key)
    ]
    values = [v for f in key["fields"] for _, v in f.get("sub", []) if len(v) > 6]

    for line in marc.grade(key, answer).lines:
        assert not any(value in texts(line) for value in values)


def test_every_line_of_a_novice_has_place_reason_and_rule() -> None:
    mark = marc.grade(WORKED["W11"]["key"], WORKED["W11"]["answer"])

    for line in mark.lines:
        assert re.fullmatch(r"(LDR|\d{3})(\.[\w-]+)+", line.code)
        assert "%(" not in line.message
        if line.kind in ("missing", "nearly"):
            assert line.refs[0]["scheme"] == "MARC 21"
            assert line.refs[0]["url"].startswith("https://www.loc.gov/marc/bibliographic/bd")
            assert line.expected or line.code.endswith(".gate")


def test_points_lost_and_points_earned_are_the_whole() -> None:
    for case in WORKED.values():
        mark = marc.grade(case["key"], case["answer"])
        lost = sum(line.max - line.points for line in mark.lines)

        assert lost + mark.points == pytest.approx(mark.possible, abs=1e-9)


def test_a_worse_copy_costs_no_more_than_its_damage() -> None:
    key = model("judita marc21", "650", "700")
    right = answer_of(key)
    copy_of_heading = ["650", " 4", [["a", "Hrvatsko pjesnistvo"], ["y", "16. stoljeće."]]]

    lines = by_code(marc.grade(key, [*right, copy_of_heading]))

    assert lines["650.copy"].points == pytest.approx(-5 * 0.8 / 9)
    assert lines["650.copy"].where == "650[1]"


def test_an_optional_field_that_is_not_there_has_no_line() -> None:
    key = copy.deepcopy(TITLE)
    key["fields"].append({"tag": "504", "sub": [["a", "Bibliografija"]], "optional": True})

    assert list(by_code(marc.grade(key, [["245", "10", [A, B, C]]]))) == ["245.right"]


def test_a_deduction_of_nothing_has_no_sign() -> None:
    mark = marc.grade(WORKED["W14"]["key"], WORKED["W14"]["answer"])

    assert not any(str(line.points) == "-0.0" for line in mark.lines)


def test_a_long_note_of_many_is_found_by_its_end() -> None:
    beginning = "Isti početak napomene " * 12
    fields = [{"tag": "500", "sub": [["a", f"{beginning}{n}"]]} for n in range(30)]
    extra = [["500", "  ", [["a", f"{beginning}{n} x"]]] for n in range(30)]
    key = {"fields": fields, "settings": {"extras_cap": 0}}
    answer = [["500", "  ", field["sub"]] for field in fields]

    assert marc.grade(key, extra + answer).score == 1.0
