"""Where practice takes place, and what is required of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.models.base import AuditedForeverModel, AuditedModel


class HostLibrary(AuditedModel):
    """A library that takes trainees. ``capacity`` is how many at once; 0 is not said."""

    name = models.CharField(_("name"), max_length=255)
    address = models.TextField(_("address"), blank=True)
    municipality = models.CharField(_("municipality"), max_length=255, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    tz = models.CharField(_("time zone"), max_length=64, default="UTC")
    capacity = models.PositiveIntegerField(_("capacity"), default=0)
    contact_name = models.CharField(_("contact"), max_length=255, blank=True)
    contact_mail = models.EmailField(_("mail of the contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=50, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )

    class Meta:
        verbose_name = _("host library")
        verbose_name_plural = _("host libraries")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Category(AuditedModel):
    """An activity that minutes are served at. Its ``code`` never changes, its name may."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=255)

    class Meta:
        verbose_name = _("activity category")
        verbose_name_plural = _("activity categories")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Competency(AuditedModel):
    """What a trainee is to be able to do, on levels from 0 to ``levels``."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    levels = models.PositiveSmallIntegerField(_("levels"), default=4)

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Programme(AuditedModel):
    """A programme of practice; what it requires is in its versions."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=255)

    class Meta:
        verbose_name = _("programme of practice")
        verbose_name_plural = _("programmes of practice")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class ProgrammeVersion(AuditedForeverModel):
    """The rules of a programme as they stood from some time on; placements name theirs."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    rules = models.JSONField(_("rules"))
    created_at = models.DateTimeField(_("created"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("version of a programme")
        verbose_name_plural = _("versions of programmes")
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "number"], name="libschool_programme_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme_id} · {self.number}"


class Cohort(AuditedModel):
    """Trainees who go through a programme together."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=255)

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
