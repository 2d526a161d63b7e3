"""A whole school in a folder of its own, driven by its command line, for tests with processes."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
PATIENCE = 120  # seconds


def wait_until(happened: Callable[[], T], patience: float = PATIENCE) -> T:
    deadline = time.monotonic() + patience
    while not (found := happened()):
        assert time.monotonic() < deadline, f"waited {patience} s in vain"
        time.sleep(0.02)
    return found


def ask_ps(*options: str) -> str:
    done = subprocess.run(["ps", *options], capture_output=True, text=True, check=False)  # noqa: S603, S607  # fixed words and numbers
    return done.stdout


def children_of(pid: int) -> list[int]:
    """The process ids of all descendants, deepest last."""
    pairs = [line.split() for line in ask_ps("-eo", "pid=,ppid=").splitlines()]
    found = [pid]
    for parent in found:
        found += [int(child) for child, of in pairs if int(of) == parent]
    return found[1:]


def is_alive(pid: int) -> bool:
    state = ask_ps("-o", "stat=", "-p", str(pid)).strip()
    return bool(state) and not state.startswith("Z")


def command_of(pid: int) -> str:
    return ask_ps("-o", "args=", "-p", str(pid))


class School:
    """A school whose data are in ``folder``."""

    def __init__(
        self, folder: Path, settings: str = "delivery.settings", **environment: str
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "serve.log"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": settings,
            "LIBSCHOOL_DATA": str(self.data),
            "MEDIA_ROOT": str(self.data / "media"),
            "PYTHONPATH": str(ROOT),
            **environment,
        }

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process of ``serve``."""
        assert self._process is not None
        return self._process

    def run(self, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end; its result with ``stdout`` and ``stderr``."""
        return subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "delivery", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=answer,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command; what it prints is added to the log."""
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # our own command
                [sys.executable, "-m", "delivery", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def do(self, *arguments: str, answer: str = "") -> str:
        """Run a command that must succeed; what it printed."""
        done = self.run(*arguments, answer=answer)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, statement: str) -> list[Any]:
        """Ask the school's SQLite database, or change it, beside the school."""
        database = sqlite3.connect(self.data / "libschool.sqlite3")
        try:
            with database:
                return database.execute(statement).fetchall()
        finally:
            database.close()

    def serve(self, *options: str, patience: float = PATIENCE) -> None:
        """Start ``serve`` and wait for its ready line."""
        self._process = self.start("serve", *options)
        wait_until(lambda: "The school is open" in self.log.read_text(), patience)

    def part(self, *words: str) -> int:
        """The process id of the child of ``serve`` whose command line has all ``words``."""

        def find() -> list[int]:
            children = children_of(self.process.pid)
            return [pid for pid in children if all(word in command_of(pid) for word in words)]

        return wait_until(find)[0]

    def end(self) -> None:
        """Kill whatever still runs."""
        if self._process is None:
            return
        for pid in [self.process.pid, *children_of(self.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
