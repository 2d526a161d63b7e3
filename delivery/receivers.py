"""Scores that reach the site from outside a learner's request, by Open edX's submissions app.

As in the LMS, a given score counts in place of what the block published, until it is reset.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from delivery.grades.counting import NewScore, count_scores
from delivery.grades.models import ScoreChange
from delivery.models import Block, Completion, Course, Enrollment, LearnerState
from delivery.runtime.events import is_completed_by_score
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.tree import load_tree
from grading.api import exact_score


@transaction.atomic
def count_given_score(
    anonymous_user_id: str,
    course_id: str,
    item_id: str,
    points_earned: int,
    points_possible: int,
    created_at: datetime,
    **kwargs: Any,
) -> None:
    """Let a given score count; one of 0 points possible counts for nothing, by convention."""
    enrollment = _find_enrollment(anonymous_user_id, course_id)
    if enrollment is None:
        return
    if not points_possible:
        _forget_given_score(enrollment, item_id)
        return
    [row] = hold_rows(enrollment.course_id, item_id, [enrollment.user_id])
    if row.given_at is None:
        row.published_earned, row.published_possible = row.earned, row.possible
    was_scored = row.earned is not None
    row.earned, row.possible = exact_score(
        anonymous_user_id, course_id, item_id, min(points_earned, points_possible), points_possible
    )
    row.scored_at = row.given_at = created_at
    row.save()
    _count(enrollment, row, ScoreChange.Kind.STAFF)
    if not was_scored:
        complete_by_score(enrollment.course, item_id, [enrollment.user_id])


@transaction.atomic
def count_published_score(
    anonymous_user_id: str, course_id: str, item_id: str, **kwargs: Any
) -> None:
    """Let what the block published count again."""
    enrollment = _find_enrollment(anonymous_user_id, course_id)
    if enrollment is not None:
        _forget_given_score(enrollment, item_id)


def _find_enrollment(anonymous_id: str, course_id: str) -> Enrollment | None:
    """Whose score it is; ``None`` for somebody whom the site does not know (any more)."""
    return (
        Enrollment.objects.filter(anonymous_id=anonymous_id, course__key=course_id)
        .select_related("course")
        .first()
    )


def hold_rows(course_id: int, usage_key: str, user_ids: Iterable[int]) -> list[LearnerState]:
    """The learners' rows of a block, made if need be, locked until the transaction ends.

    What the block keeps in them is not read.
    """
    wanted = sorted(user_ids)
    key = {"course_id": course_id, "usage_key": usage_key}
    rows = LearnerState.objects.filter(**key, user_id__in=wanted)
    held = list(rows.select_for_update().order_by("user_id").defer("state"))
    if len(held) == len(wanted):
        return held
    known = {row.user_id for row in held}
    LearnerState.objects.bulk_create(
        [LearnerState(**key, user_id=user_id) for user_id in wanted if user_id not in known],
        ignore_conflicts=True,
    )
    return list(rows.select_for_update().order_by("user_id").defer("state"))


def _forget_given_score(enrollment: Enrollment, item_id: str) -> None:
    [row] = hold_rows(enrollment.course_id, item_id, [enrollment.user_id])
    if row.given_at is None:
        return
    row.earned, row.possible = row.published_earned, row.published_possible
    row.given_at = row.published_earned = row.published_possible = None
    row.save()
    _count(enrollment, row, ScoreChange.Kind.RESET)


def _count(enrollment: Enrollment, row: LearnerState, kind: str) -> None:
    """Let the learner's grades follow the points that their row has now."""
    version_id = enrollment.course.current_version_id
    if version_id is None:
        return
    score = NewScore(
        row.usage_key, row.earned, row.possible, kind=kind, is_weighted=row.given_at is not None
    )
    count_scores(load_tree(version_id), enrollment.course_id, enrollment.user_id, [score])


def complete_by_score(course: Course, usage_key: str, user_ids: Collection[int]) -> None:
    """A first score completes a block for learners, as a published one does."""
    block = Block.objects.filter(version_id=course.current_version_id, usage_key=usage_key).first()
    if block is None or not user_ids:
        return
    try:
        block_class = load_block_class(block.block_type)
    except BlockTypeMissing:
        return
    if is_completed_by_score(block_class):
        Completion.objects.bulk_create(
            [
                Completion(course=course, usage_key=usage_key, user_id=user_id, completion=1.0)
                for user_id in user_ids
            ],
            update_conflicts=True,
            update_fields=["completion", "updated_at"],
            unique_fields=unique_columns("user", "course", "usage_key"),
        )


def unique_columns(*names: str) -> list[str] | None:
    """The columns that make a row one, where the database wants to be told."""
    return list(names) if connection.features.supports_update_conflicts_with_target else None
