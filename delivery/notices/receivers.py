"""What ``grading`` tells the site, as notices for those whom it concerns."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import formats, timezone

from delivery.models import Enrollment
from delivery.notices.api import notify
from delivery.tree import CourseTree, load_tree
from grading.staff import TaskMoved

KINDS = {
    "graded": "task_graded",
    "returned": "task_returned",
    "answered": "review_answered",
    "appealed": "review_asked",
}


def tell_of_task(moved: TaskMoved, **kwargs: Any) -> None:
    """Tell the learner, or of a request for review whoever gave the grade."""
    found = Enrollment.objects.filter(
        anonymous_id=moved.item["student_id"], course__key=moved.item["course_id"]
    )
    enrollment = found.select_related("course").first()
    if enrollment is None or enrollment.course.current_version_id is None:
        return
    course = enrollment.course
    tree = load_tree(enrollment.course.current_version_id)
    key = moved.item["item_id"]
    if key not in tree.blocks:
        return
    params: dict[str, Any] = {"task": tree.blocks[key].display_name}
    kind = KINDS[moved.what]
    if moved.due_at is not None:
        kind = "task_returned_due"
        params["due"] = formats.date_format(
            timezone.localtime(moved.due_at), "SHORT_DATETIME_FORMAT"
        )
    for user_id in _readers(moved, enrollment):
        path = (
            reverse("grading_room", args=[course.key, key])
            if moved.what == "appealed"
            else _page_of(tree, course.key, key)
        )
        notify(user_id, kind, params, path, course_id=course.pk)


def _readers(moved: TaskMoved, enrollment: Enrollment) -> list[int]:
    """The learner; of a request for review who graded or, if nobody in particular, who teaches."""
    if moved.what != "appealed":
        return [enrollment.user_id]
    if moved.grader.isdigit():
        return [int(moved.grader)]
    teachers = Enrollment.objects.filter(
        course=enrollment.course, role=Enrollment.Role.INSTRUCTOR, is_active=True
    )
    return list(teachers.values_list("user_id", flat=True))


def _page_of(tree: CourseTree, course_key: str, usage_key: str) -> str:
    unit = tree.enclosing(usage_key, "vertical")
    if unit is None:
        return reverse("course", args=[course_key])
    return f"{reverse('unit', args=[course_key, unit.usage_key])}#{quote(usage_key)}"
