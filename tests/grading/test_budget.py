from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise
from grading.graders import budget
from grading.graders.budget.exercise import Projects, keeps, read_exercise
from tests.grading.engines import CHAPTERS, PROJECTS, WORKED

CASE = WORKED["budget"]
NAMES = [item["id"] for item in PROJECTS["items"]]
BENEFIT = {item["id"]: item["benefit"] for item in PROJECTS["items"]}
COST = {item["id"]: item["cost"] for item in PROJECTS["items"]}


def read() -> Projects:
    found = read_exercise(PROJECTS)
    assert isinstance(found, Projects)
    return found


def score(*chosen: str) -> float:
    return budget.grade(PROJECTS, {"items": list(chosen)}).score


def letters(text: str) -> list[str]:
    return [name for name in NAMES if name[0] in text]


def is_allowed(chosen: list[str]) -> bool:
    within = sum(COST[name] for name in chosen) <= CASE["limit"]
    return within and all(keeps(rule, read().items, chosen) for rule in read().rules)


def test_the_best_choice_and_the_number_of_possible_ones_are_those_of_the_worked_case() -> None:
    assert read().feasible == CASE["feasible"]
    assert list(read().best) == CASE["best_set"]
    assert read().best_value == CASE["best"][0]
    assert sum(COST[name] for name in read().best) == CASE["best_cost"]


def test_the_next_best_are_those_of_the_worked_case_and_earn_by_their_benefit() -> None:
    every = (list(c) for size in range(1, 10) for c in combinations(NAMES, size))
    allowed = sorted((c for c in every if is_allowed(c)), key=lambda c: -sum(BENEFIT[n] for n in c))

    assert len(allowed) == CASE["feasible"]
    for chosen, benefit in zip(allowed, CASE["best"], strict=False):
        assert score(*chosen) == pytest.approx(0.5 + 0.5 * benefit / 137)


@pytest.mark.parametrize(
    ("chosen", "expected", "codes"),
    [
        ("BCDEGH", 1.0, []),
        ("BEH", 0.5 + 0.5 * 61 / 137, []),
        ("BCDGH", 0.25, ["budget.rule"]),
        ("CDG", 0.0, ["budget.rule"] * 2),
        ("AE", 0.25, ["budget.rule"]),
        ("ABCDEFGHI", 0.25, ["budget.limit"]),
    ],
)
def test_broken_rules_cost_a_quarter_each_and_are_named(
    chosen: str, expected: float, codes: list[str]
) -> None:
    mark = budget.grade(PROJECTS, {"items": letters(chosen)})

    assert mark.score == pytest.approx(expected)
    assert [line.code for line in mark.lines[1:]] == codes


def test_a_reference_is_what_earns_no_more_than_half() -> None:
    exercise = PROJECTS | {"reference": 100}

    mark = budget.grade(exercise, {"items": letters("BEH")})
    assert mark.score == 0.5
    with pytest.raises(InvalidExercise, match="reference: The reference is as good"):
        budget.check(PROJECTS | {"reference": 137})


@settings(max_examples=100, deadline=None)
@given(st.permutations(NAMES), st.integers(1, 9))
def test_no_choice_beats_the_best_and_order_does_not_matter(order: list[str], size: int) -> None:
    chosen = order[:size]

    assert score(*chosen) <= 1.0
    assert score(*chosen) == score(*sorted(chosen))
    assert (score(*chosen) >= 0.5) is is_allowed(chosen)


@pytest.mark.parametrize(
    ("shares", "expected", "codes"),
    [
        ({"staff": 60, "books": 20, "house": 20}, 1.0, []),
        ({"staff": 70, "books": 15, "house": 15}, 0.5 + 0.5 * (2 * 0.5 + 1 + 1) / 4, []),
        ({"staff": 50, "books": 30, "house": 20}, 0.5 + 0.5 * (2 * 0.5 + 0.5 + 1) / 4, []),
        ({"staff": 60, "books": 20}, 0.25, ["budget.sum"]),
        ({"staff": 30, "books": 50, "house": 20}, 0.0, ["budget.bounds"] * 2),
        ({"staff": 100}, 0.25, ["budget.bounds"]),
    ],
)
def test_chapters_earn_by_how_near_they_are_to_what_is_good(
    shares: dict[str, float], expected: float, codes: list[str]
) -> None:
    mark = budget.grade(CHAPTERS, {"shares": shares})

    assert mark.score == pytest.approx(expected)
    assert [line.code for line in mark.lines if line.kind == "unwanted"] == codes


def test_the_page_is_told_the_rules_and_no_best_choice() -> None:
    shown = budget.public(PROJECTS)["rules"]
    assert [rule["message"] for rule in shown] == [rule["message"] for rule in PROJECTS["rules"]]
    assert {rule["kind"] for rule in shown} <= {"category", "must", "requires", "excludes"}
    assert "good" not in str(budget.public(CHAPTERS))


@pytest.mark.parametrize(
    ("exercise", "place"),
    [
        (PROJECTS | {"limit": 100}, "rules: No choice keeps all rules"),
        (PROJECTS | {"rules": [{"kind": "must", "items": ["Z"], "message": "x"}]}, "«Z»"),
        (
            PROJECTS | {"rules": [{"kind": "category", "category": "zoo", "message": "x"}]},
            r"rules\[0\]\.category: No item belongs",
        ),
        (PROJECTS | {"items": PROJECTS["items"] * 2}, r"items\[9\]\.id: Another|items: Too many"),
        (CHAPTERS | {"total": 60}, "chapters"),
        ({"chapters": [{"id": "a", "good": [1, 2]}, {"id": "b", "good": [1, 2]}]}, "cannot add up"),
    ],
)
def test_what_is_wrong_with_an_exercise_is_named(exercise: Any, place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        budget.check(exercise)
