"""Tasks to try the runner with. Their effect is a row without any constraint: doubles show."""

import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from jobs.api import Beat, Effect, Every, LeaseLost, Outcome, OutputFile, Part, split, task
from jobs.clock import DatabaseNow
from jobs.models import Job

TABLE = "jobs_trial_effect"
STOPS: list[Callable[[], object]] = []
MEETINGS: list[Callable[[], object]] = []
LEASES: dict[UUID, tuple[datetime | None, datetime | None]] = {}


def create_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (mark varchar(100) NOT NULL)")


def clear_effects() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608  # a constant


def write_effect(mark: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (mark) VALUES (%s)", [mark])  # noqa: S608  # a constant


def read_effects() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT mark FROM {TABLE} ORDER BY mark")  # noqa: S608  # a constant
        return [mark for (mark,) in cursor.fetchall()]


@task("trial.record")
def record(args: Mapping[str, Any], beat: Beat) -> Effect:
    time.sleep(args.get("seconds", 0))
    return lambda: write_effect(args["mark"])


@task("trial.fail")
def fail(args: Mapping[str, Any], beat: Beat) -> None:
    raise ValueError(f"no such book: {args['mark']}")


@task("trial.fail_late")
def fail_late(args: Mapping[str, Any], beat: Beat) -> Effect:
    def effect() -> None:
        write_effect(args["mark"])
        raise ValueError("the shelf is full")

    return effect


@task("trial.meet")
def meet(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Meets somebody in its effect, as ``MEETINGS`` have it."""

    def effect() -> None:
        while MEETINGS:
            MEETINGS.pop(0)()

    return effect


@task("trial.count")
def count(args: Mapping[str, Any], beat: Beat) -> None:
    for done in range(args["steps"] + 1):
        beat(done, args["steps"])


@task("trial.stop_midway")
def stop_midway(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Is cancelled, or whatever ``STOPS`` has for it, when half of its steps are behind."""
    for done in range(args["steps"]):
        if done == args["steps"] // 2:
            STOPS.pop()()
        beat(done, args["steps"])
    return lambda: write_effect("finished")


@task("trial.leave", title="A list of marks")
def leave(args: Mapping[str, Any], beat: Beat) -> Effect:
    data = args.get("text", "").encode() * args.get("times", 1)
    keep = timedelta(days=args.get("days", 7))
    return lambda: Outcome({"rows": 3}, OutputFile("marks.csv", "text/csv", data, keep))


@task("trial.share")
def share(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Shares its work among parts, one for each task that it is given."""
    job = UUID(args["job"]) if "job" in args else Job.objects.get(task="trial.share").pk
    marks = [{"mark": f"{n:02}", **args.get("with", {})} for n in range(len(args["parts"]))]
    parts = [Part(name, mark, 10) for name, mark in zip(args["parts"], marks, strict=True)]
    return lambda: split(job, parts)


@task("trial.tick", schedule=Every(timedelta(hours=1)))
def tick(args: Mapping[str, Any], beat: Beat) -> Effect:
    return lambda: write_effect(args["slot"])


@task("trial.hold")
def hold(args: Mapping[str, Any], beat: Beat) -> None:
    """Lets its lease run short, beats, and keeps both ends of the lease for the test."""
    job = Job.objects.get(state="running")
    Job.objects.filter(pk=job.pk).update(lease_until=DatabaseNow())
    short = Job.objects.get(pk=job.pk).lease_until
    beat(2, 2)
    LEASES[job.pk] = (short, Job.objects.get(pk=job.pk).lease_until)


@task("trial.ignore_loss")
def ignore_loss(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Works on although the job has been taken away."""
    take_away(args["mark"])
    try:
        beat(1, 1)
    except LeaseLost:
        write_effect("told")
    return lambda: write_effect("zombie")


def take_away(mark: str) -> None:
    Job.objects.filter(args__mark=mark).update(token="00000000-0000-4000-8000-000000000000")


@task("trial.kill_runner")
def kill_runner(args: Mapping[str, Any], beat: Beat) -> None:
    os._exit(9)
