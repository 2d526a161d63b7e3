"""The block ``staff_task``: a trainee writes or uploads what a person then grades by a rubric."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Integer, Scope, String

from grading import api as grading
from grading import staff
from grading.api import InvalidAnswer, InvalidExercise, ItemState
from grading.staff import (
    AnswerRecord,
    Policy,
    Rubric,
    State,
    TaskRefused,
    TaskSettings,
    TaskState,
    find_rubric_faults,
    read_rubric,
    read_written,
)
from quarantine.errors import Refused
from quarantine.files import download_headers
from xblocks.authoring import POINTS_GROUP
from xblocks.block import _, callable_by
from xblocks.editing import Finding, FormGroup, names_in
from xblocks.exercise import SUBMISSION_KEY
from xblocks.fields import JsonDict
from xblocks.requests import read_value
from xblocks.scenarios import STAFF_TASK_SCENARIOS
from xblocks.sourced import SourcedExerciseBlock
from xblocks.staff_desk import StaffDesk
from xblocks.task_views import show_answer, show_rubric

COMPLETED = {"completion": 1.0}
MOST_PERCENT = 100

STATES: Mapping[State | None, str] = {
    None: _("Nothing is handed in yet. It is your turn."),
    State.WAITING: _("Handed in. An instructor grades it next."),
    State.SECOND: _("Graded once. A second instructor grades it next."),
    State.MODERATION: _("Graded twice, not alike. An instructor decides next."),
    State.READY: _("Graded. The grade is shown when all are done."),
    State.PUBLISHED: _("Graded."),
    State.RETURNED: _("Returned for revision. It is your turn."),
    State.APPEALED: _("You asked for a review. An instructor answers next."),
}


@dataclass(frozen=True, slots=True)
class TaskItem(ItemState):
    """Where a learner stands, with what became of the answer."""

    task: TaskState = field(default_factory=TaskState)


class StaffTaskBlock(StaffDesk, SourcedExerciseBlock):
    """A text or files, handed in and graded by people with a rubric."""

    GRADER: ClassVar[str] = "rubric"
    HAS_MACHINE_MARKS: ClassVar[bool] = False
    TEMPLATE: ClassVar[str] = "staff_task.html"
    MODULE: ClassVar[str] = "staff_task.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "staff_task.css")

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this task."),
        scope=Scope.settings,
        default=_("Task for grading"),
    )
    exercise = JsonDict(
        display_name=_("Rubric"),
        help=_("By which criteria people grade, and what is handed in. Trainees see it."),
        scope=Scope.content,
        default={},
    )
    attempts_allowed = Integer(
        display_name=_("Versions"),
        help=_("How many versions a trainee may hand in unasked; 0 for as many as they like."),
        scope=Scope.settings,
        default=0,
        values={"min": 0},
    )
    graders = Integer(
        display_name=_("Graders"),
        help=_("How many people grade each answer, without seeing each other's marks."),
        scope=Scope.settings,
        default=1,
        values=[
            {"display_name": _("One"), "value": 1},
            {"display_name": _("Two; somebody decides where they differ"), "value": 2},
        ],
    )
    tolerance = Integer(
        display_name=_("Agreement, in percent"),
        help=_("Two totals that are no further apart count by their mean."),
        scope=Scope.settings,
        default=10,
        values={"min": 0, "max": MOST_PERCENT},
    )
    is_blind = Boolean(
        display_name=_("Grade without names"),
        help=_("Names of trainees are hidden from graders until the grade is shown."),
        scope=Scope.settings,
        default=False,
    )
    publishes = String(
        display_name=_("Grades are shown"),
        help=_("To each trainee at once, or to all when an instructor says so."),
        scope=Scope.settings,
        default="at_once",
        values=[
            {"display_name": _("As soon as they are given"), "value": "at_once"},
            {"display_name": _("To all together"), "value": "together"},
        ],
    )

    FORM = (
        FormGroup("task", _("Task"), ("display_name", "prompt")),
        FormGroup("source", _("Source"), ("source_text", "source_image", "source_image_alt")),
        FormGroup("key", _("Rubric"), ("exercise",)),
        FormGroup("staff", _("Grading"), ("graders", "tolerance", "is_blind", "publishes")),
        POINTS_GROUP,
    )
    editable_fields = names_in(FORM)
    EDITOR_MODULE: ClassVar[str] = "staff_task_editor.js"
    EDITOR_STYLES: ClassVar[tuple[str, ...]] = ("editor.css", "engine_editor.css")

    # --- What is set ---

    def rubric(self) -> Rubric | None:
        """The rubric, or ``None`` if it has a fault."""
        try:
            return read_rubric(self.exercise)
        except InvalidExercise:
            return None

    def task_settings(self) -> TaskSettings:
        """What ``grading`` needs to know of what the author set."""
        policy = Policy(self.graders, self.tolerance / MOST_PERCENT, self.publishes == "together")
        return TaskSettings(self.exercise, self.points, self.weight, self.attempts_allowed, policy)

    # --- The page ---

    def page_context(self) -> dict[str, Any]:
        """The task, the source and the rubric."""
        rubric = self.rubric()
        return {
            **super().page_context(),
            "rubric": show_rubric(rubric),
            "asks_text": bool(rubric and rubric.accepts.text),
            "asks_files": bool(rubric and rubric.accepts.most_files),
            "staff_counts": self.staff_counts(),
        }

    def page_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """The rubric as the script draws it."""
        return {"rubric": show_rubric(self.rubric())}

    def _load(self) -> ItemState | None:
        item = self.student_item()
        if item is None:
            return None
        known = grading.load_item(item)
        task = staff.load_task(item)
        return TaskItem(**{name: getattr(known, name) for name in ItemState.__slots__}, task=task)

    def state(self, item: ItemState | None, answer_shown: bool | None = None) -> dict[str, Any]:
        """Where a learner stands, as the page's script reads it; no more than they may see."""
        known = item or ItemState()
        task = known.task if isinstance(known, TaskItem) else TaskState()
        reason = self._closed(item, task)
        hidden = self.result_is_hidden()
        is_graded = task.state in (State.PUBLISHED, State.APPEALED)
        return {
            "revision": known.draft_revision,
            "saved_at": known.draft_saved_at.isoformat() if known.draft_saved_at else None,
            "attempts": known.attempts,
            "attempts_allowed": self.attempts_allowed,
            "may_submit": not reason,
            "closed_reason": reason,
            "points": self.points,
            "result": self._task_result(known) if is_graded and not hidden else None,
            "notice": self.translate("Received. The result is not shown yet.")
            if is_graded and hidden
            else "",
            **self.exercise_state(known, False),
            "task": self._show_task(task, hidden),
        }

    @staticmethod
    def _task_result(item: ItemState) -> dict[str, Any] | None:
        if item.earned is None or not item.possible:
            return None
        points, possible = item.earned, item.possible
        return {"points": points, "possible": possible, "score": points / possible, "lines": []}

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """The unsent answer, its files by name; there is no model answer."""
        draft = item.draft if isinstance(item.draft, dict) else {}
        return {
            "fields": {"text": draft.get("text", ""), "files": self._draft_files(draft)},
            "submitted": None,
            "answer": None,
        }

    def _draft_files(self, draft: Mapping[str, Any]) -> list[dict[str, Any]]:
        ids, student = draft.get("files") or [], self.student_item()
        found = staff.own_files(student, ids) if ids and student else {}
        return [
            {"id": name, "name": found[name].name, "size": found[name].size}
            for name in ids
            if name in found
        ]

    def _show_task(self, task: TaskState, hidden: bool) -> dict[str, Any]:
        return {
            "state": task.state.value if task.state else "",
            "status": self.translate(STATES[task.state]),
            "is_your_turn": task.actor == staff.Actor.TRAINEE,
            "due_at": task.due_at.isoformat() if task.due_at else None,
            "may_replace": task.may_replace,
            "may_appeal": task.may_appeal and not hidden,
            "appeal": task.appeal,
            "appealed_at": task.appealed_at.isoformat() if task.appealed_at else None,
            "appeal_answer": task.appeal_answer,
            "answers": [
                show_answer(
                    answer,
                    [
                        given
                        for given in answer.gradings
                        if not hidden or given.role == staff.Role.RETURN
                    ],
                )
                for answer in task.answers
            ],
        }

    def _closed(self, item: ItemState | None, task: TaskState) -> str:
        """Why nothing can be handed in; empty if something can."""
        if item is None:
            return self.translate("Sign in and enrol to do this exercise.")
        if task.state == State.RETURNED:
            if self._is_late(task):
                return self.translate("The due date of the revision has passed.")
            return ""
        if task.state is not None and not task.may_replace:
            if task.state == State.WAITING:
                return self.translate("Somebody has begun to grade your answer.")
            return self.translate(STATES[task.state])
        return self._closed_reason(item)

    def plain_text(self) -> str:
        """The task, its source and the criteria, without markup."""
        rubric = self.rubric()
        names = [criterion.name for criterion in rubric.criteria] if rubric else []
        return "\n".join(filter(None, (super().plain_text(), *names)))

    def has_submitted_answer(self) -> bool:
        """Whether the learner has handed something in."""
        item = self._load()
        return item is not None and item.attempts > 0

    # --- The trainee's handlers ---

    @callable_by("learner")
    @XBlock.json_handler
    def submit(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Hand in ``{"fields": {"text", "files": [ids]}, "key": an id of this try}``."""
        item, standing = self.require_student(), self._load()
        task = standing.task if isinstance(standing, TaskItem) else TaskState()
        key = read_value(data, "key", "")
        if key and not (isinstance(key, str) and SUBMISSION_KEY.fullmatch(key)):
            raise JsonHandlerError(400, self.translate("The key of this submission is not valid."))
        if self._is_late(task):
            raise JsonHandlerError(403, self.translate("The due date has passed."))
        with self.refusals():
            try:
                staff.hand_in(item, read_value(data, "fields"), self.task_settings(), key=key)
            except TaskRefused as error:
                raise self.refuse(error) from error
        self.runtime.publish(self, "completion", COMPLETED)
        return self.state(self._load())

    def _is_late(self, task: TaskState) -> bool:
        if task.state == State.RETURNED:
            return task.due_at is not None and timezone.now() > task.due_at
        return self.is_past_due()

    @callable_by("learner")
    @XBlock.handler
    def upload(self, request: Any, suffix: str = "") -> Response:
        """Keep the ``file`` of a form for the draft; answers with ``{"id", "name", "size"}``."""
        part = request.POST.get("file") if request.method == "POST" else None
        source, name = getattr(part, "file", None), getattr(part, "filename", None)
        if source is None or not isinstance(name, str):
            return self._refuse(400, self.translate("Choose a file."))
        rubric = self.rubric()
        if rubric is None:
            return self._refuse(422, self.translate("This exercise has a fault."))
        try:
            file = staff.add_file(self.require_student(), name, source, rubric.accepts)
        except Refused as error:
            sentence = self.translate(error.template)
            return self._refuse(400, sentence % error.params if error.params else sentence)
        except TaskRefused as error:
            return self._refuse(409, error.describe(self.translate))
        return Response(json_body={"id": file.id, "name": file.name, "size": file.size})

    @staticmethod
    def _refuse(status: int, message: str) -> Response:
        body = json.dumps({"error": message}, ensure_ascii=False).encode()
        return Response(body=body, status=status, content_type="application/json", charset="utf-8")

    @callable_by("learner")
    @XBlock.json_handler
    def remove_file(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Delete an upload that was not handed in: ``{"file"}``."""
        try:
            staff.remove_file(self.require_student(), self.read_id(read_value(data, "file")))
        except staff.NoSuchWork:
            pass  # it is gone already
        except TaskRefused as error:
            raise self.refuse(error) from error
        return {"result": "success"}

    @callable_by("learner", is_safe=True)
    @XBlock.handler
    def file(self, request: Any, suffix: str = "") -> Response:
        """One of the trainee's own files, by its id."""
        try:
            return self.hand_out(staff.own_file(self.require_student(), self.read_id(suffix)))
        except TaskRefused as error:
            return self.refuse(error).get_response()
        except JsonHandlerError as error:
            return error.get_response()

    @staticmethod
    def hand_out(file: staff.FileRecord) -> Response:
        """A file for download, sent part by part."""
        response = Response(app_iter=staff.read_parts(file.id))
        for name, value in download_headers(file.name, file.media_type).items():
            response.headers[name] = value
        return response

    @callable_by("learner")
    @XBlock.json_handler
    def appeal(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Ask for a review of the grade, once: ``{"reason"}``."""
        item, reason = self.require_student(), read_value(data, "reason", "")
        if self.result_is_hidden() or not isinstance(reason, str):
            raise JsonHandlerError(403, self.translate("The grade is not shown yet."))
        try:
            staff.appeal(item, reason)
        except TaskRefused as error:
            raise self.refuse(error) from error
        return self.state(self._load())

    def read_id(self, raw: Any) -> UUID:
        """An id that was sent; raises ``JsonHandlerError``."""
        if not raw:
            raise JsonHandlerError(400, self.translate("Say which one."))
        try:
            return UUID(str(raw).strip("/"))
        except ValueError as error:
            raise JsonHandlerError(404, self.translate("This is not here any more.")) from error

    # --- Checks ---

    def check_draft(self, draft: Any) -> None:
        """Raise ``InvalidAnswer`` unless ``draft`` is a text with files, finished or not."""
        rubric = self.rubric()
        if rubric is None:
            raise InvalidAnswer(_("This exercise has a fault; please tell your instructor."))
        read_written(draft, rubric.accepts)

    def check_exercise(self, data: Any) -> None:
        """Raise ``InvalidExercise`` for a rubric by which nobody can grade."""
        self.check_source(data)
        if data.graders not in (1, 2):
            raise InvalidExercise(_("This is none of the choices."), "graders")
        if data.publishes not in ("at_once", "together"):
            raise InvalidExercise(_("This is none of the choices."), "publishes")
        if not 0 <= data.tolerance <= MOST_PERCENT:
            raise InvalidExercise(_("A whole number from 0 to 100 is needed."), "tolerance")
        read_rubric(data.exercise)

    def find_exercise_faults(self, data: Any) -> Iterator[InvalidExercise]:
        """Every criterion's fault, not only the first of them."""
        seen = set()
        for fault in (*super().find_exercise_faults(data), *find_rubric_faults(data.exercise)):
            if fault.where not in seen:
                yield fault
            seen.add(fault.where)

    def review(self) -> Iterator[Finding]:
        """Criteria that say nothing of how well they can be met."""
        yield from super().review()
        rubric = self.rubric()
        for at, criterion in enumerate(rubric.criteria if rubric else ()):
            if not criterion.levels:
                message = self.translate("Levels with descriptors help trainees and graders alike.")
                yield Finding("note", "exercise", message, f"criteria[{at}].levels")

    def editor_context(self) -> dict[str, Any]:
        """The words of the rubric's editor."""
        return {"own_template": "editor/rubric.html"}

    def _graded(self, draft: Any, answer: Any, attempts: int) -> ItemState:
        """Where a trainee of the preview stands who handed ``answer`` in: it waits for a grader."""
        try:
            handed = staff.read_handed_in(answer, read_rubric(draft.exercise).accepts)
        except InvalidExercise as error:
            raise JsonHandlerError(422, error.describe(self.translate)) from error
        record = AnswerRecord("", attempts, handed["text"], (), timezone.now())
        task = TaskState(State.WAITING, answers=(record,), may_replace=True)
        return TaskItem(draft=answer, attempts=attempts, task=task)

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """A task to try in the XBlock workbench."""
        return STAFF_TASK_SCENARIOS
