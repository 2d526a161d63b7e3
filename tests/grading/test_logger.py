"""A logger's year as the source of exercises: shared by a learner's exercises, secret, gradable."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import jsonschema
import pytest

from grading import engines
from grading.climate import read_log
from grading.climate.generator import generate
from grading.climate.writers import FORMS, write_log
from grading.data import InvalidExercise
from grading.graders import intervals, logger, workbook
from grading.instances import grade_for, instance_of
from tests.grading.test_exercises_document import schema

CLIMATE: dict[str, Any] = {
    "series": "north store",
    "events": ["damp", "cold", "gap", "stuck", "spike", "unit"],
}
SHEET: dict[str, Any] = {
    "climate": CLIMATE,
    "cells": [
        {
            "id": "twpi",
            "formula": "log_twpi",
            "tolerance": 1,
            "unit": "years",
            "mistakes": [
                {"formula": "log_pi_mean", "message": "The arithmetic mean hides damage."}
            ],
        },
        {"id": "spread", "formula": "log_rh_max - log_rh_min", "tolerance": 0.5},
    ],
}
EPISODES: dict[str, Any] = {"climate": {**CLIMATE, "part": "episodes"}}
FAULTS: dict[str, Any] = {"climate": {**CLIMATE, "part": "faults"}}
EACH = (("workbook", SHEET), ("intervals", EPISODES), ("intervals", FAULTS))


def learner(name: str, item_id: str = "one") -> Any:
    return {"student_id": name, "course_id": "c", "item_id": item_id, "item_type": "t"}


def spread(readings: list[int | None]) -> list[float]:
    """The known readings of what a page gets."""
    values, now = [], 0
    for step in readings:
        if step is not None:
            now += step
            values.append(now / 10)
    return values


@pytest.mark.parametrize(("grader", "exercise"), EACH, ids=["sheet", "episodes", "faults"])
def test_the_own_model_answer_scores_one_and_another_learners_does_not(
    grader: str, exercise: dict[str, Any]
) -> None:
    schema(grader).validate(exercise)
    ana, ivo = learner("ana"), learner("ivo")
    model = engines.own_model_answer(grader, exercise, ana)
    assert grade_for(ana, grader, exercise, model).score == pytest.approx(1.0)
    assert grade_for(ivo, grader, exercise, model).score < 0.7


def test_exercises_that_name_a_series_share_a_learners_year() -> None:
    sheet, line = learner("ana", "sheet"), learner("ana", "line")
    assert engines.log_file("workbook", SHEET, sheet) == engines.log_file(
        "intervals", EPISODES, line
    )
    other = {**SHEET, "climate": {**CLIMATE, "series": "south store"}}
    assert engines.log_file("workbook", other, sheet) != engines.log_file("workbook", SHEET, sheet)
    assert engines.log_file("workbook", {"cells": [{"id": "a", "value": 1}]}, sheet) is None


def test_a_page_gets_readings_but_neither_seed_nor_what_is_planted() -> None:
    ana = learner("ana")
    for grader, exercise in EACH:
        shown = engines.shown_to(grader, exercise, ana)
        text = json.dumps({name: part for name, part in shown.items() if name != "readings"})
        assert "north store" not in text
        assert "events" not in text
        assert not {"seed", "episodes", "climate", "figures"} & shown.keys()
    kinds = [kind["id"] for kind in engines.shown_to("intervals", EPISODES, ana)["kinds"]]
    assert kinds == ["cold", "damp", "dry", "hot"]  # whatever was planted
    readings = engines.shown_to("intervals", FAULTS, ana)["readings"]
    assert (readings["start"], readings["step"]) == ("2023-01-01T00:00", 1.0)
    rows = list(engines.log_rows("intervals", FAULTS, ana))
    assert spread(readings["t"]) == [t for _time, t, _rh in rows if t is not None]
    assert spread(readings["rh"]) == [rh for _time, _t, rh in rows if rh is not None]
    assert rows[0][0] == datetime(2023, 1, 1)


def test_the_metrics_are_of_the_cleaned_year_and_a_known_slip_is_named() -> None:
    ana = learner("ana")
    seen = instance_of("workbook", SHEET, ana)["seed"]
    figures = logger.figures(logger.Source("north store", 2023, tuple(CLIMATE["events"])), seen)
    assert figures["log_raw_t_max"] > 50 > figures["log_t_max"]
    assert figures["log_hours"] < figures["log_hours_raw"]
    assert set(figures) == set(logger.FIGURES)
    slip = {"cells": {"twpi": {"value": figures["log_pi_mean"], "unit": "years"}}}
    [line] = [
        line
        for line in grade_for(ana, "workbook", SHEET, slip).lines
        if line.code == "workbook.value.slip"
    ]
    assert line.params["message"] == "The arithmetic mean hides damage."


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file_reads_back_as_the_same_series(form: str) -> None:
    series = generate("ana").series
    log = read_log(write_log(series, form).encode())
    assert log.series.times[0] == series.times[0]
    assert log.series.t.tolist() == pytest.approx(series.t.tolist(), nan_ok=True)
    assert log.series.rh.tolist() == pytest.approx(series.rh.tolist(), nan_ok=True)


@pytest.mark.parametrize(
    ("climate", "where"),
    [
        ({"events": ["flood"]}, "climate.events[0]"),
        ({"events": ["gap"], "part": "episodes"}, "climate.events"),
        ({"events": ["damp"], "part": "faults"}, "climate.events"),
        ({"year": 1066}, "climate.year"),
        ({"file": "doc"}, "climate.file"),
        ({"part": "all"}, "climate.part"),
        ("store", "climate"),
    ],
)
def test_a_year_that_cannot_be_made_is_refused_with_its_place(climate: Any, where: str) -> None:
    with pytest.raises(InvalidExercise) as refused:
        intervals.check({"climate": climate})
    assert refused.value.where == where


def test_a_cell_cannot_take_the_name_of_a_figure() -> None:
    with pytest.raises(InvalidExercise, match="id"):
        workbook.check({"cells": [{"id": "log_twpi", "value": 1}]})
    with pytest.raises(jsonschema.ValidationError):
        schema("intervals").validate({"climate": {"events": ["flood"]}})


def test_an_author_sees_the_value_of_every_cell_and_of_every_slip() -> None:
    assert engines.inspect_sheet(
        {
            "data": {"loans": 10, "stock": 4},
            "cells": [
                {
                    "id": "turnover",
                    "formula": "loans / stock",
                    "mistakes": [
                        {"formula": "stock / loans", "message": "Upside down."},
                        {"formula": "1 / (loans - 10)", "message": "Nothing."},
                    ],
                }
            ],
        }
    ) == [{"id": "turnover", "value": 2.5, "slips": [0.4, None]}]
