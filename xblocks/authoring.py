"""The editor in which an author writes an exercise.

The editor shows a form beside what trainees will see of it. Whatever is typed is sent along
unsaved: a *draft* is the block with the form's values in place of its own. It is shown, checked and
tried, and only ``submit_studio_edits`` keeps anything. All of its handlers are an author's.
"""

from __future__ import annotations

import copy
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError

from grading import api as grading
from grading.api import FeedbackLevel, ItemState
from xblocks.authored import AuthoredExercise
from xblocks.block import _, callable_by
from xblocks.editing import (
    Fault,
    Finding,
    FormGroup,
    describe_field,
    names_in,
    read_edits,
)
from xblocks.rendering import data_island
from xblocks.requests import read_value

USER_ID = "edx-platform.user_id"
MOST_TRIES = 1000

KEY_GROUP = FormGroup("key", _("Key"), ("exercise",))
POINTS_GROUP = FormGroup(
    "points", _("Points and attempts"), ("points", "attempts_allowed", "weight")
)
FEEDBACK_GROUP = FormGroup("feedback", _("Feedback"), ("show_answer", "feedback_level"))


class EditedExercise(AuthoredExercise):
    """The author's side of an exercise.

    A subclass groups its fields in ``FORM``; the ES module ``EDITOR_MODULE`` starts the editor
    (``public/editor/editor.js``) with the block's own way of editing its key. ``PREVIEWED`` are
    the learner's handlers, writing nothing, that its page calls in the preview as well.
    """

    FORM: ClassVar[tuple[FormGroup, ...]] = (
        FormGroup("task", _("Task"), ("display_name",)),
        KEY_GROUP,
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields: ClassVar[tuple[str, ...]] = names_in(FORM)
    EDITOR_TEMPLATE: ClassVar[str] = "editor/editor.html"
    EDITOR_MODULE: ClassVar[str] = "exercise_editor.js"
    EDITOR_STYLES: ClassVar[tuple[str, ...]] = ("editor.css",)
    PREVIEWED: ClassVar[frozenset[str]] = frozenset()

    # --- What a subclass fills in ---

    def state(self, item: ItemState | None, answer_shown: bool | None = None) -> dict[str, Any]:
        """Where a learner stands, as the page's script reads it."""
        raise NotImplementedError

    def page(self, state: dict[str, Any]) -> Fragment:
        """The exercise for a learner who stands as ``state`` says."""
        raise NotImplementedError

    def check_draft(self, draft: Any) -> None:
        """Raise ``InvalidAnswer`` for what can never become an answer."""
        raise NotImplementedError

    def review(self) -> Iterator[Finding]:
        """What an author should know of an exercise beside its faults; called on a draft."""
        return iter(())

    def editor_state(self) -> dict[str, Any]:
        """What the block's own part of the editor needs; JSON."""
        return {}

    # --- The form ---

    def studio_view(self, context: Any = None) -> Fragment:
        """The editor: a form, what is wrong with it, and what trainees will see."""
        fields = {name: self._describe(name) for name in self.editable_fields}
        groups = [
            {
                "name": group.name,
                "title": self.translate(group.title),
                "fields": [fields[name] for name in group.fields],
            }
            for group in self.FORM
        ]
        state = {
            "block_type": str(self.scope_ids.block_type),
            "module": self.public_url(self.MODULE),
            "regrades_later": self._regrades_later(),
            "fields": {name: self._for_script(field) for name, field in fields.items()},
            **self.editor_state(),
        }
        return self.fragment(
            {
                "display_name": self.display_name,
                "groups": groups,
                "uid": f"ls-{secrets.token_hex(4)}",
                "island": data_island(state),
                **self.editor_context(),
            },
            template=self.EDITOR_TEMPLATE,
            styles=(*self.STYLES, *self.EDITOR_STYLES),
            module=self.EDITOR_MODULE,
        )

    def editor_context(self) -> dict[str, Any]:
        """What the block's own part of the editor's template needs."""
        return {}

    @staticmethod
    def _for_script(field: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: field[name] for name in ("kind", "label", "value")}
        return {**kept, "choices": [choice["value"] for choice in field["choices"]]}

    def _describe(self, name: str) -> dict[str, Any]:
        return describe_field(self.fields[name], getattr(self, name), self.translate)

    # --- Drafts of the block ---

    def drafted(self, values: Mapping[str, Any]) -> Self:
        """A copy of the block with other values in its fields; never saved."""
        twin = copy.copy(self)
        # The copy's own: what is set in it neither shows in the block nor is saved with it.
        twin._field_data_cache = dict(self._field_data_cache)
        twin._dirty_fields = {}
        for name, value in values.items():
            setattr(twin, name, value)
        return twin

    def read_draft(self, data: Any) -> tuple[Self, dict[str, Any], list[Fault]]:
        """The draft that a handler was sent, the values in it, and what could not be read."""
        raw = read_value(data, "values")
        if not isinstance(raw, Mapping):
            raise JsonHandlerError(400, self.translate("The values of the form are an object."))
        fields = {name: self.fields[name] for name in self.editable_fields}
        values, faults = read_edits(fields, raw)
        return self.drafted(values), values, faults

    def _tried(self, data: Any) -> Self:
        """The draft for trying it out, whatever the date.

        Values that make no page keep their place in the form, but are not shown: there the block's
        own stand in. A key is never shown, so it may have faults.
        """
        draft, values, _unread = self.read_draft(data)
        while faulty := self._faulty_fields(draft) & values.keys():
            values = {name: value for name, value in values.items() if name not in faulty}
            draft = self.drafted(values)
        if getattr(draft, "due", None) is not None:
            draft.due = None
        return draft

    def _faulty_fields(self, draft: Self) -> set[str]:
        return {field for field, _place, _message in self._placed_faults(draft)} - {"exercise"}

    # --- Handlers ---

    @callable_by("author")
    @XBlock.json_handler
    def submit_studio_edits(self, data: Any, suffix: str = "") -> Any:
        """Keep the form: ``{"values": {field: value}, "defaults": [fields to reset]}``.

        All or nothing: with one fault nothing is kept, and 400 names the faults by field.
        """
        draft, values, faults = self.read_draft(data)
        errors = [f for f in self._find(draft, faults) if f.severity == "error"]
        if errors:
            message = self.translate("Nothing was saved: some fields need mending first.")
            findings = [finding.to_json() for finding in errors]
            return Response(json_body={"error": message, "findings": findings}, status=400)
        graded = self._graded_by_another_key(draft)
        for name in self.editable_fields:
            if name in values or name in read_value(data, "defaults", ()):
                self._keep(name, values)
        return {"result": "success", **({"graded": graded} if graded else {})}

    def _keep(self, name: str, values: Mapping[str, Any]) -> None:
        """Set a field, or unset it where it has its default, which then stays out of OLX."""
        field = self.fields[name]
        value = values.get(name, field.default)
        if value != field.default:
            setattr(self, name, value)
        elif field.is_set_on(self):
            field.delete_from(self)

    @callable_by("author")
    @XBlock.json_handler
    def review_edits(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What is wrong with the form's values or worth knowing: ``{"findings", "graded"}``.

        ``graded`` is how many answers have their scores by the key that the form would replace.
        """
        draft, _values, faults = self.read_draft(data)
        findings = [finding.to_json() for finding in self._find(draft, faults)]
        return {"findings": findings, "graded": self._graded_by_another_key(draft)}

    @callable_by("author")
    @XBlock.json_handler
    def preview_edits(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What a trainee sees whose unsent answer is ``draft``: ``{"values", "draft"}``."""
        draft, unsent = self._tried(data), read_value(data, "draft", None)
        try:
            if unsent is not None:
                draft.check_draft(unsent)
        except grading.InvalidAnswer as error:
            raise JsonHandlerError(400, error.describe(self.translate)) from error
        return {"html": draft.page(draft.state(ItemState(draft=unsent))).content}

    @callable_by("author")
    @XBlock.json_handler
    def call_previewed(self, data: Any, suffix: str = "") -> Any:
        """A learner's handler, called on the draft: ``{"values", "handler", "data"}``."""
        handler = read_value(data, "handler")
        if handler not in self.PREVIEWED:
            raise JsonHandlerError(404, self.translate("The preview has no such handler."))
        request = Request.blank("/", method="POST", json_body=read_value(data, "data", {}))
        return getattr(self._tried(data), handler)(request)

    @callable_by("author")
    @XBlock.json_handler
    def try_answer(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """How a trainee would stand who submits ``fields`` after ``tries`` submissions.

        Nothing is kept.
        """
        draft, tries = self._tried(data), read_value(data, "tries", 0)
        if isinstance(tries, bool) or not isinstance(tries, int) or not 0 <= tries < MOST_TRIES:
            raise JsonHandlerError(400, self.translate("The number of tries is not valid."))
        item = self._graded(draft, read_value(data, "fields"), tries + 1)
        return draft.state(item)

    @callable_by("author")
    @XBlock.json_handler
    def score_answer(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The whole mark of ``fields``, with the model values, as ``{"result"}``."""
        draft, _values, _faults = self.read_draft(data)
        item = self._graded(draft, read_value(data, "fields"), 1)
        if item.last is None:
            raise JsonHandlerError(422, self.translate("This answer has no mark."))
        mark, points = item.last.mark, item.last.points
        return {"result": grading.show_mark(mark, points, FeedbackLevel.ANSWER, True)}

    def _graded(self, draft: Self, answer: Any, attempts: int) -> ItemState:
        """Where a learner stands after an answer to ``draft``; a fault is told to the author."""
        try:
            return grading.preview_item(
                draft.GRADER,
                draft.exercise,
                answer,
                points=draft.points,
                attempts=attempts,
                item=draft.student_item(),
            )
        except grading.InvalidExercise as error:
            of_answer = isinstance(error, grading.InvalidAnswer)
            about = self.translate("The answer" if of_answer else "The key")
            place = f"{about}, {error.where}" if error.where else about
            raise JsonHandlerError(422, f"{place}: {error.describe(self.translate)}") from error

    # --- Answers already graded ---

    def _graded_by_another_key(self, draft: Self) -> int:
        return self.count_graded_answers() if draft.exercise != self.exercise else 0

    @callable_by("author")
    @XBlock.json_handler
    def preview_regrade(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What the answers already graded would score by the form's key; nothing is written.

        ``{"graded", "compared", "better", "worse", "same", "refused", "largest"}``: of ``graded``
        answers ``compared`` were looked at; ``largest`` is the largest change of points.
        """
        draft, _values, _faults = self.read_draft(data)
        try:
            found = grading.preview_regrade(
                *self.place(), grader=draft.GRADER, exercise=draft.exercise, points=draft.points
            )
        except grading.InvalidExercise as error:
            raise JsonHandlerError(422, error.describe(self.translate)) from error
        names = ("graded", "compared", "better", "worse", "same", "refused", "largest")
        return {name: getattr(found, name) for name in names}

    @callable_by("author")
    @XBlock.json_handler
    def regrade_answers(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Grade all answers again by the saved key, as a job: ``{"job"}``.

        Hosts where a change is a draft until it is published offer that at publishing instead.
        """
        if self._regrades_later():
            message = self.translate("Answers are graded again when the change is published.")
            raise JsonHandlerError(409, message)
        try:
            return {"regrade": self.request_regrade(self._user_id(), apply_at_once=True)}
        except grading.InvalidExercise as error:
            raise JsonHandlerError(422, error.describe(self.translate)) from error

    def _regrades_later(self) -> bool:
        return bool(getattr(self.runtime, "regrades_when_publishing", False))

    def _user_id(self) -> int | None:
        """The account of who is asking, where the host tells it."""
        service = self.runtime.service(self, "user")
        user = service.get_current_user() if service else None
        known = (getattr(user, "opt_attrs", None) or {}).get(USER_ID)
        return known if isinstance(known, int) else None

    # --- Checks ---

    def _find(self, draft: Self, unread: list[Fault]) -> Iterator[Finding]:
        """The findings on a draft, each once, with those on values that could not be read."""
        unreadable = [Finding("error", f.field, self.translate(f.message), f.where) for f in unread]
        known = {fault.field for fault in unread}
        faults = [
            Finding("error", field, message, place)
            for field, place, message in self._placed_faults(draft)
            if field not in known
        ]
        seen = set()
        for finding in (*unreadable, *faults, *draft.review()):
            about = (finding.field, finding.where, finding.message)
            if about not in seen:
                seen.add(about)
                yield finding

    def _placed_faults(self, draft: Self) -> Iterator[tuple[str, str, str]]:
        """The faults of a draft: field, place within it, message."""
        for where, message in draft.find_faults(draft):
            yield (*self._split(where), message)

    def _split(self, where: str) -> tuple[str, str]:
        """The field that a place is in, and the place within; the key, if it names no field."""
        name = re.split(r"[.\[]", where, maxsplit=1)[0]
        if name not in self.editable_fields:
            return "exercise", where
        return name, where[len(name) :].removeprefix(".")
