"""The Library-Management School: the figures that its exercises rest on."""

from __future__ import annotations

from typing import Any

import pytest

from grading import engines
from grading.graders import budget, decisions, workbook
from tests.course_content.reading import COURSES, Course, exercise_of

COURSE = Course(COURSES / "management")
# Indicator by indicator, as worked out by hand from the figures of the town.
INDICATORS = {
    "sheet_use": {"visits_pc": 2.82, "reached": 23.5, "loans_pc": 3.90, "events_pc": 151.4},
    "sheet_collection": {"turnover": 1.70, "idle": 33.0, "have": 88.0, "find": 76.1, "order": 95.5},
    "sheet_speed": {"stacks": 9, "ill_time": 5, "ill_share": 86.0, "shelf_time": 9.5},
    "sheet_staff": {"per_thousand": 0.345, "front": 56.6, "title_cost": 9.00, "hours": 28.0},
    "sheet_cost": {
        "user": 62.01,
        "loan": 3.74,
        "visit": 5.17,
        "ratio": 0.188,
        "digital": 15.0,
        "own": 8.0,
    },
    "sheet_space": {
        "fill": 86.4,
        "seats_pc": 2.29,
        "occupied": 47.4,
        "open": 86.7,
        "area_pc": 28.1,
        "content": 4.0,
    },
}


def exercise(name: str) -> dict[str, Any]:
    (block,) = (block for block in COURSE.blocks if block.name == name)
    return exercise_of(block)


def values(name: str) -> dict[str, float]:
    cells = engines.model_answer("workbook", exercise(name))["cells"]
    return {cell: given["value"] for cell, given in cells.items()}


def test_twenty_nine_indicators_come_out_as_worked_by_hand() -> None:
    assert sum(len(cells) for cells in INDICATORS.values()) == 29
    for sheet, cells in INDICATORS.items():
        decimals = {cell["id"]: cell["decimals"] for cell in exercise(sheet)["cells"]}
        rounded = {cell: round(value, decimals[cell]) for cell, value in values(sheet).items()}
        assert rounded == pytest.approx(cells), sheet


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "slip"),
    [
        ("sheet_collection", "turnover", "0.589", "upside down"),
        ("sheet_collection", "find", "67.0", "352"),
        ("sheet_speed", "ill_time", "6.45", "mean"),
        ("sheet_staff", "per_thousand", "0.000345", "1,000"),
        ("sheet_cost", "user", "14.57", "per inhabitant"),
        ("sheet_space", "occupied", "62.5", "fullest"),
    ],
)
def test_a_known_slip_is_named(sheet: str, cell: str, value: str, slip: str) -> None:
    mark = workbook.grade(exercise(sheet), {"cells": {cell: {"value": value}}})
    (line,) = (one for one in mark.lines if one.where == f"cells.{cell}.value")
    assert slip in str(line.params["message"])


def test_the_best_projects_bring_137_points_for_46_900_euros() -> None:
    task = exercise("nine_projects")
    best = budget.model_answer(task)["items"]
    chosen = [item for item in task["items"] if item["id"] in best]
    assert sum(item["benefit"] for item in chosen) == 137
    assert sum(item["cost"] for item in chosen) == 46_900


def test_sample_sizes_and_the_critical_path_are_those_of_the_formulas() -> None:
    sizes = values("sample_sizes")
    assert [sizes[name] for name in ("n_village", "n_pupils", "n_town")] == [218, 357, 381]
    path = values("critical_path_sheet")
    assert (path["whole"], path["float_rooms"], path["late"]) == (21, 1, 23)


def test_who_discards_what_exists_once_earns_no_more_than_the_cap() -> None:
    task = exercise("weeding_desk")
    answer = engines.model_answer("decisions", task)
    answer["items"]["poems"]["choice"] = "discard"
    assert decisions.grade(task, answer).score == pytest.approx(0.4)
