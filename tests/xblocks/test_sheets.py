"""What sheets and time lines do beside other exercises: files, formulas told to authors, units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from webob import Request

from grading import engines
from grading.climate import read_log
from grading.instances import grade_for
from quarantine.tables import read_table
from tests.xblocks.host import build_block, call, state_of
from xblocks.sheet_scenarios import EPISODES, INDICATORS, METRICS
from xblocks.staff_task import StaffTaskBlock
from xblocks.time_line import TimeLineBlock
from xblocks.workbook import WorkbookBlock

pytestmark = pytest.mark.django_db

UNITS = Path(__file__).parents[2] / "course_content" / "conservation" / "vertical"
COURSE = "block-v1:School+CON+2026+type@{tag}+block@{name}"
CLASSES = {"workbook": WorkbookBlock, "time_line": TimeLineBlock, "staff_task": StaffTaskBlock}


def make(tag: str, exercise: Any, student: str | None = "a" * 32, **fields: Any) -> Any:
    key = COURSE.format(tag=tag, name="one")
    authored = {"display_name": "Store", "exercise": exercise, **fields}
    return build_block(CLASSES[tag], authored, student, usage_key=key)


def get(block: Any, handler: str, form: str) -> Any:
    return block.runtime.handle(block, handler, Request.blank("/"), form)


def test_the_data_of_a_sheet_are_the_learners_own_in_page_and_files() -> None:
    block = make("workbook", INDICATORS)
    shown = {row["id"]: row["value"] for row in state_of(block)["task"]["data"]}
    rows = read_table(get(block, "download_data", "csv").body, "data.csv")
    assert [row[:2] for row in rows[1:3]] == [
        ["Loans in the year", "loans"],
        ["Items in stock", "stock"],
    ]
    assert float(str(rows[1][2])) == shown["loans"]
    table = read_table(get(block, "download_data", "xlsx").body, "data.xlsx")
    assert [row[-1] for row in table[1:]] == [
        values[-1] if isinstance(values, list) else values for values in shown.values()
    ]
    others = {
        state_of(make("workbook", INDICATORS, c * 32))["task"]["data"][0]["value"] for c in "bcde"
    }
    assert len({shown["loans"], *others}) > 1


def test_a_logger_year_is_downloaded_as_it_is_shown() -> None:
    line, sheet = make("time_line", EPISODES), make("workbook", METRICS)
    answer = get(line, "download_log", "csv")
    assert answer.body == get(sheet, "download_log", "csv").body  # one learner, one series
    assert "attachment" in answer.headers["Content-Disposition"]
    log = read_log(answer.body)
    assert (len(log.series.times), str(log.series.times[0])) == (8760, "2023-01-01T00:00")
    messy = {**EPISODES, "climate": {**EPISODES["climate"], "file": "hanwell"}}
    assert get(make("time_line", messy), "download_log", "csv").body.startswith(b"Hanwell\n")
    assert get(line, "download_log", "xlsx").body.startswith(b"PK")


def test_files_are_refused_to_visitors_and_where_there_are_none() -> None:
    assert get(make("workbook", INDICATORS, None), "download_data", "csv").status_int == 403
    assert get(make("time_line", EPISODES, None), "download_log", "csv").status_int == 403
    block = make("workbook", INDICATORS)
    assert get(block, "download_data", "exe").status_int == 404
    assert get(block, "download_log", "csv").status_int == 404
    assert get(make("workbook", METRICS), "download_data", "csv").status_int == 404
    assert get(make("workbook", {"cells": []}), "download_data", "csv").status_int == 404


def test_an_author_sees_what_formulas_come_to_or_what_is_wrong() -> None:
    block = make("workbook", INDICATORS)
    values = {name: getattr(block, name) for name in block.editable_fields}
    status, told = call(block, "inspect_cells", {"values": values})
    assert (status, told["error"]) == (200, "")
    assert [cell["id"] for cell in told["cells"]] == ["turnover", "cost", "monthly"]
    assert told["cells"][1]["value"] == pytest.approx(62.006, abs=0.001)
    broken = {**INDICATORS, "cells": [{"id": "a", "formula": "loans /"}]}
    _status, told = call(block, "inspect_cells", {"values": {**values, "exercise": broken}})
    assert (told["cells"], told["error"].partition(":")[0]) == ([], "cells[0].formula")


def test_a_time_line_takes_readings_of_the_course_or_what_its_source_tells() -> None:
    own = {"episodes": [{"start": "2023-07-08", "end": "2023-07-09", "kind": "damp"}]}
    for data, fault in (
        ("", False),
        ("https://elsewhere.example/x.csv", True),
        ("/static/x.csv", False),
    ):
        block = make("time_line", own, data=data)
        assert bool(list(block.find_faults(block))) == fault, data
    assert (
        state_of(make("time_line", own, data="/static/x.csv"))["file"] == "/files/of/course/x.csv"
    )


def test_a_logger_year_may_be_read_in_a_page_of_fair_size() -> None:
    assert len(make("time_line", EPISODES).render("student_view").content) < 90_000


@pytest.mark.parametrize("name", ["quality", "figures", "episodes", "report"])
def test_the_units_of_the_course_can_be_solved_whole(name: str) -> None:
    [element] = etree.parse(UNITS / f"logger_{name}.xml").getroot()
    fields: dict[str, Any] = {
        key: value for key, value in element.attrib.items() if key in ("prompt", "source_text")
    }
    block_class = CLASSES[element.tag]
    exercise = block_class.fields["exercise"].from_string(element.get("exercise"))
    block = make(element.tag, exercise, **fields)
    assert not list(block.find_faults(block))
    if element.tag == "staff_task":
        assert len(exercise["criteria"]) == 6
        return
    item = block.student_item()
    model = engines.own_model_answer(block.GRADER, exercise, item)
    assert grade_for(item, block.GRADER, exercise, model).score == pytest.approx(1.0)
    assert grade_for(item, block.GRADER, exercise, {}).score == 0.0
