"""Reads a whole course and what its blocks' classes make of it, without touching the database."""

from __future__ import annotations

import hashlib
import json
import math
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml import etree

from delivery.olx import CourseFiles, OlxCourse, Parsed, Problem, read_course
from delivery.olx.files import AnyMember
from delivery.olx.policy import check_storable
from delivery.runtime.parsing import BlockRefused, parse_olx, score_of
from delivery.runtime.registry import is_installed
from quarantine.errors import Refused

UNKNOWN_MEDIA_TYPE = "application/octet-stream"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A static file that is ready to be stored."""

    path: str
    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True)
class StagedCourse:
    """A course that was read and checked as a whole. Close it to free its files."""

    course: OlxCourse
    files: list[StagedFile]
    report: list[Problem]

    def __enter__(self) -> StagedCourse:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the files."""
        self.course.files.close()

    def read_file(self, file: StagedFile) -> bytes:
        """The bytes of a static file."""
        return self.course.files.read(f"static/{file.path}")


def stage_course(members: Iterable[AnyMember], progress: Progress | None = None) -> StagedCourse:
    """Read the course in ``members``; ``progress`` gets the steps done and their (guessed) total.

    Raises ``quarantine.errors.Refused`` for what must not come in at all.
    """
    files = CourseFiles(members)
    try:
        course = read_course(files, parse_block, _count_blocks(files, progress))
        staged = [_stage_file(files, path) for path in course.static]
    except BaseException:
        files.close()
        raise
    return StagedCourse(course, staged, list(course.problems))


def check_course(members: Iterable[AnyMember], progress: Progress | None = None) -> list[Problem]:
    """What is wrong with the course in ``members``; a refusal is an error among the others."""
    try:
        with stage_course(members, progress) as staged:
            return staged.report
    except Refused as refusal:
        return [Problem.from_refusal(refusal)]


def parse_block(element: etree._Element, usage_key: str) -> Parsed:
    """What the class of an element's block type makes of it."""
    tag = str(element.tag)
    if not is_installed(tag):
        return Parsed(is_installed=False)
    try:
        parsed = parse_olx(element, usage_key)
        check_storable(parsed.fields)
        fields = json.loads(json.dumps(parsed.fields))
        score = score_of(tag, usage_key, fields)
    except BlockRefused as refusal:
        return Parsed(failure=refusal.reason)
    except ValueError as error:
        return Parsed(failure=str(error))
    points = score.max_score
    if points is not None and not (math.isfinite(points) and points >= 0):
        return Parsed(failure=f"its points are {points}")
    return Parsed(fields, parsed.children, score.has_score, points, parsed.ignored)


def _count_blocks(files: CourseFiles, progress: Progress | None) -> Callable[[int], None] | None:
    """Tell how far the reading is, taking the number of definitions for the number of blocks."""
    if progress is None:
        return None
    expected = sum(path.endswith(".xml") and not path.startswith("drafts/") for path in files)

    def count(blocks: int) -> None:
        progress(blocks, max(blocks, expected))

    return count


def _stage_file(files: CourseFiles, path: str) -> StagedFile:
    data = files.read(f"static/{path}")
    return StagedFile(path, hashlib.sha256(data).hexdigest(), media_type_of(path), len(data))


def media_type_of(path: str) -> str:
    """The media type of a course file, by its name."""
    return (mimetypes.guess_type(path)[0] or UNKNOWN_MEDIA_TYPE)[:100]
