"""What the jobs app keeps: the jobs themselves and the signs of life of those who run them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.clock import DatabaseNow


class Job(models.Model):
    """One piece of work. The row is the truth; a broker's message about it is only a hint.

    A job in parts is running, without a runner of its own, until none of ``parts_left`` is left.
    ``progress_first`` are the steps that were behind when it told first, at ``progress_since``.
    """

    class State(models.TextChoices):
        """Where a job stands. A job that failed and will be tried again is queued."""

        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        DEAD = "dead", _("dead")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(_("task"), max_length=100)
    args: models.JSONField[dict[str, Any]] = models.JSONField(_("arguments"), default=dict)
    dedupe = models.CharField(  # only null may repeat under a unique constraint
        _("key"), max_length=255, null=True, blank=True, unique=True
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    run_after = models.DateTimeField(_("not before"), default=DatabaseNow)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    token = models.UUIDField(_("token"), null=True, blank=True)
    claimed_by = models.CharField(_("run by"), max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"), default=5)
    published_at = models.DateTimeField(_("sent to the broker"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    result: models.JSONField[dict[str, Any] | None] = models.JSONField(
        _("result"), null=True, blank=True
    )
    subject = models.CharField(_("about"), max_length=255, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="parts",
    )
    parts_left = models.PositiveIntegerField(_("parts not done"), default=0)
    progress_done = models.PositiveIntegerField(_("steps done"), default=0)
    progress_total = models.PositiveIntegerField(_("steps in all"), default=0)
    progress_first = models.PositiveIntegerField(_("steps done at first"), default=0)
    progress_since = models.DateTimeField(_("progress since"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=DatabaseNow)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["state", "run_after"], name="libschool_job_due"),
            models.Index(fields=["state", "lease_until"], name="libschool_job_lease"),
            models.Index(fields=["created_at"], name="libschool_job_created"),
            models.Index(fields=["subject", "created_at"], name="libschool_job_subject"),
        )

    def __str__(self) -> str:
        return f"{self.task} · {self.get_state_display()}"


class JobFile(models.Model):
    """A file that a job left for who asked for it."""

    job = models.OneToOneField(
        Job, verbose_name=_("job"), on_delete=models.CASCADE, related_name="file"
    )
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("media type"), max_length=100)
    data = models.BinaryField(_("content"))
    expires_at = models.DateTimeField(_("kept until"), db_index=True)

    class Meta:
        verbose_name = _("file of a job")
        verbose_name_plural = _("files of jobs")

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """How far the schedule of a periodic task has come: its latest slot that has a job."""

    name = models.CharField(_("task"), max_length=100, unique=True)
    slot = models.DateTimeField(_("latest slot"))

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RunnerHeartbeat(models.Model):
    """When a process of the suite last showed that it is alive and can write."""

    class Kind(models.TextChoices):
        """Who shows signs of life."""

        RUNNER = "runner", _("runner")
        RELAY = "relay", _("relay to the broker")
        WEB = "web", _("web process")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    pid = models.PositiveIntegerField(_("process"))
    started_at = models.DateTimeField(_("started"), default=DatabaseNow)
    beat_at = models.DateTimeField(_("last sign of life"), default=DatabaseNow)

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        ordering = ("-beat_at",)

    def __str__(self) -> str:
        return self.name
