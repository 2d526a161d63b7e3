from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.data import InvalidAnswer, InvalidExercise, ScoreLine
from grading.graders import workbook
from grading.graders.workbook.formulas import BadFormula, parse
from tests.grading.engines import DRAWN, TOWN

INDICATORS = [
    ("2.82", "visits / population", {"visits": 118400, "population": 42000}),
    ("23.5", "active / population * 100", {"active": 9870, "population": 42000}),
    ("3.90", "loans / population", {"loans": 163800, "population": 42000}),
    ("1.70", "loans / stock", {"loans": 163800, "stock": 96500}),
    ("33.0", "unused / stock * 100", {"unused": 31845, "stock": 96500}),
    ("88.0", "owned / sampled * 100", {"owned": 352, "sampled": 400}),
    ("76.1", "available / owned * 100", {"available": 268, "owned": 352}),
    ("95.5", "right / checked * 100", {"right": 1146, "checked": 1200}),
    ("9", "median(times)", {"times": [6, 7, 8, 8, 9, 11, 12, 15, 22]}),
    ("5", "median(days)", {"days": [2, 3, 3, 4, 5, 5, 6, 8, 9, 12, 14]}),
    ("86.0", "filled / asked * 100", {"filled": 361, "asked": 420}),
    ("9.5", "median(days)", {"days": [5, 6, 8, 9, 9, 10, 12, 14, 15, 21]}),
    ("0.345", "fte / population * 1000", {"fte": 14.5, "population": 42000}),
    ("56.6", "user / fte * 100", {"user": 8.2, "fte": 14.5}),
    ("62.01", "cost / active", {"cost": 612000, "active": 9870}),
    ("3.74", "cost / loans", {"cost": 612000, "loans": 163800}),
    ("5.17", "cost / visits", {"cost": 612000, "visits": 118400}),
    ("0.188", "buying / staff", {"buying": 73440, "staff": 391680}),
    ("15.0", "electronic / buying * 100", {"electronic": 11016, "buying": 73440}),
    ("9.00", "cost / titles", {"cost": 28080, "titles": 3120}),
    ("151.4", "heads / population * 1000", {"heads": 6360, "population": 42000}),
    ("28.0", "hours / fte", {"hours": 406, "fte": 14.5}),
    ("86.4", "correct / asked * 100", {"correct": 216, "asked": 250}),
    ("2.29", "seats / population * 1000", {"seats": 96, "population": 42000}),
    ("47.4", "mean(counts) / seats * 100", {"counts": [31, 42, 55, 60, 48, 37], "seats": 96}),
    ("86.7", "open / wanted * 100", {"open": 52, "wanted": 60}),
    ("28.1", "area / population * 1000", {"area": 1180, "population": 42000}),
    ("8.0", "grants / cost * 100", {"grants": 48960, "cost": 612000}),
    ("4.0", "mean(answers)", {"answers": [5, 4, 4, 3, 5, 4, 4, 2, 5, 4]}),
    ("6.45", "mean(days)", {"days": [2, 3, 3, 4, 5, 5, 6, 8, 9, 12, 14]}),
    ("218", "ceil(n0 / (1 + (n0 - 1) / 500))", {"n0": 1.96**2 * 0.25 / 0.05**2}),
    ("357", "ceil(n0 / (1 + (n0 - 1) / 5000))", {"n0": 1.96**2 * 0.25 / 0.05**2}),
    ("381", "ceil(n0 / (1 + (n0 - 1) / 42000))", {"n0": 1.96**2 * 0.25 / 0.05**2}),
]


def lines(cells: Any, exercise: Any = TOWN, **answer: Any) -> dict[str, ScoreLine]:
    mark = workbook.grade(exercise, {"cells": cells, **answer})
    return {line.where.removeprefix("cells."): line for line in mark.lines}


@pytest.mark.parametrize(("printed", "formula", "data"), INDICATORS)
def test_an_indicator_is_what_the_books_print(
    printed: str, formula: str, data: dict[str, Any]
) -> None:
    decimals = len(printed.partition(".")[2])
    exercise = {
        "data": data,
        "cells": [{"id": "x", "formula": formula, "tolerance": {"decimals": decimals}}],
    }

    assert workbook.grade(exercise, {"cells": {"x": printed}}).score == 1.0
    wrong = float(printed) * 1.02 + 10.0**-decimals
    assert workbook.grade(exercise, {"cells": {"x": wrong}}).score == 0.0


@pytest.mark.parametrize(
    ("cell", "value", "code", "share"),
    [
        ("turnover", "1.70", "right", 1.0),
        ("turnover", 1.6974, "right", 1.0),
        ("turnover", "0.589", "slip", 0.2),
        ("turnover", 9, "wrong", 0.0),
        ("wait", 9, "right", 1.0),
        ("wait", 9.0001, "wrong", 0.0),
        ("per_user", "14,57", "slip", 0.5),
    ],
)
def test_a_value_is_judged_by_its_tolerance_and_known_slips_are_named(
    cell: str, value: Any, code: str, share: float
) -> None:
    line = lines({cell: {"value": value}})[f"{cell}.value"]

    assert line.code == f"workbook.value.{code}"
    assert line.points / line.max == pytest.approx(share)
    if code == "slip":
        assert "upside down" in line.message or "inhabitant" in line.message


def test_a_value_that_follows_from_an_own_earlier_one_is_right() -> None:
    found = lines({"held": "67,0", "share": 134})

    assert found["held.value"].code == "workbook.value.wrong"
    assert found["share.value"].code == "workbook.value.carried"
    assert found["share.value"].points == found["share.value"].max
    strict = TOWN | {"settings": {"follow": False}}
    assert lines({"held": 67, "share": 134}, strict)["share.value"].points == 0.0


def test_unit_rows_and_meaning_count_by_themselves() -> None:
    found = lines(
        {
            "per_user": {"value": 1, "unit": "€ / user"},
            "held": {"value": 88, "unit": "‰", "rows": ["owned", "available"]},
            "share": {"reading": "good"},
        }
    )

    assert found["per_user.unit"].points == found["per_user.unit"].max > 0
    assert found["held.unit"].points == 0.0
    assert found["held.rows"].points / found["held.rows"].max == pytest.approx(1 / 3)
    assert found["share.reading"].code == "workbook.reading"
    assert found["share.value"].code == "workbook.value.missing"
    assert found["year"].code == "workbook.unanswered"


def test_the_parts_of_a_cell_share_its_weight() -> None:
    found = lines(workbook.model_answer(TOWN)["cells"])

    assert found["per_user.value"].max + found["per_user.unit"].max == pytest.approx(2.0)
    assert found["per_user.unit"].max == pytest.approx(2 * 0.15 / 0.65)
    assert found["year.value"].max == 1.0


@pytest.mark.parametrize(
    ("typed", "decimal", "value"),
    [
        ("2023", "", 2023),
        ("2 023", "", 2023),
        ("2\u00a0023", "", 2023),
        ("2\u202f023,0", "", 2023),
        ("2'023.0", "", 2023),
        ("2,023.0", "", 2023),
        ("2.023,0", "", 2023),
        ("2.023", ",", 2023),
        ("2,023", ".", 2023),
        ("2.023", ".", 2.023),
        ("2023,00", "", 2023),
        ("2.023e3", ".", 2023),
        ("\u22122023", "", -2023),
        ("0.345", "", 0.345),
        ("1.234.567", "", 1234567),
        ("1234.567", "", 1234.567),
        ("62,01 €", "", 62.01),
        ("23.5%", "", 23.5),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, decimal: str, value: float) -> None:
    exercise = {"cells": [{"id": "x", "value": value, "tolerance": 0}]}
    answer = {"cells": {"x": typed}} | ({"decimal": decimal} if decimal else {})

    assert workbook.grade(exercise, answer).score == 1.0


@pytest.mark.parametrize("typed", ["1.234", "1,234", "12,345"])
def test_what_can_be_read_in_two_ways_is_refused_with_a_hint(typed: str) -> None:
    with pytest.raises(InvalidAnswer, match=r"cells\.wait\.value: «.*» can be read in two ways"):
        lines({"wait": {"value": typed}})


@pytest.mark.parametrize("typed", ["many", "€", "1.2.3", "1,2.3,4", "12.34 567", "1e999", True, []])
def test_what_is_no_number_is_refused(typed: Any) -> None:
    with pytest.raises(InvalidAnswer, match=r"cells\.year\.value"):
        lines({"year": {"value": typed, "unit": "x"}})


@pytest.mark.parametrize(
    ("unit", "given_unit", "is_same"),
    [
        ("%", "percent", True),
        ("%", "процента", True),
        ("EUR", "€", True),
        ("d", "days", True),
        ("m2", "m²", True),
        ("kg/m2", "kg per m²", True),
        ("d", "h", False),
        ("EUR", "%", False),
        ("m", "mm", False),
        ("m", "M", False),
    ],
)
def test_a_unit_may_be_written_in_any_of_its_ways(
    unit: str, given_unit: str, is_same: bool
) -> None:
    exercise = {"cells": [{"id": "x", "value": 1, "unit": unit}]}

    found = lines({"x": {"value": 1, "unit": given_unit}}, exercise)
    typed = lines({"x": f"1 {given_unit}"}, exercise)

    assert bool(found["x.unit"].points) is bool(typed["x.unit"].points) is is_same


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2 + 3 * 4", 14),
        ("-2 ** 2", -4),
        ("(1 + 2) / 4", 0.75),
        ("sum(a) + sum(1, 2)", 9),
        ("sum(a * a)", 14),
        ("sum(a * b) / sum(b)", 32 / 15),
        ("harmonic(44.6, 16.4)", 2 / (1 / 44.6 + 1 / 16.4)),
        ("round(2.5) + round(3.5) + round(-2.5)", 4),
        ("round(6.451, 2)", 6.45),
        ("ln(exp(2)) + log10(100) + sqrt(16) + abs(-3)", 11),
        ("max(a) - min(a) + count(a)", 5),
    ],
)
def test_formulas_compute_as_a_spreadsheet_does(formula: str, value: float) -> None:
    values = {"a": [1.0, 2.0, 3.0], "b": [4.0, 5.0, 6.0]}

    assert parse(formula).result(values) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('true')",
        "open('x')",
        "a.real",
        "a[0]",
        "[1, 2]",
        "lambda: 1",
        "1 if 1 else 2",
        "'text'",
        "True",
        "sum(x for x in a)",
        "(" * 300 + "1" + ")" * 300,
        "1 +" * 200 + "1",
        "sum(*a)",
        "9e999",
        "1 // 2",
        "",
    ],
)
def test_nothing_but_arithmetic_is_a_formula(formula: str) -> None:
    with pytest.raises(BadFormula):
        parse(formula).result({"a": [1.0]})


@pytest.mark.parametrize(
    "formula", ["1 / 0", "10 ** 99 ** 2", "ln(0)", "(-8) ** 0.5", "a", "a + b"]
)
def test_what_has_no_result_is_refused(formula: str) -> None:
    with pytest.raises(BadFormula):
        parse(formula).result({"a": [1.0, 2.0], "b": [1.0]})


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        result = parse(text).result({"a": 2.0})
    except BadFormula:
        return
    assert math.isfinite(result)


def test_each_learner_gets_their_own_numbers_and_keeps_them() -> None:
    seen = {str(workbook.instantiate(DRAWN, str(n))["data"]) for n in range(40)}
    own = workbook.instantiate(DRAWN, "ana")

    assert len(seen) == 8
    assert own == workbook.instantiate(DRAWN, "ana") == workbook.instantiate(own, "ivo")
    assert own["data"]["lux"] in (50, 100, 150, 200)
    dose = own["data"]["lux"] * 8 * own["data"]["days"] / 1000
    assert lines({"dose": dose}, own)["dose.value"].code == "workbook.value.right"


def test_choosing_all_rows_earns_little() -> None:
    everything = {"held": {"value": 1, "rows": list(TOWN["data"])}}

    line = lines(everything)["held.rows"]
    assert line.points / line.max == pytest.approx(0.2)


def test_the_page_is_told_data_and_questions_and_no_formula() -> None:
    shown = workbook.public(TOWN)

    assert shown["data"][1] == {"id": "active", "text": "Active users", "value": 9870}
    assert "loans / stock" not in str(shown)
    assert "upside down" not in str(shown)
    assert "2023" not in str(shown)


def broken(**cell: Any) -> Any:
    exercise = copy.deepcopy(TOWN)
    exercise["cells"][0] = {"id": "x", "formula": "loans"} | cell
    return exercise


@pytest.mark.parametrize(
    ("exercise", "place"),
    [
        (broken(formula="loans / visitors"), r"cells\[0\]\.formula: The formula needs «visitors»"),
        (broken(formula="wait"), r"cells\[0\]\.formula: The formula needs «wait»"),
        (broken(formula="loans /"), r"cells\[0\]\.formula: This formula cannot be read"),
        (broken(formula="loans / 0"), r"cells\[0\]\.formula: This formula cannot be read"),
        (broken(formula=None), r"cells\[0\]: A cell needs a value"),
        (broken(id="wait"), r"cells\[1\]\.id: Another cell or row"),
        (broken(id="loans"), r"cells\[0\]\.id: Another cell or row"),
        (broken(id="a b"), r"cells\[0\]\.id: An id of Latin"),
        (broken(rows=["visitors"]), r"cells\[0\]\.rows: No row of data is called"),
        (broken(reading={"choices": [{"id": "a"}]}), r"cells\[0\]\.reading\.choices: Too few"),
        ({"data": {"x": {"least": 5, "most": 1}}, "cells": [{"id": "y", "value": 1}]}, r"data\.x"),
        ({"data": {"x": []}, "cells": [{"id": "y", "value": 1}]}, r"data\.x: Too few"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_named(exercise: Any, place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        workbook.check(exercise)


def test_a_sheet_that_would_take_too_long_is_refused() -> None:
    formula = "+".join(["sum(a * a)"] * 8)
    cells = [{"id": f"c{n}", "formula": formula} for n in range(100)]

    with pytest.raises(InvalidExercise, match="take too long"):
        workbook.check({"data": {"a": [1] * 1000}, "cells": cells})
