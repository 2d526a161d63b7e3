"""The block ``decision_table``: a choice for each of several items, its reasons, what it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from xblock.fields import Boolean, Scope, String

from xblocks.authoring import FEEDBACK_GROUP, KEY_GROUP, POINTS_GROUP
from xblocks.block import _
from xblocks.editing import FormGroup, names_in
from xblocks.engine import SOURCE_GROUP, EngineBlock
from xblocks.engine_scenarios import DECISION_SCENARIOS


class DecisionTableBlock(EngineBlock):
    """Decisions: what to keep, which enclosure, what is wrong with a question."""

    GRADER: ClassVar[str] = "decisions"
    TEMPLATE: ClassVar[str] = "decision_table.html"
    MODULE: ClassVar[str] = "decision_table.js"
    STYLES: ClassVar[tuple[str, ...]] = (
        "block.css",
        "exercise.css",
        "task.css",
        "decision_table.css",
    )
    EDITOR_MODULE: ClassVar[str] = "decision_table_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/decision_table.html"

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Decisions"),
    )
    shows_attributes = Boolean(
        display_name=_("Show the attributes of items and choices"),
        help=_("What the rules speak of, under the names that you gave it."),
        scope=Scope.settings,
        default=False,
    )

    FORM = (
        FormGroup("task", _("Task"), ("display_name", "prompt", "shows_attributes")),
        SOURCE_GROUP,
        KEY_GROUP,
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields = names_in(FORM)

    def task(self, path: Sequence[str] = ()) -> dict[str, Any]:
        """Items, choices and reasons; their attributes, if the author shows them."""
        shown = super().task(path)
        if not self.shows_attributes:
            return shown
        return {
            name: self._with_attributes(name, rows) if name in ("items", "choices") else rows
            for name, rows in shown.items()
        }

    def _with_attributes(self, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        known = {row["id"]: row.get("attributes") or {} for row in self.exercise[name]}
        return [{**row, "attributes": known[row["id"]]} for row in rows]

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Decisions to try in the XBlock workbench."""
        return DECISION_SCENARIOS
