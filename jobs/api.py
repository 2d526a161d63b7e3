"""Durable work, for the other apps.

A job is written in the caller's transaction, so it exists if and only if the data it concerns
does. Its effect happens once, however often a runner is killed (see ``task``). Do not call
the runner from a request, and do not keep anything in a job's arguments but JSON.

Who asked for a job sees how it comes on (``status``: progress, time left), may stop it
(``cancel``) and gets what it left: an effect that returns ``Outcome(values, file)`` leaves
``JobStatus.result`` and, for some days, a file (``read_file``). Whoever shows these has checked
that the person may see the job: ``JobStatus.created_by_id`` says who asked, ``subject`` what it is
about. Work too long for one worker is ``split`` into parts that any worker takes. A task with a
``schedule`` gets a job at each of its slots by itself.
"""

from __future__ import annotations

from jobs.deciding import WrongState, cancel, discard, requeue
from jobs.heartbeat import show_life
from jobs.models import RunnerHeartbeat
from jobs.outcome import Outcome, OutputFile
from jobs.reading import (
    JobList,
    JobStatus,
    QueueHealth,
    UnknownJob,
    find_jobs,
    queue_health,
    read_file,
    status,
)
from jobs.registry import Beat, Effect, JobError, LeaseLost, UnknownTask, task
from jobs.slots import Daily, Every
from jobs.writing import Part, enqueue, split

__all__ = [
    "Beat",
    "Daily",
    "Effect",
    "Every",
    "JobError",
    "JobList",
    "JobStatus",
    "LeaseLost",
    "Outcome",
    "OutputFile",
    "Part",
    "QueueHealth",
    "UnknownJob",
    "UnknownTask",
    "WrongState",
    "cancel",
    "discard",
    "enqueue",
    "find_jobs",
    "queue_health",
    "read_file",
    "requeue",
    "show_web_life",
    "split",
    "status",
    "task",
]


def show_web_life() -> None:
    """Record that a web process is alive, which proves that it can write to the database."""
    show_life("web", RunnerHeartbeat.Kind.WEB)
