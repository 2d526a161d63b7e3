"""The graders: pure functions from an exercise and an answer to a mark.

A grader is added by one entry in ``GRADERS``; the first line of its docstring describes it.
Checking a record needs the knowledge of the MARC grader, but nothing of the others: each is
imported with the first answer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from grading.data import Mark
from grading.graders import marc

__all__ = ["GRADERS", "INSTANTIATE", "Grader"]

Exercise = Mapping[str, Any]

Grader = Callable[[Exercise, Any], Mark]
"""``grade(exercise, answer) -> Mark``; raises InvalidExercise or InvalidAnswer, nothing else."""


def _later(module: str, description: str) -> Grader:
    """Return the grader of a module that is imported with the first answer to grade."""

    def grade(exercise: Exercise, answer: Any) -> Mark:
        mark: Mark = import_module(f"grading.graders.{module}").grade(exercise, answer)
        return mark

    grade.__doc__ = description
    return grade


def _instantiate_later(module: str) -> Callable[[Exercise, str], Exercise]:
    def instantiate(exercise: Exercise, seed: str) -> Exercise:
        load = import_module(f"grading.graders.{module}")
        instance: Exercise = load.instantiate(exercise, seed)
        return instance

    return instantiate


GRADERS: dict[str, Grader] = {
    "marc": marc.grade,
    "drill": _later(
        "drill",
        "Grade a drill: ISBD order, fields, codes, access points, UDC, ISBN, entities, headings.",
    ),
    "regions": _later(
        "regions", "Grade marks on a picture: place, kind and severity of each damage of a page."
    ),
    "intervals": _later(
        "intervals", "Grade episodes on a time line: start and end, kind and cause of each."
    ),
    "plan": _later(
        "plan", "Grade a plan: steps chosen, their order, rules that must not be broken."
    ),
    "salvage": _later(
        "salvage",
        "Grade the order in which wet lots are salvaged: value saved, between worst and best.",
    ),
    "decisions": _later(
        "decisions",
        "Grade decisions: the choice for each item, its reasons, the rules it must not break.",
    ),
    "scenario": _later(
        "scenario",
        "Grade a case with consequences: where a path ends, or tests made before a decision.",
    ),
    "workbook": _later(
        "workbook", "Grade a sheet: values with tolerance, units, rows, errors carried forward."
    ),
    "budget": _later(
        "budget", "Grade a budget: rules kept, and the benefit of what is paid for beside the best."
    ),
    "rota": _later(
        "rota", "Grade a rota: shifts staffed by the rules, wishes met, weekends spread."
    ),
    "rubric": _later(
        "rubric", "Add up the points that a person gave by each criterion of a rubric."
    ),
}
"""The graders by name."""

INSTANTIATE: dict[str, Callable[[Exercise, str], Exercise]] = {
    name: _instantiate_later(name) for name in ("drill", "intervals", "workbook")
}
"""Of graders whose exercises differ by learner: ``instantiate(exercise, seed)``, one of them."""
