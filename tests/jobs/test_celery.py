"""The relay, Celery workers and a Redis of the test's own, which keeps nothing on disk."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs import api
from jobs.models import Job
from tests.jobs.processes import Process, Processes, Work, in_flight, unfinished, wait_until
from tests.ports import free_port

REDIS_SERVER = os.environ.get("TEST_REDIS_SERVER") or shutil.which("redis-server")

pytestmark = [
    pytest.mark.services,
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("chaos"),
    pytest.mark.skipif(not REDIS_SERVER, reason="no redis-server; set TEST_REDIS_SERVER"),
]


class School:
    """A broker, a relay and a worker that can each be killed."""

    def __init__(self, processes: Processes, port: int) -> None:
        self._processes = processes
        self._port = port
        self._parts: dict[str, Process] = {}

    def start(self, part: str) -> None:
        commands = {
            "redis": (
                *(str(REDIS_SERVER), "--port", str(self._port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no"),
            ),
            "relay": ("django", "relay_jobs"),
            "worker": (
                *("celery", "--app", "delivery.celery", "worker", "--concurrency", "2"),
                *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
            ),
        }
        start = self._processes.start if part == "redis" else self._processes.python
        self._parts[part] = start(*commands[part])

    def kill(self, part: str) -> None:
        self._processes.kill(self._parts[part])


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with Processes(tmp_path, TRIAL_BROKER_URL=url, REDIS_VISIBILITY_TIMEOUT="5") as processes:
        school = School(processes, port)
        for part in ("redis", "relay", "worker"):
            school.start(part)
        yield school


def test_killed_workers_relays_and_brokers_lose_and_double_nothing(
    effects: Callable[[], list[str]], school: School
) -> None:
    work = Work(seconds=0.1)
    caught = 0
    for part in ("worker", "redis", "relay", "worker", "redis"):
        work.wait_for(running=2)
        school.kill(part)
        caught += in_flight() >= 1
        school.start(part)
    wait_until(lambda: not unfinished())
    assert caught >= 3, "the kills met an idle school"
    assert effects() == work.marks
    assert Job.objects.filter(attempts__gt=1).exists()


def test_a_job_that_fails_is_sent_again_when_it_is_due(
    effects: Callable[[], list[str]], school: School
) -> None:
    job = api.enqueue("trial.fail", {"mark": "a"}, max_attempts=2)
    wait_until(lambda: api.status(job.pk).state == "dead")
    assert api.status(job.pk).attempts == 2
