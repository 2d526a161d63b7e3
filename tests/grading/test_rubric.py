"""The grader «rubric»: what a rubric may be, which marks fit it, what they come to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.data import InvalidAnswer, InvalidExercise
from grading.graders import GRADERS, rubric
from grading.graders.rubric import find_rubric_faults, grade, read_rubric
from grading.graders.rubric.exercise import FILE_KINDS
from quarantine.files import KINDS
from tests.grading.tasks import FAIR, GOOD, RUBRIC
from tests.grading.test_drill_properties import any_json, nodes, put

SCHEMA = json.loads((Path(rubric.__file__).parent / "schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
CRITERION = {"id": "a", "name": "A", "points": 4}


def of(*criteria: Any, **more: Any) -> dict[str, Any]:
    return {"criteria": list(criteria), **more}


def test_points_by_criterion_are_added_up_line_by_line() -> None:
    mark = grade(RUBRIC, {"marks": FAIR, "text": "…"})
    assert (mark.points, mark.possible) == (7.0, 10.0)
    assert [(line.code, line.points, line.max, line.kind) for line in mark.lines] == [
        ("rubric.choice", 3.0, 6.0, "nearly"),
        ("rubric.words", 4.0, 4.0, "right"),
    ]
    assert mark.lines[0].message == "Избор на точки за достъп: In part"
    assert mark.lines[1].message == "Clear words"
    assert mark.lines[0].where == "marks.choice"
    assert GRADERS["rubric"](RUBRIC, {"marks": FAIR}) == mark


def test_a_level_that_is_not_named_is_found_by_its_points() -> None:
    marks = {"choice": {"points": 2.5}, "words": {"points": 0}}
    line, last = grade(RUBRIC, {"marks": marks}).lines
    assert line.params["level"] == "In part"
    assert last.kind == "missing"


@pytest.mark.parametrize(
    ("marks", "where"),
    [
        ({"words": {"points": 4}}, "marks.choice.points"),
        ({**GOOD, "style": {"points": 1}}, "marks.style"),
        ({**GOOD, "words": {"points": 4.5}}, "marks.words.points"),
        ({**GOOD, "words": {"points": -1}}, "marks.words.points"),
        ({**GOOD, "words": {"points": True}}, "marks.words.points"),
        ({**GOOD, "words": {"points": 1.005}}, "marks.words.points"),
        ({**GOOD, "words": {"points": float("nan")}}, "marks.words.points"),
        ({**GOOD, "choice": {"points": 6, "level": 1}}, "marks.choice.points"),
        ({**GOOD, "choice": {"points": 6, "level": 3}}, "marks.choice.level"),
        ({**GOOD, "words": {"points": 1, "comment": 7}}, "marks.words.comment"),
        ("all of them", "marks"),
    ],
)
def test_marks_that_do_not_fit_the_rubric_are_refused_with_their_place(
    marks: Any, where: str
) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        grade(RUBRIC, {"marks": marks})
    assert refusal.value.where == where


@pytest.mark.parametrize(
    ("exercise", "where"),
    [
        ({}, "criteria"),
        (of(), "criteria"),
        (of({**CRITERION, "id": "ключ"}), "criteria[0].id"),
        (of(CRITERION, CRITERION), "criteria[1].id"),
        (of({**CRITERION, "name": " "}), "criteria[0].name"),
        (of({"id": "a", "name": "A"}), "criteria[0].points"),
        (of({**CRITERION, "points": 0}), "criteria[0].points"),
        (of({**CRITERION, "levels": [{"name": "x"}]}), "criteria[0].levels[0].points"),
        (of({**CRITERION, "levels": [{"name": "x", "points": 5}]}), "criteria[0].levels[0].points"),
        (
            of({**CRITERION, "levels": [{"name": "x", "points": [3, 1]}]}),
            "criteria[0].levels[0].points",
        ),
        (of({**CRITERION, "levels": [{"name": "x", "points": 3}]}), "criteria[0].levels"),
        (of(CRITERION, accepts={"text": False}), "accepts"),
        (of(CRITERION, accepts={"files": {"kinds": []}}), "accepts.files.kinds"),
        (of(CRITERION, accepts={"files": {"kinds": ["exe"]}}), "accepts.files.kinds[0]"),
        (of(CRITERION, accepts={"files": {"least": 2, "most": 1}}), "accepts.files.least"),
        (
            of(CRITERION, accepts={"text": {"least_words": 9, "most_words": 3}}),
            "accepts.text.least_words",
        ),
    ],
)
def test_a_rubric_that_cannot_be_used_is_refused_with_its_place(exercise: Any, where: str) -> None:
    with pytest.raises(InvalidExercise) as refusal:
        read_rubric(exercise)
    assert refusal.value.where == where


def test_every_criterion_with_a_fault_is_named() -> None:
    faults = find_rubric_faults(of({**CRITERION, "name": ""}, CRITERION, {"id": "b"}))
    assert [fault.where for fault in faults] == ["criteria[0].name", "criteria[2].points"]
    assert list(find_rubric_faults({"criteria": 7})) == []


def test_a_text_is_asked_for_unless_the_author_says_otherwise() -> None:
    assert read_rubric(of(CRITERION)).accepts.text
    files_alone = read_rubric(of(CRITERION, accepts={"files": {"most": 1}})).accepts
    assert (files_alone.text, files_alone.most_files) == (False, 1)
    both = read_rubric(of(CRITERION, accepts={"text": True, "files": {"most": 3}})).accepts
    assert (both.text, both.most_files) == (True, 3)


def test_files_that_may_be_asked_for_are_kinds_that_can_be_checked() -> None:
    assert set(FILE_KINDS) <= set(KINDS)


@given(st.data())
def test_what_the_grader_reads_the_schema_accepts(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(nodes(RUBRIC))))
    exercise = put(RUBRIC, path, data.draw(any_json))
    try:
        read_rubric(exercise)
    except InvalidExercise:
        return
    if "null" not in json.dumps(exercise):
        VALIDATOR.validate(exercise)


@given(st.data())
def test_whatever_is_sent_as_marks_only_the_named_errors_are_raised(data: st.DataObject) -> None:
    answer = {"marks": GOOD}
    path = data.draw(st.sampled_from(list(nodes(answer))))
    try:
        mark = grade(RUBRIC, put(answer, path, data.draw(any_json)))
    except InvalidAnswer:
        return
    assert 0 <= mark.points <= mark.possible


points = st.integers(0, 400).map(lambda hundredths: hundredths / 100)


@given(points, points)
def test_more_points_never_lower_a_score(one: float, other: float) -> None:
    least, most = sorted((one, other))
    scores = [
        grade(RUBRIC, {"marks": {**GOOD, "words": {"points": value}}}).score
        for value in (least, most)
    ]
    assert scores[0] <= scores[1]
