"""The queue of a task: graders take works from it, and two never have the same one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dbrules.deadlocks import restarted
from grading.data import gettext_noop as _
from grading.human import works
from grading.human.errors import TaskRefused
from grading.human.records import Place
from grading.human.rules import QUEUED, State
from grading.models import TaskWork

MOST_TRIED = 50  # works that others may take at the same moment

OWN = _("You graded this first; somebody else has to grade it a second time.")


@restarted
def claim_next(place: Place, by: str, after: UUID | None = None) -> UUID | None:
    """Take the work that has been waiting longest, or the next one ``after`` another.

    What the grader had in hand is let go, with its notes kept. ``None`` if nothing waits that is
    free and that ``by`` may grade: nobody grades a work twice.
    """
    at = timezone.now()
    with transaction.atomic():
        last = TaskWork.objects.filter(uuid=after, **works.here(place)).first() if after else None
        work = _lock_first(_candidates(place, by, at, last), by, at)
        if work is None:
            return None
        works.take(work, by, at)
        _let_go_of_others(place, by, work.pk)
        works.note(work, "taken", by, at)
    return work.uuid


def _candidates(place: Place, by: str, at: datetime, last: TaskWork | None) -> list[int]:
    """The works that ``by`` could take: those behind ``last``, oldest first, then the others."""
    waiting = _open_to(by, at).filter(**works.here(place)).order_by("waiting_since", "pk")
    if last is None:
        return list(waiting.values_list("pk", flat=True)[:MOST_TRIED])
    waiting = waiting.exclude(pk=last.pk)
    behind = Q(waiting_since__gt=last.waiting_since) | Q(
        waiting_since=last.waiting_since, pk__gt=last.pk
    )
    later = list(waiting.filter(behind).values_list("pk", flat=True)[:MOST_TRIED])
    earlier = waiting.exclude(behind).values_list("pk", flat=True)
    return later or list(earlier[:MOST_TRIED])


def _lock_first(candidates: list[int], by: str, at: datetime) -> TaskWork | None:
    """The first of these that is still free, locked.

    One by one and by the key: a search that locks what it looks at locks more than it finds on
    MySQL, and others would believe that nothing waits.
    """
    skips = connection.features.has_select_for_update_skip_locked
    for pk in candidates:
        free = _open_to(by, at).select_for_update(skip_locked=skips).filter(pk=pk)
        work = free.first()
        if work is not None:
            return work
    return None


def _open_to(by: str, at: datetime) -> QuerySet[TaskWork]:
    """The works that wait for somebody and that ``by`` may take in hand."""
    waiting = TaskWork.objects.filter(works.is_free(by, at), state__in=QUEUED)
    return waiting.exclude(state=State.SECOND, first_by=by)


def _let_go_of_others(place: Place, by: str, kept: int) -> None:
    held = TaskWork.objects.filter(held_by=by, **works.here(place)).exclude(pk=kept)
    held.update(held_by="", held_until=None)


@restarted
def claim(place: Place, work_id: UUID, by: str) -> None:
    """Take one work in hand; raises ``HeldByAnother``, ``NoSuchWork``, ``TaskRefused``."""
    at = timezone.now()
    with transaction.atomic():
        work = works.lock(place, work_id)
        if work.state == State.SECOND and work.first_by == by:
            raise TaskRefused(OWN)
        is_new = work.held_by != by
        works.take(work, by, at)
        if is_new:
            works.note(work, "taken", by, at)


@restarted
def release(place: Place, work_id: UUID, by: str) -> None:
    """Put a work back into the queue; notes are kept."""
    with transaction.atomic():
        work = works.lock(place, work_id)
        if work.held_by == by:
            work.held_by, work.held_until = "", None
            work.save(update_fields=["held_by", "held_until"])
            works.note(work, "put_back", by, timezone.now())
