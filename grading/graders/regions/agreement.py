"""How far several experts agree on one picture, and what follows for its exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.reading import answer_node
from grading.graders.regions.exercise import MOST_REGIONS, Exercise, read_exercise, read_marks
from grading.graders.regions.matching import Match, match

MOST_EXPERTS = 6
LEAST_STEP, MOST_STEP = 0.2, 0.5
"""Bounds of the overlap that is proposed for full credit."""

TOO_FEW = _("At least two experts must have marked something.")


class _Pair(NamedTuple):
    """One expert's marks taken as the reference of another's."""

    first: int
    second: int
    reference: Exercise
    matches: tuple[Match, ...]
    given: tuple[str, ...]


def agreement(exercise: Mapping[str, Any], experts: Sequence[Any]) -> dict[str, Any]:
    """Return how far experts agree who each marked areas of the same picture.

    ``experts`` are answers. ``{"iou", "kappa", "t1", "unsure"}``: the mean overlap of what two of
    them both marked, Cohen's kappa of the classes (what only one marked is a class of its own),
    the overlap to be proposed for full credit (the lower quartile, within 0.2 to 0.5), and the
    shapes that fewer than half of the others marked, to be proposed as areas to be ignored.
    Raises InvalidExercise for the exercise and InvalidAnswer for what an expert marked.
    """
    base = read_exercise(exercise)
    if len(experts) > MOST_EXPERTS:
        raise answer_node(None, "experts").fail(faults.TOO_MANY, most=MOST_EXPERTS)
    answers = [_read_areas(base, answer, number) for number, answer in enumerate(experts)]
    marked = [number for number, marks in enumerate(answers) if marks]
    if len(marked) < 2:
        raise answer_node(None, "experts").fail(TOO_FEW)
    pairs = list(_compare(exercise, answers, marked))
    overlaps = sorted(one.verdict.iou for pair in pairs for one in pair.matches)
    quartile = overlaps[len(overlaps) // 4] if overlaps else MOST_STEP
    return {
        "iou": sum(overlaps) / len(overlaps) if overlaps else 0.0,
        "kappa": sum(map(_kappa, pairs)) / len(pairs),
        "t1": round(min(max(quartile, LEAST_STEP), MOST_STEP), 2),
        "unsure": _unsure(answers, marked, pairs),
    }


def _read_areas(base: Exercise, answer: Any, number: int) -> list[dict[str, Any]]:
    """Return an expert's areas as they could stand in an exercise."""
    node = answer_node(answer, f"experts[{number}]")
    read_marks(node, base)
    areas = []
    for row in node.get("marks").list(most=MOST_REGIONS):
        kept = {name: row.value[name] for name in ("poly", "line") if row.has(name)}
        if kept and row.get("cls").text("").strip():
            areas.append({"cls": row.value["cls"], "sev": row.value.get("sev") or 0, **kept})
    return areas


def _compare(
    exercise: Mapping[str, Any], answers: Sequence[list[dict[str, Any]]], marked: Sequence[int]
) -> Iterator[_Pair]:
    shared = {name: exercise[name] for name in ("families", "settings") if name in exercise}
    for first, second in permutations(marked, 2):
        reference = read_exercise({**shared, "regions": answers[first]})
        marks = read_marks(answer_node({"marks": answers[second]}), reference)
        found = match(reference, marks).matches
        yield _Pair(first, second, reference, found, tuple(mark.cls for mark in marks))


def _kappa(pair: _Pair) -> float:
    """Return Cohen's kappa: agreement beyond that of chance (J. Cohen 1960)."""
    rows = [
        (pair.reference.regions[i].cls, pair.given[j])
        for one in pair.matches
        for i in one.regions
        for j in one.marks[:1]
    ]
    met = {i for one in pair.matches for i in one.regions}
    used = {j for one in pair.matches for j in one.marks}
    rows += [(r.cls, "") for i, r in enumerate(pair.reference.regions) if i not in met]
    rows += [("", cls) for j, cls in enumerate(pair.given) if j not in used]
    total = len(rows)
    observed = sum(first == second for first, second in rows) / total
    left, right = Counter(first for first, _ in rows), Counter(second for _, second in rows)
    expected = sum(left[cls] * right[cls] for cls in left) / total**2
    return 1.0 if expected == 1.0 else (observed - expected) / (1.0 - expected)


def _unsure(
    answers: Sequence[list[dict[str, Any]]], marked: Sequence[int], pairs: Sequence[_Pair]
) -> list[dict[str, Any]]:
    """Return the shapes that fewer than half of the other experts marked."""
    votes: Counter[tuple[int, int]] = Counter(
        (pair.first, i) for pair in pairs for one in pair.matches for i in one.regions
    )
    return [
        {name: shape for name, shape in area.items() if name in ("poly", "line")}
        for number in marked
        for i, area in enumerate(answers[number])
        if 2 * votes[number, i] < len(marked) - 1
    ]
