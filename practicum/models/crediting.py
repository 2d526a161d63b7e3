"""Where hours count in courses: blocks that show a trainee's practice and are scored by it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.data import Measure
from practicum.models.people import Person


class CourseItem(models.Model):
    """A trainee's side of a block that is scored by practice, as the host's scores name it.

    ``given_earned`` of ``given_possible`` is what the host was told last. Nothing here says what
    counts: that is the ledger's.
    """

    trainee = models.ForeignKey(
        Person, verbose_name=_("trainee"), on_delete=models.PROTECT, related_name="course_items"
    )
    student_id = models.CharField(_("learner"), max_length=64)
    course_id = models.CharField(_("course"), max_length=255)
    item_id = models.CharField(_("block"), max_length=255)
    item_type = models.CharField(_("block type"), max_length=100)
    programme = models.CharField(_("code of the programme"), max_length=50)
    measure = models.CharField(
        _("measure"), max_length=20, choices=[(measure.value, measure.value) for measure in Measure]
    )
    level = models.PositiveSmallIntegerField(_("level that counts as reached"), default=0)
    points = models.PositiveIntegerField(_("points"))
    given_earned = models.PositiveIntegerField(_("points told"), null=True, blank=True)
    given_possible = models.PositiveIntegerField(_("of points"), null=True, blank=True)

    class Meta:
        verbose_name = _("block scored by practice")
        verbose_name_plural = _("blocks scored by practice")
        constraints = (
            models.UniqueConstraint(
                fields=["student_id", "course_id", "item_id"], name="libschool_course_item"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id}: {self.student_id}"
