"""What the blocks of conservation and management share: a task of one grader, without its truth.

The page gets what ``grading.engines`` says it may know, in the learner's own order and with their
own data. A subclass names its ``GRADER``, draws the work area and brings an editor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from grading import engines
from grading.api import InvalidAnswer, InvalidExercise, ItemState
from quarantine.html import HtmlRefused, plain_text
from xblocks.block import _
from xblocks.sourced import SourcedExerciseBlock

MOST_DRAFT_CHARACTERS = 100_000

_SHAPE = _("The answer is an object.")
_TOO_LONG = _("The answer is too long.")


class EngineBlock(SourcedExerciseBlock):
    """Base of the blocks whose exercises one of ``grading.engines`` grades."""

    HTML_MEMBERS: ClassVar[frozenset[str]] = frozenset({"detail"})
    """Members of a task that are the author's HTML; all others are text."""

    # --- What the page gets ---

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
