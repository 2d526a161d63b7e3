"""The marks that count of one block, read from the database one by one, for ``analysis``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext

from grading.analysis import ElementAnalysis, ItemAnalysis, StudentMark, analyse
from grading.models import StudentItem

MARKS_AT_ONCE = 500


def analyse_item(
    course_id: str, item_id: str, totals: Mapping[str, float] | None = None
) -> ItemAnalysis:
    """What the marks of the learners' last submissions say of a block and its elements.

    ``totals`` tell by anonymous id what learners have in the rest of the course (0-1). One query;
    marks are held a few hundred at a time.
    """
    return analyse(_marks(course_id, item_id, totals or {}))


def newest_mark(course_id: str, item_id: str) -> int:
    """A number that grows whenever a mark of the block is added, by which analyses can be kept."""
    rows = StudentItem.objects.filter(course_id=course_id, item_id=item_id, last__isnull=False)
    return rows.order_by("-last_id").values_list("last_id", flat=True).first() or 0


def describe_element(element: ElementAnalysis) -> str:
    """What was missed, in words of the reader's language; it quotes no model value."""
    sentence = gettext(element.template)
    return sentence % element.params if element.params else sentence


def _marks(course_id: str, item_id: str, totals: Mapping[str, float]) -> Iterator[StudentMark]:
    rows = (
        StudentItem.objects.filter(course_id=course_id, item_id=item_id, last__isnull=False)
        .order_by()
        .values_list("student_id", "attempts", "last__score", "last__mark")
    )
    for student_id, attempts, score, mark in rows.iterator(MARKS_AT_ONCE):
        yield StudentMark(
            student_id=student_id,
            score=score or 0.0,
            attempts=attempts,
            possible=mark["possible"],
            lines=mark["lines"],
            total=totals.get(student_id),
        )
