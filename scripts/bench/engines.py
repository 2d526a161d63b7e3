"""Measures the graders for conservation and management, in CPU time.

    python -m scripts.bench.engines [--rounds 50]

Each case is the largest that its goal speaks of. The status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from grading.climate import clean, read_log, summarise
from grading.climate.generator import generate, to_csv
from grading.graders import budget, plan, regions, rota, salvage, scenario, workbook
from grading.graders.salvage.exercise import read_exercise as read_salvage

Exercise = dict[str, Any]


class Case(NamedTuple):
    """Something to measure and the milliseconds that it may take."""

    name: str
    goal: float
    run: Callable[[], Any]


def ellipse(chance: random.Random, radius: float) -> list[list[float]]:
    """Return an ellipse of 48 points somewhere on a page."""
    x, y = chance.uniform(radius, 1 - radius), chance.uniform(radius, 1 - radius)
    turns = (2 * math.pi * n / 48 for n in range(48))
    return [[x + radius * math.cos(a), y + radius * math.sin(a)] for a in turns]


def make_regions(references: int, marks: int, radius: float) -> tuple[Exercise, Exercise]:
    """Return a page and an answer."""
    chance = random.Random(1)  # noqa: S311  # no secret
    exercise = {
        "regions": [
            {"cls": "foxing", "sev": 1, "poly": ellipse(chance, radius)} for _ in range(references)
        ]
    }
    drawn = [{"cls": "foxing", "sev": 2, "poly": ellipse(chance, radius)} for _ in range(marks)]
    return exercise, {"marks": drawn}


def make_plan(steps: int) -> tuple[Exercise, Exercise]:
    """Return a plan whose steps wait for the two before them, and an order with mistakes."""
    names = [f"step {n}" for n in range(steps)]
    edges = [[names[n - back], names[n]] for n in range(2, steps) for back in (1, 2)]
    exercise = {
        "steps": [{"id": name, "kind": "required"} for name in names],
        "edges": edges,
        "rules": [{"before": names[0], "after": names[9]}],
    }
    chance = random.Random(2)  # noqa: S311  # no secret
    return exercise, {"order": chance.sample(names, steps - 5)}


def make_flood(lots: int) -> Exercise:
    """Return wet lots and two teams."""
    chance = random.Random(3)  # noqa: S311  # no secret
    items = [
        {
            "id": f"lot {n}",
            "value": chance.randint(5, 60),
            "work_hours": chance.choice([1, 1.5, 2, 2.7, 3, 4.1]),
            "limit_h": chance.randint(4, 30),
            "half_life_h": chance.randint(3, 20),
        }
        for n in range(lots)
    ]
    return {"items": items, "teams": 2, "start_h": 3}


def make_sheet(cells: int) -> tuple[Exercise, Exercise]:
    """Return a sheet whose cells rest on each other, filled wrongly throughout."""
    data: dict[str, Any] = {f"row{n}": 100 + n for n in range(cells)}
    data["counts"] = [31, 42, 55, 60, 48, 37]
    mistake = {"formula": "row0 * 2", "message": "Twice."}
    sheet = [
        {
            "id": f"cell{n}",
            "formula": f"row{n} / mean(counts) * 100" + (f" + cell{n - 1}" if n else ""),
            "unit": "%",
            "rows": True,
            "mistakes": [mistake] * 3,
        }
        for n in range(cells)
    ]
    given = {f"cell{n}": {"value": "1,5", "unit": "h", "rows": ["row1"]} for n in range(cells)}
    return {"data": data, "cells": sheet}, {"cells": given}


def make_budget() -> Exercise:
    """Return as many projects as are allowed."""
    items = [{"id": str(n), "cost": 900 + 37 * n, "benefit": 5 + n % 7} for n in range(18)]
    return {"items": items, "limit": 9_000}


def make_rota() -> Exercise:
    """Return a fortnight of twelve people."""
    shifts = [
        {
            "id": str(n),
            "start": 24 * (n // 2) + 9 + 6 * (n % 2),
            "end": 24 * (n // 2) + 15 + 5 * (n % 2),
            "need": 2,
        }
        for n in range(28)
    ]
    people = [{"id": f"p{n}", "wants": [str(n)], "avoids": [str(27 - n)]} for n in range(12)]
    return {"shifts": shifts, "people": people}


def make_case(variables: int) -> Exercise:
    """Return a case in which every step leaves a choice of three."""
    nodes: list[Exercise] = [
        {
            "id": f"n{n}",
            "choices": [
                {"id": str(c), "to": f"n{n + 1}", "effects": {f"v{(n + c) % variables}": c + 1}}
                for c in range(3)
            ],
        }
        for n in range(12)
    ]
    return {
        "variables": {f"v{n}": {"target": {"good": 6}} for n in range(variables)},
        "nodes": [*nodes, {"id": "n12"}],
    }


def unkept(function: Callable[[Any], Any], exercise: Exercise) -> Callable[[], Any]:
    """Return a call that reads the exercise anew each time, as when an author saves it."""
    counter = iter(range(10**9))
    return lambda: function({**exercise, "note": next(counter)})


def make_cases() -> list[Case]:
    """Return all that is measured."""
    page, plan_case, sheet = make_regions(16, 32, 0.1), make_plan(60), make_sheet(60)
    crowded = make_regions(30, 50, 0.4)
    flood, money, fortnight, case = make_flood(8), make_budget(), make_rota(), make_case(3)
    order = {"order": [item["id"] for item in flood["items"]]}
    file = to_csv(generate("bench").series).encode()
    series = read_log(file).series
    path = {"path": ["1"] * 12}
    return [
        Case("regions, 16 references and 32 marks", 20, lambda: regions.grade(*page)),
        Case("regions, all that is allowed, crowded", 100, lambda: regions.grade(*crowded)),
        Case("plan, 60 steps", 2, lambda: plan.grade(*plan_case)),
        Case("salvage, best of 8 lots", 100, unkept(read_salvage, flood)),
        Case("salvage, grading", 2, lambda: salvage.grade(flood, order)),
        Case("workbook, 60 cells", 5, lambda: workbook.grade(*sheet)),
        Case("budget, best of 18 projects", 100, unkept(budget.check, money)),
        Case("rota, best of 28 shifts", 400, unkept(rota.check, fortnight)),
        Case("scenario, best path of 3^12", 200, unkept(scenario.check, case)),
        Case("scenario, grading", 2, lambda: scenario.grade(case, path)),
        Case("a logger's year through all figures", 50, lambda: summarise(clean(series))),
        Case("a logger's file of a year, read", 200, lambda: read_log(file)),
    ]


def measure(case: Case, rounds: int) -> float:
    """Return the median of CPU time in milliseconds."""
    case.run()
    times = []
    for _ in range(rounds):
        start = time.process_time_ns()
        case.run()
        times.append((time.process_time_ns() - start) / 1e6)
    return sorted(times)[rounds // 2]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    is_good = True
    print(f"{'':38} {'median':>8} {'goal':>6}  ms of CPU time")
    for case in make_cases():
        median = measure(case, rounds)
        print(f"{case.name:38} {median:8.2f} {case.goal:6g}")
        is_good &= median <= case.goal
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
