"""Keeps the processes of a school alive: starts them, starts them again, and stops them together.

Knows nothing of Django, so that it stays small: ``libschool serve`` works out what to run and
becomes ``python -m delivery.supervisor PLAN``.
"""

from __future__ import annotations

import http.client
import json
import logging
import logging.config
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

from delivery.environment import read_bool
from delivery.logs import configure_logging

logger = logging.getLogger("delivery.supervisor")

POLL = 0.25  # seconds
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # a process that lived so long starts again at once
STARTS_BEFORE_GIVING_UP = 3  # as long as the site has not answered yet
GRACE = 30.0  # seconds to come to an end after SIGTERM
SUPERVISOR_VARIABLE = "LIBSCHOOL_SUPERVISOR"


@dataclass(frozen=True)
class Program:
    """A process to keep alive."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What to run, where to ask whether it serves, and what to say once it does."""

    programs: tuple[Program, ...]
    host: str
    port: int
    host_header: str
    ready_line: str

    def to_json(self) -> str:
        """The plan as the argument of this module's command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The plan in ``text``."""
        values: dict[str, Any] = json.loads(text)
        programs = tuple(
            Program(program["name"], tuple(program["command"]))
            for program in values.pop("programs")
        )
        return cls(programs=programs, **values)


def read_logging() -> dict[str, Any]:
    """The ``logging`` configuration for processes without Django, from the environment."""
    as_json = read_bool("LOG_JSON", read_bool("LIBSCHOOL_PRODUCTION") or not sys.stderr.isatty())
    return configure_logging(level=os.environ.get("LOG_LEVEL", "INFO"), as_json=as_json)


class Child:
    """One program's process, present or to come."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._pause = FIRST_PAUSE

    @property
    def is_running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def keep_alive(self) -> None:
        """Start the process if it should run and does not, after a pause that grows."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._note_end(code)
        if time.monotonic() >= self._start_at:
            self._start()

    def _start(self) -> None:
        # In a session of its own: Ctrl+C in a terminal reaches the supervisor alone.
        self._process = subprocess.Popen(  # noqa: S603  # the plan's own command
            self.program.command,
            start_new_session=True,
            env={**os.environ, SUPERVISOR_VARIABLE: str(os.getpid())},
        )
        self._started_at = time.monotonic()
        self.starts += 1
        logger.info("%s started (process %s).", self.program.name, self._process.pid)

    def _note_end(self, code: int) -> None:
        self._process = None
        if time.monotonic() - self._started_at > STEADY_AFTER:
            self._pause = FIRST_PAUSE
        self._start_at = time.monotonic() + self._pause
        logger.error(
            "%s ended with status %s; it starts again in %.1f s.",
            self.program.name,
            code,
            self._pause,
        )
        self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self._process is not None and self.is_running:
            self._process.terminate()

    def kill(self) -> None:
        """End the process and all that it started."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()


class Supervisor:
    """Runs a plan until it gets SIGTERM or SIGINT; a second signal ends everything at once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._children = [Child(program) for program in plan.programs]
        self._signals = 0
        self._is_ready = False

    def run(self) -> int:
        """Supervise; returns the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while not self._signals:
                for child in self._children:
                    child.keep_alive()
                if not self._is_ready and not self._come_up():
                    return 1
                time.sleep(POLL)
            return 0
        finally:
            self._stop_all()

    def _on_signal(self, *_args: Any) -> None:
        self._signals += 1

    def _come_up(self) -> bool:
        """Look whether the site answers by now; false if there is no hope."""
        if answers(self._plan):
            self._is_ready = True
            print(self._plan.ready_line, flush=True)
        hopeless = [
            child.program.name
            for child in self._children
            if child.starts >= STARTS_BEFORE_GIVING_UP and not child.is_running
        ]
        if hopeless and not self._is_ready:
            logger.error("%s does not start; its messages above say why.", ", ".join(hopeless))
        return self._is_ready or not hopeless

    def _stop_all(self) -> None:
        logger.info("Stopping.")
        for child in self._children:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE
        while any(child.is_running for child in self._children):
            if time.monotonic() > deadline or self._signals > 1:
                logger.warning("What still runs is ended now.")
                break
            time.sleep(0.05)
        for child in self._children:
            child.kill()
        logger.info("Stopped.")


def answers(plan: Plan) -> bool:
    """Whether the web process answers its health page."""
    connection = http.client.HTTPConnection(plan.host, plan.port, timeout=2)
    try:
        connection.request("GET", "/health/", headers={"Host": plan.host_header})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    """Run the plan given as the only argument."""
    logging.config.dictConfig(read_logging())
    return Supervisor(Plan.from_json(sys.argv[1])).run()


if __name__ == "__main__":
    sys.exit(main())
