"""What the site keeps of grades: one line for each learner, what people decided, and the history.

``LearnerGrade`` is worked out from ``LearnerState`` and ``Override`` and can be made again from
them at any time. ``ScoreChange`` is only ever added to.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dbrules.append_only import AppendOnlyModel


class LearnerGrade(models.Model):
    """A learner's line in the grade book of a course.

    ``blocks`` and ``subsections`` are packed as ``delivery.grades.sheets`` says, in the order of
    the plan that ``stamp`` names; a line with another stamp than the course's plan of today is
    out of date. ``is_listed``: the learner takes part as a trainee. ``scored`` counts the blocks
    with a score, ``overrides`` the decisions of people in force. ``revision`` grows with every
    change of the line.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(
        "libschool_delivery.Course", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    sort_name = models.CharField(_("name to sort by"), max_length=400, blank=True)
    is_listed = models.BooleanField(_("in the grade book"), default=False)
    stamp = models.BigIntegerField(_("plan"), default=0)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    blocks = models.BinaryField(_("scores of blocks"), default=bytes)
    subsections = models.BinaryField(_("totals of subsections"), default=bytes)
    percent = models.FloatField(_("grade, rounded"), default=0.0)
    percent_unrounded = models.FloatField(_("grade"), default=0.0)
    letter = models.CharField(_("letter"), max_length=100, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    scored = models.PositiveIntegerField(_("blocks with a score"), default=0)
    overrides = models.PositiveIntegerField(_("decisions in force"), default=0)
    last_scored_at = models.DateTimeField(_("last score"), null=True, blank=True)

    class Meta:
        app_label = "libschool_delivery"
        verbose_name = _("learner's grade")
        verbose_name_plural = _("learners' grades")
        constraints = (
            models.UniqueConstraint(fields=["course", "user"], name="libschool_grade_once"),
        )
        indexes = (
            models.Index(
                fields=["course", "is_listed", "sort_name", "user"], name="libschool_grade_name"
            ),
            models.Index(
                fields=["course", "is_listed", "percent", "user"], name="libschool_grade_percent"
            ),
            models.Index(fields=["course", "is_listed", "stamp"], name="libschool_grade_stamp"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.course_id} · {self.percent:.0%}"


class Override(models.Model):
    """A decision of a person: other points for a learner's block or subsection, or an excuse.

    ``usage_key`` names the block or subsection. The latest that was not undone is in force;
    ``earned`` of ``possible`` points count as they are, in place of any score.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(
        "libschool_delivery.Course", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    usage_key = models.CharField(_("usage key"), max_length=255)
    earned = models.FloatField(_("points earned"), default=0.0)
    possible = models.FloatField(_("points possible"), default=0.0)
    is_excused = models.BooleanField(_("excused"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        app_label = "libschool_delivery"
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        indexes = (models.Index(fields=["course", "user"], name="libschool_override_whose"),)

    def __str__(self) -> str:
        return f"{self.user_id} · {self.usage_key}"


class ScoreChange(AppendOnlyModel):
    """One thing that happened to a learner's score: what, when, by whom and why.

    ``earned`` of ``possible`` are the points that came, ``None`` where none did or a score was
    taken away. They ``count`` unless something else stands before them. The rows name accounts
    and courses by their numbers alone, so that they outlive both.
    """

    class Kind(models.TextChoices):
        """What happened."""

        SUBMISSION = "submission", _("submission")
        LATE = "late", _("submission after the close")
        REGRADE = "regrade", _("graded again")
        STAFF = "staff", _("score given")
        RESET = "reset", _("score taken back")
        OVERRIDE = "override", _("override")
        EXCUSE = "excuse", _("excuse")
        UNDO = "undo", _("undone")
        EXTENSION = "extension", _("extension")
        IMPORT = "import", _("import")

    user_id = models.BigIntegerField(_("learner"))
    course_id = models.BigIntegerField(_("course"))
    usage_key = models.CharField(_("usage key"), max_length=255)
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    earned = models.FloatField(_("points earned"), null=True, blank=True)
    possible = models.FloatField(_("points possible"), null=True, blank=True)
    counts = models.BooleanField(_("counts"), default=True)
    is_late = models.BooleanField(_("after the due date"), default=False)
    due = models.DateTimeField(_("new due date"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    made_by = models.BigIntegerField(_("by"), null=True, blank=True)
    made_at = models.DateTimeField(_("when"))

    class Meta(AppendOnlyModel.Meta):
        app_label = "libschool_delivery"
        abstract = False
        verbose_name = _("change of a score")
        verbose_name_plural = _("changes of scores")
        indexes = (models.Index(fields=["course_id", "user_id"], name="libschool_change_whose"),)

    def __str__(self) -> str:
        return f"{self.user_id} · {self.usage_key} · {self.kind}"
