"""Letting a score that a person gave count: here, and with the host."""

from __future__ import annotations

import math
from datetime import datetime

from grading import host, rows, scoring
from grading.human.records import TaskSettings
from grading.models import StudentItem, Submission, TaskGrading

GRADER = "rubric"


def count_grading(
    head: StudentItem, grading: TaskGrading, settings: TaskSettings, at: datetime
) -> None:
    """Keep a grading as the learner's mark for the answer, and tell the host; the head is locked.

    The submission that is kept has the marks beside the answer: the grader «rubric» can grade it
    again by a changed rubric, as a re-grade does with any other.
    """
    answer = grading.answer
    given = {"marks": grading.marks, "comment": grading.comment}
    mark = scoring.grade(GRADER, grading.exercise.exercise, given)
    last = head.last if head.last and head.last.attempt == answer.number else None
    submission = Submission(
        item=head,
        attempt=answer.number,
        rescored_from=last,
        answer={**answer.answer, **given},
        answer_sha256=answer.answer_sha256,
        idempotency_key=f"graded-{grading.uuid.hex}",
    )
    before = rows.ratio(head) if head.last else None
    rows.keep(submission, GRADER, grading.exercise_id, settings.points, mark)
    give(head, submission.score, before, settings.points, settings.weight, str(submission.uuid), at)
    rows.make_current(head, submission)


def give(
    head: StudentItem,
    score: float,
    before: float | None,
    points: int,
    weight: float | None,
    reason: str,
    at: datetime,
) -> None:
    """Tell the host a score (0-1) in whole points; the first one is rounded to the nearest.

    ``reason`` names our record. A score without possible points counts nothing and is not told.
    """
    possible = host.whole_possible(points, weight)
    if not possible:
        return
    head.score_given_at = at
    earned = (
        math.floor(round(score * possible, host.PRECISION) + 0.5)
        if before is None
        else host.whole_earned(score, possible, before)
    )
    host.give_score(rows.key_of(head), earned, possible, reason)
