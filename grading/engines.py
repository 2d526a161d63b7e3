"""What the blocks of conservation and management have to know beside their grading.

What a page may show of an exercise, model answers, reports for authors and teachers. All raise
``InvalidExercise`` for an exercise that cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from grading.climate.writers import rows_of, write_log
from grading.graders.regions import find_faults as find_region_faults
from grading.graders.regions import reference, report
from grading.graders.regions.agreement import agreement
from grading.graders.salvage import log as salvage_log
from grading.graders.scenario import inspect
from grading.graders.scenario import log as scenario_log
from grading.graders.sharing import series_named
from grading.graders.workbook import inspect as inspect_sheet
from grading.instances import instance_of, seed_of
from grading.pages import CLASSES, DEFINITIONS, FAMILIES, draw_page, picture_of
from grading.records import StudentItemKey

__all__ = [
    "CLASSES",
    "DEFINITIONS",
    "ENGINES",
    "FAMILIES",
    "agreement",
    "check",
    "draw_page",
    "find_region_faults",
    "inspect",
    "inspect_sheet",
    "log_file",
    "log_rows",
    "model_answer",
    "own_model_answer",
    "picture_of",
    "public",
    "reference",
    "report",
    "salvage_log",
    "scenario_log",
    "shown_to",
]

Exercise = Mapping[str, Any]

ENGINES = (
    "regions",
    "intervals",
    "plan",
    "salvage",
    "decisions",
    "scenario",
    "workbook",
    "budget",
    "rota",
)
"""The graders that this module speaks of."""

_SHUFFLED = ("plan", "salvage")


def check(grader: str, exercise: Exercise) -> None:
    """Raise ``InvalidExercise`` at the first fault; ``KeyError`` for an unknown grader."""
    _load(grader).check(exercise)


def public(
    grader: str, exercise: Exercise, *, seed: str = "", path: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what the page may know, never the truth; raises ``KeyError`` for an unknown grader.

    ``seed`` decides the order in which steps and lots are shown; ``path`` is what was chosen or
    tested in a scenario so far.
    """
    module = _load(grader)
    shown: dict[str, Any]
    if grader in _SHUFFLED:
        shown = module.public(exercise, seed)
    elif grader == "scenario":
        shown = module.public(exercise, path)
    else:
        shown = module.public(exercise)
    return shown


def shown_to(
    grader: str, exercise: Exercise, item: StudentItemKey | None, *, path: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what that learner's page may know (``None``: nobody's in particular).

    The learner's own data and order, the same whenever it is asked for; see ``public``.
    """
    own = instance_of(grader, exercise, item)
    return public(grader, own, seed=seed_of(item, series_named(exercise)), path=path)


def log_file(grader: str, exercise: Exercise, item: StudentItemKey | None) -> str | None:
    """Return the logger's file of that learner's exercise as text; ``None`` if it has no year.

    ``climate.file`` in the exercise says in whose form. Of the graders ``intervals`` and
    ``workbook``.
    """
    series = _load(grader).readings(instance_of(grader, exercise, item))
    return write_log(series, exercise["climate"].get("file", "table")) if series else None


def log_rows(
    grader: str, exercise: Exercise, item: StudentItemKey | None
) -> Iterator[tuple[datetime, float | None, float | None]]:
    """Yield time, °C and % RH of each reading of that learner's year; nothing without one."""
    series = _load(grader).readings(instance_of(grader, exercise, item))
    for time, t, rh in rows_of(series) if series else ():
        yield time, float(t) if t else None, float(rh) if rh else None


def own_model_answer(
    grader: str, exercise: Exercise, item: StudentItemKey | None
) -> dict[str, Any]:
    """Return an answer of that learner that scores 1."""
    return model_answer(grader, instance_of(grader, exercise, item))


def model_answer(grader: str, exercise: Exercise) -> dict[str, Any]:
    """Return an answer that scores 1; raises ``KeyError`` for an unknown grader."""
    answer: dict[str, Any] = _load(grader).model_answer(exercise)
    return answer


def _load(grader: str) -> Any:
    if grader not in ENGINES:
        raise KeyError(grader)
    return import_module(f"grading.graders.{grader}")
