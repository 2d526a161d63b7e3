"""The history of scores: what happened, added to and read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from delivery.grades.counting import NewScore, change_of
from delivery.grades.data import HistoryEntry
from delivery.grades.models import ScoreChange
from delivery.models import Course
from delivery.prepared import insert


def keep_changes(course_id: int, scores: Iterable[tuple[int, NewScore]]) -> None:
    """Add what happened to the scores of many learners, named by account; grades do not follow.

    For who wrote many scores at once and lets ``recompute`` bring the learners up to date.
    """
    now = timezone.now()
    insert([change_of(course_id, user_id, score, now) for user_id, score in scores])


def read_history(
    course: Course, user_id: int, usage_keys: Sequence[str] | None = None
) -> list[HistoryEntry]:
    """What happened to a learner's scores, latest first; of some parts alone if they are named."""
    rows = ScoreChange.objects.filter(course_id=course.pk, user_id=user_id)
    if usage_keys is not None:
        rows = rows.filter(usage_key__in=usage_keys)
    return [
        HistoryEntry(
            usage_key=row.usage_key,
            kind=row.kind,
            kind_name=row.get_kind_display(),
            earned=row.earned,
            possible=row.possible,
            counts=row.counts,
            is_late=row.is_late,
            due=row.due,
            reason=row.reason,
            made_by=row.made_by,
            made_at=row.made_at,
        )
        for row in rows.order_by("-pk")
    ]
