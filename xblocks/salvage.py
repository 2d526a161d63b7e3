"""The block ``salvage``: wet lots in the order of their rescue, graded by the value saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from xblock.fields import Scope, String

from grading import engines
from grading.api import InvalidAnswer, InvalidExercise, ItemState
from xblocks.block import _
from xblocks.engine import EngineBlock
from xblocks.engine_scenarios import SALVAGE_SCENARIOS


class SalvageBlock(EngineBlock):
    """The order in which lots are salvaged after water damage."""

    GRADER: ClassVar[str] = "salvage"
    TEMPLATE: ClassVar[str] = "salvage.html"
    MODULE: ClassVar[str] = "salvage.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "task.css", "ordering.css")
    EDITOR_MODULE: ClassVar[str] = "salvage_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/salvage.html"

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Salvage"),
    )

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """As of every task; what became of each lot, where reasons are shown, and at best."""
        state = super().exercise_state(item, answer_shown)
        log = self._log(state["submitted"]) if self.explains() else []
        return {**state, "log": log, "best_log": self._log(state["answer"])}

    def _log(self, answer: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        """What happens lot by lot: ``id``, ``team``, ``start``, ``end`` (hours), ``saved``."""
        if answer is None:
            return []
        try:
            events = engines.salvage_log(self.exercise, answer)
        except (InvalidAnswer, InvalidExercise):
            return []
        return [event._asdict() for event in events]

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """A salvage to try in the XBlock workbench."""
        return SALVAGE_SCENARIOS
