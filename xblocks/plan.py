"""The block ``plan``: steps chosen from a bank and put in order, graded by what must come first."""

from __future__ import annotations

from typing import Any, ClassVar

from xblock.fields import Scope, String

from grading.api import ItemState
from xblocks.block import _
from xblocks.engine import EngineBlock
from xblocks.engine_scenarios import PLAN_SCENARIOS


class PlanBlock(EngineBlock):
    """A plan of treatment, of a project, of the first hour after a flood."""

    GRADER: ClassVar[str] = "plan"
    TEMPLATE: ClassVar[str] = "plan.html"
    MODULE: ClassVar[str] = "plan.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "task.css", "ordering.css")
    EDITOR_MODULE: ClassVar[str] = "plan_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/plan.html"

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Plan"),
    )

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """As of every task; with the model plan what had to come before what."""
        state = super().exercise_state(item, answer_shown)
        return {**state, "precedence": self._precedence() if state["answer"] else None}

    def _precedence(self) -> list[list[str]]:
        """The pairs that the exercise asks for: before, after, ``edge`` or the kind of rule."""
        rules = [
            [rule["before"], rule["after"], rule.get("kind", "critical")]
            for rule in self.exercise.get("rules") or ()
        ]
        ruled = {(before, after) for before, after, _kind in rules}
        edges = [
            [before, after, "edge"]
            for before, after, *_weight in self.exercise.get("edges") or ()
            if (before, after) not in ruled
        ]
        return edges + rules

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """A plan to try in the XBlock workbench."""
        return PLAN_SCENARIOS
