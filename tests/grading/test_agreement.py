"""Several experts on one picture."""

from __future__ import annotations

from typing import Any

import pytest

from grading import engines
from grading.data import InvalidAnswer
from tests.grading.engines import ALL, NAMES, PAGE, box

FOXING = {"cls": "foxing", "sev": 1, "poly": box(0.1, 0.1, 0.2, 0.15)}
MOULD = {"cls": "mould", "sev": 2, "poly": box(0.5, 0.6, 0.3, 0.3)}
SHADE = {"cls": "other", "sev": 1, "poly": box(0.4, 0.2, 0.1, 0.1)}


def agree(*experts: list[dict[str, Any]]) -> dict[str, Any]:
    return engines.agreement(PAGE, [{"marks": marks} for marks in experts])


def test_experts_who_mark_the_same_agree_wholly() -> None:
    assert agree([FOXING, MOULD], [MOULD, FOXING]) == {
        "iou": 1.0,
        "kappa": 1.0,
        "t1": 0.5,
        "unsure": [],
    }


def test_what_only_one_of_three_marked_is_proposed_to_be_ignored() -> None:
    found = agree([FOXING, MOULD], [FOXING, MOULD, SHADE], [FOXING, MOULD])

    assert found["unsure"] == [{"poly": SHADE["poly"]}]
    assert 0.5 < found["kappa"] < 1.0


def test_looser_outlines_propose_a_lower_step() -> None:
    loose = FOXING | {"poly": box(0.13, 0.13, 0.25, 0.2)}

    found = agree([FOXING], [loose])

    assert found["iou"] == pytest.approx(0.342, abs=0.01)
    assert found["t1"] == pytest.approx(found["iou"], abs=0.006)


def test_other_names_for_the_same_places_are_no_agreement() -> None:
    turned = [FOXING | {"cls": "mould"}, MOULD | {"cls": "foxing"}]

    assert agree([FOXING, MOULD], turned)["kappa"] < 0.0
    assert agree([FOXING, MOULD], turned)["iou"] == 1.0


def test_one_expert_alone_agrees_with_nobody() -> None:
    with pytest.raises(InvalidAnswer, match="experts: At least two experts"):
        agree([FOXING], [])
    with pytest.raises(InvalidAnswer, match=r"experts\[1\]\.marks\[0\]"):
        agree([FOXING], [{"cls": "tear"}])


def test_no_more_experts_are_compared_than_can_be_at_once() -> None:
    with pytest.raises(InvalidAnswer, match=r"experts: .*the most is 6"):
        agree(*[[FOXING]] * 7)


@pytest.mark.parametrize(("name", "exercise"), ALL, ids=NAMES)
def test_the_face_shows_checks_and_solves_every_exercise(name: str, exercise: Any) -> None:
    engines.check(name, exercise)

    shown = engines.public(name, exercise, seed="a", path=())
    assert shown
    assert engines.model_answer(name, exercise)


def test_the_face_knows_no_other_grader() -> None:
    with pytest.raises(KeyError):
        engines.public("marc", {})
