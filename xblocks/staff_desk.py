"""The desk at which staff grade a task: the queue, a sheet for each work, the comment bank."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError

from grading import staff
from grading.data import InvalidExercise
from grading.staff import (
    FileRecord,
    HeldByAnother,
    Sheet,
    StaleNotes,
    State,
    TaskRefused,
    TaskSettings,
    WorkRow,
)
from quarantine.files import download_headers
from xblocks.block import _, callable_by
from xblocks.requests import read_value
from xblocks.staff import StaffedBlock
from xblocks.task_views import plain_name, show_answer

STATES: Mapping[State, str] = {
    State.WAITING: _("to grade"),
    State.SECOND: _("to grade a second time"),
    State.MODERATION: _("to decide"),
    State.READY: _("graded, not shown yet"),
    State.PUBLISHED: _("graded"),
    State.RETURNED: _("returned"),
    State.APPEALED: _("review asked for"),
}
STEPS: Mapping[str, str] = {
    "handed_in": _("handed in"),
    "taken": _("taken for grading"),
    "put_back": _("put back"),
    "graded": _("graded"),
    "returned": _("returned for revision"),
    "published": _("grade shown"),
    "appealed": _("review asked for"),
    "answered": _("review answered"),
}
SHOWN = frozenset({State.PUBLISHED, State.APPEALED})
MOST_NAMED = 20_000  # learners of a course whose names are looked up for an archive


class StaffDesk(StaffedBlock):
    """The staff's handlers of a task. All of them are refused to everybody else."""

    is_blind: Any  # the task's field

    def task_settings(self) -> TaskSettings:
        """What the author set."""
        raise NotImplementedError

    def read_id(self, raw: Any) -> UUID:
        """An id that was sent."""
        raise NotImplementedError

    @staticmethod
    def hand_out(file: FileRecord) -> Response:
        """A file for download."""
        raise NotImplementedError

    def staff_counts(self) -> dict[str, Any] | None:
        """For staff, how the queue stands; ``None`` for anybody else."""
        if not self.is_staff():
            return None
        place = self.task_place()
        counted = staff.count_queues(place.course_key, [place.usage_key])[place.usage_key]
        return {"owed": counted.owed, "all": sum(counted.states.values())}

    # --- The queue ---

    @callable_by("staff")
    @XBlock.json_handler
    def staff_queue(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The works on the task: ``{"states": [those wanted], "page"}``."""
        by = self.require_staff()
        wanted, page = read_value(data, "states", []), self.read_page(data)
        if not isinstance(wanted, list) or not set(map(str, wanted)) <= {*map(str, State)}:
            raise JsonHandlerError(400, self.translate("This is none of the choices."))
        found = staff.list_works(self.task_place(), by, states=list(map(str, wanted)), page=page)
        names = self._names(found.rows)
        return {
            "rows": [self._show_row(row, by, names) for row in found.rows],
            "total": found.total,
            "counts": dict(found.counts),
            "states": {state.value: self.translate(text) for state, text in STATES.items()},
            "is_blind": self.is_blind,
            "bank": self._bank(by),
        }

    def _names(self, rows: Collection[WorkRow], others: Collection[str] = ()) -> dict[str, str]:
        """The names of learners, where they may be known, and of graders."""
        known = [row.student_id for row in rows if not self._is_hidden(row.state)]
        graders = {row.held_by for row in rows if row.held_by} | set(others)
        return {**self.learner_names(known), **staff.staff_names(graders)}

    def _is_hidden(self, state: State) -> bool:
        return bool(self.is_blind) and state not in SHOWN

    def _name(self, student_id: str, work_id: UUID, state: State, names: Mapping[str, str]) -> str:
        if self._is_hidden(state):
            return self.translate("Answer %(code)s") % {"code": work_id.hex[:6].upper()}
        return names.get(student_id) or self.translate("Unknown trainee")

    def _show_row(self, row: WorkRow, by: str, names: Mapping[str, str]) -> dict[str, Any]:
        is_held = bool(row.held_until and row.held_until > timezone.now())
        return {
            "id": row.id.hex,
            "name": self._name(row.student_id, row.id, row.state, names),
            "state": row.state.value,
            "status": self.translate(STATES[row.state]),
            "version": row.version,
            "submitted_at": row.submitted_at.isoformat(),
            "score": row.score,
            "is_mine": is_held and row.held_by == by,
            "held_by": (names.get(row.held_by) or self.translate("somebody else"))
            if is_held and row.held_by != by
            else "",
            "is_own_first": row.is_own_first and row.state == State.SECOND,
        }

    @callable_by("staff")
    @XBlock.json_handler
    def staff_next(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Take the next work in hand, the one behind ``{"after": a work}``, and show its sheet."""
        by, last = self.require_staff(), read_value(data, "after", None)
        with self._refusals():
            after = self.read_id(last) if last else None
            work = staff.claim_next(self.task_place(), by, after)
            return {"sheet": self._sheet(work, by) if work else None}

    @callable_by("staff")
    @XBlock.json_handler
    def staff_open(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Show a work's sheet, and take it in hand if ``{"work", "take": true}``."""
        by, work = self.require_staff(), self.read_id(read_value(data, "work"))
        with self._refusals():
            if read_value(data, "take", False) is True:
                staff.claim(self.task_place(), work, by)
            return {"sheet": self._sheet(work, by)}

    @callable_by("staff")
    @XBlock.json_handler
    def staff_release(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Put a work back: ``{"work"}``. Notes are kept."""
        by = self.require_staff()
        with self._refusals():
            staff.release(self.task_place(), self.read_id(read_value(data, "work")), by)
        return {"result": "success"}

    def _sheet(self, work: UUID, by: str) -> dict[str, Any]:
        sheet = staff.load_sheet(self.task_place(), work, by)
        graders = {given.by for answer in sheet.answers for given in answer.gradings}
        names = self._names([sheet.row], {*graders, *(step.by for step in sheet.steps)} - {""})
        return {
            **self._show_row(sheet.row, by, names),
            **self._show_sheet(sheet, names),
        }

    def _show_sheet(self, sheet: Sheet, names: Mapping[str, str]) -> dict[str, Any]:
        hidden = self._is_hidden(sheet.row.state)
        return {
            "answers": [
                show_answer(answer, answer.gradings, names, plain_names=hidden)
                for answer in sheet.answers
            ],
            "notes": dict(sheet.notes),
            "revision": sheet.revision,
            "due_at": sheet.due_at.isoformat() if sheet.due_at else None,
            "appeal": sheet.appeal,
            "appeal_answer": sheet.appeal_answer,
            "differences": dict(sheet.differences),
            "may_grade": sheet.may_grade,
            "may_return": sheet.may_return,
            "steps": [
                {
                    "what": self.translate(STEPS.get(step.what, step.what)),
                    "by": names.get(step.by, "") if step.by else "",
                    "at": step.at.isoformat(),
                }
                for step in sheet.steps
            ],
        }

    # --- Judging ---

    @callable_by("staff")
    @XBlock.json_handler
    def staff_note(self, data: Any, suffix: str = "") -> Any:
        """Keep what was noted so far: ``{"work", "content", "revision"}``."""
        by, revision = self.require_staff(), read_value(data, "revision")
        if isinstance(revision, bool) or not isinstance(revision, int) or revision < 0:
            raise JsonHandlerError(400, self.translate("The revision must be a number."))
        work, content = self.read_id(read_value(data, "work")), self._content(data)
        try:
            with self._refusals():
                kept = staff.save_notes(self.task_place(), work, by, content, revision)
        except StaleNotes as stale:
            known = {"content": stale.content, "revision": stale.revision}
            return Response(
                json_body={"error": stale.describe(self.translate), **known}, status=409
            )
        return {"revision": kept, "saved_at": timezone.now().isoformat()}

    @callable_by("staff")
    @XBlock.json_handler
    def staff_grade(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Give marks: ``{"work", "version", "content": {"marks", "comment", "pins"}, "reply"}``."""
        by, work = self.require_staff(), self.read_id(read_value(data, "work"))
        reply = read_value(data, "reply", "")
        with self._refusals():
            staff.grade(
                self.task_place(),
                work,
                by,
                self._content(data),
                self.task_settings(),
                version=self._version(data),
                reply=reply if isinstance(reply, str) else "",
            )
            return {"sheet": self._sheet(work, by)}

    @callable_by("staff")
    @XBlock.json_handler
    def staff_return(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Return for revision: as ``staff_grade``, with ``due_at`` (ISO 8601, or nothing)."""
        by, work = self.require_staff(), self.read_id(read_value(data, "work"))
        due_at = self._date(read_value(data, "due_at", None))
        with self._refusals():
            staff.give_back(
                self.task_place(),
                work,
                by,
                self._content(data),
                self.task_settings(),
                version=self._version(data),
                due_at=due_at,
            )
            return {"sheet": self._sheet(work, by)}

    @callable_by("staff")
    @XBlock.json_handler
    def staff_reply(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Answer a request for review and let the grade stand: ``{"work", "reply"}``."""
        by, work = self.require_staff(), self.read_id(read_value(data, "work"))
        with self._refusals():
            staff.answer_appeal(self.task_place(), work, by, str(read_value(data, "reply", "")))
            return {"sheet": self._sheet(work, by)}

    @callable_by("staff")
    @XBlock.json_handler
    def staff_publish(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Show all grades that are ready; answers with how many."""
        by = self.require_staff()
        with self._refusals():
            return {"published": staff.publish_all(self.task_place(), by, self.task_settings())}

    @staticmethod
    def _content(data: Any) -> Mapping[str, Any]:
        content = read_value(data, "content")
        if not isinstance(content, Mapping):
            raise JsonHandlerError(400, "content is an object.")
        return content

    @staticmethod
    def _version(data: Any) -> int:
        version = read_value(data, "version")
        if isinstance(version, bool) or not isinstance(version, int):
            raise JsonHandlerError(400, "version is a number.")
        return version

    def _date(self, raw: Any) -> datetime | None:
        if raw in (None, ""):
            return None
        try:
            moment = parse_datetime(raw) if isinstance(raw, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise JsonHandlerError(400, self.translate("This is no date."))
        return moment

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turn what ``grading.staff`` refuses into an answer; a held work with who holds it."""
        try:
            yield
        except StaleNotes:
            raise
        except HeldByAnother as error:
            name = staff.staff_names([error.by]).get(error.by)
            message = self.translate("%(name)s is grading this at the moment.") % {"name": name}
            message = message if name else error.describe(self.translate)
            raise JsonHandlerError(409, message) from error
        except (TaskRefused, InvalidExercise) as error:
            raise self.refuse(error) from error

    # --- The bank, files ---

    @callable_by("staff")
    @XBlock.json_handler
    def staff_bank(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The comment bank, after what was asked: ``add`` (``is_shared``), ``use``, ``delete``.

        ``add`` is a text, the others are ids.
        """
        by, course_key = self.require_staff(), self.task_place().course_key
        add, use, delete = (read_value(data, name, None) for name in ("add", "use", "delete"))
        with self._refusals():
            if isinstance(add, str):
                shared = read_value(data, "is_shared", False) is True
                staff.add_comment(course_key, by, add, is_shared=shared)
            if _is_id(use):
                staff.use_comment(course_key, by, use)
            if _is_id(delete):
                staff.delete_comment(course_key, by, delete)
        return {"bank": self._bank(by)}

    def _bank(self, by: str) -> list[dict[str, Any]]:
        found = staff.bank(self.task_place().course_key, by)
        return [
            {"id": row.id, "text": row.text, "is_shared": row.is_shared, "is_own": row.is_own}
            for row in found
        ]

    @callable_by("staff", is_safe=True)
    @XBlock.handler
    def staff_file(self, request: Any, suffix: str = "") -> Response:
        """A file that was handed in, by its id."""
        try:
            self.require_staff()
            file = staff.handed_in_file(self.task_place(), self.read_id(suffix))
            if self.is_blind:
                file = replace(file, name=plain_name(file.id[:6], file.name))
            return self.hand_out(file)
        except TaskRefused as error:
            return self.refuse(error).get_response()
        except JsonHandlerError as error:
            return error.get_response()

    @callable_by("staff", is_safe=True)
    @XBlock.handler
    def staff_bundle(self, request: Any, suffix: str = "") -> Response:
        """All latest answers as one zip archive, made while it is sent."""
        try:
            self.require_staff()
        except JsonHandlerError as error:
            return error.get_response()
        place = self.task_place()
        rows = staff.list_works(place, "", size=MOST_NAMED).rows
        names = self._names(rows)

        def name_of(student_id: str, work_id: UUID, state: State) -> str:
            return self._name(student_id, work_id, state, names)

        stream = staff.bundle(place, name_of, plain_names=bool(self.is_blind))
        response = Response(app_iter=stream)
        title = f"{self.display_name}.zip"
        for name, value in download_headers(title, "application/zip").items():
            response.headers[name] = value
        return response


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
