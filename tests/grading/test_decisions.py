from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise
from grading.graders import decisions
from tests.grading.engines import BOXES, FLAWS, SHELF

CHOICES = {
    name: [choice["id"] for choice in exercise["choices"]]
    for name, exercise in {"shelf": SHELF, "flaws": FLAWS}.items()
}


def points(exercise: Any, **items: Any) -> dict[str, float]:
    """The points of each item that was decided on."""
    mark = decisions.grade(exercise, {"items": items})
    return {
        line.where.removeprefix("items."): round(line.points / line.max, 6)
        for line in mark.lines
        if line.max and line.code != "decisions.unanswered"
    }


def score(exercise: Any, items: Any) -> float:
    return decisions.grade(exercise, {"items": items}).score


@pytest.mark.parametrize(
    ("item", "choice", "share"),
    [
        ("law", "discard", 0.6 / 0.9),
        ("law", "move", 0.6 * 0.7 / 0.9),
        ("law", "keep", 0.0),
        ("novel", "keep", 0.6 / 0.9),
        ("novel", "move", 0.6 * 0.8 / 0.9),
    ],
)
def test_a_choice_earns_what_the_costs_leave_of_it(item: str, choice: str, share: float) -> None:
    assert points(SHELF, **{item: choice})[item] == pytest.approx(share, abs=1e-5)


def test_a_choice_worse_than_none_takes_what_others_earned_and_no_more() -> None:
    right = {"choice": "discard", "reasons": ["superseded"]}

    assert score(SHELF, {"law": right}) == pytest.approx(1 / 4)
    assert score(SHELF, {"law": right, "novel": "discard"}) == pytest.approx(
        (1 - 0.5 * 0.6 / 0.9) / 4
    )
    assert score(SHELF, {"novel": "discard"}) == 0.0


def test_reasons_earn_by_overlap_and_only_with_a_choice_that_earns() -> None:
    def law(choice: str, *reasons: str) -> float:
        return points(SHELF, law={"choice": choice, "reasons": list(reasons)})["law"]

    assert law("discard", "superseded") == 1.0
    assert law("discard", "superseded", "ugly") == pytest.approx((0.6 + 0.15) / 0.9, abs=1e-5)
    assert law("keep", "superseded") == 0.0


def test_what_had_to_be_looked_up_counts_a_little() -> None:
    mark = decisions.grade(SHELF, {"items": {"poems": "keep"}})

    assert points(SHELF, poems={"choice": "repair", "check": True})["poems"] == 1.0
    assert points(SHELF, poems={"choice": "repair"})["poems"] == pytest.approx(6 / 7, abs=1e-5)
    assert "decisions.check" in [line.code for line in mark.lines]


def test_the_last_copy_must_not_be_discarded() -> None:
    items = decisions.model_answer(SHELF)["items"]

    mark = decisions.grade(
        SHELF, {"items": items | {"poems": {"choice": "discard", "check": True}}}
    )

    assert mark.score == pytest.approx(0.4)
    [line] = [line for line in mark.lines if line.code == "decisions.cap"]
    assert line.message == (
        "«poems»: This is the last copy of a local work. At most 40 % can be earned."
    )


@pytest.mark.parametrize(
    ("item", "choice", "share"),
    [
        ("map", "flat box", 1.0),
        ("map", "plain folder", 0.9 * 3 / 5),
        ("blue", "plain folder", 1.0),
        ("blue", "buffered folder", 0.9 * 3 / 5),
        ("news", "buffered folder", 1.0),
        ("news", "flat box", 0.9),
        ("news", "plain folder", 0.9 * 3 / 4),
    ],
)
def test_rules_judge_an_enclosure_and_the_cheapest_valid_one_earns_all(
    item: str, choice: str, share: float
) -> None:
    assert points(BOXES, **{item: choice})[item] == pytest.approx(share)


def test_without_weights_the_score_is_one_less_the_severities_over_all() -> None:
    exercise = copy.deepcopy(BOXES) | {"settings": {}}
    del exercise["items"][2]["value"]

    found = score(exercise, {"map": "plain folder", "blue": "flat box", "news": "plain folder"})

    assert found == pytest.approx(1 - (2 + 2 + 1) / (5 + 5 + 4))


def test_a_grave_rule_caps_the_whole_answer() -> None:
    items = {"map": "flat box", "blue": "plain folder", "news": "PVC sleeve"}

    assert score(BOXES, items) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("given_choice", "share"),
    [
        (["double", "sensitive"], 1.0),
        (["double"], 2 / 3),
        (["double", "sensitive", "jargon"], 0.8),
        (["leading"], 0.0),
        (CHOICES["flaws"], 4 / 7),
    ],
)
def test_several_flaws_earn_f1(given_choice: list[str], share: float) -> None:
    assert points(FLAWS, q1=given_choice)["q1"] == pytest.approx(share, abs=1e-5)


def test_that_nothing_is_wrong_must_be_said() -> None:
    assert points(FLAWS, q3=[])["q3"] == 1.0
    assert points(FLAWS, q3={"choice": []})["q3"] == 1.0
    assert points(FLAWS, q3=None) == {}


@pytest.mark.parametrize("name", ["shelf", "flaws"])
def test_the_same_choice_for_everything_is_far_from_enough(name: str) -> None:
    exercise = {"shelf": SHELF, "flaws": FLAWS}[name]

    for choice in CHOICES[name]:
        given_choice = [choice] if name == "flaws" else choice
        assert score(exercise, {i["id"]: given_choice for i in exercise["items"]}) < 0.7
    everything = {i["id"]: {"choice": CHOICES[name], "reasons": []} for i in exercise["items"]}
    if name == "flaws":
        assert score(exercise, everything) < 0.5


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["law", "poems", "novel"]),
        st.fixed_dictionaries(
            {
                "choice": st.sampled_from(CHOICES["shelf"]),
                "reasons": st.lists(st.sampled_from(["ugly", "superseded", "trivial"])),
                "check": st.booleans(),
            }
        ),
    ),
    st.sampled_from(["law", "poems", "novel"]),
)
def test_mending_a_decision_never_lowers_the_score_and_their_order_does_not_matter(
    items: dict[str, Any], mended: str
) -> None:
    better = items | {mended: decisions.model_answer(SHELF)["items"][mended]}

    assert score(SHELF, better) >= score(SHELF, items) - 1e-9
    assert score(SHELF, dict(reversed(items.items()))) == score(SHELF, items)


def test_the_page_is_told_no_right_choice_no_reason_and_no_rule() -> None:
    shown = decisions.public(SHELF)

    assert set(shown["items"][0]) == {"id", "text", "detail"}
    assert "last copy" not in str(shown)
    assert shown["asks_check"] is True


def broken(place: str, value: Any) -> Any:
    exercise = copy.deepcopy(SHELF)
    exercise["items"][0][place] = value
    return exercise


@pytest.mark.parametrize(
    ("exercise", "place"),
    [
        (broken("right", "burn"), r"items\[0\]\.right: No choice is called «burn»"),
        (broken("right", []), r"items\[0\]\.right: Where only one"),
        (broken("right", {"keep": 0.5}), r"items\[0\]: No choice for «law» would be right"),
        (broken("right", None), r"items\[0\]: Nothing says which choice is right for «law»"),
        (broken("reasons", ["mood"]), r"items\[0\]\.reasons: No reason is called «mood»"),
        (broken("id", "poems"), r"items\[1\]\.id: Another entry has this id"),
        (broken("attributes", {"x": []}), r"items\[0\]\.attributes\.x: Text, a number"),
        (SHELF | {"costs": {"keep": {"sell": 1}}}, r"costs\.keep\.sell: No choice is called"),
        (SHELF | {"rules": [{"choice": {"a": {"over": 1}}, "message": "x"}]}, r"min, max, not"),
    ],
)
def test_what_is_wrong_with_an_exercise_is_named(exercise: Any, place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        decisions.check(exercise)


def test_an_exercise_that_would_take_too_long_is_refused() -> None:
    rule = {"item": {"a": True}, "choice": "c0", "message": "x"}
    exercise = {
        "items": [{"id": str(n), "right": "c0"} for n in range(100)],
        "choices": [{"id": f"c{n}"} for n in range(30)],
        "rules": [rule] * 100,
    }

    with pytest.raises(InvalidExercise, match="rules: There are too many"):
        decisions.check(exercise)
