"""The grader «rubric»: the points that a person gave by each criterion, added up.

The judging is done by people; what is left to a machine is that the marks fit the rubric and what
they come to. ``README.md`` beside this file explains the exercise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grading.data import InvalidExercise, Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.graders.lines import add_up, kind_of
from grading.graders.reading import Node, answer_node, exercise_node
from grading.graders.rubric.exercise import (
    MOST_CRITERIA,
    Accepts,
    Criterion,
    Level,
    Rubric,
    read_criterion,
    read_rubric,
)

__all__ = [
    "Accepts",
    "Criterion",
    "Level",
    "Rubric",
    "find_rubric_faults",
    "grade",
    "read_rubric",
]

LONGEST_COMMENT = 5_000
STEP = 100  # marks are given in hundredths of a point

_LINE = _("%(criterion)s")
_LEVEL_LINE = _("%(criterion)s: %(level)s")
_NO_CRITERION = _("No criterion is called «%(name)s».")
_NO_MARK = _("This criterion has no points yet.")
_NOT_IN_RANGE = _("The level “%(level)s” is worth from %(least)s to %(most)s points.")
_HUNDREDTHS = _("Points may have two decimals.")


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Add up the points that a person gave by each criterion of a rubric.

    ``answer`` has ``marks``: ``{criterion's id: {"points", "level", "comment"}}``; what the
    learner wrote may stand beside them. Raises ``InvalidExercise`` and ``InvalidAnswer``.
    """
    rubric = read_rubric(exercise)
    marks = answer_node(answer).get("marks")
    known = {criterion.id for criterion in rubric.criteria}
    for name in marks.object():
        if name not in known:
            raise Node(None, marks.join(str(name)), marks.error).fail(_NO_CRITERION, name=name)
    lines = tuple(_line(criterion, marks.get(criterion.id)) for criterion in rubric.criteria)
    return add_up(lines)


def _line(criterion: Criterion, mark: Node) -> ScoreLine:
    given = mark.get("points")
    if given.value is None:
        raise given.fail(_NO_MARK)
    points = given.number(0.0, 0.0, criterion.most)
    if abs(points * STEP - round(points * STEP)) > 1e-6:
        raise given.fail(_HUNDREDTHS)
    level = _level(criterion, mark, points)
    comment = mark.get("comment").text("", LONGEST_COMMENT)
    params = {"criterion": criterion.name, "level": level.name if level else ""}
    return ScoreLine(
        code=f"rubric.{criterion.id}",
        points=points,
        max=criterion.most,
        template=_LEVEL_LINE if level else _LINE,
        where=mark.where,
        params=params | ({"comment": comment} if comment else {}),
        kind=kind_of(points, criterion.most),
    )


def _level(criterion: Criterion, mark: Node, points: float) -> Level | None:
    """The level that the mark names, or the first one in whose range the points are."""
    named = mark.get("level")
    if named.value is None:
        return next((level for level in criterion.levels if level.holds(points)), None)
    level = criterion.levels[named.whole(None, 0, len(criterion.levels) - 1)]
    if not level.holds(points):
        given = mark.get("points")
        raise given.fail(
            _NOT_IN_RANGE, level=level.name, least=f"{level.least:g}", most=f"{level.most:g}"
        )
    return level


def find_rubric_faults(exercise: Any) -> Iterator[InvalidExercise]:
    """The first fault of every criterion, for an author who mends them all."""
    root = exercise_node(exercise)
    try:
        criteria = root.get("criteria").list(0, MOST_CRITERIA)
    except InvalidExercise:
        return
    for criterion in criteria:
        try:
            read_criterion(criterion)
        except InvalidExercise as fault:
            yield fault
