"""What an author sets in every exercise, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from xblock.fields import Float, Integer, Scope, String
from xblock.validation import ValidationMessage

from grading import api as grading
from grading.api import FeedbackLevel
from xblocks.block import SchoolBlock, _
from xblocks.fields import JsonDict

MAX_POINTS = 1000

SHOW_ANSWER = ("never", "attempted", "finished", "past_due", "always")


class AuthoredExercise(SchoolBlock):
    """The fields of an exercise. A subclass names its ``GRADER``."""

    GRADER: ClassVar[str]

    exercise = JsonDict(
        display_name=_("Key"),
        help=_("The right answers and their weights. Trainees never see this."),
        scope=Scope.content,
        default={},
    )
    points = Integer(
        display_name=_("Points"),
        help=_("How many points a perfect answer earns."),
        scope=Scope.settings,
        default=10,
        values={"min": 1, "max": MAX_POINTS},
    )
    attempts_allowed = Integer(
        display_name=_("Attempts"),
        help=_("How often a trainee may submit; 0 for as often as they like."),
        scope=Scope.settings,
        default=3,
        values={"min": 0},
    )
    show_answer = String(
        display_name=_("Show the answer"),
        help=_("From when on the model answer is shown."),
        scope=Scope.settings,
        default="finished",
        values=[
            {"display_name": _("Never"), "value": "never"},
            {"display_name": _("After the first attempt"), "value": "attempted"},
            {"display_name": _("Once solved, used up or past due"), "value": "finished"},
            {"display_name": _("Past due"), "value": "past_due"},
            {"display_name": _("Always"), "value": "always"},
        ],
    )
    feedback_level = Integer(
        display_name=_("Feedback"),
        help=_("How much of the marking is shown after each attempt."),
        scope=Scope.settings,
        default=2,
        values=[
            {"display_name": _("The score"), "value": 0},
            {"display_name": _("and where points were lost"), "value": 1},
            {"display_name": _("and why, with the rule"), "value": 2},
            {"display_name": _("and the model value, once it may be shown"), "value": 3},
        ],
    )
    weight = Float(
        display_name=_("Weight"),
        help=_("What the exercise counts in its subsection; its points, if left empty."),
        scope=Scope.settings,
        default=None,
        values={"min": 0},
    )

    # --- What a subclass fills in ---

    def check_exercise(self, data: Any) -> None:
        """Raise ``InvalidExercise`` if the fields of ``data`` make no exercise."""
        raise NotImplementedError

    def find_exercise_faults(self, data: Any) -> Iterator[grading.InvalidExercise]:
        """What ``check_exercise`` refuses; a block that can tell several faults apart, each."""
        try:
            self.check_exercise(data)
        except grading.InvalidExercise as error:
            yield error

    # --- Checks ---

    def validate_field_data(self, validation: Any, data: Any) -> None:
        """Name every fault of the author's form with its place."""
        for where, message in self.find_faults(data):
            text = f"{where}: {message}"
            validation.add(ValidationMessage(ValidationMessage.ERROR, text))

    def find_faults(self, data: Any) -> Iterator[tuple[str, str]]:
        """The places of what is wrong with the fields of ``data``, and why, as the author reads."""
        if not _is_whole(data.points) or not 1 <= data.points <= MAX_POINTS:
            yield "points", self.translate("A whole number from 1 to 1000 is needed.")
        if not _is_whole(data.attempts_allowed) or data.attempts_allowed < 0:
            yield "attempts_allowed", self.translate("A whole number is needed, 0 for no limit.")
        if data.weight is not None and data.weight < 0:
            yield "weight", self.translate("A weight cannot be negative.")
        if data.show_answer not in SHOW_ANSWER:
            yield "show_answer", self.translate("This is none of the choices.")
        if data.feedback_level not in list(FeedbackLevel):
            yield "feedback_level", self.translate("This is none of the choices.")
        for error in self.find_exercise_faults(data):
            yield error.where or "exercise", error.describe(self.translate)

    # --- Answers already graded ---

    def count_graded_answers(self) -> int:
        """How many learners have a score by the exercise."""
        return grading.count_graded(*self.place())

    def request_regrade(self, requested_by: Any, apply_at_once: bool = False) -> int:
        """Have all answers graded again by the exercise as it is now; the request's number.

        ``requested_by`` is a user or a user's id, or ``None``. Unless ``apply_at_once``, nothing
        changes before somebody has seen the report. Raises ``InvalidExercise``.
        """
        return grading.request_regrade(
            *self.place(),
            grader=self.GRADER,
            exercise=self.exercise,
            points=self.points,
            weight=self.weight,
            requested_by=getattr(requested_by, "pk", requested_by),
            apply_at_once=apply_at_once,
        )

    def place(self) -> tuple[str, str]:
        """The course key and the usage key, as answers are kept under them."""
        return str(self.context_key or ""), str(self.usage_key)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
