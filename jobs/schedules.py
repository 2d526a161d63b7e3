"""Periodic work: each slot of a task's schedule gets one job, however many schedulers run.

A slot is taken by moving the schedule's row forward to it; of two that try, one finds the row
moved. Slots that were missed while nothing ran are not made up for, but for the latest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jobs.clock import DatabaseNow
from jobs.models import Job, Schedule
from jobs.registry import scheduled_tasks
from jobs.slots import Daily, Every
from jobs.writing import enqueue

KEY = "schedule:"


def enqueue_due() -> int:
    """Write the jobs of the slots that have come; how many. By the database's clock.

    A schedule that was never seen begins with its next slot. Where the job of an earlier slot
    still waits, that one has to do for both.
    """
    schedules = scheduled_tasks()
    if not schedules:
        return 0
    slots = _due_slots(schedules)
    return sum(_take(name, slot) for name, slot in slots.items())


def _due_slots(schedules: Mapping[str, Every | Daily]) -> dict[str, datetime]:
    zone = timezone.get_default_timezone()
    rows = Schedule.objects.filter(name__in=schedules).annotate(now=DatabaseNow())
    known = {row.name: (row.slot, schedules[row.name].slot(row.now, zone)) for row in rows}
    unseen = [name for name in schedules if name not in known]
    if unseen:
        _begin({name: schedules[name] for name in unseen})
    return {name: slot for name, (last, slot) in known.items() if last < slot}


def _begin(schedules: Mapping[str, Every | Daily]) -> None:
    """Make the rows of new schedules, as if their latest slot had been taken."""
    zone, now = timezone.get_default_timezone(), timezone.now()
    Schedule.objects.bulk_create(
        [Schedule(name=name, slot=rule.slot(now, zone)) for name, rule in schedules.items()],
        ignore_conflicts=True,
    )


@transaction.atomic
def _take(name: str, slot: datetime) -> int:
    if not Schedule.objects.filter(name=name, slot__lt=slot).update(slot=slot):
        return 0
    key = f"{KEY}{name}:"
    if Job.objects.filter(dedupe__startswith=key, state=Job.State.QUEUED).exists():
        return 0
    enqueue(name, {"slot": slot.isoformat()}, dedupe=f"{key}{slot.isoformat()}")
    return 1
