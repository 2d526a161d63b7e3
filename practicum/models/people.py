"""People as the practicum knows them: with or without an account, readable until erased."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.models.base import AuditedModel, new_id


class Person(models.Model):
    """Somebody who serves, confirms or coordinates.

    What is personal is sealed with the person's key (``practicum.sealing``). ``mail_hash`` finds
    a person by verified address; it goes with the key. The row of a trainee is what commands on
    their entries lock.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(_("id"), default=new_id, unique=True, editable=False)
    event_id = models.UUIDField(_("audit event"), editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sealed_name = models.TextField(_("name"), blank=True)
    sealed_mail = models.TextField(_("mail address"), blank=True)
    mail_hash = models.CharField(_("digest of the address"), max_length=64, null=True, unique=True)  # noqa: DJ001  # several have none
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return str(self.id)


class PersonKey(models.Model):
    """The key that a person's data is sealed with; deleting it is what erases the person."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="key"
    )
    key = models.BinaryField(_("key"), max_length=32)

    class Meta:
        verbose_name = _("person's key")
        verbose_name_plural = _("people's keys")

    def __str__(self) -> str:
        return f"key of {self.person_id}"


class Coordinator(AuditedModel):
    """From when until when somebody coordinates the school's practicum."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="coordinating"
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.first}/{self.last or ''}"
