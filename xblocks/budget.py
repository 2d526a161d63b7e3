"""The block ``budget``: projects to pay for within a limit, or a whole divided among chapters."""

from __future__ import annotations

from typing import ClassVar

from xblock.fields import Scope, String

from xblocks.block import _
from xblocks.engine import EngineBlock
from xblocks.sheet_scenarios import BUDGET_SCENARIOS


class BudgetBlock(EngineBlock):
    """A budget: what is paid for, by rules that are told while choosing."""

    GRADER: ClassVar[str] = "budget"
    TEMPLATE: ClassVar[str] = "budget.html"
    MODULE: ClassVar[str] = "budget.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "task.css", "sheets.css")
    EDITOR_MODULE: ClassVar[str] = "budget_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/budget.html"

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Budget"),
    )

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Budgets to try in the XBlock workbench: projects and chapters."""
        return BUDGET_SCENARIOS
