"""All grades of a course from its raw scores: after a change of the course, and to check them.

Learners are taken some thousand at a time, each time in a transaction that holds their lines, so
that it can be interrupted and run again, and runs beside those who go on answering.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from delivery.grades.bulk import PackedGrade, RawPoints, grade_many, no_points
from delivery.grades.data import Difference, Recomputed
from delivery.grades.lines import add_lines, decisions_of
from delivery.grades.models import LearnerGrade
from delivery.grades.plan import GradePlan, plan_at
from delivery.models import Course, Enrollment, LearnerState
from delivery.tree import load_tree

LEARNERS_AT_ONCE = 2_000
DIFFERENCES_SHOWN = 100

Tell = Callable[[int, int], None]  # how many of how many learners are done

# As PostgreSQL sends them in one value: account, position of the block from 1, given, points.
_SENT = np.dtype(
    [("user", ">i8"), ("position", ">i2"), ("given", ">i2"), ("earned", ">f8"), ("possible", ">f8")]
)
_COMPARED = (
    "stamp",
    "blocks",
    "subsections",
    "percent",
    "percent_unrounded",
    "letter",
    "passed",
    "scored",
    "overrides",
)


def recompute(
    course: Course,
    *,
    only_stale: bool = False,
    repair: bool = True,
    user_ids: Sequence[int] | None = None,
    tell: Tell = lambda done, total: None,
) -> Recomputed:
    """Work out the grades of a course from the raw scores and write those that are not so.

    ``only_stale`` leaves out the lines that the plan of today has made; without ``repair``
    nothing is written; ``user_ids`` names the only learners. Raises
    ``CourseVersion.DoesNotExist`` if no version is served.
    """
    plan = plan_at(load_tree(course.current_version_id or 0), timezone.now())
    if user_ids is None and repair:
        add_missing_lines(course)
    lines = LearnerGrade.objects.filter(course=course)
    if only_stale:
        lines = lines.exclude(stamp=plan.stamp)
    if user_ids is not None:
        lines = lines.filter(user_id__in=list(user_ids))
    return rework(course.pk, plan, lines, repair=repair, tell=tell)


def rework(
    course_id: int,
    plan: GradePlan,
    lines: QuerySet[LearnerGrade],
    *,
    repair: bool = True,
    tell: Tell = lambda done, total: None,
) -> Recomputed:
    """Work out ``lines`` of one course by ``plan``; see ``recompute``."""
    done = changed = wrong = 0
    differences: list[Difference] = []
    # All numbers first: a portion is then a range of an index, whatever the planner believes.
    user_ids = list(lines.order_by("user_id").values_list("user_id", flat=True))
    for start in range(0, len(user_ids), LEARNERS_AT_ONCE):
        portion = user_ids[start : start + LEARNERS_AT_ONCE]
        with transaction.atomic():
            held = list(
                lines.filter(user_id__gte=portion[0], user_id__lte=portion[-1])
                .order_by("user_id")
                .select_for_update()
                .values_list("user_id", *_COMPARED)
            )
            if not held:
                continue
            right = _grade(plan, course_id, [row[0] for row in held])
            updates = list(_compare(held, right, plan))
            if repair and updates:
                _write(course_id, plan, updates)
        drifted = [(row, grade) for row, grade in updates if row[1] == plan.stamp]
        wrong += len(drifted)
        room = DIFFERENCES_SHOWN - len(differences)
        differences += [
            Difference(row[0], row[5], grade.percent_unrounded) for row, grade in drifted[:room]
        ]
        changed += len(updates)
        done += len(held)
        tell(start + len(portion), len(user_ids))
    return Recomputed(done, changed, wrong, tuple(differences))


def add_missing_lines(course: Course) -> None:
    """Give everybody a line who takes part in a course."""
    lines = LearnerGrade.objects.filter(course=course, user_id=OuterRef("user_id"))
    missing = Enrollment.objects.filter(~Exists(lines), course=course).values_list(
        "user_id", flat=True
    )
    wanted = list(missing)
    for start in range(0, len(wanted), LEARNERS_AT_ONCE):
        add_lines(course.pk, wanted[start : start + LEARNERS_AT_ONCE])


def _grade(plan: GradePlan, course_id: int, user_ids: list[int]) -> list[PackedGrade]:
    numbers = {user_id: number for number, user_id in enumerate(user_ids)}
    decided = decisions_of(course_id, user_ids)
    return grade_many(
        plan,
        read_points(plan, course_id, user_ids),
        {numbers[user_id]: made for user_id, made in decided.items()},
    )


def _compare(
    held: list[tuple[Any, ...]], right: list[PackedGrade], plan: GradePlan
) -> Iterator[tuple[tuple[Any, ...], PackedGrade]]:
    for row, grade in zip(held, right, strict=True):
        _user, stamp, blocks, subsections, *rest = row
        expected = [
            grade.percent,
            grade.percent_unrounded,
            grade.letter,
            grade.passed,
            grade.scored,
            grade.overrides,
        ]
        same = stamp == plan.stamp and rest == expected
        if not (same and blocks == grade.blocks and subsections == grade.subsections):
            yield row, grade


# --- Raw scores, many at once -------------------------------------------------------------------


def read_points(plan: GradePlan, course_id: int, user_ids: list[int]) -> RawPoints:
    """The raw scores of learners, whose account numbers are sorted. One query."""
    raw = no_points(plan, len(user_ids))
    if not plan.blocks:
        return raw
    read = _read_sent if connection.vendor == "postgresql" else _read_rows
    users, positions, earned, possible, given = read(plan, course_id, user_ids)
    numbers = np.searchsorted(np.array(user_ids), users)
    known = positions >= 0
    where = positions[known], numbers[known]
    raw.earned[where] = earned[known]
    raw.possible[where] = possible[known]
    raw.is_given[where] = given[known]
    return raw


def _read_sent(plan: GradePlan, course_id: int, user_ids: list[int]) -> tuple[Any, ...]:
    """Let PostgreSQL pack all scores into one value: quicker than a row for each."""
    table = connection.ops.quote_name(LearnerState._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(int8send(s.user_id) || int2send(b.position::int2)"  # noqa: S608  # names of our own tables
            " || int2send((s.given_at IS NOT NULL)::int::int2)"
            " || float8send(s.earned) || float8send(s.possible), ''::bytea)"
            f" FROM {table} s"
            " JOIN unnest(%s::text[]) WITH ORDINALITY AS b(usage_key, position)"
            " ON b.usage_key = s.usage_key"
            " WHERE s.course_id = %s AND s.user_id = ANY(%s)"
            " AND s.earned IS NOT NULL AND s.possible IS NOT NULL",
            [[block.usage_key for block in plan.blocks], course_id, user_ids],
        )
        sent = np.frombuffer(bytes(cursor.fetchone()[0] or b""), dtype=_SENT)
    return (
        sent["user"].astype(np.int64),
        sent["position"].astype(np.int64) - 1,
        sent["earned"],
        sent["possible"],
        sent["given"] != 0,
    )


def _read_rows(plan: GradePlan, course_id: int, user_ids: list[int]) -> tuple[Any, ...]:
    rows = LearnerState.objects.filter(
        course_id=course_id,
        user_id__in=user_ids,
        earned__isnull=False,
        possible__isnull=False,
    ).values_list("user_id", "usage_key", "earned", "possible", "given_at")
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    users, keys, earned, possible, given = zip(*found, strict=True) if found else ((),) * 5
    position = plan.positions.get
    return (
        np.array(users, dtype=np.int64),
        np.array([position(key, -1) for key in keys], dtype=np.int64),
        np.array(earned, dtype=np.float64),
        np.array(possible, dtype=np.float64),
        np.array([moment is not None for moment in given], dtype=np.bool_),
    )


def newest_scores(
    plan: GradePlan, course_id: int, user_ids: list[int]
) -> dict[int, datetime | None]:
    """When the latest of the scores that count came, by account. One query."""
    rows = LearnerState.objects.filter(
        course_id=course_id,
        user_id__in=user_ids,
        usage_key__in=[block.usage_key for block in plan.blocks],
        earned__isnull=False,
        possible__isnull=False,
    )
    return dict(rows.values_list("user_id").annotate(Max("scored_at")).order_by())


# --- Lines, many at once ------------------------------------------------------------------------


def _write(
    course_id: int, plan: GradePlan, updates: list[tuple[tuple[Any, ...], PackedGrade]]
) -> None:
    latest = newest_scores(plan, course_id, [row[0] for row, _grade in updates])
    cells = [
        (
            row[0],
            grade.blocks,
            grade.subsections,
            grade.percent,
            grade.percent_unrounded,
            grade.letter,
            grade.passed,
            grade.scored,
            grade.overrides,
            latest.get(row[0]),
        )
        for row, grade in updates
    ]
    write = _write_arrays if connection.vendor == "postgresql" else _write_rows
    write(course_id, plan.stamp, cells)


def _write_arrays(course_id: int, stamp: int, cells: list[tuple[Any, ...]]) -> None:
    """Send whole columns in PostgreSQL's own binary form, which Django's cursor does not."""
    table = connection.ops.quote_name(LearnerGrade._meta.db_table)
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            f"UPDATE {table} AS line SET stamp = %s, revision = line.revision + 1,"  # noqa: S608  # names of our own tables
            " blocks = new.blocks, subsections = new.subsections, percent = new.percent,"
            " percent_unrounded = new.percent_unrounded, letter = new.letter,"
            " passed = new.passed, scored = new.scored, overrides = new.overrides,"
            " last_scored_at = new.last_scored_at"
            " FROM unnest(%b::bigint[], %b::bytea[], %b::bytea[], %b::float8[], %b::float8[],"
            " %s::text[], %s::boolean[], %s::int[], %s::int[],"
            " %s::timestamptz[]) AS new(user_id, blocks, subsections, percent, percent_unrounded,"
            " letter, passed, scored, overrides, last_scored_at)"
            " WHERE line.course_id = %s AND line.user_id = new.user_id",
            [stamp, *map(list, zip(*cells, strict=True)), course_id],
        )


def _write_rows(course_id: int, stamp: int, cells: list[tuple[Any, ...]]) -> None:
    table = connection.ops.quote_name(LearnerGrade._meta.db_table)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET stamp = %s, revision = revision + 1, blocks = %s,"  # noqa: S608  # names of our own tables
            " subsections = %s, percent = %s, percent_unrounded = %s, letter = %s, passed = %s,"
            " scored = %s, overrides = %s, last_scored_at = %s"
            " WHERE course_id = %s AND user_id = %s",
            [
                (stamp, *values, adapt(latest), course_id, user_id)
                for user_id, *values, latest in cells
            ],
        )
