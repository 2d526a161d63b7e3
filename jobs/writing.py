"""Writing jobs: one, or the parts of one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from jobs.clock import DatabaseNow
from jobs.models import Job
from jobs.registry import find_task


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a job that several workers share. ``steps`` is what it adds to the progress."""

    task: str
    args: Mapping[str, Any]
    steps: int = 0


def enqueue(
    name: str,
    args: Mapping[str, Any],
    *,
    dedupe: str | None = None,
    run_after: datetime | None = None,
    max_attempts: int = 5,
    user: Any = None,
    subject: str = "",
) -> Job:
    """Write a job for the task ``name`` in the caller's transaction and return it.

    With ``dedupe``, a job that already has this key is returned instead, in whatever state; keys
    differ in more than the case of their letters, and are free again ``JOBS_KEEP_DAYS`` after the
    job was done. ``subject`` says what the job is about, such as a course's key, for those who
    look for it (at most 255 characters).
    Raises ``UnknownTask``, and ``ValueError`` if ``args`` are not JSON or no attempt is allowed.
    """
    find_task(name)
    if max_attempts < 1:
        raise ValueError(f"A job needs at least one attempt, not {max_attempts}.")
    values = {
        "task": name,
        "args": _checked_args(name, args),
        "run_after": run_after or DatabaseNow(),
        "max_attempts": max_attempts,
        "created_by_id": user.pk if user is not None else None,
        "subject": subject,
    }
    job = Job.objects.create(**values) if dedupe is None else _get_or_create(dedupe, values)
    job.refresh_from_db()
    return job


def _checked_args(name: str, args: Mapping[str, Any]) -> dict[str, Any]:
    try:
        plain: dict[str, Any] = json.loads(json.dumps(dict(args), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ValueError(f"The arguments of {name!r} are not JSON: {error}") from error
    return plain


def _get_or_create(dedupe: str, values: dict[str, Any]) -> Job:
    known = Job.objects.filter(dedupe=dedupe).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Job.objects.create(**{**values, "dedupe": dedupe})
    except IntegrityError:
        # Another transaction was first, and has committed. No lock: on MySQL both would wait.
        return Job.objects.get(dedupe=dedupe)


def split(job_id: UUID, parts: Iterable[Part]) -> None:
    """Let the job be done once all of ``parts`` are; to be called by the job's effect.

    Each part is a job that any worker takes. The whole is dead if one of them is, and is
    cancelled, discarded and queued again with them. Without ``parts`` nothing happens.
    """
    whole = Job.objects.get(pk=job_id)
    rows = [
        Job(
            task=part.task,
            args=_checked_args(part.task, part.args),
            max_attempts=whole.max_attempts,
            created_by_id=whole.created_by_id,
            subject=whole.subject,
            parent=whole,
            progress_total=part.steps,
        )
        for part in parts
    ]
    if not rows:
        return
    Job.objects.bulk_create(rows)
    # Without a lease or a runner, nobody takes the whole for a job that was lost.
    Job.objects.filter(pk=job_id).update(
        state=Job.State.RUNNING,
        parts_left=F("parts_left") + len(rows),
        finished_at=None,
        lease_until=None,
        claimed_by="",
    )
