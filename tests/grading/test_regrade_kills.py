"""Workers killed in the middle of a re-grade, with a Redis of the test's own, on a whole site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from delivery.grades.models import LearnerGrade, ScoreChange
from delivery.models import LearnerState
from grading import api
from grading.models import Regrade, StudentItem, Submission
from jobs import runner
from jobs.models import Job
from scripts.bench import regrade as bench
from tests.jobs.processes import Processes, in_flight, wait_until
from tests.jobs.test_celery import REDIS_SERVER, School
from tests.ports import free_port

pytestmark = [
    pytest.mark.services,
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("chaos"),
    pytest.mark.skipif(not REDIS_SERVER, reason="no redis-server; set TEST_REDIS_SERVER"),
]

LEARNERS = 500  # some batches


def answered_course(name: str) -> Any:
    """A course whose learners have all answered, and wait for nothing but the changed key."""
    case = bench.read_case()
    course = bench.import_course(case["key"], name)
    bench.let_answer(course, bench.block_of(course), case, LEARNERS, 1.0)
    bench.settle(course)
    return course


def request(course: Any) -> int:
    return api.request_regrade(
        course.key,
        bench.block_of(course),
        grader="marc",
        exercise=bench.change(bench.read_case()["key"]),
        points=10,
        requested_by=None,
        apply_at_once=True,
    )


def outcome(course: Any) -> dict[str, tuple[float, ...]]:
    """What counts for each learner: with grading, in the block, in the course."""
    heads = {
        row.student_id: row.earned or 0.0
        for row in StudentItem.objects.filter(course_id=course.key, last__isnull=False)
    }
    rows = LearnerState.objects.filter(course=course).values_list(
        "user__enrollments__anonymous_id", "user__username", "user_id", "earned"
    )
    grades = dict(
        LearnerGrade.objects.filter(course=course).values_list("user_id", "percent_unrounded")
    )
    return {
        username.partition("-")[0]: (heads[student], earned or 0.0, grades[user_id])
        for student, username, user_id, earned in rows
    }


def regraded(course: Any) -> int:
    return Submission.objects.filter(
        item__course_id=course.key, rescored_from__isnull=False
    ).count()


def test_workers_killed_in_the_middle_give_the_same_grades_as_an_undisturbed_run(
    tmp_path: Path,
) -> None:
    quiet, disturbed = answered_course("QUIET"), answered_course("KILLED")
    before = outcome(disturbed)
    request(quiet)
    while runner.run_next("test"):
        pass
    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.grading.home",
        "TRIAL_BROKER_URL": f"redis://127.0.0.1:{port}/0",
        "REDIS_VISIBILITY_TIMEOUT": "5",
    }
    with Processes(tmp_path, **environment) as processes:
        school = School(processes, port)
        for part in ("redis", "relay", "worker"):
            school.start(part)
        regrade = request(disturbed)
        wait_until(lambda: regraded(disturbed))
        school.kill("worker")
        assert in_flight() == 1, "the kill met an idle worker"
        assert 0 < regraded(disturbed) < LEARNERS
        school.start("worker")
        wait_until(lambda: api.regrade_status(regrade).state == "applied")
    assert Job.objects.filter(attempts__gt=1).exists()
    assert outcome(disturbed) == outcome(quiet) != before
    assert regraded(disturbed) == regraded(quiet) == LEARNERS
    changes = ScoreChange.objects.filter(course_id=disturbed.pk, kind=ScoreChange.Kind.REGRADE)
    assert changes.count() == LEARNERS
    row = Regrade.objects.get(pk=regrade)
    assert (row.total, row.done) == (LEARNERS, LEARNERS)
