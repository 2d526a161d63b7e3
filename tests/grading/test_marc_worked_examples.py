from __future__ import annotations

from typing import Any

import pytest

from grading.graders import marc
from tests.grading.marc_records import MODELS, WORKED, answer_of, as_answer, model

TOLERANCE = 0.0005


@pytest.mark.parametrize("case", WORKED.values(), ids=WORKED.keys())
def test_a_worked_example_gives_its_figures(case: dict[str, Any]) -> None:
    comparison = marc.compare(case["key"], case["answer"])
    expected = case["expected"]

    assert comparison.score == pytest.approx(expected["score"], abs=TOLERANCE)
    assert comparison.possible == pytest.approx(expected["total"], abs=TOLERANCE)
    assert comparison.penalty == pytest.approx(expected["penalty"], abs=TOLERANCE)
    # The given sums were added up from credits of four decimals.
    assert comparison.earned == pytest.approx(expected["earned"], abs=0.001)


@pytest.mark.parametrize("case", WORKED.values(), ids=WORKED.keys())
def test_a_worked_example_gives_each_field_its_credit(case: dict[str, Any]) -> None:
    matches = marc.compare(case["key"], case["answer"]).matches
    expected = case["expected"]["fields"]

    assert [(m.tag, m.weight) for m in matches] == [(tag, weight) for tag, weight, _ in expected]
    for match, (_, _, credit) in zip(matches, expected, strict=True):
        assert match.credit == pytest.approx(credit, abs=TOLERANCE)


@pytest.mark.parametrize("case", WORKED.values(), ids=WORKED.keys())
def test_a_worked_example_names_the_needless_fields(case: dict[str, Any]) -> None:
    kinds = {
        "unjustified access point": {"heading"},
        "not in model (information only)": {"free"},
        "padding": {"padding"},
        "second main entry": {"main"},
        "not repeatable": {"single", "once"},
    }
    extras = marc.compare(case["key"], case["answer"]).extras
    expected = case["expected"]["extras"]

    assert [e.field.tag for e in extras] == [tag for tag, _, _ in expected]
    for extra, (_, cost, reason) in zip(extras, expected, strict=True):
        assert extra.cost == pytest.approx(cost, abs=TOLERANCE)
        assert extra.kind in kinds[reason]


@pytest.mark.parametrize("name", MODELS)
def test_a_model_record_is_perfect_against_itself(name: str) -> None:
    mark = marc.grade(MODELS[name], answer_of(MODELS[name]))

    assert mark.score == pytest.approx(1.0, abs=1e-12)
    assert {line.kind for line in mark.lines} == {"right"}


def test_a_title_page_in_cyrillic_transcribed_in_latin_loses_half_the_content() -> None:
    key = model("pod_igoto unimarc", "200", "700")
    answer = answer_of(key)
    answer[0] = [
        "200",
        "1 ",
        [["a", "Pod igoto"], ["e", "roman v tri časti"], ["f", "Ivan Vazov"]],
    ]

    mark = marc.grade(key, answer)

    assert mark.points == pytest.approx(14.0)
    assert mark.score == pytest.approx(0.7778, abs=TOLERANCE)


def test_a_wrong_year_in_008_alone_is_not_carried_forward() -> None:
    key = WORKED["W7"]["key"]
    answer = [as_answer(field) for field in key["fields"]]
    answer[0] = ["008", answer[0][1].replace("s2019", "s2018")]

    assert marc.grade(key, answer).score == pytest.approx(0.9375, abs=TOLERANCE)


@pytest.mark.parametrize("name", MODELS)
def test_an_empty_record_scores_nothing(name: str) -> None:
    mark = marc.grade(MODELS[name], [])

    assert mark.score == 0.0
    assert mark.possible > 0


def test_unimarc_habits_in_comarc_cost_the_indicator_and_the_country_code() -> None:
    key = model("deseti_brat comarc")
    answer = answer_of(key)
    for field in answer:
        if field[0] == "200":
            field[1] = "1 "
        if field[0] == "102":
            field[2] = [["a", "SI"]]

    mark = marc.grade(key, answer)

    assert mark.possible == 61
    assert mark.score == pytest.approx(0.97, abs=TOLERANCE)


def test_more_headings_than_the_pool_asks_for_are_free() -> None:
    key = WORKED["W13"]["key"]
    answer = [["650", " 4", [["a", field["sub"][0][1]]]] for field in key["fields"][:3]]

    mark = marc.grade(key, answer)

    assert mark.score == pytest.approx(1.0)
    assert [line.code for line in mark.lines if line.kind == "note"] == ["650.accepted"]


@pytest.mark.parametrize("blank", ["", " ", "\u00a0"])
def test_a_skeleton_of_tags_indicators_and_codes_scores_nothing(blank: str) -> None:
    key = MODELS["judita marc21"]
    answer = [
        [field[0], blank]
        if len(field) == 2
        else [field[0], field[1], [[code, blank] for code, _ in field[2]]]
        for field in answer_of(key)
    ]

    assert marc.grade(key, answer).score == 0.0


def test_the_title_in_every_subfield_is_next_to_nothing() -> None:
    case = WORKED["W14"]

    assert marc.grade(case["key"], case["answer"]).score == pytest.approx(0.0048, abs=TOLERANCE)


def damage(answer: list[list[Any]]) -> None:
    """Put ten mistakes into the record of Judita: of codes, marks, numbers, a name, indicators."""
    fields = {field[0]: field for field in answer}
    fields["008"][1] = fields["008"][1].replace("ci ", "yu ").replace(" p ", " 0 ")
    fields["020"][2][0][1] = "9789539999907"
    fields["100"][2][0][1] = "Marko Marulić,"
    fields["245"][1] = "00"
    fields["245"][2][0][1] = "Judita /"
    fields["264"][1] = " 4"
    fields["264"][2][2][1] = "c2019."
    fields["300"][2][2][1] = "20,6 cm."
    fields["650"][1] = " 0"


def test_ten_documented_mistakes_leave_what_they_leave() -> None:
    key = model("judita marc21")
    answer = answer_of(key)
    damage(answer)

    assert marc.grade(key, answer).score == pytest.approx(0.8903, abs=TOLERANCE)
    # Half of the name's content is for the right words in the wrong order.
    name = next(field for field in key["fields"] if field["tag"] == "100")
    name["sub"][0].append({"policy": "text"})
    assert marc.grade(key, answer).score == pytest.approx(0.8736, abs=TOLERANCE)
