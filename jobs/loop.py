"""The loop of a long-lived process: step while there is work, rest while there is none."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from django.db import Error, close_old_connections

from jobs.heartbeat import end_life, show_life, start_life
from jobs.models import RunnerHeartbeat
from jobs.schedules import enqueue_due
from jobs.tidying import forget_old_files, forget_old_jobs

logger = logging.getLogger(__name__)

SHORTEST_REST = 0.05  # seconds
LONGEST_REST = 1.0
LONGEST_REST_AFTER_ERROR = 10.0
BEAT_INTERVAL = 5.0
SCHEDULE_INTERVAL = 5.0
TIDY_INTERVAL = 3600.0


class Loop:
    """Calls ``step`` again and again; ``step`` says whether it had anything to do.

    A step that fails is logged and tried again after a rest that grows. The loop ends when
    ``parent``, the process that started this one, has ended.
    """

    def __init__(
        self,
        name: str,
        kind: RunnerHeartbeat.Kind,
        step: Callable[[], bool],
        parent: int | None = None,
    ) -> None:
        self._name = name
        self._kind = kind
        self._step = step
        self._parent = parent
        self._is_stopping = False
        self._rest = SHORTEST_REST
        self._next_beat = 0.0
        self._next_schedule = 0.0
        self._next_tidying = 0.0

    def stop(self, *_signal: Any) -> None:
        """End the loop after the step that runs now; also a signal handler."""
        self._is_stopping = True

    def run(self) -> None:
        """Run until stopped by ``stop``, SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._should_stop():
            if not self._try_step():
                # A flag and short sleeps: an event set inside a signal handler can deadlock.
                time.sleep(self._rest)
        self._end_life()
        logger.info("%s stops.", self._name)

    def run_until_idle(self) -> None:
        """Run until there is nothing to do; what a step raises is raised."""
        while self._step():
            pass

    def _end_life(self) -> None:
        try:
            end_life(self._name)
        except Error as error:  # the database may be what is ending
            logger.warning("%s could not say that it stops: %s", self._name, error)

    def _should_stop(self) -> bool:
        return self._is_stopping or (self._parent is not None and os.getppid() != self._parent)

    def _try_step(self) -> bool:
        """One step; whether to go on at once. Sets how long to rest otherwise."""
        try:
            close_old_connections()
            self._show_life()
            self._schedule()
            self._tidy()
            had_work = self._step()
        except Exception as error:  # the loop outlives whatever its steps meet
            known = isinstance(error, (Error, ConnectionError))
            logger.error("%s failed: %s", self._name, error, exc_info=not known)
            self._rest = min(LONGEST_REST_AFTER_ERROR, self._rest * 2)
            return False
        self._rest = SHORTEST_REST if had_work else min(LONGEST_REST, self._rest * 1.5)
        return had_work

    def _show_life(self) -> None:
        if time.monotonic() < self._next_beat:
            return
        (show_life if self._next_beat else start_life)(self._name, self._kind)
        self._next_beat = time.monotonic() + BEAT_INTERVAL

    def _schedule(self) -> None:
        """Every loop is a scheduler too: however many there are, a slot gets one job."""
        if time.monotonic() >= self._next_schedule:
            enqueue_due()
            self._next_schedule = time.monotonic() + SCHEDULE_INTERVAL

    def _tidy(self) -> None:
        if time.monotonic() < self._next_tidying:
            return
        forget_old_files()
        if not forget_old_jobs():
            self._next_tidying = time.monotonic() + TIDY_INTERVAL
