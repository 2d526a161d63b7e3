"""By what programs act for people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.models.base import new_id
from practicum.models.people import Person


class ApiToken(models.Model):
    """A token by which a program acts for a person; its secret is not kept."""

    id = models.UUIDField(_("id"), primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="tokens"
    )
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("token of the interface")
        verbose_name_plural = _("tokens of the interface")

    def __str__(self) -> str:
        return self.name
