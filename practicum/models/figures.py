"""Sums that lists and the dashboard show: kept beside what they are sums of, and made anew at will.

Nothing is proved by these rows. What counts is the ledger.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.models.placements import Placement


class PlacementFigures(models.Model):
    """A placement's minutes by state and, confirmed, by category, and since when one waits."""

    placement = models.OneToOneField(
        Placement, primary_key=True, on_delete=models.CASCADE, related_name="figures"
    )
    confirmed = models.IntegerField(_("confirmed"), default=0)
    locked = models.IntegerField(_("locked"), default=0)
    pending = models.IntegerField(_("waiting"), default=0)
    draft = models.IntegerField(_("draft"), default=0)
    returned = models.IntegerField(_("returned"), default=0)
    categories: models.JSONField[dict[str, int]] = models.JSONField(
        _("confirmed minutes by category"), default=dict
    )
    waiting = models.PositiveIntegerField(_("entries that wait"), default=0)
    waiting_since = models.DateTimeField(_("waiting since"), null=True)

    class Meta:
        verbose_name = _("figures of a placement")
        verbose_name_plural = _("figures of placements")

    def __str__(self) -> str:
        return str(self.placement_id)


class FiguresHead(models.Model):
    """Up to which event of the trail the figures of all placements are made."""

    sequence = models.BigIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("head of the figures")
        verbose_name_plural = _("heads of the figures")

    def __str__(self) -> str:
        return str(self.sequence)
