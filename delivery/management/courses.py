"""Finds what the arguments of commands name."""

from __future__ import annotations

from django.core.management.base import CommandError

from delivery.models import Course, CourseVersion


def find_course(key: str) -> Course:
    """The course of a key; raises ``CommandError`` with the keys there are."""
    course = Course.objects.select_related("current_version").filter(key=key).first()
    if course is None:
        known = ", ".join(Course.objects.order_by("key").values_list("key", flat=True)[:20])
        raise CommandError(f"There is no course {key}. Known: {known or 'none'}.")
    return course


def find_version(course: Course, number: int | None) -> CourseVersion:
    """A version by its number, or the one served; raises ``CommandError``."""
    if number is None:
        version = course.current_version
    else:
        version = course.versions.filter(number=number).first()
    if version is None:
        which = "version that is served" if number is None else f"version {number}"
        raise CommandError(f"{course.key} has no {which}.")
    return version
