from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise
from grading.graders import salvage
from grading.graders.salvage.exercise import read_exercise, simulate, value_of
from tests.grading.engines import FLOOD, WORKED

IDS = [item["id"] for item in FLOOD["items"]]

lots = st.lists(
    st.fixed_dictionaries(
        {
            "value": st.integers(1, 50),
            "work_hours": st.integers(1, 5),
            "limit_h": st.integers(0, 20),
            "half_life_h": st.integers(1, 12),
        }
    ),
    min_size=2,
    max_size=5,
)


def score(order: list[str], exercise: Any = FLOOD) -> float:
    return salvage.grade(exercise, {"order": order}).score


@pytest.mark.parametrize("case", WORKED["salvage"]["cases"], ids=lambda case: case["name"])
def test_the_value_saved_of_a_worked_case_is_told(case: dict[str, Any]) -> None:
    events = salvage.log(FLOOD, case["answer"])

    assert value_of(events) == pytest.approx(case["value_saved"], abs=0.005)
    assert [event.id for event in events] == case["answer"]["order"]


def test_the_worst_order_is_the_one_of_the_worked_cases() -> None:
    read = read_exercise(FLOOD)

    assert read.worst_value == pytest.approx(175.04, abs=0.005)
    assert read.best_value == pytest.approx(227.0)


def test_the_log_says_what_became_of_each_lot() -> None:
    mark = salvage.grade(FLOOD, WORKED["salvage"]["cases"][1]["answer"])

    messages = [line.message for line in mark.lines]
    assert messages[0] == "176 of 227 of the value is saved."
    assert messages[1] == "«general stacks bay 1» is dealt with by hour 6 and saved whole."
    assert (
        messages[5] == "«coated-paper serials» is dealt with only by hour 15.5: 89 % of it is lost."
    )


def test_two_teams_work_at_once() -> None:
    events = salvage.log(FLOOD | {"teams": 2}, {"order": IDS[:3]})

    assert [(e.team, e.start, e.end) for e in events] == [(0, 3, 5), (1, 3, 4.5), (1, 4.5, 5.5)]


def test_lots_left_out_are_lost() -> None:
    mark = salvage.grade(FLOOD, {"order": IDS[:2]})

    assert mark.points == 0.0
    assert mark.lines[-1].message == "Lots that are not dealt with at all and so are lost: 5."


@settings(max_examples=60, deadline=None)
@given(lots, st.integers(1, 3))
def test_best_and_worst_are_those_of_all_orders(items: list[Any], teams: int) -> None:
    exercise = {"items": [i | {"id": str(n)} for n, i in enumerate(items)], "teams": teams}
    values = []
    try:
        read = read_exercise(exercise)
    except InvalidExercise:
        assume(False)
    for order in permutations(read.items):
        values.append(value_of(simulate(read.items, teams, 0.0, order)))

    assert read.best_value == pytest.approx(max(values))
    assert read.worst_value == pytest.approx(min(values))


@settings(max_examples=100)
@given(st.permutations(IDS), st.integers(0, 6))
def test_dealing_with_one_more_lot_at_the_end_never_lowers_the_score(
    order: list[str], size: int
) -> None:
    assert score(order[: size + 1]) >= score(order[:size]) - 1e-9


def test_the_page_is_not_told_how_long_lots_keep() -> None:
    shown = salvage.public(FLOOD)

    assert set(shown["items"][0]) == {"id", "text", "value", "work_hours"}
    assert {item["id"] for item in shown["items"]} == set(IDS)


def test_twelve_lots_are_still_planned_and_scored() -> None:
    items: list[dict[str, Any]] = [
        {"id": str(n), "value": 1 + n, "work_hours": 1, "limit_h": (n * 7) % 12, "half_life_h": 2}
        for n in range(12)
    ]
    exercise = {"items": items, "teams": 2}

    best = salvage.model_answer(exercise)["order"]
    by_shelf = score([item["id"] for item in items], exercise)
    by_limit = score([i["id"] for i in sorted(items, key=lambda i: i["limit_h"])], exercise)
    assert score(best, exercise) == 1.0
    assert 0.0 <= by_shelf < by_limit <= 1.0


def test_an_exercise_in_which_nothing_is_to_be_decided_is_refused() -> None:
    with pytest.raises(InvalidExercise, match="items: Whatever the order"):
        salvage.check({"items": [{"id": "a", "limit_h": 99}, {"id": "b", "limit_h": 99}]})
