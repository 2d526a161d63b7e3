"""The staff's side of a block: who asks, what learners are called, and changed score lines.

Staff reach it inside the block, by its own handlers, in every host: each asks the host's user
service whether the visitor is staff of the course, and nothing of the platform is imported.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError

from grading import api as grading
from grading import staff
from grading.api import SubmissionRecord
from grading.data import InvalidAnswer, InvalidExercise
from grading.staff import ChangedMark, Place, TaskRefused
from xblocks.block import SchoolBlock, _, callable_by
from xblocks.requests import read_value

USER_IS_STAFF = "edx-platform.user_is_staff"
USER_ID = "edx-platform.user_id"
DECIMALS = 4
LAST_PAGE = 1_000_000  # beyond it, and some way off, databases refuse to count

NOT_STAFF = _("Only the staff of this course may do that.")
NO_ANSWER = _("This trainee has not answered.")


class StaffedBlock(SchoolBlock):
    """A block that staff of the course have a part in."""

    weight: Any  # the subclasses' field

    def is_staff(self) -> bool:
        """Whether the host says that the visitor is staff of the course."""
        return bool(self._visitor_attributes().get(USER_IS_STAFF))

    def require_staff(self) -> str:
        """The account of a member of the staff, as text; others are refused."""
        if not self.is_staff():
            raise JsonHandlerError(403, self.translate(NOT_STAFF))
        known = self._visitor_attributes().get(USER_ID)
        return str(self.scope_ids.user_id if known is None else known)

    def _visitor_attributes(self) -> Mapping[str, Any]:
        service = self.runtime.service(self, "user")
        user = service.get_current_user() if service else None
        return getattr(user, "opt_attrs", None) or {}

    def task_place(self) -> Place:
        """The course key and the usage key, as answers are kept under them."""
        return Place(str(self.context_key or ""), str(self.usage_key))

    def learner_names(self, ids: Collection[str]) -> dict[str, str]:
        """What learners are called, by the ids under which the block knows them."""
        service = self.runtime.service(self, "user")
        if hasattr(service, "get_names_by_anonymous_ids"):  # the school's own site: one query
            return dict(service.get_names_by_anonymous_ids(ids))
        find = getattr(service, "get_user_by_anonymous_id", None)
        found = {name: find(name) for name in ids} if find else {}
        return {
            name: user.get_full_name() or user.get_username()
            for name, user in found.items()
            if user is not None
        }

    def read_page(self, data: Any) -> int:
        """Which page of a list was asked for, from 1."""
        page = read_value(data, "page", 1)
        if isinstance(page, bool) or not isinstance(page, int) or not 1 <= page <= LAST_PAGE:
            raise JsonHandlerError(400, self.translate("The page must be a number."))
        return page

    def refuse(self, error: Exception) -> JsonHandlerError:
        """What ``grading.staff`` refuses, as an answer the page can show."""
        if isinstance(error, staff.NoSuchWork):
            return JsonHandlerError(404, error.describe(self.translate))
        if isinstance(error, TaskRefused):
            return JsonHandlerError(409, error.describe(self.translate))
        if isinstance(error, InvalidAnswer):
            return JsonHandlerError(400, error.describe(self.translate), where=error.where)
        if isinstance(error, InvalidExercise):
            message = self.translate("This exercise has a fault; please tell your instructor.")
            return JsonHandlerError(422, message)
        raise error


class StaffHalf(StaffedBlock):
    """What staff do with a machine's marks: look at them, and change lines one by one."""

    HAS_MACHINE_MARKS: ClassVar[bool] = True

    @callable_by("staff")
    @XBlock.json_handler
    def staff_answers(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Who answered, the latest first, page by page: ``{"page"}``."""
        self._require_machine_marks()
        rows, total = staff.list_answered(self.task_place(), page=self.read_page(data))
        names = self.learner_names([row.student_id for row in rows])
        return {
            "total": total,
            "rows": [
                {
                    "student": row.student_id,
                    "name": names.get(row.student_id) or self.translate("Unknown trainee"),
                    "attempt": row.attempt,
                    "points": round(row.earned, DECIMALS),
                    "possible": row.possible,
                    "submitted_at": row.submitted_at.isoformat(),
                    "is_changed": row.is_changed,
                }
                for row in rows
            ],
        }

    @callable_by("staff")
    @XBlock.json_handler
    def staff_answer(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The mark of a trainee's last answer, with what was changed of it: ``{"student"}``."""
        self._require_machine_marks()
        item, last = self._answered(data)
        return self._show_changed(staff.changed_mark(item, last.mark, last.attempt), last)

    @callable_by("staff")
    @XBlock.json_handler
    def staff_override(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Give a line other points and say why.

        ``{"student", "attempt", "code", "where", "occurrence", "points", "comment"}``; ``attempt``
        is the one looked at, ``points`` are of the exercise's, ``None`` takes a change back.
        """
        by = self._require_machine_marks()
        item, last = self._answered(data)
        points = read_value(data, "points")
        if points is not None and not _is_number(points):
            raise JsonHandlerError(400, self.translate("A number is needed."))
        texts = {name: read_value(data, name, "") for name in ("code", "where", "comment")}
        attempt, occurrence = read_value(data, "attempt"), read_value(data, "occurrence", 0)
        if not (_is_number(attempt) and _is_number(occurrence)):
            raise JsonHandlerError(400, self.translate("A number is needed."))
        if not all(isinstance(text, str) for text in texts.values()):
            raise JsonHandlerError(400, self.translate("Text is needed."))
        scale = last.mark.possible / last.points if last.points else 0.0
        try:
            changed = staff.override_line(
                item,
                by,
                **texts,
                attempt=int(attempt),
                occurrence=int(occurrence),
                points=None if points is None else points * scale,
                weight=self.weight,
            )
        except TaskRefused as error:
            raise self.refuse(error) from error
        return self._show_changed(changed, self._answered(data)[1])

    def _require_machine_marks(self) -> str:
        by = self.require_staff()
        if not self.HAS_MACHINE_MARKS:
            raise JsonHandlerError(400, self.translate("People give the marks here."))
        return by

    def _answered(self, data: Any) -> tuple[grading.StudentItemKey, SubmissionRecord]:
        place, student = self.task_place(), read_value(data, "student")
        item = grading.StudentItemKey(
            student_id=str(student)[:64],
            course_id=place.course_key,
            item_id=place.usage_key,
            item_type=str(self.scope_ids.block_type),
        )
        last = grading.load_item(item).last
        if last is None:
            raise JsonHandlerError(404, self.translate(NO_ANSWER))
        return item, last

    def _show_changed(self, changed: ChangedMark, last: SubmissionRecord) -> dict[str, Any]:
        """A whole mark for staff, in the exercise's points.

        The lines are those that were changed: ``last`` may have been graded again meanwhile.
        """
        scale = last.points / changed.possible if changed.possible else 0.0
        mark = replace(
            last.mark, possible=changed.possible, lines=tuple(e.line for e in changed.lines)
        )
        shown = grading.show_mark(mark, last.points, grading.FeedbackLevel.ANSWER, True)
        changes = self.show_changes(changed, scale)
        lines = [
            {
                **line,
                "code": entry.line.code,
                "occurrence": entry.occurrence,
                "least": round(min(entry.line.points, 0.0) * scale, DECIMALS),
                "change": changes.get(at),
            }
            for at, (line, entry) in enumerate(zip(shown["lines"], changed.lines, strict=True))
        ]
        return {
            "points": round(changed.score * last.points, DECIMALS),
            "possible": last.points,
            "attempt": last.attempt,
            "submitted_at": last.submitted_at.isoformat(),
            "answer": last.answer,
            "lines": lines,
            "lost": [
                {"comment": change.comment, "points": round(change.points * scale, DECIMALS)}
                for change in changed.lost
            ],
        }

    def show_changes(self, changed: ChangedMark, scale: float) -> dict[int, dict[str, Any]]:
        """What people changed, by the line's number, in points times ``scale``."""
        made = {at: entry for at, entry in enumerate(changed.lines) if entry.change}
        names = staff.staff_names(entry.change.by for entry in made.values() if entry.change)
        return {
            at: {
                "points": round(entry.change.points * scale, DECIMALS),
                "machine_points": round(entry.line.points * scale, DECIMALS),
                "comment": entry.change.comment,
                "by": names.get(entry.change.by) or self.translate("An instructor"),
                "at": entry.change.at.isoformat(),
                "is_stale": entry.is_stale,
            }
            for at, entry in made.items()
            if entry.change
        }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
