"""The learner's own logger's year as a file, for the blocks that are about one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError

from grading import engines
from grading.api import InvalidExercise
from quarantine.files import download_headers
from quarantine.tables import Cell, write_xlsx
from xblocks.block import callable_by
from xblocks.engine import EngineBlock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LogDownload(EngineBlock):
    """Base of the blocks whose exercise may be about a logger's year."""

    def page_context(self) -> dict[str, Any]:
        """With where the files are."""
        files = {
            form: self.runtime.handler_url(self, "download_log", form) for form in ("csv", "xlsx")
        }
        return {**super().page_context(), "log_files": files if self._has_year() else {}}

    def _has_year(self) -> bool:
        return isinstance(self.exercise.get("climate"), dict) and self.is_ready()

    @callable_by("learner", is_safe=True)
    @XBlock.handler
    def download_log(self, request: Any, suffix: str = "") -> Response:
        """The learner's readings: ``csv`` in the form that the author chose, or ``xlsx``."""
        try:
            item = self.require_student()
        except JsonHandlerError as error:
            return error.get_response()
        if suffix not in ("csv", "xlsx") or not self._has_year():
            return Response(status=404)
        try:
            if suffix == "xlsx":
                data = write_xlsx(self._log_table(item), sheet=self.display_name)
            else:
                data = (engines.log_file(self.GRADER, self.exercise, item) or "").encode()
        except InvalidExercise:
            return Response(status=404)
        return hand_out(data, f"{self.display_name}.{suffix}", suffix)

    def _log_table(self, item: Any) -> Iterator[Sequence[Cell]]:
        yield self.translate("Time"), self.translate("°C"), self.translate("% RH")
        yield from engines.log_rows(self.GRADER, self.exercise, item)


def hand_out(data: bytes, name: str, form: str) -> Response:
    """A table for download, as ``csv`` or ``xlsx``."""
    response = Response(body=data)
    media_type = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    for header, value in download_headers(name, media_type).items():
        response.headers[header] = value
    return response
