"""The block ``scenario``: a case with consequences, or tests that come before a decision.

The page never receives more of a case than its learner has come to see: each step is asked for by
the handler ``walk``, which keeps the path as the draft and tells where it leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Scope, String

from grading import api as grading
from grading import engines
from grading.api import InvalidAnswer, InvalidExercise, ItemState, StudentItemKey
from xblocks.authoring import FEEDBACK_GROUP, KEY_GROUP, POINTS_GROUP
from xblocks.block import _, callable_by
from xblocks.editing import Finding, FormGroup, names_in
from xblocks.engine import SOURCE_GROUP, EngineBlock
from xblocks.engine_scenarios import SCENARIO_SCENARIOS
from xblocks.requests import read_value

_STANDS = _("What was decided or tested stands; it cannot be taken back.")
_PATH = _("A path is a list of choices.")
UNREACHABLE = _("Nobody can come here: no choice leads to this place.")
IMPOSSIBLE = _("This choice is never possible: its conditions never hold here.")
STUCK = _("Trainees can be stuck here: there are choices, and none may be possible.")
INEXACT = _("The case is too large to try everything; the best path found counts as the best.")


class ScenarioBlock(EngineBlock):
    """A branching case with state variables, or a workup by tests."""

    GRADER: ClassVar[str] = "scenario"
    TEMPLATE: ClassVar[str] = "scenario.html"
    MODULE: ClassVar[str] = "scenario.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "task.css", "scenario.css")
    EDITOR_MODULE: ClassVar[str] = "scenario_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/scenario.html"
    PREVIEWED: ClassVar[frozenset[str]] = frozenset({"walk", "replay"})

    is_tried = False
    """Whether this is an author's draft: then ``walk`` keeps nothing."""

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Case"),
    )
    may_take_back = Boolean(
        display_name=_("Steps may be taken back"),
        help=_("Otherwise every choice stands until the case is handed in. Tests always stand."),
        scope=Scope.settings,
        default=False,
    )

    FORM = (
        FormGroup("task", _("Task"), ("display_name", "prompt", "may_take_back")),
        SOURCE_GROUP,
        KEY_GROUP,
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields = names_in(FORM)

    # --- What the page gets ---

    def page_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """Where the draft has come to, and nothing beyond."""
        return {"may_take_back": self.may_take_back, **self._seen(state["fields"])}

    def task(self, path: Sequence[str] = ()) -> dict[str, Any]:
        """The place that a path leads to; of tests, the results of those made, sanitised."""
        shown = super().task(path)
        if "results" in shown:
            shown["results"] = {name: str(self.clean(t)) for name, t in shown["results"].items()}
        for variable in shown.get("variables", ()):
            authored = self.exercise["variables"][variable["id"]]
            variable |= {name: authored.get(name) for name in ("min", "max", "start")}
        return shown

    def _seen(self, answer: Any) -> dict[str, Any]:
        """What an answer has come to: ``task`` and ``log``."""
        path = self._path_of(answer)
        return {"task": self.task(path), "log": self._log(path)}

    def _path_of(self, answer: Any) -> list[str]:
        """What is graded of an answer: its tests or its choices; none of what is no answer."""
        given = answer if isinstance(answer, Mapping) else {}
        path: Any = given.get("tests" if "tests" in self.exercise else "path")
        return path if _is_path(path) else []

    def _log(self, path: Sequence[str]) -> list[dict[str, Any]]:
        try:
            return engines.scenario_log(self.exercise, path)
        except InvalidExercise:
            return []

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """As of every task; with the model answer what happens on the best path."""
        state = super().exercise_state(item, answer_shown)
        best = self._log(self._path_of(state["answer"])) if state["answer"] else []
        ended = self._log(self._path_of(state["submitted"])) if state["submitted"] else []
        return {**state, "best_log": best, "own_log": ended, "may_replay": answer_shown}

    # --- Handlers ---

    @callable_by("learner")
    @XBlock.json_handler
    def walk(self, data: Any, suffix: str = "") -> Any:
        """Keep an answer as the draft and tell where it leads: ``{"fields", "revision"}``.

        What the author lets nobody take back is refused with 400.
        """
        answer, revision = read_value(data, "fields"), read_value(data, "revision")
        if isinstance(revision, bool) or not isinstance(revision, int) or revision < 0:
            raise JsonHandlerError(400, self.translate("The revision must be a number."))
        with self.refusals():
            self.check_draft(answer)
            if self.is_tried:
                return {"fields": answer, "revision": revision + 1, **self._seen(answer)}
            kept = self._keep_draft(self.require_student(), answer, revision)
        if isinstance(kept, Response):
            return kept
        return {**kept, **self._seen(kept["fields"])}

    @callable_by("learner")
    @XBlock.json_handler
    def replay(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Where ``{"path"}`` leads, once the answer may be shown; nothing is kept or graded."""
        path = read_value(data, "path")
        if not _is_path(path):
            raise JsonHandlerError(400, self.translate(_PATH))
        if not self.is_tried and not self.state(self._load())["may_replay"]:
            raise JsonHandlerError(403, self.translate("The case cannot be replayed yet."))
        return {"task": self.task(path), "log": self._log(path)}

    def _keep_draft(self, item: StudentItemKey, draft: Any, revision: int) -> Any:
        if revision == grading.load_item(item).draft_revision:  # another is refused in any case
            self._check_that_it_stands(item, draft)
        return super()._keep_draft(item, draft, revision)

    def check_submission(self, item: StudentItemKey, answer: Any) -> None:
        """Raise ``InvalidAnswer`` for an answer that takes back what stands."""
        self._check_that_it_stands(item, answer)

    def _check_that_it_stands(self, item: StudentItemKey, answer: Any) -> None:
        """Raise ``InvalidAnswer`` unless what was seen stays; what is handed in may begin anew."""
        known = grading.load_item(item)
        before, after = self._path_of(known.draft), self._path_of(answer)
        is_handed_in = known.last is not None and before == self._path_of(known.last.answer)
        may_take_back = self.may_take_back and "tests" not in self.exercise
        if not may_take_back and not is_handed_in and after[: len(before)] != before:
            raise InvalidAnswer(_STANDS)

    # --- The author's editor ---

    def drafted(self, values: Mapping[str, Any]) -> Self:
        """A copy with other values; what is tried in it is kept nowhere."""
        twin = super().drafted(values)
        twin.is_tried = True
        return twin

    def review(self) -> Iterator[Finding]:
        """Places and choices that nobody comes to, and places where trainees are stuck."""
        yield from super().review()
        try:
            found = engines.inspect(self.exercise)
        except InvalidExercise:
            return
        nodes = [node.get("id") for node in self.exercise.get("nodes") or ()]
        for name in found["unreachable"]:
            yield self._finding("warning", UNREACHABLE, f"nodes[{nodes.index(name)}]")
        for name, choice in found["impossible"]:
            at = nodes.index(name)
            ids = [row.get("id") for row in self.exercise["nodes"][at]["choices"]]
            yield self._finding("warning", IMPOSSIBLE, f"nodes[{at}].choices[{ids.index(choice)}]")
        for name in found["stuck"]:
            yield self._finding("warning", STUCK, f"nodes[{nodes.index(name)}]")
        if not found["exact"]:
            yield self._finding("note", INEXACT, "nodes")

    def _finding(self, severity: str, message: str, where: str) -> Finding:
        return Finding(severity, "exercise", self.translate(message), where)

    # --- Checks ---

    def check_draft(self, draft: Any) -> None:
        """Raise ``InvalidAnswer`` unless ``draft`` may be an answer, finished or not."""
        super().check_draft(draft)
        if not all(_is_path(draft.get(name, [])) for name in ("path", "tests")):
            raise InvalidAnswer(_PATH)

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """A case and a workup to try in the XBlock workbench."""
        return SCENARIO_SCENARIOS


def _is_path(path: Any) -> bool:
    return isinstance(path, list) and all(isinstance(step, str) for step in path)
