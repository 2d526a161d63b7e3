"""When the grades of a course are worked out anew by themselves: new versions, parts that open."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from delivery.grades.models import LearnerGrade
from delivery.grades.plan import plan_at
from delivery.grades.recomputing import recompute
from delivery.models import Course
from delivery.tree import load_tree
from jobs.api import Beat, Effect, enqueue

TASK = "delivery.recompute_grades"


def schedule(course_id: int, *, at: datetime | None = None) -> None:
    """Let the lines that are out of date be worked out, now or at a time, if there are lines."""
    if LearnerGrade.objects.filter(course_id=course_id).exists():
        dedupe = None if at is None else f"{TASK}:{course_id}:{at.isoformat()}"
        enqueue(TASK, {"course": course_id}, run_after=at, dedupe=dedupe)


def recompute_stale(course_id: int, beat: Beat) -> Effect | None:
    """Bring all lines of a course up to date; the effect sees to the next part that opens."""
    course = Course.objects.filter(pk=course_id).first()
    if course is None or course.current_version_id is None:
        return None
    recompute(course, only_stale=True, tell=beat)
    opens = plan_at(load_tree(course.current_version_id), timezone.now()).next_opening
    return (lambda: schedule(course_id, at=opens)) if opens else None
