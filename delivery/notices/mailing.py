"""Notices on their way to a person's mailbox: one by one, or the day's together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from delivery.models import Notice, NoticeWish
from delivery.notices.api import DIGEST_TASK
from delivery.notices.kinds import say
from jobs.api import Effect, enqueue

MOST_IN_DIGEST = 100


def mail_notice(notice_id: int) -> Effect | None:
    """Mail one notice, unless it was read or mailed meanwhile."""
    notice = Notice.objects.select_related("user").filter(pk=notice_id, awaits_mail=True).first()
    if notice is None:
        return None
    return _mailing(notice.user, [notice])


def order_digests() -> Effect:
    """Leave a job for each person who wishes one mail a day and has something to be told.

    One of them may be refused by the mail server: the others get theirs all the same.
    """
    wishing = NoticeWish.objects.filter(mail=NoticeWish.Mail.DAILY).values("user_id")
    waiting = Notice.objects.filter(awaits_mail=True, user_id__in=wishing)
    people = list(waiting.order_by("user_id").values_list("user_id", flat=True).distinct())

    def order() -> None:
        for user_id in people:
            enqueue(DIGEST_TASK, {"user": user_id})

    return order


def mail_digest(user_id: int) -> Effect | None:
    """Mail to a person what happened since the last time, all in one."""
    waiting = Notice.objects.filter(awaits_mail=True, user_id=user_id).select_related("user")
    notices = list(waiting.order_by("pk")[:MOST_IN_DIGEST])
    return _mailing(notices[0].user, notices) if notices else None


def _mailing(user: User, notices: Sequence[Notice]) -> Callable[[], None]:
    """The sending of a mail; notices that are taken for mailed first are not mailed twice."""

    def send() -> None:
        ids = [notice.pk for notice in notices]
        taken = Notice.objects.filter(pk__in=ids, awaits_mail=True).update(awaits_mail=False)
        if not taken or not user.email or not user.is_active:
            return
        with translation.override(_language_of(user)):
            _compose(user, notices).send()

    return send


def _language_of(user: User) -> str:
    found = NoticeWish.objects.filter(user=user).values_list("language", flat=True).first()
    return found or settings.LANGUAGE_CODE


def _compose(user: User, notices: Sequence[Notice]) -> EmailMessage:
    lines = [(say(row.kind, row.params), settings.SITE_URL + row.path) for row in notices]
    subject = (
        lines[0][0]
        if len(lines) == 1
        else ngettext("%(count)d notice", "%(count)d notices", len(lines)) % {"count": len(lines)}
    )
    body = render_to_string(
        "notices/mail.txt",
        {
            "name": user.get_full_name() or user.get_username(),
            "lines": lines,
            "school": settings.SCHOOL_NAME,
            "wishes": settings.SITE_URL + reverse("notice_wishes"),
        },
    )
    title = f"{settings.SCHOOL_NAME}: {subject}"
    return EmailMessage(
        " ".join(title.split()),
        body,
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},  # so that no machine answers it
    )
