"""A score came: the learner's subsection and course grades follow in the same transaction.

Three statements: the line is locked, written, and what happened is added to the history. A score
that is the same as before, as after many a wrong answer, is only added to the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from delivery.grades.lines import lock_line, read_raw, sheet_of, write_line
from delivery.grades.models import ScoreChange
from delivery.grades.plan import plan_at
from delivery.grades.sheets import set_score
from delivery.prepared import insert
from delivery.tree import CourseTree


@dataclass(frozen=True, slots=True)
class NewScore:
    """Raw points that a block has from now on, or ``None``; given ones come weighted.

    ``counts``: they are what the block's row now says, not set aside or refused. ``moves``: that
    row, held since it was read, said something else before.
    """

    usage_key: str
    earned: float | None
    possible: float | None
    kind: str = ScoreChange.Kind.SUBMISSION
    is_weighted: bool = False
    counts: bool = True
    moves: bool = True
    is_late: bool = False
    reason: str = ""
    made_by: int | None = None


def count_scores(
    tree: CourseTree, course_id: int, user_id: int, scores: Sequence[NewScore]
) -> None:
    """Count scores that were just written to the learner's rows, and keep their history."""
    now = timezone.now()
    counted = [score for score in scores if score.counts and score.moves]
    if counted:
        _count(tree, course_id, user_id, counted, now)
    insert([change_of(course_id, user_id, score, now) for score in scores])


def _count(
    tree: CourseTree, course_id: int, user_id: int, scores: Sequence[NewScore], now: datetime
) -> None:
    plan = plan_at(tree, now)
    line = lock_line(course_id, user_id)
    sheet = sheet_of(plan, line)
    if sheet is None:
        sheet, _last = read_raw(plan, course_id, user_id)
    for score in scores:
        position = plan.positions.get(score.usage_key)
        if position is not None:
            set_score(
                plan,
                sheet,
                position,
                score.earned,
                score.possible,
                is_weighted=score.is_weighted,
            )
    write_line(plan, line, sheet, now)


def change_of(course_id: int, user_id: int, score: NewScore, now: datetime) -> ScoreChange:
    """The row of history that a score makes."""
    return ScoreChange(
        user_id=user_id,
        course_id=course_id,
        usage_key=score.usage_key,
        kind=score.kind,
        earned=score.earned,
        possible=score.possible,
        counts=score.counts,
        is_late=score.is_late,
        reason=score.reason,
        made_by=score.made_by,
        made_at=now,
    )
