"""The tables of tasks that people grade, and of marks that people changed.

What was handed in, every grading of it, every step and every changed score line are append-only.
``TaskWork`` is the head of one learner's work on one task: it is locked by whoever moves it on, and
says who holds it for grading. Locks are taken in one order: ``StudentItem``, then ``TaskWork``.

People of the staff are named by the account's id as text, without a foreign key: rows that are kept
for ever outlive accounts, and hosts without accounts have names only.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dbrules.append_only import AppendOnlyModel

MAX_ACCOUNT = 64


class TaskWork(models.Model):
    """One learner's work on one task: its state, who must act, who has it in hand.

    ``held_by`` has it until ``held_until``. ``due_at`` is the learner's own due date for a
    revision. ``graded`` is the grading that counts; ``current`` the latest answer. ``course_key``
    and ``usage_key`` repeat those of ``item``: by them the queue is asked for.
    """

    uuid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    item = models.OneToOneField(
        "StudentItem",
        verbose_name=_("learner's exercise"),
        on_delete=models.PROTECT,
        related_name="work",
    )
    course_key = models.CharField(_("course key"), max_length=255)
    usage_key = models.CharField(_("usage key"), max_length=255)
    state = models.CharField(_("state"), max_length=20)
    current = models.ForeignKey(
        "TaskAnswer",
        verbose_name=_("latest answer"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    graded = models.ForeignKey(
        "TaskGrading",
        verbose_name=_("grading that counts"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    first_by = models.CharField(_("first grader"), max_length=MAX_ACCOUNT, blank=True)
    held_by = models.CharField(_("in hand of"), max_length=MAX_ACCOUNT, blank=True)
    held_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    due_at = models.DateTimeField(_("revision due"), null=True, blank=True)
    appeal = models.TextField(_("review asked for"), blank=True)
    appealed_at = models.DateTimeField(_("when asked"), null=True, blank=True)
    appeal_answer = models.TextField(_("answer to it"), blank=True)
    appeal_answered_at = models.DateTimeField(_("when answered"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("waiting since"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("work on a task")
        verbose_name_plural = _("works on tasks")
        indexes = (
            models.Index(
                fields=["course_key", "usage_key", "state", "waiting_since"],
                name="libschool_task_queue",
            ),
        )

    def __str__(self) -> str:
        return f"{self.uuid} · {self.state}"


class TaskAnswer(AppendOnlyModel):
    """One version of what a learner handed in, and the rubric that was in force.

    ``answer`` is ``{"text", "files": [{"id", "name", "kind", "size", "sha256"}]}``.
    """

    uuid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(
        TaskWork, verbose_name=_("work"), on_delete=models.PROTECT, related_name="answers"
    )
    number = models.PositiveIntegerField(_("version"))
    answer: models.JSONField[dict[str, Any]] = models.JSONField(_("answer"))
    answer_sha256 = models.CharField(_("digest of the answer"), max_length=64)
    exercise = models.ForeignKey(
        "ExerciseSnapshot", verbose_name=_("rubric"), on_delete=models.PROTECT, related_name="+"
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=64)
    submitted_at = models.DateTimeField(_("handed in"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("answer to a task")
        verbose_name_plural = _("answers to tasks")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["work", "idempotency_key"], name="libschool_task_answer_once"
            ),
            models.UniqueConstraint(fields=["work", "number"], name="libschool_task_answer_no"),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class TaskFile(models.Model):
    """An uploaded file of a learner, for one task. It may be deleted until it is handed in."""

    uuid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(
        "StudentItem",
        verbose_name=_("learner's exercise"),
        on_delete=models.PROTECT,
        related_name="files",
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)
    is_handed_in = models.BooleanField(_("handed in"), default=False)
    added_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("file of a task")
        verbose_name_plural = _("files of tasks")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class TaskFilePart(models.Model):
    """A part of a file: small enough for one packet of any database, and to be streamed."""

    file = models.ForeignKey(TaskFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(_("number"))
    data = models.BinaryField(_("bytes"))

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["file", "number"], name="libschool_task_file_part"),
        )

    def __str__(self) -> str:
        return f"{self.file_id} · {self.number}"


class TaskGrading(AppendOnlyModel):
    """What one person gave for one answer, in one part (``role``), with comments and pins.

    ``marks`` are those of the grader «rubric»; of work returned for revision they may be missing.
    """

    uuid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    answer = models.ForeignKey(
        TaskAnswer, verbose_name=_("answer"), on_delete=models.PROTECT, related_name="gradings"
    )
    by = models.CharField(_("by"), max_length=MAX_ACCOUNT)
    role = models.CharField(_("as"), max_length=20)
    exercise = models.ForeignKey(
        "ExerciseSnapshot", verbose_name=_("rubric"), on_delete=models.PROTECT, related_name="+"
    )
    marks: models.JSONField[dict[str, Any]] = models.JSONField(_("marks"), default=dict)
    comment = models.TextField(_("comment"), blank=True)
    pins: models.JSONField[list[Any]] = models.JSONField(_("pinned comments"), default=list)
    score = models.FloatField(_("score"), null=True, blank=True)
    given_at = models.DateTimeField(_("given"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("grading")
        verbose_name_plural = _("gradings")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.uuid} · {self.role}"


class TaskGradingDraft(models.Model):
    """What a grader has noted so far; nobody else sees it."""

    answer = models.ForeignKey(
        TaskAnswer, verbose_name=_("answer"), on_delete=models.PROTECT, related_name="drafts"
    )
    by = models.CharField(_("by"), max_length=MAX_ACCOUNT)
    content: models.JSONField[dict[str, Any]] = models.JSONField(_("notes"), default=dict)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("draft of a grading")
        verbose_name_plural = _("drafts of gradings")
        constraints = (
            models.UniqueConstraint(fields=["answer", "by"], name="libschool_task_draft_once"),
        )

    def __str__(self) -> str:
        return f"{self.answer_id} · {self.by}"


class TaskStep(AppendOnlyModel):
    """One step in the life of a work: who did what, and where it led."""

    work = models.ForeignKey(
        TaskWork, verbose_name=_("work"), on_delete=models.PROTECT, related_name="steps"
    )
    what = models.CharField(_("what"), max_length=30)
    by = models.CharField(_("by"), max_length=MAX_ACCOUNT, blank=True)  # empty: the learner
    state = models.CharField(_("state after it"), max_length=20)
    data: models.JSONField[dict[str, Any]] = models.JSONField(_("data"), default=dict)
    at = models.DateTimeField(_("when"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("step of a work")
        verbose_name_plural = _("steps of works")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.work_id} · {self.what}"


class BankComment(models.Model):
    """A comment that is kept to be used again: its writer's own, or all graders' of the course."""

    course_id = models.CharField(_("course key"), max_length=255)
    by = models.CharField(_("by"), max_length=MAX_ACCOUNT)
    is_shared = models.BooleanField(_("shared"), default=False)
    text = models.TextField(_("text"))
    used = models.PositiveIntegerField(_("times used"), default=0)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("comment of the bank")
        verbose_name_plural = _("comments of the bank")
        ordering = ("-used", "pk")
        indexes = (models.Index(fields=["course_id", "by"], name="libschool_bank_owner"),)

    def __str__(self) -> str:
        return self.text[:60]


class LineOverride(AppendOnlyModel):
    """Other points than a machine gave for one line of a mark, and why; ``None`` takes them back.

    It holds for the ``attempt``, graded again or not. ``machine_points`` are what the machine had
    given then: a later mark that gives others makes the override one to look at again.
    """

    item = models.ForeignKey(
        "StudentItem",
        verbose_name=_("learner's exercise"),
        on_delete=models.PROTECT,
        related_name="overrides",
    )
    attempt = models.PositiveIntegerField(_("attempt"))
    code = models.CharField(_("code"), max_length=200)
    where = models.CharField(_("place"), max_length=300, blank=True)
    occurrence = models.PositiveIntegerField(_("which of several"), default=0)
    points = models.FloatField(_("points"), null=True, blank=True)
    machine_points = models.FloatField(_("points of the machine"))
    comment = models.TextField(_("comment"))
    by = models.CharField(_("by"), max_length=MAX_ACCOUNT)
    at = models.DateTimeField(_("when"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("changed score line")
        verbose_name_plural = _("changed score lines")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.code} · {self.where}"
