"""The block ``time_line``: episodes found in a series of readings."""

from __future__ import annotations

from typing import Any, ClassVar

from xblock.fields import Scope, String

from grading.api import InvalidExercise
from xblocks.authoring import FEEDBACK_GROUP, KEY_GROUP, POINTS_GROUP
from xblocks.block import _
from xblocks.editing import FormGroup, names_in
from xblocks.engine import SOURCE_GROUP
from xblocks.log_download import LogDownload
from xblocks.sheet_scenarios import TIME_LINE_SCENARIOS
from xblocks.sourced import is_course_file


class TimeLineBlock(LogDownload):
    """Episodes on a time line of temperature and humidity: when, of what kind, by what cause."""

    GRADER: ClassVar[str] = "intervals"
    TEMPLATE: ClassVar[str] = "time_line.html"
    MODULE: ClassVar[str] = "time_line.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "task.css", "sheets.css")
    EDITOR_MODULE: ClassVar[str] = "time_line_editor.js"
    OWN_EDITOR: ClassVar[str] = "editor/time_line.html"

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Time line"),
    )
    data = String(
        display_name=_("File of readings"),
        help=_(
            "A table of the course with the columns time, °C and % RH, such as /static/store.csv; "
            "empty if the exercise makes a year for each trainee."
        ),
        scope=Scope.content,
        default="",
    )

    FORM = (
        FormGroup("task", _("Task"), ("display_name", "prompt", "data")),
        SOURCE_GROUP,
        KEY_GROUP,
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields = names_in(FORM)

    def page_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """With where the readings are, unless they come along."""
        file = self.static_url(self.data) if is_course_file(self.data) else ""
        return {**super().page_state(state), "file": file}

    def check_exercise(self, data: Any) -> None:
        """Raise ``InvalidExercise`` for readings from elsewhere; they may stand in the source."""
        super().check_exercise(data)
        if data.data and not is_course_file(data.data):
            raise InvalidExercise(_("A file of the course is needed: /static/…"), "data")

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Time lines to try in the XBlock workbench: episodes and faults of a year."""
        return TIME_LINE_SCENARIOS
