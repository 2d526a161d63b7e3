"""Who practises where, when, and who answers for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.data import OverrideKind
from practicum.models.base import AuditedForeverModel, AuditedModel
from practicum.models.people import Person
from practicum.models.programmes import Cohort, HostLibrary, ProgrammeVersion


class Placement(AuditedModel):
    """One trainee's stay at a host library, from ``first`` to ``last`` in the time zone ``tz``."""

    trainee = models.ForeignKey(
        Person, verbose_name=_("trainee"), on_delete=models.PROTECT, related_name="placements"
    )
    host = models.ForeignKey(
        HostLibrary,
        verbose_name=_("host library"),
        on_delete=models.PROTECT,
        related_name="placements",
    )
    programme_version = models.ForeignKey(
        ProgrammeVersion,
        verbose_name=_("programme"),
        on_delete=models.PROTECT,
        related_name="placements",
    )
    cohort = models.ForeignKey(
        Cohort,
        verbose_name=_("cohort"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="placements",
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    tz = models.CharField(_("time zone"), max_length=64)
    follows = models.ForeignKey(
        "self",
        verbose_name=_("follows"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ("-first",)
        indexes = (models.Index(fields=["last"], name="libschool_placement_ends"),)

    def __str__(self) -> str:
        return str(self.id)


class Pause(AuditedModel):
    """Days on which a placement is interrupted."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="pauses"
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    sealed_reason = models.TextField(_("reason"), blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        verbose_name = _("interruption")
        verbose_name_plural = _("interruptions")

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"


class Mandate(AuditedModel):
    """From when until when a mentor answers for a placement; revoked, it counts for nothing."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="mandates"
    )
    mentor = models.ForeignKey(
        Person, verbose_name=_("mentor"), on_delete=models.PROTECT, related_name="mandates"
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")

    def __str__(self) -> str:
        return f"{self.mentor_id}: {self.first}/{self.last or ''}"


class Override(AuditedForeverModel):
    """What a coordinator let pass, with a reason: a longer day or week, or a late entry."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="overrides"
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=[(kind.value, kind.value) for kind in OverrideKind]
    )
    day = models.DateField(_("day, or Monday of the week"))
    minutes = models.PositiveIntegerField(_("minutes allowed"), default=0)
    sealed_reason = models.TextField(_("reason"))
    signer = models.ForeignKey(
        Person, verbose_name=_("coordinator"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("signed"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("override")
        verbose_name_plural = _("overrides")

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Period(AuditedModel):
    """Days of a placement whose figures were closed; opened again, it lets new ones in."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="periods"
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    is_closed = models.BooleanField(_("closed"), default=True)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = (
            models.UniqueConstraint(
                fields=["placement", "first", "last"], name="libschool_period_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"


class Reopening(AuditedModel):
    """A coordinator's request to open a closed period again; somebody else confirms it."""

    period = models.ForeignKey(
        Period, verbose_name=_("period"), on_delete=models.PROTECT, related_name="reopenings"
    )
    sealed_reason = models.TextField(_("reason"))
    requester = models.ForeignKey(
        Person, verbose_name=_("requested by"), on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested"))
    confirmer = models.ForeignKey(
        Person,
        verbose_name=_("confirmed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("reopening of a period")
        verbose_name_plural = _("reopenings of periods")

    def __str__(self) -> str:
        return str(self.id)


class Agreement(AuditedForeverModel):
    """The contract between school, host and trainee; a changed one is another row."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="agreements"
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    minutes = models.PositiveIntegerField(_("minutes agreed"))
    sealed_reference = models.TextField(_("reference"), blank=True)
    file = models.ForeignKey(
        "EvidenceFile",
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    content_hash = models.CharField(_("digest"), max_length=64)
    created_at = models.DateTimeField(_("created"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"
