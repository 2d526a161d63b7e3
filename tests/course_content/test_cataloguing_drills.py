"""The Cataloguer School's drills: every item can be answered, in English and in Croatian."""

from __future__ import annotations

import pytest

from grading.graders import drill
from tests.course_content.reading import (
    COURSES,
    Block,
    Course,
    exercise_of,
    items_of,
    named,
)
from xblocks.fields import JsonDict

ENGLISH = Course(COURSES / "cataloguing")
DRILLS = [
    block
    for course in (ENGLISH, Course(COURSES / "cataloguing_hr"))
    for block in course.of_type("cataloguing_drill")
]
SEEDS = ("", "a", "b", "c", "d", "e")


def test_there_are_items_of_every_type() -> None:
    items = [item for block in ENGLISH.of_type("cataloguing_drill") for item in items_of(block)]
    assert len(items) >= 40
    assert {item["type"] for item in items if "type" in item} == set(drill.ITEM_TYPES)


@pytest.mark.parametrize("block", DRILLS, ids=named)
def test_whatever_a_learner_is_given_the_model_earns_all_points_and_nothing_none(
    block: Block,
) -> None:
    assert JsonDict().from_string(block.node.get("exercise", "")) == exercise_of(block)
    drill.check(exercise_of(block))
    for seed in SEEDS:
        exercise = drill.instantiate(exercise_of(block), seed)
        model = drill.model_answer(exercise)
        assert drill.grade(exercise, model).score == pytest.approx(1, abs=1e-9)
        assert drill.grade(exercise, {"items": {}}).score == 0


@pytest.mark.parametrize("block", ENGLISH.of_type("cataloguing_drill"), ids=named)
def test_a_picture_in_an_item_exists_and_is_said_in_words(block: Block) -> None:
    for item in items_of(block):
        if "image" in item:
            assert (ENGLISH.folder / item["image"].lstrip("/")).is_file()
            assert len(item["image_alt"].split()) >= 10


def test_ten_udc_numbers_are_built() -> None:
    (block,) = (b for b in ENGLISH.of_type("cataloguing_drill") if b.name == "udc_build")
    assert [item["value"] for item in items_of(block)] == [
        "821.163.6-31",
        '821.163.42-13"15"',
        "821.163.2-1",
        "821.512.122-4",
        '94(497.5)"1941/1945"',
        "02(075)=163.6",
        "37:004",
        "016:821.163.42",
        "811.163.42'36",
        "7(497.2)(031)",
    ]
