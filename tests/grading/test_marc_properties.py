"""Properties that hold for every key and every answer, tried on mutants of real model records."""

from __future__ import annotations

import copy
import unicodedata
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise
from grading.graders import marc
from grading.graders.marc.profiles import get_profile
from tests.grading.marc_mutants import EXAMPLES, Answer, Key, keys, mutants, words
from tests.grading.marc_records import MODELS, answer_of, as_answer

EPSILON = 1e-6


def score(key: Key, answer: Answer) -> float:
    return marc.grade(key, answer).score


def grade_or_refuse(exercise: Any, answer: Any) -> float | str:
    try:
        return marc.grade(exercise, answer).score
    except InvalidExercise as error:
        return error.message


def tags_that_stand_once(key: Key) -> frozenset[str]:
    profile = get_profile(key["profile"])
    return profile.not_repeatable | profile.once


@settings(max_examples=EXAMPLES, deadline=None)
@given(keys())
def test_the_keys_own_record_scores_1(key: Key) -> None:
    assert abs(score(key, answer_of(key)) - 1.0) < EPSILON


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_the_order_of_the_fields_hardly_matters(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer = data.draw(mutants(key))
    shuffled = [answer[i] for i in data.draw(st.permutations(range(len(answer))))]

    assert abs(score(key, answer) - score(key, shuffled)) <= 0.002


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_ignorable_fields_change_nothing(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer = data.draw(mutants(key))
    ignorable: Answer = [
        ["001", data.draw(words)],
        ["005", "20240101120000.0"],
        ["990", "  ", [["a", data.draw(words)]]],
        ["035", "  ", [["a", "(X)1"]]],
    ]

    assert score(key, ignorable + answer + ignorable) == score(key, answer)


@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(st.data())
def test_removing_a_right_field_never_raises_the_score(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer = data.draw(mutants(key))
    model = answer_of(key)
    once = tags_that_stand_once(key)
    tags = [field[0] for field in answer]
    right = [
        i
        for i, field in enumerate(answer)
        if field in model
        and answer.count(field) == 1
        # The one exception: beside a damaged copy of a field that must not be repeated.
        and not (field[0] in once and tags.count(field[0]) > 1)
    ]
    assume(right)
    place = data.draw(st.sampled_from(right))

    assert score(key, answer[:place] + answer[place + 1 :]) <= score(key, answer) + EPSILON


@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(st.data())
def test_adding_a_missing_right_field_never_lowers_the_score(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer = data.draw(mutants(key))
    once = tags_that_stand_once(key)
    tags = {field[0] for field in answer}
    missing = [
        as_answer(field)
        for field in key["fields"]
        if as_answer(field) not in answer and not (field["tag"] in once and field["tag"] in tags)
    ]
    assume(missing)
    field = data.draw(st.sampled_from(missing))

    assert score(key, [*answer, field]) >= score(key, answer) - EPSILON


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_the_score_lies_between_0_and_1(data: st.DataObject) -> None:
    key = data.draw(keys())

    assert 0.0 <= score(key, data.draw(mutants(key))) <= 1.0 + EPSILON


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_decomposed_letters_score_as_composed_ones(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer = data.draw(mutants(key))

    def decompose(value: Any) -> Any:
        if isinstance(value, str):
            return unicodedata.normalize("NFD", value)
        return [decompose(item) for item in value]

    def compose(value: Any) -> Any:
        if isinstance(value, str):
            return unicodedata.normalize("NFC", value)
        return [compose(item) for item in value]

    assert score(key, decompose(answer)) == score(key, compose(answer))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_repeating_a_field_never_raises_the_score(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer = data.draw(mutants(key))
    assume(answer)
    field = data.draw(st.sampled_from(answer))

    assert score(key, [*answer, copy.deepcopy(field)]) <= score(key, answer) + EPSILON


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_padding_never_pays(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer = data.draw(mutants(key))
    padding = [
        ["500", "  ", [["a", f"{text} {number}"]]]
        for number, text in enumerate(data.draw(st.lists(words, min_size=1, max_size=20)))
    ]
    assume("500" not in {field["tag"] for field in key["fields"]})

    assert score(key, answer + padding) <= score(key, answer) + EPSILON


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_the_lines_add_up_to_the_mark(data: st.DataObject) -> None:
    key = data.draw(keys())
    mark = marc.grade(key, data.draw(mutants(key)))

    assert abs(sum(line.points for line in mark.lines) - mark.points) < 1e-9
    assert abs(sum(line.max for line in mark.lines) - mark.possible) < 1e-9


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["245", "LDR", "008", "a", "10", "fields", "marc21", "isbn", "fixed"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "keys",
                    "fields",
                    "profile",
                    "tag",
                    "ind",
                    "sub",
                    "value",
                    "alt",
                    "pools",
                    "w",
                    "near",
                    "start",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


def is_score_or_reason(outcome: float | str) -> bool:
    return bool(outcome) if isinstance(outcome, str) else 0.0 <= outcome <= 1.0


@settings(max_examples=EXAMPLES, deadline=None)
@given(json_values, json_values)
def test_arbitrary_json_is_graded_or_refused_with_a_reason(exercise: Any, answer: Any) -> None:
    assert is_score_or_reason(grade_or_refuse(exercise, answer))


@settings(max_examples=EXAMPLES, deadline=None)
@given(json_values)
def test_an_arbitrary_start_is_mended_or_refused_with_a_reason(start: Any) -> None:
    exercise = {"keys": [MODELS["judita marc21"]], "start": start}
    assert is_score_or_reason(grade_or_refuse(exercise, answer_of(MODELS["judita marc21"])))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.lists(json_values, max_size=3), max_size=5))
def test_an_arbitrary_answer_is_graded_or_refused_with_a_reason(answer: Any) -> None:
    assert is_score_or_reason(grade_or_refuse(MODELS["judita marc21"], answer))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_key_damaged_anywhere_is_used_or_refused_with_a_reason(data: st.DataObject) -> None:
    key = copy.deepcopy(data.draw(st.sampled_from(list(MODELS.values()))))
    field = data.draw(st.sampled_from(key["fields"]))
    name = data.draw(st.sampled_from(["tag", "ind", "sub", "value", "alt", "w", "pool", "ind_alt"]))
    field[name] = data.draw(json_values)

    assert is_score_or_reason(grade_or_refuse(key, answer_of(MODELS["judita marc21"])))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_what_was_graded_before_changes_no_mark(data: st.DataObject) -> None:
    key = data.draw(keys())
    answer, other = data.draw(mutants(key)), data.draw(mutants(key))
    marc.grade(key, other)
    mark = marc.grade(key, answer)
    marc.grade(key, other)

    assert marc.grade({"keys": [key]}, answer) == mark == marc.grade(key, answer)
