"""Fills a database with a course and the scores of its learners, by statements that fill it fast.

What somebody scored follows from their number and the block's place, so that every run and every
database has the same scores. A tenth of them is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from delivery.models import (
    Block,
    Course,
    CourseVersion,
    Enrollment,
    LearnerGrade,
    LearnerState,
    ScoreChange,
)

KEY = "course-v1:Bench+GRADES+2026"
IN_SUBSECTION = 5
AT_ONCE = 5_000
STATE = '{"answer": "CIP zapis u knjižnici", "seed": 1, "done": true, "attempts": 2}'
POLICY = {
    "GRADER": [
        {"type": "Exercises", "min_count": 8, "drop_count": 2, "weight": 0.4},
        {"type": "Test", "min_count": 3, "drop_count": 1, "weight": 0.3},
        {"type": "Final", "min_count": 1, "drop_count": 0, "weight": 0.3},
    ],
    "GRADE_CUTOFFS": {"Distinction": 0.85, "Pass": 0.5},
}
# What somebody earned of 10 points; 0 stands for no score.
POINTS = "((u.id * 31 + k.position * 17 + (u.id * k.position) %% 7) %% 11)"


def fill(learners: int, blocks: int) -> Course:
    """Make a course of ``blocks`` scored blocks with ``learners``, their scores and history."""
    course = _make_course(blocks)
    _make_people(course, learners)
    _say("scores")
    now = timezone.now()
    scored = (
        f"FROM {_table(get_user_model())} u CROSS JOIN {_table(Block)} k "
        f"WHERE k.version_id = %s AND k.has_score AND {POINTS} > 0"
    )
    is_postgresql = connection.vendor == "postgresql"
    state = "%s::jsonb" if is_postgresql else "%s"
    _execute(
        f"INSERT INTO {_table(LearnerState)} (user_id, course_id, usage_key, state, earned,"
        " possible, scored_at, updated_at)"
        f" SELECT u.id, %s, k.usage_key, {state}, {POINTS}, 10, %s, %s {scored}"
        " ORDER BY u.id, k.position",
        [course.pk, STATE, now, now, course.current_version_id],
    )
    _say("history")
    _execute(
        f"INSERT INTO {_table(ScoreChange)} (user_id, course_id, usage_key, kind, earned,"
        " possible, counts, is_late, reason, made_by, made_at)"
        f" SELECT u.id, %s, k.usage_key, 'submission', {POINTS}, 10, {_true()}, NOT {_true()}, '',"
        f" u.id, %s {scored}",
        [course.pk, now, course.current_version_id],
    )
    if is_postgresql:
        _execute("VACUUM ANALYZE")
    return course


def change_policy(course: Course) -> None:
    """Let another policy hold for the version that is served."""
    harder = {**POLICY, "GRADE_CUTOFFS": {"Distinction": 0.9, "Pass": 0.55}}
    CourseVersion.objects.filter(course=course).update(grading_policy=harder)


def forget_grades() -> None:
    """Let every line be as it is before anything was worked out."""
    LearnerGrade.objects.update(stamp=0, blocks=b"", subsections=b"", percent=0, scored=0)


def _make_course(blocks: int) -> Course:
    course = Course.objects.create(key=KEY, display_name="Bench")
    version = CourseVersion.objects.create(
        course=course, number=1, root=_key("course", "course"), grading_policy=POLICY
    )
    Block.objects.bulk_create(_blocks(version, blocks), batch_size=500)
    course.current_version = version
    course.save()
    return course


def _blocks(version: CourseVersion, blocks: int) -> Iterator[Block]:
    made: list[tuple[str, str, str, dict[str, Any]]] = [
        ("course", "course", "", {}),
        ("chapter", "chapter", "course/course", {}),
    ]
    count = -(-blocks // IN_SUBSECTION)
    for number in range(count):
        form = "Final" if number == count - 1 else "Test" if number % 4 == 3 else "Exercises"
        settings = {"graded": True, "format": form}
        made.append(("sequential", f"s{number}", "chapter/chapter", settings))
        made.append(("vertical", f"u{number}", f"sequential/s{number}", {}))
        for place in range(min(IN_SUBSECTION, blocks - number * IN_SUBSECTION)):
            weight = {"weight": 4} if place == 3 else {}
            made.append(("problem", f"p{number}_{place}", f"vertical/u{number}", weight))
    for position, (block_type, name, parent, fields) in enumerate(made):
        is_scored = block_type == "problem"
        yield Block(
            version=version,
            usage_key=_key(block_type, name),
            block_type=block_type,
            parent=_key(*parent.split("/")) if parent else "",
            position=position,
            fields=fields,
            has_score=is_scored,
            max_score=10.0 if is_scored else None,
        )


def _key(block_type: str, name: str) -> str:
    return f"block-v1:Bench+GRADES+2026+type@{block_type}+block@{name}"


def _make_people(course: Course, learners: int) -> None:
    _say("people")
    model = get_user_model()
    for start in range(0, learners, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, learners))
        people = [
            model(
                username=f"reader{number}",
                first_name=f"Ana{number % 97}",
                last_name=f"Knjižničar{number * 7919 % learners:06}",
                email=f"reader{number}@school.example",
            )
            for number in numbers
        ]
        users = model.objects.bulk_create(people)
        Enrollment.objects.bulk_create(Enrollment(user=user, course=course) for user in users)


def _table(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _true() -> str:
    return "TRUE" if connection.vendor == "postgresql" else "1"


def _execute(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _say(what: str) -> None:
    sys.stderr.write(f"filling: {what}\n")
