"""The Celery tasks: run one job, and tell the broker what is due.

What a job does is a plain function registered by name.

The limits hold in any Celery application: the task is acknowledged only once it ran, and a
message whose worker was killed comes back. A message that comes twice finds the job taken.
"""

from __future__ import annotations

import socket
from uuid import UUID

from celery import shared_task

from jobs import runner
from jobs.relay import publish_due
from jobs.schedules import enqueue_due

SOFT_TIME_LIMIT = 29 * 60  # seconds
TIME_LIMIT = 30 * 60
TICK_LIMIT = 60


@shared_task(
    name="jobs.run_job",
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    soft_time_limit=SOFT_TIME_LIMIT,
    time_limit=TIME_LIMIT,
)
def run_job(job_id: str) -> None:
    """Run the job ``job_id`` if it is still due."""
    runner.run_job(UUID(job_id), runner=socket.gethostname())


def send_hint(job_id: UUID) -> None:
    """Tell the broker about a job."""
    run_job.apply_async((str(job_id),), retry=False)


@shared_task(name="jobs.tick", ignore_result=True, time_limit=TICK_LIMIT)
def tick() -> None:
    """One turn of ``relay_jobs``, for a host that has Celery's beat and no such process.

    A turn too many does no harm, nor do two at once.
    """
    enqueue_due()
    while publish_due(send_hint):
        pass
