from __future__ import annotations

import copy
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidAnswer, InvalidExercise, Mark
from grading.graders import scenario
from tests.grading.engines import BRANCH, INK

BEST = ["figures", "bargain"]
CHOICES = [choice["id"] for node in BRANCH["nodes"] for choice in node.get("choices", ())]


def grade(*path: str, exercise: Any = BRANCH) -> Mark:
    return scenario.grade(exercise, {"path": list(path)})


def values(*path: str) -> dict[str, float]:
    return dict(scenario.log(BRANCH, path)[-1]["values"])


def test_choices_change_what_a_library_has_and_conditions_open_others() -> None:
    assert values("figures") == {"budget": 45, "trust": 50}
    assert [c["id"] for c in scenario.public(BRANCH, ["figures"])["choices"]] == [
        "campaign",
        "bargain",
        "give up",
    ]
    assert [c["id"] for c in scenario.public(BRANCH, ["protest"])["choices"]] == [
        "campaign",
        "give up",
    ]


def test_what_was_set_off_earlier_happens_and_nobody_escapes_it_by_finishing() -> None:
    log = scenario.log(BRANCH, ["protest", "campaign"])

    assert log[-1]["happened"] == ["Gossip.", "Readers write."]
    assert log[-1]["values"] == {"budget": 30, "trust": 15}
    assert values("figures", "campaign") == {"budget": 25, "trust": 65}


def test_the_end_is_worth_its_targets_over_those_of_the_best_path() -> None:
    assert scenario.model_answer(BRANCH) == {"path": BEST}
    best = (1.0 + 2 * (55 - 20) / 40 + 1.0) / 4
    campaign = (25 / 40 + 2.0 + 1.0) / 4

    assert grade(*BEST).score == 1.0
    assert grade("figures", "campaign").score == pytest.approx(campaign / best)
    assert grade("figures", "give up").score == pytest.approx((1.0 + 1.5) / 4 / best)


def test_a_path_may_come_back_to_where_it_was() -> None:
    assert values("wait", "wait", "figures") == {"budget": 45, "trust": 40}
    assert grade("wait", "figures", "bargain").score < 1.0


def test_an_unfinished_or_impossible_path_earns_nothing_and_says_why() -> None:
    assert [line.code for line in grade("figures").lines] == ["scenario.unfinished"]
    impossible = grade("protest", "bargain")
    assert impossible.points == 0.0
    assert (impossible.lines[-1].code, impossible.lines[-1].where) == (
        "scenario.impossible",
        "path[1]",
    )


def test_a_grave_choice_caps_what_the_end_is_worth() -> None:
    mark = grade("lie", "bargain")

    assert mark.score == pytest.approx(0.4)
    assert mark.lines[-1].message == "«lie»: Figures were made up. At most 40 % can be earned."


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*CHOICES, "jump"]), max_size=8))
def test_no_path_earns_more_than_the_best(path: list[str]) -> None:
    assert 0.0 <= grade(*path).score <= 1.0


def test_the_search_finds_the_best_of_all_paths() -> None:
    every = [path for size in (2, 3, 4) for path in product(CHOICES, repeat=size)]
    scores = {path: grade(*path).score for path in every if path[-1] in CHOICES[4:]}

    assert max(scores, key=lambda path: scores[path]) == tuple(BEST)
    assert max(scores.values()) == 1.0


def test_an_author_is_told_of_what_nobody_can_reach() -> None:
    exercise = copy.deepcopy(BRANCH)
    exercise["nodes"][1]["choices"][0]["if"] = {"trust": {"min": 99}}
    exercise["nodes"][1]["choices"][2]["if"] = {"trust": {"min": 20}}

    assert scenario.inspect(exercise) == {
        "unreachable": ["dream"],
        "impossible": [["council", "campaign"]],
        "stuck": ["council"],
        "exact": True,
    }


def test_the_page_is_told_no_effect_no_hidden_variable_and_no_way() -> None:
    shown = scenario.public(BRANCH, ["figures"])

    assert [v["id"] for v in shown["variables"]] == ["budget", "trust"]
    assert all(set(choice) == {"id", "text"} for choice in shown["choices"])
    assert shown["is_end"] is False
    assert scenario.public(BRANCH, BEST)["is_end"] is True


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"nodes": []}, "nodes: Too few"),
        ({"start": "moon"}, "start: No node is called «moon»"),
        ({"variables": {}}, r"nodes\[0\].*: No variable is called"),
        ({"events": [{"at": 0}]}, r"events\[0\]\.at: A whole number"),
        ({"settings": {"scale": "targets"}}, r"settings\.scale: No path reaches all targets"),
        ({"nodes": BRANCH["nodes"][:1]}, r"to: No node is called «council»"),
        ({"nodes": [{"id": "a", "choices": [{"id": "b", "to": "a"}]}], "start": "a"}, "No end can"),
        ({"nodes": [{"id": "a"}, {"id": "a"}], "start": "a"}, r"nodes\[1\]\.id: Another entry"),
    ],
)
def test_what_is_wrong_with_a_graph_is_named(change: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        scenario.check(BRANCH | {"events": []} | change)


IDEAL = scenario.model_answer(INK)


def ink(**changes: Any) -> Mark:
    return scenario.grade(INK, IDEAL | changes)


def test_the_ideal_work_up_makes_the_tests_that_the_right_decision_needs() -> None:
    assert IDEAL == {
        "tests": ["look", "iron", "ph", "water"],
        "readings": {"look": "2", "iron": "magenta", "ph": 4.3},
        "decision": "phytate",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 1.0),
        ({"tests": ["look", "ph", "water", "iron"]}, 1.0),
        ({"tests": [*IDEAL["tests"], "xrf"]}, 0.85),
        ({"readings": {"look": "2", "ph": 4.8}}, 0.95),
        ({"readings": {"look": "3", "ph": 4.9}}, 0.85),
        ({"tests": ["iron", "look", "ph", "water"]}, 0.4),
        ({"tests": ["look", "iron", "ph"]}, 0.4),
        ({"decision": "dry"}, 0.4 * 0.5 + 0.3 + 0.15 * 0.5 + 0.15),
        ({"decision": ""}, 0.3 + 0.15),
        ({"decision": "dry", "tests": [], "readings": {}}, 0.2 + 0.075),
        ({"decision": "bleach", "tests": [], "readings": {}}, 0.0),
    ],
)
def test_a_work_up_earns_decision_safety_economy_and_reading(
    changes: dict[str, Any], expected: float
) -> None:
    assert ink(**changes).score == pytest.approx(expected)


def test_an_unsafe_step_is_named_with_the_gate_that_was_not_known() -> None:
    [line] = [line for line in ink(tests=["look", "iron", "ph"]).lines if "unsafe" in line.code]

    assert (
        line.message == "«Phytate bath» came before «water» was known. At most 40 % can be earned."
    )
    assert line.where == "decision"


def test_results_are_shown_of_the_tests_that_were_made_and_readings_never() -> None:
    shown = scenario.public(INK, ["look", "xrf"])

    assert shown["results"] == {"look": "<p>Brown ink, cracks.</p>", "xrf": ""}
    assert shown["tests"][2]["reads"] == []
    assert "4.3" not in str(shown)
    assert "magenta</p>" not in str(shown)


def test_a_reading_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidAnswer, match=r"readings\.ph: A number"):
        ink(readings={"ph": "acid"})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"decisions": [{"id": "a", "credit": 0.5}]}, "decisions: No decision earns everything"),
        ({"decisions": [{"id": "a", "credit": 1, "needs": ["x"]}]}, "No test is called «x»"),
        ({"tests": [{"id": "a", "needs": ["b"]}, {"id": "b"}]}, r"tests\[0\]\.needs: A test can"),
        ({"settings": {"w_luck": 1}}, "No setting is called «w_luck»"),
    ],
)
def test_what_is_wrong_with_tests_is_named(change: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        scenario.check(INK | change)


def test_a_case_of_great_size_is_still_searched_and_played() -> None:
    later = [{"after": 50, "effects": {"v1": 1}}] * 5
    nodes: list[dict[str, Any]] = [
        {
            "id": f"n{n}",
            "choices": [
                {
                    "id": str(c),
                    "to": f"n{n + 1}",
                    "effects": {f"v{(n + c) % 12}": c},
                    "later": later,
                }
                for c in range(8)
            ],
        }
        for n in range(25)
    ]
    exercise = {
        "variables": {f"v{n}": {"target": {"good": 50}} for n in range(12)},
        "nodes": [*nodes, {"id": "n25"}],
    }

    assert scenario.inspect(exercise)["exact"] is False
    assert scenario.grade(exercise, scenario.model_answer(exercise)).score == 1.0
    assert grade(*["0"] * 25, exercise=exercise).score < 1.0
