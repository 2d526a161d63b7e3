from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidAnswer, InvalidExercise
from grading.graders import intervals
from tests.grading.engines import YEAR

DAMP = {"start": "2023-07-08 00:00", "end": "2023-07-16 23:00", "kind": "damp", "cause": "hvac"}
MODEL = intervals.model_answer(YEAR)["episodes"]


def score(*episodes: dict[str, Any]) -> float:
    return intervals.grade(YEAR, {"episodes": list(episodes)}).score


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 1.0),
        ({"end": "2023-07-12 12:00"}, 1.0),
        ({"end": "2023-07-12 10:00"}, 0.0),
        ({"start": "2023-07-01 00:00"}, 1.0),
        ({"kind": "cold"}, 0.7),
        ({"cause": "door"}, 0.8),
        ({"kind": "cold", "cause": ""}, 0.5),
        ({"start": "2023-08-08", "end": "2023-08-12"}, 0.0),
    ],
)
def test_an_episode_earns_time_kind_and_cause_if_half_of_it_is_met(
    change: dict[str, str], expected: float
) -> None:
    assert score(DAMP | change) == pytest.approx(expected / 3)


def test_an_episode_without_a_cause_asks_for_none() -> None:
    cold = {"start": "2023-01-23 00:00", "end": "2023-01-24 11:00", "kind": "cold"}

    assert score(cold) == pytest.approx(1 / 3)


def test_one_extra_episode_is_free_and_each_further_one_costs_a_tenth() -> None:
    days = ("2023-03-01", "2023-03-02")
    others = [{"start": day, "end": day, "kind": "damp"} for day in days]

    assert score(*MODEL, others[0]) == 1.0
    assert score(*MODEL, *others) == pytest.approx(0.9)


def test_an_episode_that_can_be_argued_costs_nothing() -> None:
    argued = {"start": "2023-09-01 05:00", "end": "2023-09-02", "kind": "damp"}

    assert score(*MODEL, *[argued] * 5) == 1.0


def test_times_may_be_hours() -> None:
    exercise = {"episodes": [{"start": 10, "end": 19, "kind": "damp"}]}

    mark = intervals.grade(exercise, {"episodes": [{"start": 10.0, "end": 14, "kind": "damp"}]})
    assert mark.score == 1.0


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda start, hours, kind: {"start": start, "end": start + hours, "kind": kind},
            st.integers(464_000, 472_700),
            st.integers(0, 500),
            st.sampled_from(["damp", "cold"]),
        ),
        max_size=15,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_episodes_does_not_matter(
    episodes: list[Any], shuffler: random.Random
) -> None:
    shuffled = shuffler.sample(episodes, len(episodes))

    assert score(*episodes) == pytest.approx(score(*shuffled), abs=1e-12)


@pytest.mark.parametrize("days", [1, 5, 20])
def test_naming_every_stretch_of_the_year_earns_nothing(days: int) -> None:
    first = 464_592  # the first hour of 2023, counted from 1970
    spam = [
        {"start": first + n * 24 * days, "end": first + (n + 1) * 24 * days - 1, "kind": "damp"}
        for n in range(min(100, 365 // days))
    ]

    assert score(*spam) == 0.0


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("yesterday", "2023-01-01", "start: A time such as"),
        ("2023-01-02", "2023-01-01", "end: The end lies before the start"),
        ("2023-01-02T00:00+01:00", "2023-01-03", "start: A time such as"),
        (True, 4, "start: A time such as"),
        (1e300, 1e301, "start: A time such as"),
    ],
)
def test_a_time_that_is_none_is_refused_with_its_place(start: Any, end: Any, reason: str) -> None:
    with pytest.raises(InvalidAnswer, match=reason):
        score({"start": start, "end": end})
    exercise = copy.deepcopy(YEAR)
    exercise["episodes"][0] |= {"start": start, "end": end}
    with pytest.raises(InvalidExercise, match=reason):
        intervals.check(exercise)


def test_the_page_is_told_what_to_choose_from_and_no_time() -> None:
    shown = intervals.public(YEAR)

    assert [kind["id"] for kind in shown["kinds"]] == ["cold", "damp", "spike"]
    assert "2023" not in str(shown)
