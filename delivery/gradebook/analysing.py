"""The item analysis of an exercise, with who is who in the course; kept until a mark changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from delivery.gradebook.columns import Book
from delivery.gradebook.statistics import rest_of_course
from delivery.grades.api import Column, iterate_packed
from delivery.models import Course, Enrollment
from delivery.outline import is_ours as is_ours_by_type
from grading.api import ElementAnalysis, ItemAnalysis, analyse_item, newest_mark

KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Person:
    """A learner by the account and by name."""

    user_id: int
    name: str


def is_ours(book: Book, column: Column) -> bool:
    """Whether a column is of an exercise whose answers ``grading`` keeps."""
    return not column.is_subsection and is_ours_by_type(book.type_of(column))


def analyse_column(course: Course, book: Book, column: Column) -> ItemAnalysis:
    """What all learners' last answers to an exercise say of its elements.

    Worked out anew once there is a newer mark; the rest of the course may be ten minutes old.
    """
    newest = newest_mark(course.key, column.usage_key)
    key = f"item-analysis:{course.pk}:{column.usage_key}:{newest}"
    found: ItemAnalysis | None = cache.get(key)
    if found is None:
        names = dict(
            Enrollment.objects.filter(course=course).values_list("user_id", "anonymous_id")
        )
        totals = rest_of_course(iterate_packed(course), book, column, names)
        found = analyse_item(course.key, column.usage_key, totals)
        cache.set(key, found, KEPT_SECONDS)
    return found


def people_of(
    course: Course, analysis: ItemAnalysis, elements: Iterable[ElementAnalysis]
) -> dict[str, Person]:
    """Who struggles, and who missed some of the elements, by their anonymous ids."""
    wanted = {struggler.student_id for struggler in analysis.struggling}
    wanted |= {name for element in elements for name in element.examples}
    rows = Enrollment.objects.filter(course=course, anonymous_id__in=wanted).select_related("user")
    return {
        row.anonymous_id: Person(row.user_id, row.user.get_full_name() or row.user.get_username())
        for row in rows
    }
