"""Every model record of every course passes the check that trainees' records are put to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from grading.checking import Strictness, check
from grading.marc import model_record
from tests.course_content.reading import COURSES, Course


def keys() -> Iterator[Any]:
    """Yield the keys of the MARC exercises of all courses."""
    for folder in sorted(path.parent for path in COURSES.glob("*/course.xml")):
        for block in Course(folder).of_type("marc_record"):
            exercise = json.loads(block.node.get("exercise", ""))
            for number, key in enumerate(exercise.get("keys", [exercise])):
                yield pytest.param(key, id=f"{folder.name}/{block.name}[{number}]")


def strictness_for(record: list[list[Any]]) -> Strictness:
    """Ask a whole record for everything, the part of one that an exercise is about for less."""
    tags = {field[0] for field in record}
    is_whole = "LDR" in tags and bool(tags & {"200", "245"}) and bool(tags & {"008", "100"})
    return "full" if is_whole else "draft"


@pytest.mark.parametrize("key", keys())
def test_a_key_has_no_mistake(key: dict[str, Any]) -> None:
    record = model_record({"keys": [key]})
    found = check(record, key["profile"], strictness=strictness_for(record))

    assert [f"{d.where}: {d.message}" for d in found if d.severity == "error"] == []
