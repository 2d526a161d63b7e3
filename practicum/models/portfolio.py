"""What is told and judged beside the hours: weeks, absences, competencies, forms, checklists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.models.base import AuditedForeverModel, AuditedModel
from practicum.models.people import Person
from practicum.models.placements import Placement


class WeeklyReport(AuditedForeverModel):
    """A trainee's report on an ISO week with their reflection; a changed one is another row."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="weeks"
    )
    monday = models.DateField(_("Monday of the week"))
    number = models.PositiveIntegerField(_("version"))
    sealed_text = models.TextField(_("report"))
    sealed_reflection = models.TextField(_("reflection"), blank=True)
    written_at = models.DateTimeField(_("written"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("weekly report")
        verbose_name_plural = _("weekly reports")
        constraints = (
            models.UniqueConstraint(
                fields=["placement", "monday", "number"], name="libschool_weekly_report"
            ),
        )

    def __str__(self) -> str:
        return f"{self.monday} · {self.number}"


class Absence(AuditedModel):
    """A day on which a trainee was not there."""

    KINDS = (
        ("sick", _("sick")),
        ("leave", _("leave")),
        ("special_leave", _("special leave")),
        ("school", _("at school")),
        ("holiday", _("public holiday")),
        ("excused", _("excused")),
        ("unexcused", _("not excused")),
    )

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="absences"
    )
    day = models.DateField(_("day"))
    sealed_kind = models.TextField(_("kind"))  # sickness is nobody's business after an erasure
    sealed_note = models.TextField(_("note"), blank=True)
    recorder = models.ForeignKey(
        Person, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = (
            models.UniqueConstraint(fields=["placement", "day"], name="libschool_absence_once"),
        )

    def __str__(self) -> str:
        return str(self.day)


class CompetencyAssessment(AuditedForeverModel):
    """The level of a competency that a trainee or a mentor saw on a day, with its evidence."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="assessments"
    )
    competency = models.CharField(_("competency"), max_length=50)
    level = models.PositiveSmallIntegerField(_("level"))
    assessor = models.ForeignKey(
        Person, verbose_name=_("assessed by"), on_delete=models.PROTECT, related_name="+"
    )
    is_own = models.BooleanField(_("by the trainee"))
    sealed_note = models.TextField(_("note"), blank=True)
    entries: models.JSONField[list[str]] = models.JSONField(_("entries as evidence"), default=list)
    at = models.DateTimeField(_("assessed"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("assessment of a competency")
        verbose_name_plural = _("assessments of competencies")

    def __str__(self) -> str:
        return f"{self.competency}: {self.level}"


class EvaluationForm(AuditedForeverModel):
    """A version of a form: criteria with levels, for one kind of evaluation."""

    KINDS = (
        ("mid_term", _("mentor, mid-term")),
        ("final", _("mentor, final")),
        ("host", _("trainee, of the host")),
    )

    code = models.SlugField(_("code"), max_length=50)
    number = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    title = models.CharField(_("title"), max_length=255)
    criteria = models.JSONField(_("criteria"), help_text=_("code, name and highest level of each"))
    created_at = models.DateTimeField(_("created"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("evaluation form")
        verbose_name_plural = _("evaluation forms")
        constraints = (
            models.UniqueConstraint(fields=["code", "number"], name="libschool_evaluation_form"),
        )

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class Evaluation(AuditedForeverModel):
    """A form that was filled in and signed; a later one of the same kind takes its place."""

    form = models.ForeignKey(
        EvaluationForm, verbose_name=_("form"), on_delete=models.PROTECT, related_name="evaluations"
    )
    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="evaluations"
    )
    author = models.ForeignKey(
        Person, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    sealed_answers = models.TextField(_("answers"))
    content_hash = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("signed"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self) -> str:
        return str(self.id)


class Checklist(AuditedForeverModel):
    """A version of a list of things to see to: first days, safety."""

    code = models.SlugField(_("code"), max_length=50)
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=255)
    items = models.JSONField(_("items"), help_text=_("code and text of each"))
    created_at = models.DateTimeField(_("created"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        constraints = (
            models.UniqueConstraint(fields=["code", "number"], name="libschool_checklist"),
        )

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class ChecklistTick(AuditedForeverModel):
    """An item of a checklist that somebody saw to, or (``is_done`` false) that was not so."""

    checklist = models.ForeignKey(
        Checklist, verbose_name=_("checklist"), on_delete=models.PROTECT, related_name="ticks"
    )
    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="ticks"
    )
    item = models.CharField(_("item"), max_length=50)
    is_done = models.BooleanField(_("done"), default=True)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("ticked"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("tick of a checklist")
        verbose_name_plural = _("ticks of checklists")

    def __str__(self) -> str:
        return self.item
