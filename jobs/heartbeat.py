"""Signs of life: a row for each process, by the database's clock."""

from __future__ import annotations

import os

from django.db import IntegrityError, transaction

from jobs.clock import DatabaseNow, seconds_from_now
from jobs.models import RunnerHeartbeat

FORGET_AFTER = 24 * 3600.0  # seconds


def show_life(name: str, kind: RunnerHeartbeat.Kind) -> None:
    """Record that the process ``name`` is alive now."""
    if renew_life(name):
        return
    try:
        with transaction.atomic():
            RunnerHeartbeat.objects.create(name=name, kind=kind, pid=os.getpid())
    except IntegrityError:  # another process of this name was first
        renew_life(name)


def renew_life(name: str) -> int:
    """Record that the process ``name`` is still alive, if it is one that shows signs of life."""
    return RunnerHeartbeat.objects.filter(name=name).update(beat_at=DatabaseNow(), pid=os.getpid())


def start_life(name: str, kind: RunnerHeartbeat.Kind) -> None:
    """Record that the process ``name`` starts; processes gone for a day are forgotten."""
    RunnerHeartbeat.objects.filter(beat_at__lt=seconds_from_now(-FORGET_AFTER)).delete()
    show_life(name, kind)
    RunnerHeartbeat.objects.filter(name=name).update(started_at=DatabaseNow())


def end_life(name: str) -> None:
    """Record that the process ``name`` ends of its own will."""
    RunnerHeartbeat.objects.filter(name=name).delete()
