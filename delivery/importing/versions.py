"""The versions of a course: which is served, which was, and putting one back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from delivery.grades.scheduling import schedule
from delivery.models import Block, Course, CourseImport, CourseVersion, Draft


class VersionInUse(ValueError):
    """The version is being served and cannot be discarded."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a list: with how many blocks and files it has.

    ``previous`` is the number of the version before it, 0 for the first.
    """

    version: CourseVersion
    is_served: bool
    blocks: int
    files: int
    previous: int = 0


def list_versions(course: Course) -> list[VersionLine]:
    """The versions of a course, newest first."""
    blocks = dict(
        Block.objects.filter(version__course=course)
        .values_list("version")
        .annotate(number=Count("pk"))
        .order_by()
    )
    versions = list(
        course.versions.select_related("created_by")
        .annotate(file_count=Count("files"))
        .order_by("-number")
    )
    before = [version.number for version in versions[1:]] + [0]
    return [
        VersionLine(
            version=version,
            is_served=version.pk == course.current_version_id,
            blocks=blocks.get(version.pk, 0),
            files=version.file_count,
            previous=previous,
        )
        for version, previous in zip(versions, before, strict=False)
    ]


@transaction.atomic
def publish_version(version: CourseVersion) -> None:
    """Serve ``version``: from the next request on, everyone who takes the course is in it."""
    Course.objects.filter(pk=version.course_id).update(current_version=version)
    name_course(version)
    CourseImport.objects.filter(version=version, state=CourseImport.State.READY).update(
        state=CourseImport.State.PUBLISHED
    )
    schedule(version.course_id)


def name_course(version: CourseVersion) -> None:
    """Give the course the name and language that a version has."""
    fields = version.blocks.values_list("fields", flat=True).get(usage_key=version.root)
    course = version.course
    Course.objects.filter(pk=course.pk).update(
        display_name=str(fields.get("display_name") or course.key)[:255],
        language=str(fields.get("language") or "")[:20],
    )


def restore_version(course: Course, number: int) -> CourseVersion:
    """Serve an earlier version again; raises ``CourseVersion.DoesNotExist``."""
    version = course.versions.select_related("course").get(number=number)
    publish_version(version)
    return version


@transaction.atomic
def discard_version(version: CourseVersion) -> None:
    """Delete a version that is not served, and a course that never was and has no other.

    Raises :class:`VersionInUse`.
    """
    course = Course.objects.select_for_update().get(pk=version.course_id)
    if course.current_version_id == version.pk:
        raise VersionInUse(f"Version {version.number} of {course.key} is being served.")
    if Draft.objects.filter(base=version).exists():
        raise VersionInUse(f"Version {version.number} of {course.key} has a draft over it.")
    version.delete()
    if course.current_version_id is None and not course.versions.exists():
        course.delete()
