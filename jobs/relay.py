"""Tells the broker about jobs, and tells it again when a hint seems to be lost.

Two relays may run at once: each hint is sent by the one that marks it first. A hint too many
does no harm, since a job is claimed in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from jobs.clock import DatabaseNow, seconds_from_now
from jobs.models import Job
from jobs.runner import due_jobs

logger = logging.getLogger(__name__)

BATCH = 100
DEFAULT_RESEND = 60.0  # seconds


class BrokerError(ConnectionError):
    """The broker did not take a message."""


def resend_seconds() -> float:
    """How long a hint may stay without effect before it is sent again."""
    return float(getattr(settings, "JOBS_RESEND_SECONDS", DEFAULT_RESEND))


def unpublished_jobs() -> QuerySet[Job]:
    """The due jobs that the broker has not heard of, or not lately, or not since a lease ended."""
    return due_jobs().filter(
        Q(published_at=None)
        | Q(published_at__lt=seconds_from_now(-resend_seconds()))
        | Q(state=Job.State.RUNNING, published_at__lt=F("lease_until"))
    )


def publish_due(send: Callable[[UUID], None]) -> bool:
    """Send the broker a batch of hints; whether there were any. Raises ``BrokerError``."""
    job_ids = list(unpublished_jobs().order_by("run_after").values_list("pk", flat=True)[:BATCH])
    for job_id in job_ids:
        if unpublished_jobs().filter(pk=job_id).update(published_at=DatabaseNow()):
            _send(job_id, send)
    return bool(job_ids)


def _send(job_id: UUID, send: Callable[[UUID], None]) -> None:
    try:
        send(job_id)
    except Exception as error:  # each transport raises its own kinds
        Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(published_at=None)
        raise BrokerError(f"The broker did not take the hint for job {job_id}: {error}") from error
