"""Courses, people and enrolments for tests, straight into the database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from delivery.models import Asset, Block, Course, CourseFile, CourseVersion, Enrollment

numbers = count(1)
CONTAINERS = ("course", "chapter", "sequential", "vertical")


@dataclass
class Spec:
    """A block to be made: ``name`` is its url_name."""

    block_type: str
    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    children: list[Spec] = field(default_factory=list)
    has_score: bool = False
    max_score: float | None = None


def block(block_type: str, name: str, *children: Spec, **fields: Any) -> Spec:
    """A block with its fields and children."""
    return Spec(block_type, name, fields, list(children))


def scored(spec: Spec, points: float = 1.0) -> Spec:
    """The same block, worth points."""
    spec.has_score, spec.max_score = True, points
    return spec


def usage_key(course_key: str, block_type: str, name: str) -> str:
    """The usage key of a block in a course."""
    run = course_key.partition(":")[2]
    return f"block-v1:{run}+type@{block_type}+block@{name}"


@dataclass
class MadeCourse:
    """A course in the database, with its one version."""

    course: Course
    version: CourseVersion

    @property
    def key(self) -> str:
        """The course key."""
        return self.course.key

    def usage(self, block_type: str, name: str) -> str:
        """The usage key of one of its blocks."""
        return usage_key(self.course.key, block_type, name)

    @property
    def unit(self) -> str:
        """The usage key of the unit that ``make_course`` makes."""
        return self.usage("vertical", "unit")


def make_version(
    course: Course,
    *blocks: Spec,
    files: dict[str, bytes] | None = None,
    settings: dict[str, Any] | None = None,
    unit_settings: dict[str, Any] | None = None,
) -> CourseVersion:
    """Another version of a course: one unit with ``blocks``, in one subsection of one section."""
    unit = block("vertical", "unit", *blocks, display_name="The unit", **(unit_settings or {}))
    root = block(
        "course",
        "course",
        block("chapter", "chapter", block("sequential", "subsection", unit)),
        display_name=course.display_name,
        **(settings or {}),
    )
    version = CourseVersion.objects.create(
        course=course,
        number=course.versions.count() + 1,
        root=usage_key(course.key, "course", "course"),
    )
    rows: list[Block] = []
    _add_rows(rows, version, root, "")
    Block.objects.bulk_create(rows)
    for path, data in (files or {}).items():
        _add_file(version, path, data)
    course.current_version = version
    course.save()
    return version


def make_course(*blocks: Spec, **options: Any) -> MadeCourse:
    """A course with one unit that holds ``blocks``; ``options`` as in ``make_version``."""
    course = Course.objects.create(
        key=f"course-v1:Fern+LIB{next(numbers)}+2026", display_name="Libraries of Fernland"
    )
    return MadeCourse(course, make_version(course, *blocks, **options))


def _add_rows(rows: list[Block], version: CourseVersion, spec: Spec, parent: str) -> None:
    key = usage_key(version.course.key, spec.block_type, spec.name)
    rows.append(
        Block(
            version=version,
            usage_key=key,
            block_type=spec.block_type,
            parent=parent,
            position=len(rows),
            fields=spec.fields,
            has_score=spec.has_score,
            max_score=spec.max_score,
        )
    )
    for child in spec.children:
        _add_rows(rows, version, child, key)


def _add_file(version: CourseVersion, path: str, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    Asset.objects.get_or_create(sha256=digest, defaults={"data": data})
    CourseFile.objects.create(
        version=version,
        path=path,
        asset_id=digest,
        media_type="application/octet-stream",
        size=len(data),
    )


def make_user(name: str | None = None, **attributes: Any) -> User:
    """A person who can sign in by ``client.force_login``."""
    name = name or f"reader{next(numbers)}"
    return get_user_model().objects.create(
        username=name, email=f"{name}@school.example", **attributes
    )


def enrol(user: User, made: MadeCourse, role: str = Enrollment.Role.TRAINEE) -> Enrollment:
    """Enrol somebody in a course."""
    return Enrollment.objects.create(user=user, course=made.course, role=role)
