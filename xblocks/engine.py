"""What the blocks of conservation and management share: a task of one grader, without its truth.

The page gets what ``grading.engines`` says it may know, in the learner's own order and with their
own data. A subclass names its ``GRADER``, draws the work area and brings an editor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from grading import engines
from grading.api import FeedbackLevel, InvalidAnswer, InvalidExercise, ItemState
from quarantine.html import HtmlRefused, plain_text
from xblocks.authoring import FEEDBACK_GROUP, KEY_GROUP, POINTS_GROUP
from xblocks.block import _
from xblocks.editing import FormGroup, names_in
from xblocks.sourced import SourcedExerciseBlock

MOST_DRAFT_CHARACTERS = 100_000

TASK_GROUP = FormGroup("task", _("Task"), ("display_name", "prompt"))
SOURCE_GROUP = FormGroup("source", _("Source"), ("source_text", "source_image", "source_image_alt"))

_SHAPE = _("The answer is an object.")
_TOO_LONG = _("The answer is too long.")


class EngineBlock(SourcedExerciseBlock):
    """Base of the blocks whose exercises one of ``grading.engines`` grades."""

    HTML_MEMBERS: ClassVar[frozenset[str]] = frozenset({"detail"})
    """Members of a task that are the author's HTML; all others are text."""
    OWN_EDITOR: ClassVar[str]
    """The template with the words of the block's own part of the editor."""

    FORM: ClassVar[tuple[FormGroup, ...]] = (
        TASK_GROUP,
        SOURCE_GROUP,
        KEY_GROUP,
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields: ClassVar[tuple[str, ...]] = names_in(FORM)
    EDITOR_STYLES: ClassVar[tuple[str, ...]] = ("editor.css", "engine_editor.css")

    # --- What the page gets ---

    def page_context(self) -> dict[str, Any]:
        """The task and the source, and whether there is anything to do yet."""
        context = {"source_name": self.translate("What it is about"), "is_ready": self.is_ready()}
        return {**super().page_context(), **context}

    def is_ready(self) -> bool:
        """Whether the exercise can be drawn and graded."""
        try:
            engines.check(self.GRADER, self.exercise)
        except InvalidExercise:
            return False
        return True

    def explains(self) -> bool:
        """Whether the page may tell a learner what came of their answer, and why."""
        return self.feedback_level >= FeedbackLevel.REASON and not self.result_is_hidden()

    def page_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """The task as the script draws it."""
        return {"task": self.task()}

    def task(self, path: Sequence[str] = ()) -> dict[str, Any]:
        """What this learner may know of the exercise; nothing of one with a fault.

        ``path`` is what was chosen or tested so far, where that opens more.
        """
        try:
            shown = engines.shown_to(self.GRADER, self.exercise, self.student_item(), path=path)
        except InvalidExercise:
            return {}
        return {name: self._cleaned(name, value) for name, value in shown.items()}

    def _cleaned(self, name: str, part: Any) -> Any:
        """A part of the task with the author's HTML sanitised."""
        if isinstance(part, Mapping):
            return {inner: self._cleaned(inner, value) for inner, value in part.items()}
        if isinstance(part, list):
            return [self._cleaned(name, value) for value in part]
        if name in self.HTML_MEMBERS and isinstance(part, str):
            return str(self.clean(part))
        return part

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """The answer in the work area, the one submitted and, once it may be shown, the model."""
        return {
            "fields": {} if item.draft is None else item.draft,
            "submitted": item.last.answer if item.last else None,
            "answer": self._model() if answer_shown else None,
        }

    def _model(self) -> dict[str, Any] | None:
        try:
            return engines.own_model_answer(self.GRADER, self.exercise, self.student_item())
        except InvalidExercise:
            return None

    def plain_text(self) -> str:
        """The task, the source and what the exercise asks, without markup."""
        return "\n".join((super().plain_text(), *self._texts("", self.task()))).strip()

    def _texts(self, name: str, part: Any) -> Iterator[str]:
        if isinstance(part, Mapping):
            for inner, value in part.items():
                yield from self._texts(inner, value)
        elif isinstance(part, list):
            for value in part:
                yield from self._texts(name, value)
        elif isinstance(part, str) and name in {"text", *self.HTML_MEMBERS}:
            yield _text_of(part) if name in self.HTML_MEMBERS else part

    # --- The author's editor ---

    def editor_context(self) -> dict[str, Any]:
        """The words of the block's own part."""
        return {"own_template": self.OWN_EDITOR}

    # --- Checks ---

    def check_draft(self, draft: Any) -> None:
        """Raise ``InvalidAnswer`` unless ``draft`` may be an answer, finished or not."""
        if not isinstance(draft, dict):
            raise InvalidAnswer(_SHAPE)
        if len(json.dumps(draft, ensure_ascii=False)) > MOST_DRAFT_CHARACTERS:
            raise InvalidAnswer(_TOO_LONG)

    def check_exercise(self, data: Any) -> None:
        """Raise ``InvalidExercise`` for an exercise that cannot be graded or shown."""
        self.check_source(data)
        engines.check(self.GRADER, data.exercise)


def _text_of(html: str) -> str:
    try:
        return plain_text(html)
    except HtmlRefused:
        return ""
