"""What people decide about jobs. What is said of a part is said of the whole it belongs to."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from jobs.clock import DatabaseNow
from jobs.models import Job
from jobs.reading import status
from jobs.registry import JobError

State = Job.State
STOPPED = (State.DEAD, State.CANCELLED)


class WrongState(JobError):
    """What was asked cannot be done with a job in its present state."""


@transaction.atomic
def requeue(job_id: UUID) -> None:
    """Let a job that is dead, was cancelled or waits for another attempt run at once, afresh.

    Of a job in parts, those that are not done run again. Raises ``UnknownJob``, and
    ``WrongState`` for a running or finished job.
    """
    whole_id = _whole_of(job_id)
    whole = Job.objects.filter(pk=whole_id)
    is_split = Q(parts_left__gt=0)
    fresh = {"attempts": 0, "run_after": DatabaseNow(), "published_at": None, "finished_at": None}
    changed = whole.filter(~is_split, state__in=[*STOPPED, State.QUEUED]).update(
        state=State.QUEUED, **fresh
    ) or whole.filter(is_split, state__in=STOPPED).update(
        state=State.RUNNING, error="", finished_at=None
    )
    if not changed:
        raise WrongState(f"Job {job_id} is {status(job_id).state} and cannot be queued again.")
    Job.objects.filter(parent=whole_id, state__in=STOPPED).update(state=State.QUEUED, **fresh)


@transaction.atomic
def cancel(job_id: UUID) -> None:
    """Stop a job that is not over: its effect will not happen, even if it is running now.

    What a running task has written by itself stays; it stops at its next ``beat``. Raises
    ``UnknownJob``, and ``WrongState`` for a job that is over.
    """
    whole = _whole_of(job_id)
    pending = Job.objects.filter(state__in=[State.QUEUED, State.RUNNING])
    ended = {"state": State.CANCELLED, "finished_at": DatabaseNow(), "lease_until": None}
    # Parts first, as their runners lock them; and those that the whole is split into meanwhile.
    pending.filter(parent=whole).update(**ended)
    if not pending.filter(pk=whole).update(**ended):
        raise WrongState(f"Job {job_id} is {status(job_id).state} and cannot be cancelled.")
    pending.filter(parent=whole).update(**ended)


def discard(job_id: UUID) -> None:
    """Forget a job that is not done: its effect will not happen, even if it is running now.

    Raises ``UnknownJob``, and ``WrongState`` for a finished job.
    """
    unfinished = Job.objects.filter(pk=_whole_of(job_id)).exclude(state=State.DONE)
    deleted, _rows = unfinished.delete()
    if not deleted:
        raise WrongState(f"Job {job_id} is {status(job_id).state} and cannot be discarded.")


def _whole_of(job_id: UUID) -> UUID:
    """The job that ``job_id`` is a part of; or itself."""
    parent = Job.objects.filter(pk=job_id).values_list("parent", flat=True).first()
    return parent or job_id
