from __future__ import annotations

import copy
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise, ScoreLine
from grading.graders import plan
from tests.grading.engines import BINDING, TREATMENT, WORKED

IDEAL: list[str] = plan.model_answer(TREATMENT)["order"]
REQUIRED = [s["id"] for s in TREATMENT["steps"] if s["kind"] == "required"]
ALL_STEPS = [s["id"] for s in TREATMENT["steps"]]


def score(order: list[str], exercise: Any = TREATMENT) -> float:
    return plan.grade(exercise, {"order": order}).score


def lines(order: list[str], exercise: Any = TREATMENT) -> dict[str, ScoreLine]:
    return {line.code: line for line in plan.grade(exercise, {"order": order}).lines}


@pytest.mark.parametrize("case", WORKED["plan"]["cases"], ids=lambda case: case["name"])
def test_choice_and_order_of_a_worked_case_are_told_apart(case: dict[str, Any]) -> None:
    found = lines(case["answer"]["order"])

    selection, order = found["plan.selection"], found["plan.order"]
    assert selection.points / selection.max == pytest.approx(case["f1"], abs=0.0005)
    assert order.points / order.max == pytest.approx(case["order"], abs=0.0005)


@pytest.mark.parametrize(
    ("given_order", "expected"), [("ABDCE", 0.8), ("ABCDE", 1.0), ("EDCBA", -1.0), ("A", 1.0)]
)
def test_kendalls_tau_is_that_of_the_books(given_order: str, expected: float) -> None:
    assert plan.kendall(sorted(given_order), given_order) == pytest.approx(expected)


def test_every_order_that_keeps_the_edges_scores_1() -> None:
    tests = ["test_ph", "test_sol"]
    heads = [[*head, *tests] for head in permutations(["photo", "condition"])]

    for head in [*heads, [*tests, "condition", "photo"]]:
        assert score([*head, *(s for s in IDEAL if s not in head)]) == 1.0


def test_a_broken_grave_rule_says_what_and_caps_what_can_be_earned() -> None:
    order = [s for s in IDEAL if s != "test_sol"]

    line = lines(order)["plan.critical"]

    assert score(order) == pytest.approx(0.4)
    assert line.message == (
        "«wash» must not be done before «test_sol».  At most 40 % can be earned."
    )
    assert line.where == f"order[{order.index('wash')}]"


def test_what_is_needless_or_lost_beyond_the_budget_is_told_with_its_reason() -> None:
    found = lines(["sew", "round", "press", "gild"], BINDING)

    assert (
        found["plan.needless"].message == "«gild» is not called for here. Nothing was gilt before."
    )
    assert found["plan.advice"].message == (
        "«Sew the block» is better not done before «photo». You forget."
    )
    assert "plan.budget" in found
    assert score(["photo", "sew", "round", "press"], BINDING) == 1.0
    assert "plan.advice" not in lines(["photo", "sew", "round", "press"], BINDING)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["sew", "round", "press"], 1.0),
        (["sew", "press", "round"], 0.5 + 0.5 * 2 / 3),
        (["press", "round", "sew"], 0.5),
        (["sew", "round"], 0.5 * 0.8 + 0.5 * 2 / 3),
        (["sew"], 0.5 * 0.5),
    ],
)
def test_a_total_order_is_judged_by_kendalls_tau(order: list[str], expected: float) -> None:
    assert score(order, BINDING) == pytest.approx(expected)


@settings(max_examples=150)
@given(st.permutations(REQUIRED), st.integers(0, len(REQUIRED)), st.data())
def test_one_more_needed_step_in_a_right_place_never_lowers_the_score(
    order: list[str], size: int, data: st.DataObject
) -> None:
    chosen = [s for s in IDEAL if s in order[:size]]
    missing = [s for s in IDEAL if s not in chosen]
    if missing:
        added = data.draw(st.sampled_from(missing))
        longer = [s for s in IDEAL if s in chosen or s == added]
        is_capped = "wash" in longer and "test_sol" not in longer
        assert is_capped or score(longer) >= score(chosen) - 1e-9


@settings(max_examples=100)
@given(st.permutations(ALL_STEPS))
def test_choosing_everything_earns_no_more_than_the_cap(order: list[str]) -> None:
    assert score(order) <= 0.4 + 1e-9


@settings(max_examples=100)
@given(st.permutations(IDEAL), st.sampled_from(["tape", "laminate", "bleach"]), st.integers(0, 10))
def test_something_forbidden_never_helps(order: list[str], step: str, place: int) -> None:
    assert score([*order[:place], step, *order[place:]]) <= score(order) + 1e-9


@settings(max_examples=50)
@given(st.permutations(IDEAL), st.integers(0, 10))
def test_an_optional_step_counts_neither_way(order: list[str], place: int) -> None:
    assert score([*order[:place], "interleave", *order[place:]]) == score(order)


def test_repeated_and_unknown_steps_change_nothing() -> None:
    assert score([*IDEAL, "photo", "wash", "magic"]) == 1.0


def test_the_page_is_told_the_steps_in_an_order_that_says_nothing() -> None:
    shown = plan.public(BINDING, "a")

    assert {step["id"] for step in shown["steps"]} == {s["id"] for s in BINDING["steps"]}
    assert "kind" not in str(shown)
    assert "evidence" not in str(shown)
    assert plan.public(BINDING, "a") == shown != plan.public(BINDING, "c")


def broken(**changes: Any) -> Any:
    return copy.deepcopy(TREATMENT) | changes


@pytest.mark.parametrize(
    ("exercise", "place"),
    [
        (broken(steps=[{"id": "a", "kind": "optional"}]), "steps: No step is required"),
        (broken(edges=[["wash", "fly"]]), r"edges\[0\]\[1\]: No step is called «fly»"),
        (broken(edges=[["wash"]]), r"edges\[0\]: An edge is"),
        (broken(edges=[["wash", "wash"]]), r"edges\[0\]: A step cannot come before itself"),
        (broken(edges=[["wash", "mend"], ["mend", "wash"]]), "edges: These steps wait .*mend"),
        (broken(rules=[{"before": "tape", "after": "wash"}]), r"rules\[0\]\.before: «tape» must"),
        (broken(steps=[{"id": "a", "kind": "required"}] * 2), r"steps\[1\]\.id: Another"),
        (BINDING | {"settings": {"budget": 0.5}}, r"settings\.budget: The required steps alone"),
    ],
)
def test_what_is_wrong_with_an_exercise_is_named(exercise: Any, place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        plan.check(exercise)
