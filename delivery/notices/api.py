"""Telling people something, and what they have been told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from delivery.models import Notice, NoticeWish
from delivery.notices.kinds import SENTENCES
from jobs.api import enqueue

MAIL_TASK = "delivery.mail_notice"
DIGESTS_TASK = "delivery.mail_digests"
DIGEST_TASK = "delivery.mail_digest"

__all__ = ["MAIL_TASK", "mark_read", "notices_of", "notify", "wish_of"]


def notify(
    user_id: int, kind: str, params: Mapping[str, Any], path: str, *, course_id: int | None = None
) -> Notice:
    """Tell a person something, in the caller's transaction; by mail too, as they wish.

    ``kind`` is a name of ``delivery.notices.kinds`` (``KeyError`` for another), ``path`` the page
    to look at.
    """
    SENTENCES[kind]
    wish = wish_of(user_id)
    notice = Notice.objects.create(
        user_id=user_id,
        course_id=course_id,
        kind=kind,
        params=dict(params),
        path=path,
        awaits_mail=wish != NoticeWish.Mail.NEVER,
    )
    if wish == NoticeWish.Mail.AT_ONCE:
        enqueue(MAIL_TASK, {"notice": notice.pk})
    return notice


def wish_of(user_id: int) -> str:
    """How a person wishes to have notices mailed."""
    found = NoticeWish.objects.filter(user_id=user_id).values_list("mail", flat=True).first()
    return str(found or NoticeWish.Mail.AT_ONCE)


def notices_of(user_id: int) -> QuerySet[Notice]:
    """A person's notices, the latest first."""
    return Notice.objects.filter(user_id=user_id).select_related("course").order_by("-pk")


def mark_read(user_id: int, notice_id: int | None = None) -> int:
    """Note that a person has read one of their notices, or all; how many were unread.

    What was read on the site before it was mailed is not mailed any more.
    """
    unread = Notice.objects.filter(user_id=user_id, read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=timezone.now(), awaits_mail=False)
