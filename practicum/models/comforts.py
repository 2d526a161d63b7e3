"""What makes the practicum handy. Nothing here counts, so none of it is in the audit trail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.models.base import new_id
from practicum.models.people import Person


class EntryTemplate(models.Model):
    """A usual day under a name, to begin an entry from; all of it is sealed."""

    id = models.UUIDField(_("id"), primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="templates"
    )
    sealed_name = models.TextField(_("name"))
    sealed_values = models.TextField(_("values"))

    class Meta:
        verbose_name = _("template of an entry")
        verbose_name_plural = _("templates of entries")

    def __str__(self) -> str:
        return str(self.id)


class CalendarFeed(models.Model):
    """The right to read a person's calendar at a secret address; deleting it revokes that."""

    id = models.UUIDField(_("id"), primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="feed"
    )
    nonce = models.CharField(_("nonce"), max_length=32)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.id)


class MailPreference(models.Model):
    """In which language, and whether at all, somebody gets reminders and digests."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="mail_preference"
    )
    language = models.CharField(_("language"), max_length=20, blank=True)
    wants_reminders = models.BooleanField(_("reminders"), default=True)
    wants_digest = models.BooleanField(_("weekly digest"), default=True)

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")

    def __str__(self) -> str:
        return str(self.person_id)


class SentNotice(models.Model):
    """That a notice was sent: of a rule, on a subject, to somebody, for a window of time.

    The row is written with the job that sends the mail, so that none is sent twice.
    """

    id = models.BigAutoField(primary_key=True)
    rule = models.CharField(_("rule"), max_length=20)
    subject = models.CharField(_("subject"), max_length=60)
    recipient = models.ForeignKey(
        Person, verbose_name=_("recipient"), on_delete=models.CASCADE, related_name="notices"
    )
    window = models.CharField(_("window"), max_length=20)
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("notice that was sent")
        verbose_name_plural = _("notices that were sent")
        constraints = (
            models.UniqueConstraint(
                fields=["rule", "subject", "recipient", "window"], name="libschool_notice_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.subject} {self.window}"
