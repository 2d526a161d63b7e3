"""Real processes for the chaos tests: started, killed without mercy, and never left behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeAlias, TypeVar

from django.db import connection

from jobs.api import enqueue
from jobs.models import Job

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
Process: TypeAlias = "subprocess.Popen[bytes]"
PATIENCE = 120  # seconds


def wait_until(happened: Callable[[], T], patience: float = PATIENCE) -> T:
    deadline = time.monotonic() + patience
    while not (found := happened()):
        assert time.monotonic() < deadline, f"waited {patience} s in vain"
        time.sleep(0.01)
    return found


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended but that nobody waited for does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no /proc, or ended just now
        return not Path("/proc/self").exists()
    return state != "Z"


def in_flight() -> int:
    return Job.objects.filter(state="running").count()


def unfinished() -> int:
    return Job.objects.exclude(state__in=["done", "dead"]).count()


class Work:
    """Jobs of ``trial.record``, each with a mark of its own."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds  # that a job takes
        self.marks: list[str] = []

    def add(self, count: int) -> None:
        for _ in range(count):
            self.marks.append(f"{len(self.marks):03}")
            args = {"mark": self.marks[-1], "seconds": self.seconds}
            enqueue("trial.record", args, max_attempts=50)

    def wait_for(self, running: int) -> None:
        """Wait until so many jobs run at once; however long it takes, there is more to do."""
        wait_until(lambda: self._is_busy(running))

    def _is_busy(self, running: int) -> bool:
        if unfinished() < 10:
            self.add(10)
        return in_flight() == running


class Processes:
    """Starts processes on the test's database; the end of the ``with`` block kills them all."""

    def __init__(self, folder: Path, **environment: str) -> None:
        names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "ATOMIC_REQUESTS")
        database = {name: connection.settings_dict.get(name, "") for name in names}
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.home",
            "TRIAL_DATABASE": json.dumps(database),
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        self._folder = folder
        self._running: list[Process] = []
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self._running:
            self.kill(process)

    def start(self, *command: str) -> Process:
        """Start ``command``, a leader of its own process group."""
        self._count += 1
        with (self._folder / f"{self._count}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  # our own command
                command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def python(self, *arguments: str) -> Process:
        return self.start(sys.executable, "-m", *arguments)

    def runner(self, *options: str) -> Process:
        return self.python("django", "run_jobs", *options)

    def kill(self, process: Process) -> None:
        """kill -9 to the process and all it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def logs(self) -> str:
        return "\n".join(
            f"--- {log.name}\n{log.read_text()}" for log in sorted(self._folder.glob("*.log"))
        )
