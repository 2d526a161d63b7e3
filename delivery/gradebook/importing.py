"""Marks from a table: a dry run that tells every change and every fault, then, if wanted, the act.

Small tables are dealt with at once, large ones by a job. What stood at the dry run is kept with
each change: a mark that somebody changed since then is left alone, and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from delivery.gradebook.columns import Book, open_book
from delivery.gradebook.exporting import DECIMALS
from delivery.gradebook.marks import Fault, GivenMark, MarksRefused, read_marks
from delivery.gradebook.models import MarksImport, MarksImportLine
from delivery.grades.api import Cell, DecisionRefused, decide_all, iterate_lines
from delivery.models import Course, Enrollment
from delivery.people import index_people
from grading.data import gettext_noop
from jobs.api import Beat, Effect, enqueue
from quarantine.errors import Refused
from quarantine.tables import TableLimits, read_table

CHECK_TASK = "delivery.check_marks"
APPLY_TASK = "delivery.apply_marks"
LIMITS = TableLimits(size=8 * 2**20, rows=20_001, columns=300)
SMALL_TABLE = 32 * 2**10  # bytes
FEW_CHANGES = 100
MOST_LINES = 100_000
LINES_AT_ONCE = 1_000

TOO_MANY_LINES = gettext_noop("The table changes more than %(limit)d marks. Please divide it.")
CHANGED_SINCE = gettext_noop(
    "This mark was changed after the check, or is no longer in the course, so it was left alone."
)

State = MarksImport.State


def receive_marks(
    course: Course, user: Any, file_name: str, data: bytes, reason: str
) -> MarksImport:
    """Keep an uploaded table, and check it: at once if it is small, else by a job."""
    with transaction.atomic():
        made = MarksImport.objects.create(
            course=course,
            uploaded_by=user,
            file_name=file_name[:255],
            data=data,
            reason=reason,
        )
        if len(data) > SMALL_TABLE:
            job = enqueue(CHECK_TASK, {"import": str(made.pk)}, user=user, subject=course.key)
            made.job = job.pk
            made.save(update_fields=["job"])
            return made
    check_marks(made.pk)()
    made.refresh_from_db()
    return made


def imports_of(course: Course) -> QuerySet[MarksImport]:
    """The uploads to a course, without the tables themselves."""
    return MarksImport.objects.filter(course=course).defer("data").select_related("uploaded_by")


def changes_of(marks: MarksImport) -> QuerySet[MarksImportLine]:
    """What an upload would change, or changed."""
    return marks.lines.filter(fault=[])


def faults_of(marks: MarksImport) -> QuerySet[MarksImportLine]:
    """What is wrong with an upload."""
    return marks.lines.exclude(fault=[])


# --- The dry run ----------------------------------------------------------------------------------


def check_marks(import_id: UUID) -> Effect:
    """Read a table and compare it with the grade book; the effect keeps what was found."""
    marks = MarksImport.objects.select_related("course").get(pk=import_id)
    try:
        table = read_table(bytes(marks.data), marks.file_name, limits=LIMITS)
        book = open_book(marks.course)
        lines, passed_over = _compare(marks, book, read_marks(table, book, _people(marks.course)))
    except (Refused, MarksRefused) as refusal:
        problem = [refusal.template, dict(refusal.params)]
        return partial(_keep, import_id, State.REFUSED, [], problem=problem)
    return partial(_keep, import_id, State.READY, lines, passed_over=passed_over)


def _people(course: Course) -> dict[str, int]:
    """The accounts of a course's trainees by user name and by address."""
    rows = Enrollment.objects.filter(course=course, is_active=True, role=Enrollment.Role.TRAINEE)
    return index_people(rows.values_list("user_id", "user__username", "user__email"))


def _compare(
    marks: MarksImport, book: Book, given: Iterator[GivenMark | Fault]
) -> tuple[list[MarksImportLine], int]:
    """What changes and what is wrong, in the table's order; and how many cells change nothing."""
    found = list(given)
    asked = {mark.user_id for mark in found if isinstance(mark, GivenMark)}
    stands = {line.user_id: line for line in iterate_lines(marks.course, user_ids=list(asked))}
    lines = []
    passed_over = 0
    for entry in found:
        if isinstance(entry, Fault):
            lines.append(_fault_line(marks, entry))
            continue
        cell = book.cell_of(stands[entry.user_id], entry.column)
        if is_same(cell, entry.earned, entry.is_excused):
            passed_over += 1
        else:
            lines.append(_change_line(marks, entry, cell))
        if len(lines) > MOST_LINES:
            raise MarksRefused(TOO_MANY_LINES, limit=MOST_LINES)
    return lines, passed_over


def _fault_line(marks: MarksImport, fault: Fault) -> MarksImportLine:
    return MarksImportLine(
        of=marks, row=fault.row, head=fault.head[:255], fault=[fault.template, dict(fault.params)]
    )


def _change_line(marks: MarksImport, mark: GivenMark, cell: Cell) -> MarksImportLine:
    return MarksImportLine(
        of=marks,
        row=mark.row,
        user_id=mark.user_id,
        usage_key=mark.column.usage_key,
        was_earned=cell.earned,
        was_excused=cell.is_excused,
        earned=None if mark.is_excused else mark.earned,
        is_excused=mark.is_excused,
    )


def is_same(cell: Cell, earned: float | None, is_excused: bool) -> bool:
    """Whether a cell says so already, as exactly as tables tell points."""
    if cell.is_excused or is_excused:
        return cell.is_excused and is_excused
    if cell.earned is None or earned is None:
        return cell.earned is earned
    return round(cell.earned, DECIMALS) == round(earned, DECIMALS)


def _keep(
    import_id: UUID,
    state: str,
    lines: Sequence[MarksImportLine],
    *,
    problem: Sequence[Any] = (),
    passed_over: int = 0,
) -> None:
    with transaction.atomic():
        marks = MarksImport.objects.select_for_update().get(pk=import_id)
        if marks.state != State.WAITING:
            return
        MarksImportLine.objects.bulk_create(lines, batch_size=LINES_AT_ONCE)
        marks.state, marks.problem, marks.passed_over = state, list(problem), passed_over
        marks.data = b""
        marks.save()


# --- The act --------------------------------------------------------------------------------------


def start_applying(marks: MarksImport, user: Any) -> bool:
    """Let what was checked become marks; whether that is done already, or left to a job.

    Safe to ask for twice: the second finds nothing to do.
    """
    with transaction.atomic():
        row = MarksImport.objects.select_for_update().get(pk=marks.pk)
        if row.state != State.READY:
            return row.state == State.APPLIED
        row.state = State.APPLYING
        is_large = changes_of(row).count() > FEW_CHANGES
        if is_large:
            job = enqueue(APPLY_TASK, {"import": str(row.pk)}, user=user, subject=row.course.key)
            row.job = job.pk
        row.save(update_fields=["state", "job"])
    if not is_large:
        apply_marks(row.pk, _no_beat)()
    return not is_large


def _no_beat(done: int = 0, total: int = 0) -> None:
    """Nobody waits for news of a small table."""


def apply_marks(import_id: UUID, beat: Beat | Callable[[int, int], None]) -> Effect:
    """Make each learner's changes in a transaction of their own; the effect closes the import.

    May be run again after it was interrupted: what is done is passed over.
    """
    marks = MarksImport.objects.select_related("course", "uploaded_by").get(pk=import_id)
    lines = changes_of(marks).order_by("user_id", "pk")
    total, done = lines.count(), 0
    for user_id, group in groupby(lines.iterator(LINES_AT_ONCE), key=lambda line: line.user_id):
        changes = list(group)
        if marks.state == State.APPLYING and user_id is not None:
            with transaction.atomic():
                _apply_learner(marks, user_id, changes)
        done += len(changes)
        beat(done, total)
    return partial(_close, import_id)


def _apply_learner(marks: MarksImport, user_id: int, lines: Sequence[MarksImportLine]) -> None:
    """Make one learner's changes; what is refused by now is told, and leaves the others be."""
    try:
        _decide(marks, user_id, lines)
    except DecisionRefused:
        for line in lines:
            try:
                _decide(marks, user_id, [line])
            except DecisionRefused as refusal:
                line.fault = [str(refusal), {}]
    for line in lines:
        line.is_done = True
    MarksImportLine.objects.bulk_update(lines, ["is_done", "fault"])


def _decide(marks: MarksImport, user_id: int, lines: Sequence[MarksImportLine]) -> None:
    """Let all the changes count or none; each says what became of it."""
    by_key = {line.usage_key: line for line in lines}

    def still(usage_key: str, cell: Cell) -> bool:
        line = by_key[usage_key]
        return is_same(cell, line.was_earned, line.was_excused)

    left_alone = decide_all(
        marks.course,
        user_id,
        {line.usage_key: line.earned for line in lines if not line.is_done},
        still=still,
        reason=marks.reason,
        by=marks.uploaded_by,
        kind="import",
    )
    for key in left_alone:
        by_key[key].fault = [CHANGED_SINCE, {}]


def _close(import_id: UUID) -> None:
    MarksImport.objects.filter(pk=import_id, state=State.APPLYING).update(
        state=State.APPLIED, applied_at=timezone.now()
    )


def discard_marks(marks: MarksImport) -> bool:
    """Forget a table that was not applied; whether there was one to forget."""
    changed = MarksImport.objects.filter(
        Q(state=State.WAITING) | Q(state=State.READY), pk=marks.pk
    ).update(state=State.DISCARDED, data=b"")
    if changed:
        marks.lines.all().delete()
    return bool(changed)
