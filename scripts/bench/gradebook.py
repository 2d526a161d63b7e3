"""Measures the grade book: a page of the grid, saving a mark, the whole as CSV, an item analysis.

    python -m scripts.bench.gradebook [--learners 10000] [--blocks 60]

In a new school with SQLite, or in the database of DATABASE_URL, which must be empty or filled by an
earlier run. Every learner has a mark in nine of ten blocks. Times of the server include the whole
stack of middleware and the template. The status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

PAGE_GOAL, SQL_GOAL = 300.0, 5.0  # ms
SAVE_GOAL = 100.0  # ms, 95 of 100
CSV_GOAL = 1.5  # seconds
PAGES, SAVES = 20, 100
BLOCKS_IN_PART = 5
KEY = "course-v1:Bench+BOOK+2026"
LINES_IN_MARK, FAULTS = 30, 6


def start_school(folder: str) -> None:
    """Load the site with its data in ``folder`` and make the tables."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "LIBSCHOOL_DATA": folder,
        "LOG_LEVEL": "CRITICAL",
        "ALLOWED_HOSTS": "testserver",
    }
    import django  # here: the data folder must be named before the settings are read
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def make_course(blocks: int) -> Any:
    """A course of subsections with five exercises each, the first one ours."""
    from delivery import models  # here and below: after the site was loaded

    course = models.Course.objects.create(key=KEY, display_name="Bench")
    version = models.CourseVersion.objects.create(
        course=course,
        number=1,
        root=usage("course", "course"),
        grading_policy={
            "GRADER": [
                {"type": "Exercises", "min_count": 2, "drop_count": 1, "weight": 0.6},
                {"type": "Test", "min_count": 1, "drop_count": 0, "weight": 0.4},
            ],
            "GRADE_CUTOFFS": {"Pass": 0.6},
        },
    )
    rows: list[models.Block] = []

    def add(kind: str, name: str, parent: str, points: float | None = None, **fields: Any) -> str:
        key = usage(kind, name)
        rows.append(
            models.Block(
                version=version,
                usage_key=key,
                block_type=kind,
                parent=parent,
                position=len(rows),
                fields={"display_name": f"{name} in words", **fields},
                has_score=points is not None,
                max_score=points,
            )
        )
        return key

    root = add("course", "course", "")
    chapter = add("chapter", "chapter", root)
    unit = ""
    for number in range(blocks):
        if number % BLOCKS_IN_PART == 0:
            kind = "Test" if number % (3 * BLOCKS_IN_PART) == 0 else "Exercises"
            part = add("sequential", f"part{number}", chapter, graded=True, format=kind)
            unit = add("vertical", f"unit{number}", part)
        add("marc_record" if number == 0 else "problem", f"block{number}", unit, 10.0)
    models.Block.objects.bulk_create(rows)
    course.current_version = version
    course.save()
    return course


def usage(kind: str, name: str) -> str:
    """The usage key of a block."""
    return f"block-v1:Bench+BOOK+2026+type@{kind}+block@{name}"


def fill(course: Any, learners: int, blocks: int) -> None:
    """Enrol learners, who get marks, and an instructor."""
    from django.contrib.auth import get_user_model

    from delivery.grades import api as grades
    from delivery.grades.lines import add_lines
    from delivery.models import Enrollment, LearnerState

    chance = random.Random(1)  # noqa: S311  # the same school each time
    model = get_user_model()
    people = [
        model(username=f"reader{n}", first_name=f"Ana{n}", last_name=f"Horvat{n * 7919 % learners}")
        for n in range(learners)
    ]
    model.objects.bulk_create(people, batch_size=1_000)
    ids = list(model.objects.order_by("pk").values_list("pk", flat=True))
    Enrollment.objects.bulk_create(
        [Enrollment(user_id=pk, course=course) for pk in ids], batch_size=1_000
    )
    for start in range(0, learners, 500):
        some = ids[start : start + 500]
        add_lines(course.pk, some)
        LearnerState.objects.bulk_create(
            [
                LearnerState(
                    user_id=pk,
                    course=course,
                    usage_key=usage("marc_record" if n == 0 else "problem", f"block{n}"),
                    earned=chance.randint(0, 20) / 2,
                    possible=10.0,
                )
                for pk in some
                for n in range(blocks)
                if chance.random() < 0.9
            ],
            batch_size=2_000,
        )
    grades.recompute(course)
    teacher = model.objects.create(username="teacher")
    Enrollment.objects.create(user=teacher, course=course, role="instructor")


def answer(course: Any) -> None:
    """Let every learner have an answer to the first exercise, with score lines."""
    from django.db.models import F
    from django.utils import timezone

    from delivery.models import Enrollment
    from grading.models import ExerciseSnapshot, StudentItem, Submission

    chance = random.Random(2)  # noqa: S311  # as above
    exercise = ExerciseSnapshot.objects.create(sha256="0" * 64, exercise={})
    key = usage("marc_record", "block0")
    names = Enrollment.objects.filter(course=course).values_list("anonymous_id", flat=True)
    StudentItem.objects.bulk_create(
        [
            StudentItem(
                student_id=name, course_id=KEY, item_id=key, item_type="marc_record", attempts=1
            )
            for name in names
        ],
        batch_size=1_000,
    )
    items = StudentItem.objects.filter(item_id=key).values_list("pk", flat=True)
    Submission.objects.bulk_create(
        [
            Submission(
                item_id=pk,
                attempt=1,
                answer=[],
                answer_sha256="0" * 64,
                exercise=exercise,
                grader="marc",
                points=10,
                mark=_mark(chance),
                score=0.5,
                idempotency_key="bench",
                submitted_at=timezone.now(),
            )
            for pk in items
        ],
        batch_size=500,
    )
    last = dict(Submission.objects.values_list("item_id", "pk"))
    rows = list(StudentItem.objects.filter(item_id=key))
    for row in rows:
        row.last_id = last[row.pk]
    StudentItem.objects.bulk_update(rows, ["last"], batch_size=500)
    StudentItem.objects.filter(item_id=key).update(earned=F("attempts") * 5.0, possible=10.0)


def _mark(chance: random.Random) -> dict[str, Any]:
    lines = [
        {
            "code": f"{number}.missing" if number < FAULTS else f"{number}.right",
            "where": f"{number}[0]$a",
            "points": 0.0 if number < FAULTS and chance.random() < 0.5 else 1.0,
            "max": 1.0,
            "template": "%(place)s is missing.",
            "params": {"place": str(number)},
            "refs": [],
            "kind": "missing",
            "expected": "",
        }
        for number in range(LINES_IN_MARK)
    ]
    return {"points": 15.0, "possible": float(LINES_IN_MARK), "lines": lines}


def settle() -> None:
    """Let PostgreSQL know its new tables, as it would by itself after a while."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


@contextmanager
def timed_sql() -> Iterator[list[float]]:
    """The milliseconds of each statement within."""
    from django.db import connection

    taken: list[float] = []

    def wrapper(execute: Callable[..., Any], *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            taken.append((time.perf_counter() - start) * 1000)

    with connection.execute_wrapper(wrapper):
        yield taken


def measure(learners: int, blocks: int) -> bool:
    """Fill the school, measure, print; whether the goals were reached."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    from delivery.gradebook.analysing import analyse_column
    from delivery.gradebook.columns import open_book
    from delivery.grades import api as grades
    from delivery.models import Course

    course = Course.objects.filter(key=KEY).first()
    if course is None:
        course = make_course(blocks)
        fill(course, learners, blocks)
        answer(course)
        course.refresh_from_db()
        settle()
    teacher = get_user_model().objects.get(username="teacher")
    client = Client()
    client.force_login(teacher)
    page = reverse("gradebook", args=[KEY])
    client.get(page)  # the version is read once
    reached = True
    for name, query in (
        ("first page of 25", {}),
        ("first page of 50", {"size": "50"}),
        ("last page of 50", {"size": "50", "page": "99999"}),
        ("sorted by a block", {"sort": "-problem/block7"}),
        ("found by a name", {"q": "horvat77"}),
    ):
        walls, sqls, size = [], [], 0
        for _time in range(PAGES):
            with timed_sql() as taken:
                start = time.perf_counter()
                response = client.get(page, query)
                walls.append((time.perf_counter() - start) * 1000)
            size = len(response.content)
            sqls.append(sum(taken))
        wall, sql = statistics.median(walls), min(sqls)
        print(
            f"{name}: median {wall:.0f} ms, least {min(walls):.0f} ms; SQL median "
            f"{statistics.median(sqls):.1f} ms, least {sql:.1f} ms; {size / 1024:.0f} KB"
        )
        if name.startswith("first"):  # the least: what else the machine does is not the database's
            reached &= wall <= PAGE_GOAL and sql <= SQL_GOAL

    walls = []
    for number in range(SAVES):
        line = grades.read_page(course, offset=number, limit=1).lines[0]
        path = reverse("gradebook_override", args=[KEY, line.user_id, "problem", "block7"])
        start = time.perf_counter()
        saved = client.post(
            path,
            {"points": "7", "reason": "bench"},
            headers={"Accept": "application/json"},
        )
        walls.append((time.perf_counter() - start) * 1000)
        if saved.status_code != 200:
            print(f"saving answered {saved.status_code}")
            return False
    p95 = statistics.quantiles(walls, n=20)[-1]
    print(f"saving a mark: median {statistics.median(walls):.0f} ms, p95 {p95:.0f} ms")
    reached &= p95 <= SAVE_GOAL

    start, computing = time.perf_counter(), time.process_time()
    table: Any = client.get(reverse("gradebook_table", args=[KEY, "points"]))
    stream = table.streaming_content
    first = len(next(stream))
    begun = time.perf_counter() - start
    size = first + sum(map(len, stream))
    wall, cpu = time.perf_counter() - start, time.process_time() - computing
    print(f"CSV: {wall:.2f} s ({cpu:.2f} s CPU), begun after {begun * 1000:.0f} ms; {size} bytes")
    reached &= wall <= CSV_GOAL

    start, computing = time.perf_counter(), time.process_time()
    book = open_book(course)
    found = analyse_column(course, book, book.blocks[0])
    wall, cpu = time.perf_counter() - start, time.process_time() - computing
    print(f"item analysis of {found.learners} answers: {wall:.2f} s ({cpu:.2f} s CPU)")
    return reached


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=10_000)
    parser.add_argument("--blocks", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start_school(folder)
        return 0 if measure(options.learners, options.blocks) else 1


if __name__ == "__main__":
    sys.exit(main())
