"""Grading a salvage order: how much of the value of wet lots is saved.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading.data import Mark
from grading.data import gettext_noop as _
from grading.graders.lines import add_up, charge_line, line_of, unanswered
from grading.graders.reading import answer_node
from grading.graders.salvage.exercise import Event, Exercise, read_exercise, simulate, value_of
from grading.graders.shuffling import sort_by_seed

__all__ = ["check", "grade", "log", "model_answer", "public"]

MOST_GIVEN = 100

ANSWER = _("An answer is an object with an order.")
SAVED = _("%(saved)s of %(total)s of the value is saved.")
WHOLE = _("«%(item)s» is dealt with by hour %(hour)s and saved whole.")
PART = _("«%(item)s» is dealt with only by hour %(hour)s: %(share)s %% of it is lost.")
LEFT = _("Lots that are not dealt with at all and so are lost: %(count)s.")


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade the order in which wet lots are salvaged: value saved, between worst and best.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = read_exercise(exercise)
    events = _run(read, answer)
    possible = read.best_value - read.worst_value
    if not events:
        return unanswered("salvage", possible)
    saved, total = value_of(events), sum(item.value for item in read.items.values())
    points = min(max(saved - read.worst_value, 0.0), possible)
    params = {"saved": f"{saved:.4g}", "total": f"{total:.4g}"}
    lines = [line_of("salvage.saved", points, possible, SAVED, "order", **params)]
    for number, event in enumerate(events):
        item = read.items[event.id]
        where, hour = f"order[{number}]", f"{event.end:g}"
        lost = 1.0 - event.saved / item.value
        if lost < 1e-9:
            lines.append(
                line_of("salvage.whole", 0.0, 0.0, WHOLE, where, item=item.text, hour=hour)
            )
        else:
            params = {"item": item.text, "hour": hour, "share": f"{100 * lost:.0f}"}
            lines.append(line_of("salvage.part", 0.0, 0.0, PART, where, **params))
    left = len(read.items) - len(events)
    if left:
        lines.append(charge_line("salvage.left", 0.0, LEFT, "order", count=left))
    return add_up(lines)


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_exercise(exercise)


def public(exercise: Mapping[str, Any], seed: str = "") -> dict[str, Any]:
    """Return what the page may know: the lots in the order of ``seed``; raises InvalidExercise.

    How long a lot keeps is not told: that is what the trainee must know.
    """
    read = read_exercise(exercise)
    items = sort_by_seed(read.items.values(), lambda item: item.id, seed, "items")
    return {
        "items": [
            {"id": i.id, "text": i.text, "value": i.value, "work_hours": i.work_hours}
            for i in items
        ],
        "teams": read.teams,
        "start_h": read.start_h,
    }


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    return {"order": list(read_exercise(exercise).best)}


def log(exercise: Mapping[str, Any], answer: Any) -> list[Event]:
    """Return what happens lot by lot, in the order of work; raises like ``grade``."""
    return _run(read_exercise(exercise), answer)


def _run(read: Exercise, answer: Any) -> list[Event]:
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    names = [row.text("") for row in node.get("order").list(most=MOST_GIVEN)]
    known = [name for name in dict.fromkeys(names) if name in read.items]
    return simulate(read.items, read.teams, read.start_h, known)
