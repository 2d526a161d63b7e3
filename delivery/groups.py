"""Groups of a course's learners, as cohorts or classes: made, named, filled and dissolved.

They are the staff's own order: trainees see nothing of them, and no grade depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from delivery.models import Course, Enrollment, LearnerGroup
from delivery.people import index_people

MOST_NAMED = 5_000  # people in one pasted list
SEPARATORS = re.compile(r"[\n,;\t]+")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a pasted list: how many are new in the group, and who was not found."""

    added: int
    unknown: tuple[str, ...]


def list_groups(course: Course) -> QuerySet[LearnerGroup]:
    """The groups of a course by name, each with ``size``: its members who take the course now."""
    is_here = Q(members__is_active=True)
    return course.groups.annotate(size=Count("members", filter=is_here)).order_by("name", "pk")


def is_name_free(course: Course, name: str, but: LearnerGroup | None = None) -> bool:
    """Whether no other group of the course has this name."""
    others = course.groups.filter(name__iexact=name)
    return not (others.exclude(pk=but.pk) if but else others).exists()


def members_of(group: LearnerGroup) -> QuerySet[Enrollment]:
    """Who is in a group, by name."""
    found = group.members.filter(is_active=True).select_related("user")
    return found.order_by(Lower("user__last_name"), Lower("user__first_name"), "user__username")


def user_ids_of(course: Course, group_id: int) -> QuerySet[Enrollment, int]:
    """The accounts of a group's members, as a query within another; of none if it is not here."""
    rows = Enrollment.objects.filter(course=course, groups=group_id, groups__course=course)
    return rows.values_list("user_id", flat=True)


def split_names(text: str) -> list[str]:
    """The names in a pasted list, one on a line or with commas between, each once."""
    names = (" ".join(part.split()) for part in SEPARATORS.split(text))
    return list(dict.fromkeys(name for name in names if name))[:MOST_NAMED]


def add_members(group: LearnerGroup, names: Iterable[str]) -> Added:
    """Put learners, given by user name or e-mail address, into a group; safe to repeat.

    An address that several of the course have finds none of them.
    """
    wanted = list(names)
    found = _find_enrollments(group.course)
    rows = {enrollment for name in wanted if (enrollment := found.get(name.casefold()))}
    before = set(group.members.values_list("pk", flat=True))
    group.members.add(*rows)
    unknown = tuple(name for name in wanted if name.casefold() not in found)
    return Added(len(rows - before), unknown)


def _find_enrollments(course: Course) -> dict[str, int]:
    """Who takes a course, by user name and by address."""
    rows = Enrollment.objects.filter(course=course, is_active=True)
    return index_people(rows.values_list("pk", "user__username", "user__email"))
