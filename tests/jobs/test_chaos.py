"""Runners killed in the middle of their work: no acknowledged job is lost, no effect doubled.

Each test asserts that the kill met jobs in flight, and the last shows what happens to a runner
without the token and the common transaction.
"""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from jobs import api
from jobs.models import Job
from tests.jobs.processes import (
    Process,
    Processes,
    Work,
    in_flight,
    is_alive,
    unfinished,
    wait_until,
)

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("chaos"),
]


def test_kill_9_of_runners_loses_nothing_and_doubles_nothing(
    effects: Callable[[], list[str]], tmp_path: Path
) -> None:
    work = Work(seconds=0.05)
    caught = 0
    with Processes(tmp_path) as processes:
        runners = [processes.runner(), processes.runner()]
        for _ in range(4):
            work.wait_for(running=2)
            victim = runners.pop(0)
            processes.kill(victim)
            caught += in_flight() >= 1
            runners.append(processes.runner())
        wait_until(lambda: not unfinished())
    assert caught >= 3, "the kills met idle runners"
    assert effects() == work.marks
    assert Job.objects.filter(state="done", attempts__gt=1).count() >= 1


def test_a_new_runner_of_the_same_name_takes_over_at_once(
    effects: Callable[[], list[str]], tmp_path: Path
) -> None:
    Work(seconds=1).add(1)
    with Processes(tmp_path, TRIAL_LEASE="600") as processes:
        first = processes.runner("--name", "runner")
        wait_until(in_flight)
        processes.kill(first)
        assert in_flight() == 1
        processes.runner("--name", "runner")
        wait_until(lambda: not unfinished())
    assert effects() == ["000"]


def test_a_runner_that_slept_beyond_its_lease_writes_nothing(
    effects: Callable[[], list[str]], tmp_path: Path
) -> None:
    Work(seconds=1).add(1)
    with Processes(tmp_path) as processes:
        sleeper = processes.runner()
        wait_until(in_flight)
        os.kill(sleeper.pid, signal.SIGSTOP)
        assert in_flight() == 1
        time.sleep(1.1)  # the lease
        processes.runner()
        wait_until(lambda: not unfinished())
        os.kill(sleeper.pid, signal.SIGCONT)
        wait_until(lambda: "another's now" in processes.logs())
    assert effects() == ["000"]
    assert Job.objects.get().attempts == 2


def test_a_job_that_kills_its_runner_is_given_up(
    effects: Callable[[], list[str]], tmp_path: Path
) -> None:
    poison = api.enqueue("trial.kill_runner", {}, max_attempts=2)
    api.enqueue("trial.record", {"mark": "after"})
    with Processes(tmp_path) as processes:
        for _ in range(3):
            runner = processes.runner("--name", "runner")
            wait_until(partial(has_ended_or_nothing_is_left, runner))
    assert api.status(poison.pk).state == "dead"
    assert effects() == ["after"]


def has_ended_or_nothing_is_left(runner: Process) -> bool:
    return runner.poll() is not None or not unfinished()


def test_sigterm_lets_the_running_job_finish(
    effects: Callable[[], list[str]], tmp_path: Path
) -> None:
    Work(seconds=1).add(2)
    with Processes(tmp_path) as processes:
        runner = processes.runner()
        wait_until(in_flight)
        runner.terminate()
        assert api.queue_health().runner_age is not None
        assert runner.wait(timeout=60) == 0
    assert api.queue_health().runner_age is None
    assert effects() == ["000"]
    assert Counter(Job.objects.values_list("state", flat=True)) == {"done": 1, "queued": 1}


def test_a_runner_ends_with_its_parent(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        parent = processes.start(
            "sh", "-c", f"{sys.executable} -m django run_jobs --with-parent $$ & echo $! ; wait"
        )
        pid = int(wait_until(lambda: (tmp_path / "1.log").read_text().partition("\n")[0]))
        wait_until(lambda: api.queue_health().runner_age is not None)
        os.kill(parent.pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid))


def test_a_runner_without_token_and_transaction_doubles_effects(
    effects: Callable[[], list[str]], tmp_path: Path
) -> None:
    Work(seconds=0.6).add(1)
    with Processes(tmp_path) as processes:
        naive = processes.python("tests.jobs.naive")
        wait_until(effects)
        assert in_flight() == 1
        processes.kill(naive)
        processes.python("tests.jobs.naive")
        wait_until(lambda: not unfinished())
    assert effects() == ["000", "000"]
