"""Grading marks on a picture: where the damage is, what it is, how grave.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from grading.data import InvalidExercise, Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.graders.lines import add_up, cap, charge_line, limit_charges, line_of, unanswered
from grading.graders.reading import answer_node
from grading.graders.regions.exercise import (
    PLACES,
    Exercise,
    Region,
    Shape,
    read_exercise,
    read_marks,
)
from grading.graders.regions.exercise import Mark as Drawn
from grading.graders.regions.matching import Match, Verdict, match
from grading.graders.regions.raster import share_within, some_point

__all__ = [
    "PLACES",
    "check",
    "find_faults",
    "grade",
    "model_answer",
    "public",
    "reference",
    "report",
]

ANSWER = _("An answer is an object with marks.")
RIGHT = _("%(cls)s: place, kind and severity are right.")
PARTS = {
    "exact": _("%(cls)s: %(loc)s %% of the place; the kind is right; %(sev)s %% of the severity."),
    "family": _(
        "%(cls)s: %(loc)s %% of the place; the kind is a near relation of the right one; "
        "%(sev)s %% of the severity."
    ),
    "other": _("%(cls)s: %(loc)s %% of the place, but the kind is another."),
}
CONFUSED = _("%(cls)s: %(loc)s %% of the place, but look again: %(message)s")
ACTIVE = _("%(cls)s: whether this is active or stable must be judged again.")
MISSED = _("A damage is not marked.")
DECOY = _("%(cls)s: this is no damage. %(message)s")
EXTRA = _("%(cls)s: there is no such damage here.")
FREE = _("%(cls)s: there is no such damage here; so much is free.")
IGNORED = _("%(cls)s: whether this is damage can be argued; it counts neither way.")
CRITICAL = _(
    "A damage that must never be overlooked is not marked: at most %(cap)s %% can be earned."
)


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade marks on a picture: place, kind and severity of each damage of a page.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read, marks = _read(exercise, answer)
    if not marks:
        return unanswered("regions", read.possible)
    order = sorted(range(len(marks)), key=lambda j: _sort_key(marks[j]))
    found = match(read, [marks[j] for j in order])
    matches = [_rename(one, order) for one in found.matches]
    lines = [_match_line(read, marks, one) for one in matches]
    matched = {i for one in matches for i in one.regions}
    missed = [region for i, region in enumerate(read.regions) if i not in matched]
    lines += [_missed_line(read, region) for region in missed]
    taken = {j for one in matches for j in one.marks}
    lines += _extra_lines(read, marks, taken, found.worth)
    if any(region.cls in read.settings.critical for region in missed):
        share = read.settings.cap
        lines = cap(lines, share, "regions.critical", CRITICAL, cap=f"{100 * share:g}")
    return add_up(lines)


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_exercise(exercise)


def public(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page may know: the choices, never regions, decoys or ignored areas.

    ``observations`` and ``cells`` describe the picture for those who cannot see it; they name no
    region. Raises InvalidExercise.
    """
    read = read_exercise(exercise)
    return {
        "classes": [
            {"id": cls, "text": read.label(cls), "definition": read.definitions.get(cls, "")}
            for cls in read.classes
        ],
        "observations": list(read.observations),
        "cells": [dict(cell) for cell in read.cells],
        "levels": read.settings.levels,
        "modes": list(read.settings.modes),
        "grid": list(read.settings.grid),
        "aspect": read.settings.aspect,
        "asks_active": bool(read.settings.w_act),
        "fp": read.settings.fp,
        "fp_free": read.settings.fp_free,
    }


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    read = read_exercise(exercise)
    mode = read.settings.modes[0]
    marks = []
    for region in read.regions:
        given: dict[str, Any] = {"cls": region.cls, "sev": region.sev}
        if region.active is not None:
            given["active"] = region.active
        marks.append(given | _model_shape(read, region, mode))
    return {"marks": marks}


def reference(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return the truth as it is drawn over the picture once it may be shown.

    ``{"regions": [{"cls", "sev", "active", "text", "place", "poly" or "line"}], "ignore": [shape],
    "decoys": [{shape, "message"}]}``. Raises InvalidExercise.
    """
    read = read_exercise(exercise)
    return {
        "regions": [
            {
                "cls": region.cls,
                "sev": region.sev,
                "active": region.active,
                "text": region.text,
                "place": min(region.places, key=PLACES.index),
                **_shape_of(region.shape),
            }
            for region in read.regions
        ],
        "ignore": [_outline(row) for row in exercise.get("ignore") or ()],
        "decoys": [
            {**_outline(row), "message": row.get("message") or ""}
            for row in exercise.get("decoys") or ()
        ],
    }


def find_faults(exercise: Any) -> Iterator[InvalidExercise]:
    """Yield the first fault of every part of an exercise: of each region, and of the rest."""
    if not isinstance(exercise, Mapping) or not isinstance(exercise.get("regions"), list):
        yield from _first_fault(exercise)
        return
    is_found = False
    for number, region in enumerate(exercise["regions"]):
        for fault in _first_fault({**exercise, "regions": [region]}):
            place = fault.where
            if place.startswith("regions[0]"):
                is_found = True
                where = place.replace("[0]", f"[{number}]", 1)
                yield InvalidExercise(fault.template, where, **fault.params)
    if not is_found:
        yield from _first_fault(exercise)


def _first_fault(exercise: Any) -> Iterator[InvalidExercise]:
    try:
        read_exercise(exercise)
    except InvalidExercise as fault:
        yield fault


def report(exercise: Mapping[str, Any], answer: Any) -> dict[str, Any]:
    """Return what a teacher compares: recall, precision, mean IoU of the matches, confusions.

    ``confusion`` lists ``[true class, given class, count]``; the given class of what was missed
    and the true class of what is not there are empty. Raises like ``grade``.
    """
    read, marks = _read(exercise, answer)
    matches = match(read, marks).matches
    pairs: Counter[tuple[str, str]] = Counter()
    hit = {i for one in matches for i in one.regions}
    used = {j for one in matches for j in one.marks}
    for one in matches:
        pairs.update((read.regions[i].cls, marks[one.marks[0]].cls) for i in one.regions)
    pairs.update((r.cls, "") for i, r in enumerate(read.regions) if i not in hit)
    pairs.update(("", m.cls) for j, m in enumerate(marks) if j not in used)
    return {
        "recall": len(hit) / len(read.regions),
        "precision": len(used) / len(marks) if marks else 0.0,
        "mean_iou": sum(one.verdict.iou for one in matches) / len(matches) if matches else 0.0,
        "confusion": [[true, given, count] for (true, given), count in sorted(pairs.items())],
    }


def _read(exercise: Any, answer: Any) -> tuple[Exercise, list[Drawn]]:
    read = read_exercise(exercise)
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    return read, read_marks(node, read)


def _sort_key(mark: Drawn) -> tuple[Any, ...]:
    """Return by what marks are put in order, so that their order in the answer tells nothing."""
    severity = -1 if mark.sev is None else mark.sev
    return mark.kind, mark.cls, severity, str(mark.active), mark.shape.cells, mark.place, mark.point


def _rename(one: Match, order: list[int]) -> Match:
    return one._replace(marks=tuple(sorted(order[j] for j in one.marks)))


def _match_line(read: Exercise, marks: list[Drawn], one: Match) -> ScoreLine:
    value = sum(read.regions[i].value for i in one.regions)
    region, given = read.regions[one.regions[0]], marks[one.marks[0]]
    where = ", ".join(f"marks[{j}]" for j in one.marks)
    verdict = one.verdict
    params: dict[str, Any] = {"cls": read.label(given.cls)}
    expected = read.label(region.cls)
    if verdict.quality >= 1.0 - 1e-12:
        return line_of("regions.right", value, value, RIGHT, where, **params)
    points = value * verdict.quality
    if verdict.active == 0.0 and verdict.loc == verdict.cls == verdict.sev == 1.0:
        return line_of("regions.active", points, value, ACTIVE, where, expected=expected, **params)
    params["loc"] = f"{100 * verdict.loc:.0f}"
    message = read.confusions.get((region.cls, given.cls))
    if message:
        params["message"] = message
        code = "regions.confused"
        return line_of(code, points, value, CONFUSED, where, expected=expected, **params)
    kind = _class_kind(verdict)
    if kind != "other":
        params["sev"] = f"{100 * (verdict.sev or 0.0):.0f}"
    code = f"regions.{kind}"
    return line_of(code, points, value, PARTS[kind], where, expected=expected, **params)


def _class_kind(verdict: Verdict) -> str:
    if verdict.cls == 1.0:
        return "exact"
    return "family" if verdict.cls else "other"


def _missed_line(read: Exercise, region: Region) -> ScoreLine:
    expected = " · ".join(filter(None, (read.label(region.cls), region.text)))
    return line_of("regions.missed", 0.0, region.value, MISSED, expected=expected)


def _extra_lines(
    read: Exercise, marks: list[Drawn], taken: set[int], earned: float
) -> list[ScoreLine]:
    """Return the lines of marks that answer no region: after the free ones each costs."""
    settings = read.settings
    extras = [j for j in range(len(marks)) if j not in taken]
    ignored = {j for j in extras if share_within(marks[j].shape.cells, read.ignored) > 0.5}
    counted = [j for j in extras if j not in ignored]
    mean = read.possible / len(read.regions)
    charges = [0.0] * min(settings.fp_free, len(counted))
    charges += [settings.fp * mean] * (len(counted) - len(charges))
    costs = dict(zip(counted, limit_charges(charges, earned), strict=True))
    lines = []
    for j in extras:
        where, cls = f"marks[{j}]", read.label(marks[j].cls)
        if j in ignored:
            lines.append(line_of("regions.ignored", 0.0, 0.0, IGNORED, where, cls=cls))
            continue
        decoy = next((d for d in read.decoys if _lies_in(marks[j], d.cells)), None)
        if decoy:
            message = decoy.message
            params = {"cls": cls, "message": message}
            lines.append(charge_line("regions.decoy", costs[j], DECOY, where, **params))
        elif j in counted[: settings.fp_free]:
            lines.append(line_of("regions.free", 0.0, 0.0, FREE, where, cls=cls))
        else:
            lines.append(charge_line("regions.extra", costs[j], EXTRA, where, cls=cls))
    return lines


def _lies_in(mark: Drawn, cells: int) -> bool:
    return share_within(mark.shape.cells, cells) > 0.5


def _model_shape(read: Exercise, region: Region, mode: str) -> dict[str, Any]:
    if mode == "points":
        settings = read.settings
        cells = region.shape.cells or region.shape.grown(settings)
        return {"point": list(some_point(cells))}
    if mode == "grid":
        columns = read.settings.grid[0]
        return {"cells": [[n % columns, n // columns] for n in sorted(region.fields)]}
    if mode == "described":
        return {"place": min(region.places, key=PLACES.index)}
    return _shape_of(region.shape)


def _shape_of(shape: Shape) -> dict[str, Any]:
    points = [list(point) for point in shape.points]
    return {"line": points} if shape.is_line else {"poly": points}


def _outline(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape of a part of an exercise that was read before."""
    return {name: row[name] for name in ("line", "poly") if name in row}
