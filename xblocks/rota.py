"""The block ``rota``: who works which shift."""

from __future__ import annotations

from typing import ClassVar

from xblock.fields import Scope, String

from xblocks.block import _
from xblocks.engine import EngineBlock
from xblocks.sheet_scenarios import ROTA_SCENARIOS


class RotaBlock(EngineBlock):
    """A rota: shifts staffed by the rules, with what follows told at once."""

    GRADER: ClassVar[str] = "rota"
    TEMPLATE: ClassVar[str] = "rota.html"
    MODULE: ClassVar[str] = "rota.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "task.css", "sheets.css")
    EDITOR_MODULE: ClassVar[str] = "rota_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/rota.html"

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Rota"),
    )

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """A rota to try in the XBlock workbench."""
        return ROTA_SCENARIOS
