"""Grading a sheet: values, units, the rows they rest on, what they mean.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from grading.climate import Series
from grading.data import Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.graders import logger
from grading.graders.lines import add_up, line_of
from grading.graders.reading import Node, answer_node, is_blank
from grading.graders.workbook.exercise import Cell, Sheet, instantiate, read_sheet
from grading.graders.workbook.formulas import Amount, BadFormula, Formula
from grading.graders.workbook.numbers import read_number, same_unit

__all__ = ["check", "grade", "inspect", "instantiate", "model_answer", "public", "readings"]

MOST_GIVEN = 300

ANSWER = _("An answer is an object with cells.")
UNANSWERED = _("«%(cell)s» is not filled.")
VALUE_RIGHT = _("«%(cell)s»: the value is right.")
VALUE_WRONG = _("«%(cell)s»: the value is not right.")
VALUE_MISSING = _("«%(cell)s»: a value is missing.")
CARRIED = _("«%(cell)s»: right with your own earlier value: the error was carried forward.")
SLIP = _("«%(cell)s»: %(message)s")
UNIT_RIGHT = _("«%(cell)s»: the unit is right.")
UNIT_WRONG = _("«%(cell)s»: another unit is called for.")
ROWS = _("«%(cell)s»: %(share)s %% of the rows it rests on are rightly chosen.")
READING_RIGHT = _("«%(cell)s»: rightly understood.")
READING_WRONG = _("«%(cell)s»: think again what this value means.")


class _Given(NamedTuple):
    """What a learner wrote into one cell."""

    value: float | None
    unit: str
    rows: frozenset[str]
    reading: str


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade a sheet: values with tolerance, units, source rows, errors carried forward.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    sheet = read_sheet(exercise)
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    decimal = node.get("decimal").one_of((".", ","), "")
    cells = node.get("cells")
    given = {
        cell.id: _read_given(cells.get(cell.id), decimal)
        for cell in sheet.cells.values()
        if not is_blank(cells.get(cell.id).value)
    }
    truth = sheet.truth
    own = truth | {name: row.value for name, row in given.items() if row.value is not None}
    lines: list[ScoreLine] = []
    for cell in sheet.cells.values():
        if cell.id in given:
            lines += _cell_lines(sheet, cell, given[cell.id], truth, own)
        else:
            where = f"cells.{cell.id}"
            weight = cell.weight
            lines.append(
                line_of("workbook.unanswered", 0.0, weight, UNANSWERED, where, cell=cell.name)
            )
    return add_up(lines)


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_sheet(exercise)


def public(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page may know: the data and what each cell asks; raises InvalidExercise."""
    sheet = read_sheet(exercise)
    return {
        "data": [
            {"id": name, "text": sheet.labels.get(name, name), "value": value}
            for name, value in sheet.data.items()
        ],
        "cells": [
            {
                "id": cell.id,
                "text": cell.text,
                "decimals": cell.tolerance.decimals,
                "asks_unit": bool(cell.unit),
                "asks_rows": cell.rows is not None,
                "readings": [{"id": name, "text": text} for name, text in cell.readings.items()],
            }
            for cell in sheet.cells.values()
        ],
        "units": sorted({cell.unit for cell in sheet.cells.values() if cell.unit} | {*sheet.units}),
        "has_series": sheet.source is not None,
    }


def readings(exercise: Mapping[str, Any]) -> Series | None:
    """Return the logger's year that a sheet is about, as it was logged; raises InvalidExercise."""
    sheet = read_sheet(exercise)
    return logger.year_of(sheet.source, sheet.seed).series if sheet.source else None


def inspect(exercise: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what an author wants to see of each cell: ``{"id", "value", "slips"}``.

    ``slips`` are the values to which the known slips lead, ``None`` for one without a result;
    raises InvalidExercise.
    """
    sheet = read_sheet(exercise)
    truth = sheet.truth
    return [
        {
            "id": cell.id,
            "value": cell.right,
            "slips": [_result(mistake.formula, truth) for mistake in cell.mistakes],
        }
        for cell in sheet.cells.values()
    ]


def _result(formula: Formula, values: Mapping[str, Amount]) -> float | None:
    try:
        return formula.result(values)
    except BadFormula:
        return None


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    cells = {}
    for cell in read_sheet(exercise).cells.values():
        given: dict[str, Any] = {"value": cell.right}
        if cell.unit:
            given["unit"] = cell.unit
        if cell.rows is not None:
            given["rows"] = sorted(cell.rows)
        if cell.reading:
            given["reading"] = cell.reading
        cells[cell.id] = given
    return {"cells": cells}


def _read_given(node: Node, decimal: str) -> _Given:
    """Read what stands in a cell: an object, or the value alone; raises InvalidAnswer."""
    if not isinstance(node.value, Mapping):
        read = read_number(node, decimal)
        return (
            _Given(read[0], read[1], frozenset(), "") if read else _Given(None, "", frozenset(), "")
        )
    read = read_number(node.get("value"), decimal)
    unit = node.get("unit").text("", 80).strip()
    rows = [row.text("") for row in node.get("rows").list(most=MOST_GIVEN)]
    return _Given(
        value=read[0] if read else None,
        unit=unit or (read[1] if read else ""),
        rows=frozenset(rows),
        reading=node.get("reading").text(""),
    )


def _cell_lines(
    sheet: Sheet, cell: Cell, given: _Given, truth: Mapping[str, Amount], own: Mapping[str, Amount]
) -> list[ScoreLine]:
    """Return a line for each part that a cell asks: they share its weight."""
    settings = sheet.settings
    parts = {"value": settings.w_value}
    if cell.unit:
        parts["unit"] = settings.w_unit
    if cell.rows is not None:
        parts["rows"] = settings.w_rows
    if cell.reading:
        parts["reading"] = settings.w_reading
    scale = cell.weight / sum(parts.values())
    place, name = f"cells.{cell.id}", {"cell": cell.name}
    lines = [_value_line(sheet, cell, given.value, truth, own, parts["value"] * scale)]
    if cell.unit:
        is_right = same_unit(cell.unit, given.unit, sheet.units)
        template = UNIT_RIGHT if is_right else UNIT_WRONG
        most = parts["unit"] * scale
        lines.append(
            line_of(
                "workbook.unit",
                most * is_right,
                most,
                template,
                f"{place}.unit",
                expected="" if is_right else cell.unit,
                **name,
            )
        )
    if cell.rows is not None:
        share = len(cell.rows & given.rows) / len(cell.rows | given.rows)
        most = parts["rows"] * scale
        shown = {"share": f"{100 * share:.0f}"}
        lines.append(
            line_of(
                "workbook.rows",
                most * share,
                most,
                ROWS,
                f"{place}.rows",
                expected="" if share == 1.0 else ", ".join(sorted(cell.rows)),
                **name,
                **shown,
            )
        )
    if cell.reading:
        is_right = given.reading == cell.reading
        template = READING_RIGHT if is_right else READING_WRONG
        most = parts["reading"] * scale
        lines.append(
            line_of(
                "workbook.reading",
                most * is_right,
                most,
                template,
                f"{place}.reading",
                expected="" if is_right else cell.readings[cell.reading],
                **name,
            )
        )
    return lines


def _value_line(
    sheet: Sheet,
    cell: Cell,
    value: float | None,
    truth: Mapping[str, Amount],
    own: Mapping[str, Amount],
    most: float,
) -> ScoreLine:
    where = f"cells.{cell.id}.value"
    params = {"cell": cell.name}
    if value is None:
        return line_of("workbook.value.missing", 0.0, most, VALUE_MISSING, where, **params)
    if cell.tolerance.allows(cell.right, value):
        return line_of("workbook.value.right", most, most, VALUE_RIGHT, where, **params)
    if sheet.settings.follow and _agrees(cell, cell.formula, own, value):
        return line_of("workbook.value.carried", most, most, CARRIED, where, **params)
    expected = f"{cell.right:.10g}"
    for mistake in cell.mistakes:
        if _agrees(cell, mistake.formula, truth, value) or (
            sheet.settings.follow and _agrees(cell, mistake.formula, own, value)
        ):
            points = most * mistake.credit
            params["message"] = mistake.message
            code = "workbook.value.slip"
            return line_of(code, points, most, SLIP, where, expected=expected, **params)
    code = "workbook.value.wrong"
    return line_of(code, 0.0, most, VALUE_WRONG, where, expected=expected, **params)


def _agrees(cell: Cell, formula: Formula, values: Mapping[str, Amount], value: float) -> bool:
    """Tell whether a formula leads to a value; one that has no result leads nowhere."""
    if not formula.names:
        return False
    try:
        return cell.tolerance.allows(formula.result(values), value)
    except BadFormula:
        return False
