"""Writes a staged course as a new version, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from delivery.importing.reading import Progress, StagedCourse, StagedFile, stage_course
from delivery.importing.versions import name_course, publish_version
from delivery.models import Asset, Block, Course, CourseFile, CourseVersion, Enrollment
from delivery.olx import OlxBlock, Problem
from delivery.olx.files import AnyMember
from delivery.tree import StaticFile

ROWS = 500  # in a statement
BYTES = 16 * 1024 * 1024  # of files in memory at a time


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. ``is_new`` is false if the course has not changed since ``version``."""

    course: Course
    version: CourseVersion
    report: list[Problem]
    is_new: bool


def import_course(
    members: Iterable[AnyMember],
    *,
    source: str,
    user: Any = None,
    publish: bool = True,
    progress: Progress | None = None,
) -> ImportResult:
    """Read the course in ``members`` and make it a version, which is then served if ``publish``.

    ``source`` says where it came from. ``user`` imported it and becomes an instructor of a course
    that is new. Raises ``quarantine.errors.Refused``; nothing has changed then.
    """
    with stage_course(members, progress) as staged:
        return save_course(staged, source=source, user=user, publish=publish)


@transaction.atomic
def save_course(
    staged: StagedCourse, *, source: str, user: Any = None, publish: bool = True
) -> ImportResult:
    """Write a staged course, all of it or nothing; see :func:`import_course`.

    A course that is the same as the version served now makes no new version.
    """
    course = _lock_course(staged.course.key, user)
    served = course.current_version
    if served is not None and _is_same(served, staged):
        return ImportResult(course, served, staged.report, is_new=False)
    version = add_version(
        course,
        staged.course.blocks,
        grading_policy=staged.course.grading_policy,
        about=staged.course.about,
        report=staged.report,
        source=source,
        user=user,
    )
    _write_files(version, staged)
    if publish:
        publish_version(version)
    elif served is None:
        name_course(version)
    course.refresh_from_db()
    return ImportResult(course, version, staged.report, is_new=True)


def _lock_course(key: str, user: Any) -> Course:
    """The course's row, made if it is new, held until the end of the transaction."""
    course, is_new = Course.objects.get_or_create(key=key)
    if is_new and user is not None:
        Enrollment.objects.create(user=user, course=course, role=Enrollment.Role.INSTRUCTOR)
    return Course.objects.select_for_update().get(pk=course.pk)


def add_version(
    course: Course,
    blocks: Sequence[OlxBlock],
    *,
    grading_policy: Mapping[str, Any],
    about: Mapping[str, str],
    source: str,
    user: Any,
    report: Sequence[Problem] = (),
    note: str = "",
) -> CourseVersion:
    """Write another version of a course, whose row is locked; its files are the caller's."""
    last = course.versions.aggregate(last=Max("number"))["last"] or 0
    version = CourseVersion.objects.create(
        course=course,
        number=last + 1,
        root=blocks[0].usage_key,
        grading_policy=dict(grading_policy),
        about=dict(about),
        report=[problem.as_json() for problem in report],
        source=source[:255],
        note=note,
        created_by=user,
    )
    _write_blocks(version, blocks)
    return version


def _write_blocks(version: CourseVersion, blocks: Sequence[OlxBlock]) -> None:
    for start in range(0, len(blocks), ROWS):
        Block.objects.bulk_create(
            Block(
                version=version,
                usage_key=block.usage_key,
                block_type=block.tag,
                parent=block.parent,
                position=position,
                fields=block.fields,
                olx=block.source,
                has_score=block.has_score,
                max_score=block.max_score,
            )
            for position, block in enumerate(blocks[start : start + ROWS], start)
        )


def _write_files(version: CourseVersion, staged: StagedCourse) -> None:
    for files in _batches(staged.files):
        wanted = {file.sha256: file for file in files}
        known = set(Asset.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
        Asset.objects.bulk_create(
            [
                Asset(sha256=sha256, data=staged.read_file(file))
                for sha256, file in wanted.items()
                if sha256 not in known
            ],
            ignore_conflicts=True,  # another import may have stored the same file meanwhile
        )
        list_files(version, files)


def list_files(version: CourseVersion, files: Iterable[StagedFile | StaticFile]) -> None:
    """Give a version files whose bytes are stored."""
    CourseFile.objects.bulk_create(
        (
            CourseFile(
                version=version,
                path=file.path,
                asset_id=file.sha256,
                media_type=file.media_type,
                size=file.size,
            )
            for file in files
        ),
        batch_size=ROWS,
    )


def _batches(files: Sequence[StagedFile]) -> Iterator[list[StagedFile]]:
    """The files in portions of at most ``ROWS`` files and about ``BYTES`` bytes."""
    batch: list[StagedFile] = []
    size = 0
    for file in files:
        if batch and (len(batch) >= ROWS or size + file.size > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield batch


def _is_same(version: CourseVersion, staged: StagedCourse) -> bool:
    """Whether a version holds exactly what was staged."""
    course = staged.course
    if version.grading_policy != course.grading_policy or version.about != course.about:
        return False
    files = version.files.values_list("path", "asset_id")
    if dict(files) != {file.path: file.sha256 for file in staged.files}:
        return False
    rows = version.blocks.order_by("position").values_list(
        "usage_key", "parent", "fields", "olx", "has_score", "max_score"
    )
    return list(rows) == [
        (
            block.usage_key,
            block.parent,
            block.fields,
            block.source,
            block.has_score,
            block.max_score,
        )
        for block in course.blocks
    ]
