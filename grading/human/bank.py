"""The comment bank: what a grader says often, kept to be said again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from grading.data import gettext_noop as _
from grading.human.answers import LONGEST_COMMENT
from grading.human.errors import NoSuchWork, TaskRefused
from grading.models import BankComment

MOST_COMMENTS = 200

EMPTY = _("Write the comment first.")
FULL = _("There are 200 comments in your bank; delete some first.")


@dataclass(frozen=True, slots=True)
class BankRecord:
    """A comment of the bank; ``is_own`` tells those that the reader wrote and may delete."""

    id: int
    text: str
    is_shared: bool
    is_own: bool


def bank(course_key: str, by: str) -> list[BankRecord]:
    """The comments that ``by`` may use: own ones and the course's, those used most first."""
    rows = BankComment.objects.filter(Q(by=by) | Q(is_shared=True), course_id=course_key)
    found = rows.order_by("-used", "pk")[: 2 * MOST_COMMENTS]
    return [BankRecord(row.pk, row.text, row.is_shared, row.by == by) for row in found]


def add_comment(course_key: str, by: str, text: str, *, is_shared: bool) -> BankRecord:
    """Keep a comment, once; raises ``TaskRefused``."""
    text = text.strip()[:LONGEST_COMMENT]
    if not text:
        raise TaskRefused(EMPTY)
    with transaction.atomic():
        own = BankComment.objects.filter(course_id=course_key, by=by).order_by("pk")
        own.select_for_update().first()  # two that add at once are counted one after the other
        kept_ones = list(own)
        row = next((kept for kept in kept_ones if kept.text == text), None)
        if row is None:
            if len(kept_ones) >= MOST_COMMENTS:
                raise TaskRefused(FULL)
            row = BankComment.objects.create(
                course_id=course_key, by=by, text=text, is_shared=is_shared, added_at=timezone.now()
            )
        elif row.is_shared != is_shared:
            row.is_shared = is_shared
            row.save(update_fields=["is_shared"])
    return BankRecord(row.pk, row.text, row.is_shared, True)


def use_comment(course_key: str, by: str, comment_id: int) -> None:
    """Count a use, so that what is said often comes first."""
    rows = BankComment.objects.filter(Q(by=by) | Q(is_shared=True), course_id=course_key)
    rows.filter(pk=comment_id).update(used=F("used") + 1)


def delete_comment(course_key: str, by: str, comment_id: int) -> None:
    """Delete one's own comment; raises ``NoSuchWork`` for another's."""
    own = BankComment.objects.filter(course_id=course_key, by=by, pk=comment_id)
    if not own.delete()[0]:
        raise NoSuchWork
