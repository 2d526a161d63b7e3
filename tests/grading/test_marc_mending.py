"""A faulty record is mended: graded is what was put right, and what came to harm."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise, Mark, ScoreLine
from grading.graders import marc
from tests.grading.marc_mutants import EXAMPLES, Answer, keys, mutants
from tests.grading.marc_records import answer_of, model

EPSILON = 1e-6

KEY = model("judita marc21", "020", "100", "245", "250", "264", "300")
MODEL = answer_of(KEY)
TITLE, EDITION = 2, 3


def changed(place: int, *field: Any) -> Answer:
    """The model record with another field at ``place``."""
    record = copy.deepcopy(MODEL)
    record[place : place + 1] = [list(field)] if field else []
    return record


# The title's first indicator and its colon are wrong, and a note is there twice.
FAULTY_TITLE = ["245", "00", [["a", "Judita /"], *MODEL[TITLE][2][1:]]]
START: Answer = [*changed(TITLE, *FAULTY_TITLE), ["250", "  ", [["a", "Treće izdanje."]]]]
EXERCISE: dict[str, Any] = {"keys": [KEY], "start": START}


def grade(answer: Answer, exercise: dict[str, Any] = EXERCISE) -> Mark:
    mark = marc.grade(exercise, answer)
    assert sum(line.points for line in mark.lines) == pytest.approx(mark.points, abs=1e-9)
    assert sum(line.max for line in mark.lines) == pytest.approx(mark.possible, abs=1e-9)
    return mark


def by_code(mark: Mark) -> dict[str, ScoreLine]:
    return {line.code: line for line in mark.lines}


def test_an_untouched_record_earns_nothing_and_shows_each_fault_with_its_place() -> None:
    mark = grade(START)
    assert mark.score == 0.0
    faults = {line.code: line.where for line in mark.lines if line.max}
    assert faults == {
        "245.ind1.wrong": "245[0]/ind1",
        "245.a.punctuation.wrong": "245[0]$a[0]",
        "250.once": "250[1]",
    }


def test_the_model_earns_everything_and_says_what_was_mended() -> None:
    mark = grade(MODEL)
    assert mark.score == 1.0
    assert {line.code for line in mark.lines} == {
        "245.ind1.wrong.mended",
        "245.a.punctuation.wrong.mended",
        "250.once.mended",
    }
    assert {line.kind for line in mark.lines} == {"right"}


def test_what_is_mended_counts_for_itself() -> None:
    half = [*changed(TITLE, "245", "10", FAULTY_TITLE[2]), START[-1]]
    lines = by_code(grade(half))
    assert lines["245.ind1.wrong.mended"].points == lines["245.ind1.wrong.mended"].max > 0
    assert lines["245.a.punctuation.wrong"].points == 0.0
    assert lines["250.once"].points == 0.0
    assert grade(half).score == pytest.approx(
        lines["245.ind1.wrong.mended"].points / grade(half).possible
    )


def test_the_score_is_the_share_of_what_was_missing() -> None:
    half = [*changed(TITLE, "245", "10", FAULTY_TITLE[2]), START[-1]]
    before, after = (marc.compare({"keys": [KEY]}, record).score for record in (START, half))
    assert grade(half).score == pytest.approx((after - before) / (1 - before))


def test_harm_to_a_right_field_costs_its_loss_once_more() -> None:
    mended = [field for field in MODEL if field[0] != "300"]
    lines = by_code(grade(mended))
    loss = lines["300.missing"].points
    assert loss < 0
    assert lines["300.harm"].points == pytest.approx(loss)
    assert lines["300.harm"].where == "300"
    assert grade(mended).score < 1.0


def test_harm_takes_no_more_than_was_earned() -> None:
    mark = grade([MODEL[TITLE]])
    assert mark.points == 0.0
    assert any(line.points < 0 for line in mark.lines)


def test_a_field_that_was_missing_is_judged_as_in_any_record() -> None:
    exercise = {"keys": [KEY], "start": changed(EDITION)}
    lines = by_code(
        grade(changed(EDITION, "250", "  ", [["a", "drugo, dopunjeno izdanje."]]), exercise)
    )
    assert lines["250.a.case"].kind == "nearly"
    assert "250.harm" not in lines


def test_of_several_keys_the_best_mended_counts() -> None:
    other = copy.deepcopy(KEY)
    other["fields"][EDITION]["sub"] = [["a", "Treće izdanje."]]
    exercise = {"keys": [other, KEY], "start": START}
    assert grade(MODEL, exercise).score == 1.0


@pytest.mark.parametrize(
    ("start", "place"),
    [
        ("245", "start"),
        ([["245", "10", [["a"]]]], "start[0][2][0]"),
        ([["24", "10", []]], "start[0][0]"),
        (MODEL, "start"),
        ([["500", "  ", [["a", "x"]]]] * 201, "start"),
    ],
)
def test_a_start_that_cannot_be_mended_is_refused_with_its_place(start: Any, place: str) -> None:
    with pytest.raises(InvalidExercise) as refused:
        marc.grade({"keys": [KEY], "start": start}, MODEL)
    assert refused.value.where == place


# --- For every key, start and answer ------------------------------------------------------------


@st.composite
def exercises(draw: st.DrawFn) -> dict[str, Any]:
    key = draw(keys())
    start = draw(mutants(key))
    assume(marc.compare(key, start).score < 1 - 1e-3)
    return {"keys": [key], "start": start}


@settings(max_examples=EXAMPLES, deadline=None)
@given(exercises())
def test_leaving_any_record_untouched_scores_0(exercise: dict[str, Any]) -> None:
    assert grade(exercise["start"], exercise).score == 0.0


@settings(max_examples=EXAMPLES, deadline=None)
@given(exercises())
def test_the_model_of_any_key_scores_1(exercise: dict[str, Any]) -> None:
    assert grade(answer_of(exercise["keys"][0]), exercise).score == pytest.approx(1.0)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_the_score_of_any_answer_lies_between_0_and_1(data: st.DataObject) -> None:
    exercise = data.draw(exercises())
    answer = data.draw(mutants(exercise["keys"][0]))
    mark = grade(answer, exercise)
    assert 0.0 <= mark.score <= 1.0 + EPSILON
    assert all(line.max >= 0 and line.points <= line.max + EPSILON for line in mark.lines)
    assert all(line.max == 0 for line in mark.lines if line.points < 0)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_harm_never_pays(data: st.DataObject) -> None:
    exercise = data.draw(exercises())
    key = exercise["keys"][0]
    answer = data.draw(mutants(key))
    right = [field for field in answer if field in exercise["start"] and field in answer_of(key)]
    tags = [field[0] for field in answer]
    assume(any(tags.count(field[0]) == 1 for field in right))
    harmed = data.draw(st.sampled_from([f for f in right if tags.count(f[0]) == 1]))
    without = [field for field in answer if field != harmed]
    assert grade(without, exercise).score <= grade(answer, exercise).score + EPSILON


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_mending_one_more_field_never_costs(data: st.DataObject) -> None:
    exercise = data.draw(exercises())
    key = exercise["keys"][0]
    answer = data.draw(mutants(key))
    tags = {field[0] for field in answer}
    missing = [field for field in answer_of(key) if field[0] not in tags]
    assume(missing)
    mended = [*answer, data.draw(st.sampled_from(missing))]
    assert grade(mended, exercise).score >= grade(answer, exercise).score - EPSILON
