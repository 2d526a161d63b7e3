"""Scores of re-graded answers on their way into the site: many learners of one block at once.

They count in place of what the block published, as scores from edx-submissions do (see
``receivers``), but with their decimals, and in a few statements for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from delivery.grades.api import NewScore, keep_changes, recompute
from delivery.grades.models import ScoreChange
from delivery.models import Course, Enrollment, LearnerState
from delivery.receivers import complete_by_score, count_published_score, hold_rows, unique_columns
from grading.api import GivenScore, StudentItemKey

COLUMNS = (
    *("earned", "possible", "scored_at", "given_at"),
    *("published_earned", "published_possible", "updated_at"),
)


class SiteScores:
    """The site as the host of ``grading``: see ``grading.host.ScoreHost``."""

    def hold(self, items: Sequence[StudentItemKey]) -> None:
        """Lock the learners' rows, made if need be, which a learner's request locks first too."""
        for course, usage_key, students in _by_block(items):
            users = _users(course, students)
            hold_rows(course.pk, usage_key, users.values())

    def give(self, scores: Sequence[GivenScore]) -> None:
        """Let the scores count, and the learners' grades follow; strangers' are not ours."""
        by_item = {(score.item["item_id"], score.item["student_id"]): score for score in scores}
        for course, usage_key, students in _by_block([score.item for score in scores]):
            users = _users(course, students)
            given = {user_id: by_item[usage_key, student] for student, user_id in users.items()}
            _give(course, usage_key, given)

    def reset(self, item: StudentItemKey) -> None:
        """Let what the block published count again."""
        count_published_score(item["student_id"], item["course_id"], item["item_id"])


def _by_block(
    items: Iterable[StudentItemKey],
) -> list[tuple[Course, str, list[str]]]:
    """The learners' anonymous ids by course and block, of the courses that the site has."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in items:
        found.setdefault((item["course_id"], item["item_id"]), []).append(item["student_id"])
    courses = Course.objects.filter(key__in={key for key, _ in found}).in_bulk(field_name="key")
    return [
        (courses[key], usage_key, students)
        for (key, usage_key), students in found.items()
        if key in courses
    ]


def _users(course: Course, students: Sequence[str]) -> dict[str, int]:
    rows = Enrollment.objects.filter(course=course, anonymous_id__in=students)
    return dict(rows.values_list("anonymous_id", "user_id"))


def _give(course: Course, usage_key: str, given: Mapping[int, GivenScore]) -> None:
    now = timezone.now()
    rows = hold_rows(course.pk, usage_key, given)
    unscored = [row.user_id for row in rows if row.earned is None]
    for row in rows:
        if row.given_at is None:
            row.published_earned, row.published_possible = row.earned, row.possible
        score = given[row.user_id]
        row.earned, row.possible = score.earned, float(score.possible)
        row.scored_at = row.given_at = row.updated_at = now
    _save(rows)
    _follow(course, rows)
    if unscored:
        complete_by_score(course, usage_key, unscored)


def _follow(course: Course, rows: Sequence[LearnerState]) -> None:
    """Add what happened to the history, and work the learners' grades out once for all of it."""
    if course.current_version_id is None:
        return
    kind = ScoreChange.Kind.REGRADE
    changes = [
        (row.user_id, NewScore(row.usage_key, row.earned, row.possible, kind, is_weighted=True))
        for row in rows
    ]
    keep_changes(course.pk, changes)
    recompute(course, user_ids=[row.user_id for row in rows])


def _save(rows: Sequence[LearnerState]) -> None:
    """Save the scores of rows that are locked: an upsert that meets every row."""
    names = ("user_id", "course_id", "usage_key", *COLUMNS)
    LearnerState.objects.bulk_create(
        [LearnerState(**{name: getattr(row, name) for name in names}) for row in rows],
        update_conflicts=True,
        update_fields=COLUMNS,
        unique_fields=unique_columns("user", "course", "usage_key"),
    )
