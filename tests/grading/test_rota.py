from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise, Mark
from grading.graders import rota
from tests.grading.engines import WEEK

MODEL: dict[str, list[str]] = rota.model_answer(WEEK)["shifts"]
SHIFTS = [shift["id"] for shift in WEEK["shifts"]]
PEOPLE = [person["id"] for person in WEEK["people"]]


def grade(shifts: Any, exercise: Any = WEEK) -> Mark:
    return rota.grade(exercise, {"shifts": shifts})


def codes(shifts: Any, shift: str) -> list[str]:
    return [line.code for line in grade(shifts).lines if line.where == f"shifts.{shift}"]


def test_the_rota_that_is_found_meets_every_wish() -> None:
    assert "ana" in MODEL["4-day"]
    assert "eva" not in MODEL["7-eve"]
    assert "ivo" not in MODEL["5-eve"]
    assert grade(MODEL).score == 1.0


@pytest.mark.parametrize(
    ("shift", "team", "expected"),
    [
        ("4-day", ["ana"], ["rota.few"]),
        ("4-day", ["ana", "ivo", "eva"], ["rota.many"]),
        ("4-eve", ["jan"], ["rota.skill"]),
        ("5-eve", ["ivo"], ["rota.leave"]),
        ("4-day", ["ana", "jan"], ["rota.kept"]),
    ],
)
def test_a_shift_counts_only_if_its_own_rules_are_kept(
    shift: str, team: list[str], expected: list[str]
) -> None:
    assert codes({shift: team}, shift) == expected


def test_rest_and_hours_are_counted_forwards() -> None:
    week = {shift: ["ana", "jan"] for shift in SHIFTS if shift.endswith("day")}

    assert codes(week | {"4-eve": ["ana"]}, "4-eve") == ["rota.rest"]
    assert codes(week, "7-day") == ["rota.kept"]
    assert codes(week, "8-day") == ["rota.hours", "rota.hours"]


def test_nobody_works_at_two_places_at_once() -> None:
    exercise = copy.deepcopy(WEEK)
    exercise["shifts"].append(
        {"id": "branch", "start": "2026-03-04 10:00", "end": "2026-03-04 12:00"}
    )

    mark = grade({"4-day": ["ana", "jan"], "branch": ["ana"]}, exercise)

    [line] = [line for line in mark.lines if line.where == "shifts.branch"]
    assert line.message == "«branch»: Ana works elsewhere at the same time."


def test_wishes_count_as_far_as_shifts_are_kept() -> None:
    half = {shift: team for shift, team in MODEL.items() if shift[0] in "45"}

    assert 0.4 * 0.7 < grade(half).score <= 0.4
    assert grade({"4-day": ["ana", "jan"]}).points == pytest.approx(
        0.1 * (0.7 + 0.3 * grade({"4-day": ["ana", "jan"]}).lines[-1].points / 0.03), abs=1e-9
    )


def test_everybody_everywhere_and_nobody_nowhere_earn_nothing() -> None:
    assert grade(dict.fromkeys(SHIFTS, PEOPLE)).points == 0.0
    assert grade({shift: [] for shift in SHIFTS}).points == 0.0


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(SHIFTS), st.lists(st.sampled_from(PEOPLE), max_size=3)))
def test_no_rota_beats_the_model_and_the_order_of_a_team_does_not_matter(shifts: Any) -> None:
    turned = {name: list(reversed(team)) for name, team in reversed(shifts.items())}

    assert 0.0 <= grade(shifts).score <= 1.0
    assert grade(turned).score == pytest.approx(grade(shifts).score)


def test_weekends_are_to_be_spread() -> None:
    exercise = {
        "shifts": [
            {"id": str(day), "start": f"2026-03-{day:02} 09:00", "end": f"2026-03-{day:02} 13:00"}
            for day in (7, 8, 14, 15)
        ],
        "people": [{"id": "a"}, {"id": "b"}],
    }

    assert grade({d: ["a"] for d in ("7", "8", "14", "15")}, exercise).score == pytest.approx(0.7)
    assert grade({"7": ["a"], "8": ["b"], "14": ["a"], "15": ["b"]}, exercise).score == 1.0


def test_the_page_is_told_rules_and_wishes_and_no_model() -> None:
    shown = rota.public(WEEK)

    assert shown["people"][1]["off"] == ["5-eve"]
    assert "model" not in shown


def changed(place: str, index: int, **values: Any) -> Any:
    exercise = copy.deepcopy(WEEK)
    exercise[place][index] |= values
    return exercise


@pytest.mark.parametrize(
    ("exercise", "place"),
    [
        (changed("shifts", 0, end="2026-03-04 08:00"), r"shifts\[0\]\.end: A shift must end"),
        (changed("shifts", 1, id="4-day"), r"shifts\[1\]\.id: Another entry"),
        (changed("people", 0, off=["9-day"]), r"people\[0\]\.off: No shift is called «9-day»"),
        (changed("shifts", 0, skills={"fly": 1}), "people: Fewer people have this skill"),
        (WEEK | {"people": WEEK["people"][:2]}, "shifts: No rota was found"),
        (WEEK | {"model": {"4-day": ["ana"]}}, "model: The model does not keep"),
        (WEEK | {"model": {"4-day": ["bob"]}}, r"model\.4-day: Nobody is called «bob»"),
    ],
)
def test_what_is_wrong_with_an_exercise_is_named(exercise: Any, place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        rota.check(exercise)
