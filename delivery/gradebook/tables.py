"""Tables of the grade book as files: streamed at once, or made by a job and kept for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from delivery.gradebook.columns import Book, open_book
from delivery.gradebook.exporting import platform_rows, point_rows
from delivery.grades.api import PackedLine, iterate_packed
from delivery.groups import user_ids_of
from delivery.models import Course
from jobs.api import Beat, Effect, JobList, Outcome, OutputFile, enqueue, find_jobs
from quarantine.tables import Cell, stream_csv, write_xlsx

EXPORT_TASK = "delivery.export_grades"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_TO_A_BEAT = 500

MakeRows = Callable[[Iterable[PackedLine], Book], Iterator[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class TableKind:
    """A table that can be had: its rows, and whether it is streamed or takes a job."""

    name: str
    label: str | Promise
    help: str | Promise
    suffix: str
    make_rows: MakeRows
    needs_job: bool = False


KINDS: Mapping[str, TableKind] = {
    kind.name: kind
    for kind in (
        TableKind(
            "points",
            _("Points, as CSV"),
            _("Every learner with the points in every exercise. It can be filled in and imported."),
            "csv",
            point_rows,
        ),
        TableKind(
            "workbook",
            _("Points, as a workbook (XLSX)"),
            _("The same as a spreadsheet. It is made in the background and kept for some days."),
            "xlsx",
            point_rows,
            needs_job=True,
        ),
        TableKind(
            "platform",
            _("Grade report as Open edX makes it, CSV"),
            _("The course grade and every assignment from 0 to 1, under Open edX's headings."),
            "csv",
            platform_rows,
        ),
    )
}


def file_name(course: Course, kind: TableKind) -> str:
    """What the file is called, in letters that any system takes."""
    _prefix, _colon, run = course.key.partition(":")
    return f"{slugify(run.replace('+', '-')) or 'course'}-{kind.name}.{kind.suffix}"


def stream_table(course: Course, kind: TableKind, group: int = 0) -> Iterator[bytes]:
    """A table as CSV, while the lines are read."""
    book = open_book(course)
    return stream_csv(kind.make_rows(_lines(course, group), book))


def _lines(course: Course, group: int) -> Iterator[PackedLine]:
    return iterate_packed(course, user_ids=user_ids_of(course, group) if group else None)


def order_table(course: Course, kind: TableKind, group: int, user: Any) -> UUID:
    """Have a job make a table for ``user``; the job's id."""
    args = {"course": course.pk, "kind": kind.name, "group": group}
    return enqueue(EXPORT_TASK, args, user=user, subject=course.key).pk


def exports_of(course: Course, user: Any) -> JobList:
    """The tables of a course that a person had made."""
    return find_jobs(user=user, subject=course.key, tasks=[EXPORT_TASK])


def make_table(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Make the table that was ordered; the effect leaves it for who asked."""
    course = Course.objects.filter(pk=args["course"]).first()
    if course is None:
        return None
    kind = KINDS[args["kind"]]
    lines = _counted(list(_lines(course, args["group"])), beat)
    data = write_xlsx(kind.make_rows(lines, open_book(course)), sheet=course.display_name)
    return partial(_leave, OutputFile(file_name(course, kind), XLSX, data))


def _counted(lines: Sequence[PackedLine], beat: Beat) -> Iterator[PackedLine]:
    for number, line in enumerate(lines):
        if number % LINES_TO_A_BEAT == 0:
            beat(number, len(lines))
        yield line


def _leave(file: OutputFile) -> Outcome:
    return Outcome(file=file)
