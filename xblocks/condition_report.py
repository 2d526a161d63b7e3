"""The block ``condition_report``: damages marked on the picture of a page, and what each is."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import Any, ClassVar

from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Scope, String

from grading import engines
from grading.api import InvalidExercise, ItemState
from xblocks.authoring import FEEDBACK_GROUP, POINTS_GROUP
from xblocks.block import _, callable_by
from xblocks.condition_scenarios import condition_report_scenarios
from xblocks.editing import Finding, FormGroup, names_in
from xblocks.engine import EngineBlock
from xblocks.fields import JsonDict
from xblocks.requests import read_value

MOST_DAMAGES = 6  # of a drawn page


class ConditionReportBlock(EngineBlock):
    """Damages of a page: where they are, what kind, how grave."""

    GRADER: ClassVar[str] = "regions"
    TEMPLATE: ClassVar[str] = "condition_report.html"
    MODULE: ClassVar[str] = "condition_report.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "condition_report.css")

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Condition report"),
    )
    exercise = JsonDict(
        display_name=_("Damages"),
        help=_("Where the damages are and what they are; trainees never see it before they may."),
        scope=Scope.content,
        default={},
    )

    FORM = (
        FormGroup("task", _("Task"), ("display_name", "prompt")),
        FormGroup("source", _("Page"), ("source_image", "source_image_alt", "source_text")),
        FormGroup("key", _("Damages"), ("exercise",)),
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields = names_in(FORM)
    EDITOR_MODULE: ClassVar[str] = "condition_report_editor.js"
    EDITOR_STYLES: ClassVar[tuple[str, ...]] = ("editor.css", "engine_editor.css")

    # --- What the page gets ---

    def page_context(self) -> dict[str, Any]:
        """The task, what is known of the object, and the picture to be marked."""
        context = super().page_context()
        return {**context, "source_image": context["source_image"] or self._drawn_picture()}

    def _drawn_picture(self) -> str:
        """The drawn page that the exercise is about, if it is about one, as a picture's address."""
        name = self.exercise.get("page")
        return picture_url(name) if isinstance(name, str) and name else ""

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """The marks in the work area, those submitted and, once it may be shown, the truth."""
        return {
            **super().exercise_state(item, answer_shown),
            "reference": self._reference() if answer_shown else None,
        }

    def _reference(self) -> dict[str, Any] | None:
        try:
            return engines.reference(self.exercise)
        except InvalidExercise:
            return None

    # --- The author's editor ---

    def editor_state(self) -> dict[str, Any]:
        """The picture, and the usual kinds of damage for an exercise that has none yet."""
        return {
            "picture": self.page_context()["source_image"],
            "usual": {
                "classes": {name: self.translate(text) for name, text in engines.CLASSES.items()},
                "definitions": {
                    name: self.translate(text) for name, text in engines.DEFINITIONS.items()
                },
                "families": engines.FAMILIES,
            },
        }

    def editor_context(self) -> dict[str, Any]:
        """The words of the editor of damages."""
        return {"own_template": "editor/condition_report.html"}

    def review(self) -> Iterator[Finding]:
        """A page without a picture, and ways of marking that need what is not written."""
        yield from super().review()
        if not self.source_image and not self.exercise.get("page"):
            message = self.translate("There is no picture to be marked yet.")
            yield Finding("warning", "source_image", message)
        task = self.task()
        if "described" in task.get("modes", ()) and not task["observations"]:
            message = self.translate(
                "Marking by description needs observations for those who cannot see the picture."
            )
            yield Finding("warning", "exercise", message, "observations")

    @callable_by("author")
    @XBlock.json_handler
    def draw_page(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """A drawn page with so many damages: ``{"damages"}`` -> ``{"exercise", "picture"}``."""
        count = read_value(data, "damages")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_DAMAGES:
            raise JsonHandlerError(400, self.translate("From 1 to 6 damages can be drawn."))
        exercise = engines.draw_page(f"{secrets.token_hex(4)}/{count}")
        return {"exercise": exercise, "picture": picture_url(exercise["page"])}

    @callable_by("author")
    @XBlock.json_handler
    def find_picture(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The address of the form's picture: ``{"values"}`` -> ``{"picture"}``."""
        draft, _values, _faults = self.read_draft(data)
        return {"picture": draft.page_context()["source_image"]}

    @callable_by("author")
    @XBlock.json_handler
    def compare_experts(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """How far experts agree: ``{"values", "experts": [answer]}``; see ``engines.agreement``."""
        draft, _values, _faults = self.read_draft(data)
        experts = read_value(data, "experts")
        if not isinstance(experts, list):
            raise JsonHandlerError(400, self.translate("The experts' marks are a list."))
        try:
            return engines.agreement(draft.exercise, experts)
        except InvalidExercise as error:
            place = f"{error.where}: " if error.where else ""
            raise JsonHandlerError(422, place + error.describe(self.translate)) from error

    # --- Checks ---

    def find_exercise_faults(self, data: Any) -> Iterator[InvalidExercise]:
        """The faults of all regions, not only of the first."""
        seen = set()
        for fault in (
            *super().find_exercise_faults(data),
            *engines.find_region_faults(data.exercise),
        ):
            if fault.where not in seen:
                yield fault
            seen.add(fault.where)

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """A page to try in the XBlock workbench, to be marked in every way."""
        return condition_report_scenarios()


def picture_url(name: str) -> str:
    """A drawn page as an address that needs no file: the school's policy lets pictures be data."""
    svg = engines.picture_of(name).encode()
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")
