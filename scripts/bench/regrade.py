"""Measures grading a class's answers to a changed key again, by workers that are real processes.

    python -m scripts.bench.regrade [--learners 100000] [--workers 2] [--different 1.0]

In a new school with SQLite, or in the database of DATABASE_URL, which must be empty. Every answer
is the novice's record of 17 fields, with up to three fields misspelt as nobody else has them for
the share ``--different`` of the learners: a class that describes one book has most fields alike.
Reported first, then applied: the marks are kept, the scores counted, the grades worked out.
Beside the time that passed stands the processor time of the workers and, on PostgreSQL, of their
sessions, by which the rate of an idle machine of two cores can be told. The status is 1 if a goal
is missed.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[2] / "tests" / "grading" / "data" / "marc_worked_examples.json"
PREVIEW_GOAL = 2.5  # seconds
RATE_GOAL = 700.0  # answers each second, of two cores and nothing else
CORES = 2
ROWS = 2_000
TICKS = os.sysconf("SC_CLK_TCK")


def start_school(folder: str) -> None:
    """Load the site with its data in ``folder`` and make the tables."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "delivery.settings",
        "LIBSCHOOL_DATA": folder,
        "LOG_LEVEL": "CRITICAL",
    }
    import django  # here: the data folder must be named before the settings are read
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def read_case() -> dict[str, Any]:
    """The novice's record and its key."""
    cases = json.loads(CASES.read_text("utf-8"))
    case: dict[str, Any] = next(row for row in cases if row["id"] == "W11")
    return case


def import_course(key: dict[str, Any], name: str = "REGRADE") -> Any:
    """A course with one exercise."""
    from delivery.importing import import_course as import_members
    from delivery.importing.members import read_path

    exercise = f'"{escape(json.dumps(key))}"'
    files = {
        "course.xml": f'<course url_name="2026" org="Bench" course="{name}"/>',
        "course/2026.xml": '<course display_name="Bench"><chapter url_name="c">'
        '<sequential url_name="s" graded="true" format="Exercises"><vertical url_name="v">'
        f'<marc_record url_name="judita" exercise={exercise}/>'
        "</vertical></sequential></chapter></course>",
    }
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = Path(folder, path)
            target.parent.mkdir(exist_ok=True)
            target.write_text(text)
        return import_members(read_path(Path(folder)), source="bench").course


def let_answer(course: Any, block: str, case: dict[str, Any], learners: int, share: float) -> None:
    """Write what is there once a whole class has answered; marks as for the record unchanged.

    The learners' names end in the number of the course.
    """
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from delivery.models import Enrollment, LearnerState
    from grading import api
    from grading.digest import digest_answer
    from grading.models import StudentItem, Submission

    item = api.StudentItemKey(
        student_id="first", course_id=course.key, item_id=block, item_type="marc_record"
    )
    api.submit(item, case["answer"], grader="marc", exercise=case["key"], points=10)
    first = Submission.objects.latest("pk")
    users, now = get_user_model(), timezone.now()
    StudentItem.objects.filter(pk=first.item_id).update(last=None)
    for start in range(0, learners, ROWS):
        numbers = range(start, min(start + ROWS, learners))
        people = users.objects.bulk_create(
            users(username=f"learner{n}-{course.pk}") for n in numbers
        )
        parts = Enrollment.objects.bulk_create(Enrollment(user=p, course=course) for p in people)
        earned = {"earned": first.score * 10, "possible": 10.0}
        LearnerState.objects.bulk_create(
            LearnerState(user=p, course=course, usage_key=block, scored_at=now, **earned)
            for p in people
        )
        heads = StudentItem.objects.bulk_create(
            StudentItem(**{**item, "student_id": part.anonymous_id}, attempts=1, **earned)
            for part in parts
        )
        answers = [
            misspell(case["answer"], n) if n < share * learners else case["answer"] for n in numbers
        ]
        submissions = Submission.objects.bulk_create(
            Submission(
                item=head,
                attempt=1,
                answer=answer,
                answer_sha256=digest_answer(answer),
                exercise_id=first.exercise_id,
                grader="marc",
                points=10,
                mark=first.mark,
                score=first.score,
                idempotency_key="once",
                submitted_at=now,
            )
            for head, answer in zip(heads, answers, strict=True)
        )
        for head, submission in zip(heads, submissions, strict=True):
            head.last = submission
        StudentItem.objects.bulk_update(heads, ["last"], batch_size=500)


def block_of(course: Any) -> str:
    """The usage key of the exercise."""
    return f"{course.key.replace('course-v1', 'block-v1')}+type@marc_record+block@judita"


def change(key: dict[str, Any]) -> dict[str, Any]:
    """Another key, by which every answer scores otherwise."""
    other = copy.deepcopy(key)
    other["fields"][0]["w"] = 9
    return other


def misspell(answer: list[Any], number: int) -> list[Any]:
    """The record with a number in its title and in two more fields, in each learner's others."""
    other = list(answer)
    places = [place for place, row in enumerate(answer) if len(row) > 2 and row[2]]
    title = next(place for place in places if answer[place][0] == "245")
    for place in {title, places[number % len(places)], places[number // 7 % len(places)]}:
        tag, indicators, [[code, value], *others] = answer[place]
        other[place] = [tag, indicators, [[code, f"{value} {number}"], *others]]
    return other


@dataclass
class Workers:
    """Processes that run jobs until none is left, and what they and their sessions cost."""

    count: int
    seconds: float = 0.0
    cpu: float = 0.0
    sessions: dict[int, float] = field(default_factory=dict)

    def run(self) -> None:
        """Run what is queued to its end."""
        command = [sys.executable, "-m", "django", "run_jobs", "--once"]
        before, start = _cpu_of_children(), time.perf_counter()
        running = [subprocess.Popen(command) for _ in range(self.count)]  # noqa: S603  # our own
        while any(process.poll() is None for process in running):
            self._look_at_sessions()
            time.sleep(0.2)
        self.seconds = time.perf_counter() - start
        self.cpu = _cpu_of_children() - before

    def _look_at_sessions(self) -> None:
        from django.db import connection

        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            for (pid,) in cursor.fetchall():
                self.sessions[pid] = _cpu_of(pid)

    def tell(self, what: str, answers: int) -> float:
        """Print what it took; returns the rate of two cores that have nothing else to do."""
        sessions = sum(self.sessions.values())
        rate = answers / (self.cpu + sessions) * CORES
        print(
            f"{what}: {self.seconds:.1f} s with {self.count} workers,"
            f" {answers / self.seconds:.0f} answers/s; processor {self.cpu:.1f} s in workers,"
            f" {sessions:.1f} s in the database: {(self.cpu + sessions) / answers * 1000:.2f} ms"
            f" each, {rate:.0f} answers/s on {CORES} free cores"
        )
        return rate


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # another machine's, or ended just now
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(learners: int, workers: int, share: float) -> bool:
    """Let the learners answer, change the key, grade again; whether the goals were reached."""
    from grading import api
    from jobs import runner

    case = read_case()
    course = import_course(case["key"])
    block, changed = block_of(course), change(case["key"])
    let_answer(course, block, case, learners, share)
    settle(course)

    start = time.perf_counter()
    found = api.preview_regrade(course.key, block, grader="marc", exercise=changed, points=10)
    seconds = time.perf_counter() - start
    print(f"preview of {found.compared} of {found.graded} answers: {seconds:.2f} s")

    regrade = api.request_regrade(
        course.key, block, grader="marc", exercise=changed, points=10, requested_by=None
    )
    rates = []
    for what in ("report", "applied"):
        if what == "applied":
            api.apply_regrade(regrade)
        runner.run_next("bench")  # shares the work among the workers
        crew = Workers(workers)
        crew.run()
        rates.append(crew.tell(what, learners))
    status = api.regrade_status(regrade)
    changes = status.better + status.worse
    print(f"{status.state}; {changes} of {status.total} changed")
    return seconds <= PREVIEW_GOAL and rates[-1] >= RATE_GOAL and status.state == "applied"


def settle(course: Any) -> None:
    """Let everybody have a line in the grade book, as a class that answered one by one has."""
    from delivery.grades.api import recompute

    recompute(course)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--different", type=float, default=1.0, help="share of answers, 0-1")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start_school(folder)
        reached = measure(options.learners, options.workers, options.different)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
