"""Scores by practice, on their way to the host: edx-submissions, in whole points.

The host lets such a score win over what a block published (``docs/decisions/0013``).
"""

from __future__ import annotations

from submissions import api as submissions

from practicum.models import CourseItem


def give_score(item: CourseItem, earned: int, possible: int) -> None:
    """Let ``earned`` of ``possible`` points count for the trainee's side of a block."""
    student_item = {
        "student_id": item.student_id,
        "course_id": item.course_id,
        "item_id": item.item_id,
        "item_type": item.item_type,
    }
    given = submissions.create_submission(student_item, {"practice": item.programme})
    submissions.set_score(given["uuid"], earned, possible)
