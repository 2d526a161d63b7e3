"""Claims a job and runs it, so that its effect happens once whatever happens to the process.

A claim carries a fresh token. The effect and the change to *done* are one transaction that
holds only while the job still has that token: a runner that lost its lease writes nothing.
"""

from __future__ import annotations

import logging
import random
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from jobs.clock import DatabaseNow, seconds_from_now
from jobs.heartbeat import renew_life
from jobs.models import Job, JobFile
from jobs.outcome import MAX_FILE_BYTES, Outcome, OutputFile
from jobs.registry import LeaseLost, find_task

logger = logging.getLogger(__name__)

DEFAULT_LEASE = 60.0  # seconds
CANDIDATES = 20
FIRST_PAUSE = 0.2  # seconds
LONGEST_PAUSE = 60.0
MAX_ERROR_LENGTH = 8000
BEAT_INTERVAL = 1.0  # seconds between two writes of a job's progress


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this process may run while ``token`` is the job's."""

    job_id: UUID
    task: str
    args: Mapping[str, Any]
    token: UUID
    attempt: int
    max_attempts: int
    runner: str
    parent_id: UUID | None

    def hold(self) -> QuerySet[Job]:
        """The job's row, as long as the claim holds."""
        return Job.objects.filter(pk=self.job_id, token=self.token, state=Job.State.RUNNING)


def lease_seconds() -> float:
    """How long a runner may go without a sign of life before its job is given to another."""
    return float(getattr(settings, "JOBS_LEASE_SECONDS", DEFAULT_LEASE))


def due_jobs() -> QuerySet[Job]:
    """The jobs that wait to be run: queued and due, or left by a runner that was lost."""
    now = DatabaseNow()
    return Job.objects.filter(
        Q(state=Job.State.QUEUED, run_after__lte=now)
        | Q(state=Job.State.RUNNING, lease_until__lt=now)
    )


def run_next(runner: str) -> bool:
    """Run the job that has been due for longest; whether there was one."""
    claim = claim_next(runner)
    if claim is None:
        return False
    run_claim(claim)
    return True


def run_job(job_id: UUID, runner: str) -> bool:
    """Run one job if it is due; whether it was."""
    claim = claim_job(job_id, runner)
    if claim is None:
        return False
    run_claim(claim)
    return True


def claim_next(runner: str) -> Claim | None:
    """Claim the job that has been due for longest, if there is one.

    The candidates are read without a lock, so that an idle queue costs no write transaction.
    """
    candidates = due_jobs().order_by("run_after").values_list("pk", flat=True)[:CANDIDATES]
    for job_id in list(candidates):
        claim = claim_job(job_id, runner)
        if claim is not None:
            return claim
    return None


def claim_job(job_id: UUID, runner: str) -> Claim | None:
    """Claim one job, if it is due and nobody else is claiming it."""
    with transaction.atomic():
        rows = due_jobs().filter(pk=job_id)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        job = rows.first()
        if job is None:
            return None
        if job.attempts >= job.max_attempts:
            _bury_lost(job)
            return None
        return _take(job, runner)


def _as_seen(job: Job) -> QuerySet[Job]:
    """The row as it was read: where rows cannot be locked, only one claimant still finds it."""
    return Job.objects.filter(pk=job.pk, state=job.state, token=job.token)


def _take(job: Job, runner: str) -> Claim | None:
    token = uuid4()
    taken = _as_seen(job).update(
        state=Job.State.RUNNING,
        token=token,
        claimed_by=runner[:100],
        attempts=F("attempts") + 1,
        lease_until=seconds_from_now(lease_seconds()),
        started_at=DatabaseNow(),
        progress_done=0,
        progress_since=None,
    )
    if not taken:
        return None
    return Claim(
        job_id=job.pk,
        task=job.task,
        args=job.args,
        token=token,
        attempt=job.attempts + 1,
        max_attempts=job.max_attempts,
        runner=runner,
        parent_id=job.parent_id,
    )


def _bury_lost(job: Job) -> None:
    """Give up a job that its runners did not survive."""
    logger.error("Job %s (%s) was lost with its runner too often.", job.pk, job.task)
    _as_seen(job).update(
        state=Job.State.DEAD,
        finished_at=DatabaseNow(),
        error=f"Its runner ({job.claimed_by}) was lost {job.attempts} times.",
    )
    _bury_whole(job.parent_id)


def _bury_whole(job_id: UUID | None) -> None:
    """Let a job be dead because one of its parts is; the others go on."""
    if job_id is not None:
        Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(
            state=Job.State.DEAD,
            finished_at=DatabaseNow(),
            error="A part of it failed too often.",
        )


def release_jobs_of(runner: str) -> int:
    """End the leases of a runner that is known to be gone; how many there were."""
    return Job.objects.filter(state=Job.State.RUNNING, claimed_by=runner).update(
        lease_until=DatabaseNow()
    )


class _Beat:
    """Keeps a claim's lease, writing at once and then at most once per ``BEAT_INTERVAL``."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._written_at = time.monotonic()
        self._has_told = False

    def __call__(self, done: int = 0, total: int = 0) -> None:
        is_first = bool(total) and not self._has_told
        is_soon = time.monotonic() - self._written_at < BEAT_INTERVAL
        if is_soon and done < total and not is_first:
            return
        self._written_at = time.monotonic()
        values: dict[str, Any] = {"lease_until": seconds_from_now(lease_seconds())}
        if total:
            values |= {"progress_done": done, "progress_total": total}
        if is_first:
            values |= {"progress_first": done, "progress_since": DatabaseNow()}
            self._has_told = True
        if not self._claim.hold().update(**values):
            raise _lost(self._claim)
        renew_life(self._claim.runner)


def _lost(claim: Claim) -> LeaseLost:
    return LeaseLost(f"Job {claim.job_id} was cancelled, or is another's now.")


def run_claim(claim: Claim) -> None:
    """Run a claimed job to its end, good or bad. Raises only if the database is out of reach."""
    try:
        effect = find_task(claim.task)(claim.args, _Beat(claim))
        with transaction.atomic():
            # First the row, then the effect: from here on nobody can take the job over.
            _mark_done(claim)
            outcome = effect() if effect is not None else None
            if isinstance(outcome, Outcome):
                _keep(claim, outcome)
            _count_part(claim)
    except LeaseLost as error:
        logger.warning("%s What was done for it was dropped.", error)
    except Exception as error:  # whatever a task raises is the job's failure, not the runner's
        _record_failure(claim, error)


def _mark_done(claim: Claim) -> None:
    done = claim.hold().update(
        state=Job.State.DONE, finished_at=DatabaseNow(), lease_until=None, error=""
    )
    if not done:
        raise _lost(claim)


def _keep(claim: Claim, outcome: Outcome) -> None:
    """Keep what the effect left for who asked; raises ``ValueError`` for too large a file."""
    Job.objects.filter(pk=claim.job_id).update(result=dict(outcome.values))
    if outcome.file is not None:
        _keep_file(claim, outcome.file)


def _keep_file(claim: Claim, file: OutputFile) -> None:
    if len(file.data) > MAX_FILE_BYTES:
        raise ValueError(f"{file.name} has {len(file.data)} bytes, more than can be kept.")
    JobFile.objects.update_or_create(
        job_id=claim.job_id,
        defaults={
            "name": file.name,
            "content_type": file.content_type,
            "data": file.data,
            "expires_at": seconds_from_now(file.keep.total_seconds()),
        },
    )


def _count_part(claim: Claim) -> None:
    """Tell the whole that a part of it is done; with the last one it is done itself."""
    if claim.parent_id is None:
        return
    # Two updates that find the row as it is by now, not a look at it: of two parts that end at
    # once, the later one must see that none is left.
    whole = Job.objects.filter(pk=claim.parent_id)
    whole.update(parts_left=F("parts_left") - 1)
    whole.filter(parts_left=0, state__in=[Job.State.RUNNING, Job.State.DEAD]).update(
        state=Job.State.DONE, finished_at=DatabaseNow(), error=""
    )


def _record_failure(claim: Claim, error: Exception) -> None:
    logger.exception("Job %s (%s) failed, attempt %s.", claim.job_id, claim.task, claim.attempt)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # the failure may be the connection's
    values: dict[str, Any] = {
        "error": _describe(error),
        "lease_until": None,
        "published_at": None,
    }
    if claim.attempt >= claim.max_attempts:
        values |= {"state": Job.State.DEAD, "finished_at": DatabaseNow()}
    else:
        pause = pause_before_retry(claim.attempt)
        values |= {"state": Job.State.QUEUED, "run_after": seconds_from_now(pause)}
    held = claim.hold().update(**values)
    if held and values.get("state") == Job.State.DEAD:
        _bury_whole(claim.parent_id)


def pause_before_retry(attempt: int) -> float:
    """Seconds to wait after the failed ``attempt`` (1 is the first): doubled each time, spread."""
    jitter = random.uniform(0.5, 1.5)  # noqa: S311  # spreads retries; nothing secret
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**attempt * jitter)


def _describe(error: Exception) -> str:
    """The error in a line, then where it arose, cut to what staff can read."""
    trace = "".join(traceback.format_exception(error))
    return f"{type(error).__name__}: {error}"[:500] + "\n\n" + trace[-MAX_ERROR_LENGTH:]
