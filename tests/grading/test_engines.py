"""What holds for each of the graders for conservation and management."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidAnswer, InvalidExercise, Mark
from grading.graders import GRADERS
from tests.grading.engines import ALL, NAMES, engine, grade, worked
from tests.grading.test_drill_properties import any_json, nodes, put

every_sample = pytest.mark.parametrize(("name", "exercise"), ALL, ids=NAMES)
samples = st.sampled_from(ALL)
CASES = ("regions", "plan", "salvage")
WORKED = [(name, *case) for name in CASES for case in worked(name)]


def schema(name: str) -> jsonschema.Draft202012Validator:
    text = Path(engine(name).__file__).with_name("schema.json").read_text("utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def has_null(node: Any) -> bool:
    if isinstance(node, dict):
        return any(has_null(value) for value in node.values())
    return node is None or (isinstance(node, list) and any(has_null(value) for value in node))


def assert_sound(mark: Mark) -> None:
    assert 0.0 <= mark.points <= mark.possible
    assert sum(line.max for line in mark.lines) == pytest.approx(mark.possible)
    assert sum(line.points for line in mark.lines) == pytest.approx(mark.points, abs=1e-9)
    assert all(line.message for line in mark.lines)
    assert all(line.points <= line.max + 1e-9 for line in mark.lines)


@pytest.mark.parametrize(
    ("name", "exercise", "answer", "expected"),
    WORKED,
    ids=[f"{c[0]}-{c[3]['name']}" for c in WORKED],
)
def test_a_worked_case_scores_what_experts_gave(
    name: str, exercise: Any, answer: Any, expected: dict[str, Any]
) -> None:
    mark = grade(name, exercise, answer)

    assert mark.score == pytest.approx(expected["score"], abs=0.0005)
    assert_sound(mark)


@every_sample
def test_the_model_answer_scores_1(name: str, exercise: Any) -> None:
    mark = grade(name, exercise, engine(name).model_answer(exercise))

    assert mark.points == mark.possible > 0
    assert {line.kind for line in mark.lines} <= {"right", "note"}


@every_sample
@pytest.mark.parametrize("nothing", [None, {}, {"marks": [], "order": [], "cells": {}}])
def test_an_empty_answer_scores_0(name: str, exercise: Any, nothing: Any) -> None:
    mark = grade(name, exercise, nothing)

    assert mark.points == 0.0 < mark.possible
    assert_sound(mark)


@every_sample
def test_the_grader_is_the_one_of_the_command_and_refuses_what_is_no_object(
    name: str, exercise: Any
) -> None:
    no_object: Any = []

    assert GRADERS[name](exercise, {}) == grade(name, exercise, {})
    with pytest.raises(InvalidAnswer):
        GRADERS[name](exercise, [])
    with pytest.raises(InvalidExercise):
        GRADERS[name](no_object, {})
    with pytest.raises(InvalidExercise):
        GRADERS[name]({}, {})


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_answer_is_graded_or_refused_with_its_place(data: st.DataObject) -> None:
    name, exercise = data.draw(samples)
    answer = engine(name).model_answer(exercise)
    for _time in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(nodes(answer))))
        answer = put(answer, path, data.draw(any_json))
    with suppress(InvalidAnswer):
        assert_sound(grade(name, exercise, answer))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_exercise_is_refused_or_has_a_model_answer_that_scores_1(data: st.DataObject) -> None:
    name, exercise = data.draw(samples)
    path = data.draw(st.sampled_from(list(nodes(exercise))))
    exercise = put(exercise, path, data.draw(any_json))
    try:
        engine(name).check(exercise)
    except InvalidExercise:
        return
    json.dumps(engine(name).public(exercise))
    mark = grade(name, exercise, engine(name).model_answer(exercise))
    assert mark.score == 1.0
    assert_sound(mark)
    if not has_null(exercise):
        schema(name).validate(exercise)


@every_sample
def test_the_schema_is_one_and_takes_what_the_grader_reads(name: str, exercise: Any) -> None:
    validator = schema(name)

    validator.check_schema(validator.schema)
    validator.validate(exercise)
    assert not validator.is_valid({})
    assert not validator.is_valid([])


@every_sample
def test_the_answer_to_one_exercise_never_takes_longer_than_a_request_allows(
    name: str, exercise: Any
) -> None:
    """A coarse net against a grader that explodes; the figures are those of the benchmark."""
    answer = engine(name).model_answer(exercise)
    begun = time.process_time()
    grade(name, exercise, answer)

    assert time.process_time() - begun < 1.0
