"""Forgets jobs that ended long ago, and files whose time is over."""

from __future__ import annotations

from django.conf import settings

from jobs.clock import DatabaseNow, seconds_from_now
from jobs.models import Job, JobFile

DEFAULT_KEEP_DAYS = 90
BATCH = 500
DAY = 24 * 3600.0  # seconds


def forget_old_jobs() -> int:
    """Delete a batch of jobs that ended more than ``JOBS_KEEP_DAYS`` ago; how many there were.

    Dead ones stay until somebody decides. The keys of the others become free: a job of the same
    ``dedupe`` would run again.
    """
    keep = float(getattr(settings, "JOBS_KEEP_DAYS", DEFAULT_KEEP_DAYS))
    old = Job.objects.filter(
        state__in=[Job.State.DONE, Job.State.CANCELLED],
        finished_at__lt=seconds_from_now(-keep * DAY),
        parent=None,
    )
    batch = list(old.order_by().values_list("pk", flat=True)[:BATCH])
    return Job.objects.filter(pk__in=batch).delete()[0] if batch else 0


def forget_old_files() -> int:
    """Delete the files of jobs whose time is over; how many there were."""
    return JobFile.objects.filter(expires_at__lt=DatabaseNow()).delete()[0]
