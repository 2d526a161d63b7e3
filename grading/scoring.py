"""Grade one answer; a mark to and from what is stored; a mark as a learner may see it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext

from grading.data import Mark, ScoreLine
from grading.graders import GRADERS

DECIMALS = 4


class FeedbackLevel(IntEnum):
    """How much of a mark a learner sees; each level adds to the one before."""

    SCORE = 0
    PLACE = 1
    REASON = 2
    ANSWER = 3


def grade(grader: str, exercise: Mapping[str, Any], answer: Any) -> Mark:
    """The mark of ``answer`` by the grader of that name.

    Raises ``KeyError`` for an unknown grader, ``InvalidExercise`` and ``InvalidAnswer``.
    """
    return GRADERS[grader](exercise, answer)


def dump_mark(mark: Mark) -> dict[str, Any]:
    """A mark as it is stored: untranslated, in the grader's own points."""
    return {
        "points": mark.points,
        "possible": mark.possible,
        "lines": [_dump_line(line) for line in mark.lines],
    }


def _dump_line(line: ScoreLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "points": line.points,
        "max": line.max,
        "template": line.template,
        "where": line.where,
        "params": dict(line.params),
        "refs": [dict(ref) for ref in line.refs],
        "kind": line.kind,
        "expected": line.expected,
    }


def load_mark(stored: Mapping[str, Any]) -> Mark:
    """The mark that ``dump_mark`` stored."""
    lines = tuple(
        ScoreLine(**{**line, "refs": tuple(line.get("refs", ()))}) for line in stored["lines"]
    )
    return Mark(points=stored["points"], possible=stored["possible"], lines=lines)


def show_mark(mark: Mark, points: int, level: int, answer_shown: bool) -> dict[str, Any]:
    """A mark for the browser, in an exercise's ``points``, no more of it than may be seen.

    ``level`` is the author's ``FeedbackLevel``. Model values are shown only with the answer
    (``answer_shown``); no message quotes them.
    """
    scale = points / mark.possible if mark.possible else 0.0
    lines = mark.lines if level >= FeedbackLevel.PLACE else ()
    return {
        "score": round(mark.score, DECIMALS),
        "points": round(mark.score * points, DECIMALS),
        "possible": points,
        "lines": [_show_line(line, scale, level, answer_shown) for line in lines],
    }


def _show_line(line: ScoreLine, scale: float, level: int, answer_shown: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "points": round(line.points * scale, DECIMALS),
        "max": round(line.max * scale, DECIMALS),
        "where": line.where,
        "kind": line.kind,
    }
    if level >= FeedbackLevel.REASON:
        shown |= {
            "code": line.code,
            "message": _message(line),
            "refs": [dict(ref) for ref in line.refs],
        }
    if level >= FeedbackLevel.ANSWER and answer_shown and line.expected:
        shown["expected"] = line.expected
    return shown


def _message(line: ScoreLine) -> str:
    sentence = gettext(line.template)
    return sentence % line.params if line.params else sentence
