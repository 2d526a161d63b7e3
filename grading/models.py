"""What is kept: every answer for ever, and where each learner stands with each block.

``Submission`` and ``ExerciseSnapshot`` are append-only: with them every past score can be
explained and graded again. Whatever changes (drafts, counters) is in ``StudentItem``, the row
that is locked while a learner's answers to one block are written.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dbrules.append_only import AppendOnlyModel
from grading.task_models import (
    BankComment,
    LineOverride,
    TaskAnswer,
    TaskFile,
    TaskFilePart,
    TaskGrading,
    TaskGradingDraft,
    TaskStep,
    TaskWork,
)

__all__ = [
    "BankComment",
    "ExerciseSnapshot",
    "LineOverride",
    "Regrade",
    "RegradeChange",
    "StudentItem",
    "Submission",
    "TaskAnswer",
    "TaskFile",
    "TaskFilePart",
    "TaskGrading",
    "TaskGradingDraft",
    "TaskStep",
    "TaskWork",
]


class ExerciseSnapshot(AppendOnlyModel):
    """An exercise as it stood when something was graded against it, kept once by its digest."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    exercise = models.JSONField(_("exercise"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("exercise snapshot")
        verbose_name_plural = _("exercise snapshots")

    def __str__(self) -> str:
        return self.sha256[:12]


class StudentItem(models.Model):
    """One learner's side of one block: the draft, the attempts used, the score that counts."""

    student_id = models.CharField(_("anonymous student id"), max_length=64)
    course_id = models.CharField(_("course key"), max_length=255)
    item_id = models.CharField(_("usage key"), max_length=255)
    item_type = models.CharField(_("block type"), max_length=100)
    draft = models.JSONField(_("draft"), null=True, blank=True)
    draft_revision = models.PositiveIntegerField(_("draft revision"), default=0)
    draft_saved_at = models.DateTimeField(_("draft saved"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    earned = models.FloatField(_("points earned"), null=True, blank=True)
    possible = models.FloatField(_("points possible"), null=True, blank=True)
    last = models.ForeignKey(
        "Submission",
        verbose_name=_("last submission"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    score_given_at = models.DateTimeField(  # until then the host counts what the block publishes
        _("score given outside the learner's request"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("learner's exercise")
        verbose_name_plural = _("learners' exercises")
        constraints = (
            # The only index besides the key: with two, MySQL locks rows in two orders and
            # deadlocks. A learner's rows are always asked for by their usage keys.
            models.UniqueConstraint(
                fields=["course_id", "item_id", "student_id"], name="libschool_student_item"
            ),
        )

    def __str__(self) -> str:
        return f"{self.student_id} · {self.item_id}"


class Submission(AppendOnlyModel):
    """One immutable answer, the exercise it answered and the mark it got.

    ``score`` is 0-1 and worth ``score * points``. A re-score is a row of its own that repeats
    the answer and the attempt of ``rescored_from``.
    """

    uuid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(
        StudentItem,
        verbose_name=_("exercise"),
        on_delete=models.PROTECT,
        related_name="submissions",
    )
    attempt = models.PositiveIntegerField(_("attempt"))
    rescored_from = models.ForeignKey(
        "self",
        verbose_name=_("re-score of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answer = models.JSONField(_("answer"))
    answer_sha256 = models.CharField(_("digest of the answer"), max_length=64)
    exercise = models.ForeignKey(
        ExerciseSnapshot, verbose_name=_("exercise"), on_delete=models.PROTECT, related_name="+"
    )
    grader = models.CharField(_("grader"), max_length=50)
    points = models.PositiveIntegerField(_("points possible"))
    mark = models.JSONField(_("mark"))
    score = models.FloatField(_("score"))
    idempotency_key = models.CharField(_("idempotency key"), max_length=64)
    submitted_at = models.DateTimeField(_("submitted"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["item", "idempotency_key"], name="libschool_submission_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class Regrade(models.Model):
    """A request to grade the answers to a block again, by an exercise that was changed.

    ``replaces`` are the digests of the exercises by which the answers had been graded when it
    was made: answers to a later exercise are none of its business. Of several requests for a
    block only the latest is carried out. ``done`` of ``total`` answers are behind in the present
    state, which ``job`` is at work on.
    """

    class State(models.TextChoices):
        """How far it has come. What is reported waits for somebody to say that it be applied."""

        REPORTING = "reporting", _("being worked out")
        REPORTED = "reported", _("waits for a decision")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        STOPPED = "stopped", _("stopped on the way")
        DISCARDED = "discarded", _("discarded")
        SUPERSEDED = "superseded", _("replaced by a later one")

    course_id = models.CharField(_("course key"), max_length=255)
    item_id = models.CharField(_("usage key"), max_length=255)
    grader = models.CharField(_("grader"), max_length=50)
    exercise = models.ForeignKey(
        ExerciseSnapshot, verbose_name=_("exercise"), on_delete=models.PROTECT, related_name="+"
    )
    replaces: models.JSONField[list[str]] = models.JSONField(_("exercises replaced"), default=list)
    points = models.PositiveIntegerField(_("points possible"))
    weight = models.FloatField(_("weight"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.APPLIED
    )
    total = models.PositiveIntegerField(_("answers"), default=0)
    done = models.PositiveIntegerField(_("answers behind"), default=0)
    job = models.UUIDField(_("job"), null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)

    class Meta:
        verbose_name = _("re-grade")
        verbose_name_plural = _("re-grades")
        ordering = ("-pk",)
        indexes = (models.Index(fields=["course_id", "item_id"], name="libschool_regrade_item"),)

    def __str__(self) -> str:
        return self.item_id


class RegradeChange(models.Model):
    """What a re-grade does to one learner's points: found before, and kept when it is applied.

    Points as they were, of ``possible_before``, and as they become, of the re-grade's. ``size``
    orders the list: how much of a whole mark is won or lost.
    """

    class Outcome(models.TextChoices):
        """What becomes of the score. ``SAME``: the same share of other points."""

        BETTER = "better", _("better")
        WORSE = "worse", _("worse")
        SAME = "same", _("the same share")
        REFUSED = "refused", _("keeps its old mark")

    regrade = models.ForeignKey(
        Regrade, verbose_name=_("re-grade"), on_delete=models.CASCADE, related_name="changes"
    )
    item = models.ForeignKey(
        StudentItem, verbose_name=_("exercise"), on_delete=models.CASCADE, related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    before = models.FloatField(_("points before"))
    possible_before = models.FloatField(_("points possible before"))
    after = models.FloatField(_("points after"))
    size = models.FloatField(_("size of the change"))

    class Meta:
        verbose_name = _("change by a re-grade")
        verbose_name_plural = _("changes by re-grades")
        constraints = (
            models.UniqueConstraint(fields=["regrade", "item"], name="libschool_change_once"),
        )
        indexes = (models.Index(fields=["regrade", "size"], name="libschool_change_size"),)

    def __str__(self) -> str:
        return f"{self.regrade_id} · {self.item_id}"
