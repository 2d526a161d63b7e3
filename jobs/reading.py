"""How jobs stand: one, a list of them, the whole queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum

from jobs.clock import DatabaseNow, age_of
from jobs.models import Job, JobFile, RunnerHeartbeat
from jobs.outcome import OutputFile
from jobs.registry import JobError, title_of

STORED = (
    *("id", "task", "subject", "state", "attempts", "max_attempts", "error", "result"),
    *("progress_done", "progress_total", "created_at", "started_at", "finished_at"),
    *("created_by_id",),
)
OVER = (Job.State.DONE, Job.State.DEAD, Job.State.CANCELLED)


class UnknownJob(JobError, LookupError):
    """There is no such job: it never was committed, or it was discarded or forgotten."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job stands. ``progress_done`` of ``progress_total`` steps; both 0 if it tells none.

    ``title`` is what people call the task, ``seconds_left`` an estimate or ``None``, ``result``
    the values of its ``Outcome``, ``file_name`` that of the file it left, while it is kept.
    The parts of a job that was split count as one with it.
    """

    id: UUID
    task: str
    subject: str
    state: str
    attempts: int
    max_attempts: int
    error: str
    result: dict[str, Any] | None
    progress_done: int
    progress_total: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    created_by_id: int | None
    title: str = ""
    file_name: str = ""
    seconds_left: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in OVER


def status(job_id: UUID) -> JobStatus:
    """How a job stands; raises ``UnknownJob``."""
    found = _statuses(Job.objects.filter(pk=job_id))
    if not found:
        raise UnknownJob(f"There is no job {job_id}.")
    return found[0]


@dataclass(frozen=True)
class JobList:
    """Jobs, latest first, as a paginator takes them: counted, and read a slice at a time."""

    _rows: QuerySet[Job] = field(repr=False)

    def __len__(self) -> int:
        return self._rows.count()

    def __getitem__(self, places: slice) -> list[JobStatus]:
        return _statuses(self._rows[places])


def find_jobs(
    *,
    user: Any = None,
    subject: str = "",
    states: Collection[str] = (),
    tasks: Collection[str] = (),
) -> JobList:
    """The jobs that fit: asked for by ``user``, about ``subject``, in one of ``states``.

    What is left out does not matter. Parts of a job are not listed beside it.
    """
    wanted = {
        "created_by_id": user.pk if user is not None else None,
        "subject": subject,
        "state__in": list(states),
        "task__in": list(tasks),
    }
    rows = Job.objects.filter(parent=None, **{name: v for name, v in wanted.items() if v})
    return JobList(rows.order_by("-created_at", "pk"))


def _statuses(rows: QuerySet[Job]) -> list[JobStatus]:
    now = DatabaseNow()
    file_names = JobFile.objects.filter(job=OuterRef("pk"), expires_at__gt=now).values("name")[:1]
    found = list(
        rows.annotate(file_name=Subquery(file_names), age=age_of("progress_since")).values(
            *STORED, "file_name", "age", "progress_first"
        )
    )
    parts = _progress_of_parts([row["id"] for row in found])
    return [_status(row, parts.get(row["id"])) for row in found]


def _progress_of_parts(wholes: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = (
        Job.objects.filter(parent__in=list(wholes))
        .values("parent")
        .annotate(
            done=Sum("progress_done"),
            total=Sum("progress_total"),
            age=Max(age_of("progress_since")),
        )
        .order_by()
    )
    return {row["parent"]: dict(row) for row in rows if row["parent"]}


def _status(row: dict[str, Any], parts: dict[str, Any] | None) -> JobStatus:
    age, first = row.pop("age"), row.pop("progress_first")
    row["file_name"] = row["file_name"] or ""
    if parts:
        row |= {"progress_done": parts["done"], "progress_total": parts["total"]}
        age, first = parts["age"], 0
    told = JobStatus(**row, title=title_of(row["task"]))
    return replace(told, seconds_left=_seconds_left(told, first, age))


def _seconds_left(job: JobStatus, first: int, age: timedelta | None) -> float | None:
    """As long for each step that is left as for those since the job told first."""
    behind = job.progress_done - first
    if job.state != Job.State.RUNNING or age is None or behind <= 0:
        return None
    return max(age.total_seconds(), 0.0) / behind * (job.progress_total - job.progress_done)


def read_file(job_id: UUID) -> OutputFile | None:
    """The file that a job left, unless it left none or its time is over."""
    row = JobFile.objects.filter(job_id=job_id, expires_at__gt=DatabaseNow()).first()
    return OutputFile(row.name, row.content_type, bytes(row.data)) if row else None


# --- The queue ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """The state of all work. Ages are in seconds, ``None`` where there is nothing to age.

    ``due`` jobs could run now, ``waiting`` ones not yet; ``expired`` are the running ones whose
    runner was lost; ``runner_age`` is the time since the last sign of life of any runner.
    """

    due: int
    waiting: int
    running: int
    expired: int
    dead: int
    oldest_due_age: float | None
    runner_age: float | None


def queue_health() -> QueueHealth:
    """How the queue and its runners do, by the database's clock."""
    now = DatabaseNow()
    due = Q(state=Job.State.QUEUED, run_after__lte=now)
    running = Q(state=Job.State.RUNNING, parts_left=0)
    found = Job.objects.exclude(state__in=[Job.State.DONE, Job.State.CANCELLED]).aggregate(
        due=Count("pk", filter=due),
        waiting=Count("pk", filter=Q(state=Job.State.QUEUED, run_after__gt=now)),
        running=Count("pk", filter=running),
        expired=Count("pk", filter=running & Q(lease_until__lt=now)),
        dead=Count("pk", filter=Q(state=Job.State.DEAD)),
        oldest=Max(age_of("run_after"), filter=due),
    )
    oldest: timedelta | None = found.pop("oldest")
    return QueueHealth(
        **found,
        oldest_due_age=oldest.total_seconds() if oldest is not None else None,
        runner_age=_runner_age(),
    )


def _runner_age() -> float | None:
    beats = RunnerHeartbeat.objects.exclude(kind=RunnerHeartbeat.Kind.WEB).order_by("-beat_at")
    age: timedelta | None = (
        beats.annotate(age=age_of("beat_at")).values_list("age", flat=True).first()
    )
    return age.total_seconds() if age is not None else None
