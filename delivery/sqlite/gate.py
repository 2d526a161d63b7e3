"""A fair queue for the writers of one process.

SQLite lets one connection write at a time, and a connection that finds it busy sleeps and tries
again, so under load some writer sleeps for seconds while others pass it. Here the threads of a
process queue up in the order of their arrival and find SQLite free when their turn comes.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

LOOK_AFTER_OWNER = 0.25  # seconds between two looks at whether the owner's thread still lives


class WriteGate:
    """A lock that is handed on in the order of asking, never barged into.

    When the thread that took it has ended, ``abandon`` is called in its place and the next is let
    in. It is not reentrant.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._owner: _Ticket | None = None
        self._queue: deque[_Ticket] = deque()

    def acquire(self, timeout: float, abandon: Callable[[], None] = lambda: None) -> bool:
        """Wait up to ``timeout`` seconds for the caller's turn; whether it came."""
        ticket = _Ticket(abandon)
        with self._guard:
            if self._owner is None and not self._queue:
                self._owner = ticket
                return True
            self._queue.append(ticket)
        deadline = time.monotonic() + timeout
        while not ticket.wait(min(LOOK_AFTER_OWNER, max(0.0, deadline - time.monotonic()))):
            with self._guard:
                self._replace_dead_owner()
                if ticket.is_called:
                    return True
                if time.monotonic() >= deadline:
                    self._queue.remove(ticket)
                    return False
        return True

    def release(self) -> None:
        """Let the next in the queue write."""
        with self._guard:
            self._call_next()

    def _replace_dead_owner(self) -> None:
        if self._owner is not None and not self._owner.thread.is_alive():
            self._owner.abandon()
            self._call_next()

    def _call_next(self) -> None:
        self._owner = self._queue.popleft() if self._queue else None
        if self._owner is not None:
            self._owner.call()


class _Ticket:
    """One thread's place in the queue."""

    def __init__(self, abandon: Callable[[], None]) -> None:
        self.abandon = abandon
        self.thread = threading.current_thread()
        self.is_called = False
        self._signal = threading.Lock()
        self._signal.acquire()

    def wait(self, timeout: float) -> bool:
        return self._signal.acquire(timeout=timeout)

    def call(self) -> None:
        self.is_called = True
        self._signal.release()


_gates: dict[str, WriteGate] = {}


def gate_of(database: str) -> WriteGate:
    """The gate of this process for the database file ``database``."""
    return _gates.get(database) or _gates.setdefault(database, WriteGate())
