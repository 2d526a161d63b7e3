"""The rows of a work: found, locked, moved on. Whoever writes is in a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from grading.human.errors import HeldByAnother, NoSuchWork
from grading.human.records import Place
from grading.human.rules import State
from grading.models import StudentItem, TaskStep, TaskWork

HELD_FOR = timedelta(minutes=30)
"""How long a grader keeps a work after the last sign of life."""


def here(place: Place) -> dict[str, str]:
    """What finds the works on a task."""
    return {"course_key": place.course_key, "usage_key": place.usage_key}


def lock(place: Place, work_id: UUID) -> TaskWork:
    """A work, locked without its learner's row: enough to take it in hand or to note something."""
    work = TaskWork.objects.select_for_update().filter(uuid=work_id, **here(place)).first()
    if work is None:
        raise NoSuchWork
    return work


def lock_with_head(place: Place, work_id: UUID) -> tuple[StudentItem, TaskWork]:
    """A work and its learner's row, locked in the order in which everybody locks them."""
    item = TaskWork.objects.filter(uuid=work_id, **here(place)).values_list("item_id", flat=True)
    pk = item.first()
    if pk is None:
        raise NoSuchWork
    head = StudentItem.objects.select_for_update().get(pk=pk)
    return head, lock(place, work_id)


def lock_of_learner(head: StudentItem, at: datetime) -> TaskWork:
    """The work of a learner whose row is locked; made if need be."""
    work = TaskWork.objects.select_for_update().filter(item=head).first()
    if work is None:
        work = TaskWork.objects.create(
            item=head,
            course_key=head.course_id,
            usage_key=head.item_id,
            state="",
            waiting_since=at,
            changed_at=at,
        )
    return work


def is_free(by: str, at: datetime) -> Q:
    """The condition that nobody but ``by`` has a work in hand."""
    return Q(held_by__in=["", by]) | Q(held_until__lte=at)


def take(work: TaskWork, by: str, at: datetime) -> None:
    """Have a locked work in hand from now on, or longer; raises ``HeldByAnother``."""
    if work.held_by not in ("", by) and work.held_until is not None and work.held_until > at:
        raise HeldByAnother(work.held_by)
    work.held_by, work.held_until = by, at + HELD_FOR
    work.save(update_fields=["held_by", "held_until"])


def move(work: TaskWork, state: State, what: str, by: str, at: datetime, **data: Any) -> None:
    """Let a locked work be in ``state``, in nobody's hand, and note the step."""
    work.state = state
    work.held_by, work.held_until = "", None
    work.waiting_since = work.changed_at = at
    work.save()
    note(work, what, by, at, data)


def note(
    work: TaskWork, what: str, by: str, at: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Keep a step that changes no state."""
    TaskStep.objects.create(
        work=work, what=what, by=by, state=work.state, data=dict(data or {}), at=at
    )
