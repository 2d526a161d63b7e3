"""One exercise, and the instance of it that each learner gets."""

from typing import Any

import pytest

from grading import api
from grading.drill import model_answer
from jobs import runner
from tests.grading.exercises import EXERCISE, item

STUDENTS = ("ana", "boris", "vera", "zoran")


def exercise(suffix: str = "") -> dict[str, Any]:
    """Each learner gets two of six numbers; ``suffix`` makes all of them other numbers."""
    items = [
        {
            "id": f"n{n}",
            "type": "udc",
            "pool": "udc",
            "prompt": f"Class {n}",
            "value": f"{n}{suffix}",
        }
        for n in range(10, 16)
    ]
    return {"items": items, "pools": {"udc": 2}}


def answer_of(student: str) -> Any:
    """The model answer to the items that a learner gets."""
    return model_answer(api.instance_of("drill", exercise(), item(student=student)))


def test_a_learner_gets_the_same_wherever_it_is_asked_for_and_others_get_others() -> None:
    answers = {student: answer_of(student)["items"] for student in STUDENTS}
    assert answers == {student: answer_of(student)["items"] for student in STUDENTS}
    assert {len(items) for items in answers.values()} == {2}
    assert len({tuple(items) for items in answers.values()}) > 1


def test_another_block_asks_the_same_learner_something_else() -> None:
    picks = set()
    for name in range(8):
        key = item(student="ana") | {"item_id": f"block-v1:S+C+R+type@drill+block@{name}"}
        instance = api.instance_of("drill", exercise(), key)
        picks.add(tuple(item["id"] for item in instance["items"]))
    assert len(picks) > 1


def test_an_exercise_that_is_the_same_for_everybody_is_its_own_instance() -> None:
    assert api.instance_of("marc", EXERCISE, item()) is EXERCISE


@pytest.mark.django_db
def test_a_changed_key_is_applied_to_each_learners_own_items() -> None:
    for student in STUDENTS:
        record = api.submit(
            item(student=student),
            answer_of(student),
            grader="drill",
            exercise=exercise(".9"),
            points=10,
        )
        assert record.score < 1
    key = item()
    api.request_regrade(
        key["course_id"],
        key["item_id"],
        grader="drill",
        exercise=exercise(),
        points=10,
        requested_by=None,
        apply_at_once=True,
    )
    assert runner.run_next("test")
    earned = [api.load_item(item(student=student)).earned for student in STUDENTS]
    assert earned == [10.0] * len(STUDENTS)
