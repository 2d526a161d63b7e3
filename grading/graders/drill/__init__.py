"""Grading a drill: a list of short cataloguing items of twelve types.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files but the format data of the MARC grader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading.data import Mark
from grading.data import gettext_noop as _
from grading.graders.drill.exercise import (
    ITEM_TYPES,
    check,
    instantiate,
    read_drill,
)
from grading.graders.drill.explain import grade_item
from grading.graders.lines import add_up
from grading.graders.reading import answer_node

__all__ = [
    "ITEM_TYPES",
    "check",
    "grade",
    "instantiate",
    "model_answer",
    "public_items",
]


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade a drill: ISBD order, fields, codes, access points, UDC, ISBN, entities, headings.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    drill = read_drill(exercise)
    given = answer_node(answer)
    if not isinstance(answer, Mapping):
        raise given.fail(_("An answer is an object with items."))
    values = given.get("items")
    return add_up(
        line
        for frame, item in drill.items
        for line in grade_item(frame, item, values.get(frame.id))
    )


def public_items(exercise: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the page may know of each item; raises InvalidExercise."""
    drill = read_drill(exercise)
    return [
        {
            "id": frame.id,
            "type": item.TYPE,
            "prompt": frame.prompt,
            **frame.shown,
            "points": frame.weight or item.points,
            **item.public(f"{drill.seed}\n{frame.id}"),
        }
        for frame, item in drill.items
    ]


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    return {"items": {frame.id: item.model() for frame, item in read_drill(exercise).items}}
