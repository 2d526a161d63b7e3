"""Marks on their way in: a table that was uploaded, and what each of its cells would change."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MarksImport(models.Model):
    """An uploaded table of marks: read by a dry run, then applied or discarded; one row each.

    ``reason`` becomes the reason of every change. ``problem`` says why the table was refused, as
    a sentence and what fills it. ``passed_over`` counts the cells that change nothing.
    """

    class State(models.TextChoices):
        """How far a table has come."""

        WAITING = "waiting", _("being checked")
        READY = "ready", _("checked, to be applied")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        REFUSED = "refused", _("refused")
        DISCARDED = "discarded", _("discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(
        "libschool_delivery.Course", on_delete=models.CASCADE, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    file_name = models.CharField(_("file"), max_length=255)
    data = models.BinaryField(_("table"), default=bytes)
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.WAITING
    )
    problem: models.JSONField[list[Any]] = models.JSONField(_("problem"), default=list)
    passed_over = models.PositiveIntegerField(_("cells that change nothing"), default=0)
    job = models.UUIDField(_("job"), null=True, blank=True)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    class Meta:
        app_label = "libschool_delivery"
        verbose_name = _("import of marks")
        verbose_name_plural = _("imports of marks")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.file_name} · {self.get_state_display()}"


class MarksImportLine(models.Model):
    """One cell of a table that changes something, or something that is wrong.

    ``was_earned`` (``None``: no score) and ``was_excused`` are what stood at the dry run.
    ``fault`` is a sentence and what fills it; empty if nothing is wrong.
    """

    of = models.ForeignKey(MarksImport, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField(_("row"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    usage_key = models.CharField(_("usage key"), max_length=255, blank=True)
    head = models.CharField(_("head of the column"), max_length=255, blank=True)
    was_earned = models.FloatField(_("points before"), null=True)
    was_excused = models.BooleanField(_("excused before"), default=False)
    earned = models.FloatField(_("points"), null=True)
    is_excused = models.BooleanField(_("excused"), default=False)
    is_done = models.BooleanField(_("done"), default=False)
    fault: models.JSONField[list[Any]] = models.JSONField(_("fault"), default=list)

    class Meta:
        app_label = "libschool_delivery"
        verbose_name = _("line of an import of marks")
        verbose_name_plural = _("lines of imports of marks")
        ordering = ("of", "pk")

    def __str__(self) -> str:
        return f"{self.of_id} · {self.row}"
