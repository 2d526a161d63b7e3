"""One cell of the grade book, looked at closely: answers, score lines, decisions, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from delivery.gradebook.analysing import is_ours
from delivery.gradebook.columns import Book
from delivery.grades.api import (
    BookLine,
    Cell,
    Column,
    HistoryEntry,
    decision_in_force,
    read_history,
)
from delivery.models import Course, Enrollment, LearnerState
from grading.api import FeedbackLevel, StudentItemKey, SubmissionRecord, show_mark, submissions


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with its mark: ``lines`` and ``points`` are in the exercise's points."""

    record: SubmissionRecord
    points: float
    lines: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A line of the history, and who made it by name."""

    entry: HistoryEntry
    by: str


@dataclass(frozen=True, slots=True)
class CloseLook:
    """All there is to know of a cell.

    ``answers`` are those of our own exercises, the latest first; ``state`` is what another block
    keeps of the learner. ``due`` is the learner's date, ``own_due`` tells that it is of their own.
    ``decision`` is the number of the decision in force.
    """

    cell: Cell
    answers: tuple[ShownAnswer, ...]
    state: dict[str, Any]
    history: tuple[ShownChange, ...]
    due: datetime | None
    own_due: bool
    decision: int | None

    @property
    def is_decided(self) -> bool:
        """Whether somebody's decision stands."""
        return self.cell.is_overridden or self.cell.is_excused


def look_closely(course: Course, book: Book, line: BookLine, column: Column) -> CloseLook:
    """What there is to know of a learner's mark in a column."""
    enrollment = Enrollment.objects.filter(course=course, user_id=line.user_id).first()
    extensions = enrollment.extensions if enrollment else {}
    has_answers = enrollment is not None and is_ours(book, column)
    return CloseLook(
        cell=book.cell_of(line, column),
        answers=_answers(course, book, enrollment, column) if has_answers and enrollment else (),
        state={} if has_answers or column.is_subsection else _state(course, line, column),
        history=_history(course, line.user_id, column),
        due=book.due_of(column, extensions),
        own_due=column.usage_key in extensions,
        decision=decision_in_force(course, line.user_id, column.usage_key),
    )


def _answers(
    course: Course, book: Book, enrollment: Enrollment, column: Column
) -> tuple[ShownAnswer, ...]:
    item = StudentItemKey(
        student_id=enrollment.anonymous_id,
        course_id=course.key,
        item_id=column.usage_key,
        item_type=book.type_of(column),
    )
    return tuple(_shown(record) for record in reversed(submissions(item)))


def _shown(record: SubmissionRecord) -> ShownAnswer:
    mark = show_mark(record.mark, record.points, FeedbackLevel.ANSWER, answer_shown=True)
    return ShownAnswer(record, mark["points"], mark["lines"])


def _state(course: Course, line: BookLine, column: Column) -> dict[str, Any]:
    rows = LearnerState.objects.filter(
        user_id=line.user_id, course=course, usage_key=column.usage_key
    )
    return rows.values_list("state", flat=True).first() or {}


def _history(course: Course, user_id: int, column: Column) -> tuple[ShownChange, ...]:
    entries = read_history(course, user_id, [column.usage_key])
    people = get_user_model().objects.in_bulk(
        {entry.made_by for entry in entries if entry.made_by is not None}
    )
    return tuple(
        ShownChange(entry, _name(people.get(entry.made_by)) if entry.made_by else "")
        for entry in entries
    )


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username()) if user else ""
