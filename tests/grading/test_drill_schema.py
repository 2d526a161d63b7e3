"""The JSON Schema of drills agrees with what the grader reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise
from grading.graders import drill
from tests.grading.drills import ALL_ITEMS, AREA_1, MODULES, NUMBERS, Item, drill_of
from tests.grading.test_drill_exercise import NOVELS, POOLED
from tests.grading.test_drill_properties import any_json, nodes, put

SCHEMA = json.loads((Path(drill.__file__).parent / "schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def has_null(node: Any) -> bool:
    """Whether ``null`` stands where the grader reads it as absent."""
    if isinstance(node, dict):
        return any(has_null(value) for value in node.values())
    return node is None or (isinstance(node, list) and any(has_null(value) for value in node))


def is_read(exercise: Any) -> bool:
    try:
        drill.check(exercise)
    except InvalidExercise:
        return False
    return True


def test_the_schema_is_one_and_names_every_type() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$defs"]["common"]["properties"]["type"]["enum"] == list(drill.ITEM_TYPES)
    assert set(drill.ITEM_TYPES) <= set(SCHEMA["$defs"])


@pytest.mark.parametrize("given_item", ALL_ITEMS, ids=lambda i: i["id"])
def test_every_item_that_is_read_is_valid(given_item: Item) -> None:
    VALIDATOR.validate(drill_of(given_item))


@pytest.mark.parametrize("exercise", [MODULES, POOLED, drill.instantiate(POOLED, "s")])
def test_whole_drills_and_their_instances_are_valid(exercise: Any) -> None:
    VALIDATOR.validate(exercise)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_the_grader_reads_the_schema_accepts(data: st.DataObject) -> None:
    given_item = data.draw(st.sampled_from(ALL_ITEMS))
    path = data.draw(st.sampled_from(list(nodes(given_item))))
    exercise = {"items": [put(given_item, path, data.draw(any_json))]}

    if is_read(exercise) and not has_null(exercise):
        VALIDATOR.validate(exercise)


@pytest.mark.parametrize(
    "exercise",
    [
        {},
        {"items": []},
        drill_of({**AREA_1, "id": "a b"}),
        drill_of({**AREA_1, "type": "essay"}),
        drill_of({**AREA_1, "prompt": ""}),
        drill_of({**AREA_1, "elements": [{"text": "one"}]}),
        drill_of({**AREA_1, "w": -1}),
        drill_of({**NUMBERS[0], "value": ""}),
        drill_of({**NOVELS, "variants": [{"id": "x"}]}),
        drill_of(AREA_1, settings={"speed": 1}),
    ],
)
def test_what_the_schema_refuses_the_grader_refuses(exercise: Any) -> None:
    assert not VALIDATOR.is_valid(exercise)
    assert not is_read(exercise)
