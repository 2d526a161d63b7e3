"""What people are told, and how they wish to be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One thing that one person should know.

    ``kind`` is a name of ``delivery.notices.kinds``, ``params`` fill its sentence; ``path`` is the
    page of this site to look at. ``awaits_mail`` until it was mailed, or read before that.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(
        "libschool_delivery.Course", null=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=50)
    params: models.JSONField[dict[str, Any]] = models.JSONField(_("params"), default=dict)
    path = models.CharField(_("page"), max_length=1000)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    awaits_mail = models.BooleanField(_("to be mailed"), default=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["user"], name="libschool_notice_unread", condition=models.Q(read_at=None)
            ),
            models.Index(
                fields=["user"],
                name="libschool_notice_to_mail",
                condition=models.Q(awaits_mail=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.kind}"


class NoticeWish(models.Model):
    """How a person wishes to have notices mailed; without a row, at once.

    ``language`` is the one in which they used the site last when they chose.
    """

    class Mail(models.TextChoices):
        """When notices are mailed."""

        AT_ONCE = "at_once", _("as soon as something happens")
        DAILY = "daily", _("once a day, all together")
        NEVER = "never", _("never: only on the site")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    mail = models.CharField(
        _("notices by mail"), max_length=20, choices=Mail.choices, default=Mail.AT_ONCE
    )
    language = models.CharField(_("language"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("wish for notices")
        verbose_name_plural = _("wishes for notices")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.mail}"
