"""The block ``workbook``: values to compute, with their units, source rows and meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Scope, String

from grading import engines
from grading.api import InvalidExercise
from quarantine.tables import Cell, write_csv, write_xlsx
from xblocks.block import _, callable_by
from xblocks.log_download import LogDownload, hand_out
from xblocks.sheet_scenarios import WORKBOOK_SCENARIOS


class WorkbookBlock(LogDownload):
    """A sheet: data of the learner's own, cells to be filled from it."""

    GRADER: ClassVar[str] = "workbook"
    TEMPLATE: ClassVar[str] = "workbook.html"
    MODULE: ClassVar[str] = "workbook.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "task.css", "sheets.css")
    EDITOR_MODULE: ClassVar[str] = "workbook_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/workbook.html"

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Workbook"),
    )

    # --- What the page gets ---

    def task(self, path: Sequence[str] = ()) -> dict[str, Any]:
        """The data and what each cell asks, which is the author's HTML."""
        task = super().task(path)
        for cell in task.get("cells", ()):
            cell["detail"] = str(self.clean(cell.pop("text")))
        return task

    def page_context(self) -> dict[str, Any]:
        """With where the data lies for download."""
        files = {
            form: self.runtime.handler_url(self, "download_data", form) for form in ("csv", "xlsx")
        }
        has_data = bool(self.exercise.get("data")) and self.is_ready()
        return {**super().page_context(), "data_files": files if has_data else {}}

    # --- Handlers ---

    @callable_by("learner", is_safe=True)
    @XBlock.handler
    def download_data(self, request: Any, suffix: str = "") -> Response:
        """The learner's own data as ``csv`` or ``xlsx``."""
        try:
            self.require_student()
        except JsonHandlerError as error:
            return error.get_response()
        task = self.task()
        if suffix not in ("csv", "xlsx") or not task.get("data"):
            return Response(status=404)
        rows = self._data_table(task["data"])
        data = write_csv(rows) if suffix == "csv" else write_xlsx(rows, sheet=self.display_name)
        return hand_out(data, f"{self.display_name}.{suffix}", suffix)

    def _data_table(self, data: Sequence[dict[str, Any]]) -> Iterator[Sequence[Cell]]:
        yield self.translate("Name"), self.translate("Row"), self.translate("Value")
        for row in data:
            values = row["value"] if isinstance(row["value"], list) else [row["value"]]
            yield row["text"], row["id"], *values

    @callable_by("author")
    @XBlock.json_handler
    def inspect_cells(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What the form's formulas come to: ``{"cells": [{"id", "value", "slips"}], "error"}``.

        As a learner without an account of their own would get them.
        """
        draft, _values, _faults = self.read_draft(data)
        try:
            return {"cells": engines.inspect_sheet(draft.exercise), "error": ""}
        except InvalidExercise as error:
            place = f"{error.where}: " if error.where else ""
            return {"cells": [], "error": place + error.describe(self.translate)}

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Sheets to try in the XBlock workbench: indicators, and a logger's year."""
        return WORKBOOK_SCENARIOS
