"""Grading a rota: who works when, by rules that must be kept and wishes that should be.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading.data import Mark
from grading.data import gettext_noop as _
from grading.graders.lines import add_up, line_of, unanswered
from grading.graders.reading import answer_node
from grading.graders.rota.exercise import (
    MOST_PEOPLE,
    Exercise,
    Rota,
    find_breaches,
    read_exercise,
    softness,
)

__all__ = ["check", "grade", "model_answer", "public"]

HARD, SOFT = 0.7, 0.3
"""What keeping the rules earns, and what wishes and fairness earn of what is kept."""

ANSWER = _("An answer is an object with shifts.")
KEPT = _("«%(shift)s» is well staffed.")
REASONS = {
    "few": _("«%(shift)s»: more people are needed."),
    "many": _("«%(shift)s»: fewer people are needed."),
    "skill": _("«%(shift)s»: somebody with the skill this needs is missing."),
    "leave": _("«%(shift)s»: %(person)s is on leave."),
    "clash": _("«%(shift)s»: %(person)s works elsewhere at the same time."),
    "rest": _("«%(shift)s»: %(person)s has not rested long enough."),
    "hours": _("«%(shift)s»: %(person)s works more hours than allowed."),
}
WISHES = _("Wishes and weekends are met to %(share)s %% of what is possible.")


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade a rota: shifts staffed by the rules, wishes met, weekends spread.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = read_exercise(exercise)
    rota = _read_rota(read, answer)
    if not any(rota.values()):
        return unanswered("rota", 1.0)
    breaches = find_breaches(read, rota)
    spoilt = {breach.shift for breach in breaches}
    each = HARD / len(read.shifts)
    lines = []
    for name, shift in read.shifts.items():
        where = f"shifts.{name}"
        if name not in spoilt:
            lines.append(line_of("rota.kept", each, each, KEPT, where, shift=shift.text))
            continue
        first, *others = [breach for breach in breaches if breach.shift == name]
        for breach, most in ((first, each), *((other, 0.0) for other in others)):
            params = {"shift": shift.text}
            if breach.person:
                params["person"] = read.people[breach.person].text
            code = f"rota.{breach.kind}"
            lines.append(line_of(code, 0.0, most, REASONS[breach.kind], where, **params))
    kept = 1.0 - len(spoilt) / len(read.shifts)
    share = min(softness(read, rota) / read.best, 1.0) if read.best else 1.0
    shown = f"{100 * share:.0f}"
    points = SOFT * kept * share
    lines.append(line_of("rota.wishes", points, SOFT, WISHES, "shifts", share=shown))
    return add_up(lines)


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_exercise(exercise)


def public(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page may know: everything but the model; raises InvalidExercise."""
    read = read_exercise(exercise)
    sets = ("skills", "off", "wants", "avoids")
    return {
        "shifts": [
            {**shift._asdict(), "skills": dict(shift.skills)} for shift in read.shifts.values()
        ],
        "people": [
            {**person._asdict(), **{name: sorted(getattr(person, name)) for name in sets}}
            for person in read.people.values()
        ],
        "rest": read.settings.rest,
    }


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    model = read_exercise(exercise).model
    return {"shifts": {name: list(team) for name, team in model.items()}}


def _read_rota(read: Exercise, answer: Any) -> Rota:
    """Return who works when; shifts and people that are not known are left out."""
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    given = node.get("shifts")
    return {
        shift: tuple(
            dict.fromkeys(
                name
                for name in (row.text("") for row in given.get(shift).list(most=MOST_PEOPLE))
                if name in read.people
            )
        )
        for shift in read.shifts
    }
