"""Who else is at a course's draft, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from delivery.models import Course, DraftVisit
from delivery.tree import CourseTree

PRESENT_FOR = timedelta(seconds=90)  # after the last sign of life
SIGN_EVERY = 30  # seconds between signs of life of an open page


@dataclass(frozen=True, slots=True)
class Presence:
    """Another author, the name of what they have open, and whether it is what you have open."""

    name: str
    place: str
    is_here: bool
    seen_at: datetime


def note_visit(course: Course, user: Any, usage_key: str) -> None:
    """Note that an author has a part of the draft open (``""``: the whole)."""
    DraftVisit.objects.bulk_create(
        [DraftVisit(course=course, user=user, usage_key=usage_key[:255], seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["course", "user"],
        update_fields=["usage_key", "seen_at"],
    )


def find_others(tree: CourseTree, course: Course, user: Any, usage_key: str) -> list[Presence]:
    """The other authors who have the draft open now."""
    rows = (
        DraftVisit.objects.filter(course=course, seen_at__gt=timezone.now() - PRESENT_FOR)
        .exclude(user_id=user.pk)
        .select_related("user")
        .order_by("user__username")
    )
    return [
        Presence(
            name=row.user.get_full_name() or row.user.get_username(),
            place=tree.blocks[row.usage_key].display_name if row.usage_key in tree.blocks else "",
            is_here=bool(usage_key) and row.usage_key == usage_key,
            seen_at=row.seen_at,
        )
        for row in rows
    ]
