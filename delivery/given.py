"""Scores of re-graded answers on their way into the site: many learners of one block at once.

They count in place of what the block published, as scores from edx-submissions do (see
``receivers``), but with their decimals, and in a few statements for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class _HeldBlock:
    """The rows of a block's learners, locked, by anonymous id."""

    course: Course
    usage_key: str
    rows: Mapping[str, LearnerState]


class SiteScores:
    """The site as the host of ``grading``: see ``grading.host.ScoreHost``."""

    def hold(self, items: Sequence[StudentItemKey]) -> Held:
        """Lock the learners' rows, made if need be, as a learner's score does after its mark."""
        return Held([_hold(*place) for place in _by_block(items)])

    def reset(self, item: StudentItemKey) -> None:
        """Let what the block published count again."""
        count_published_score(item["student_id"], item["course_id"], item["item_id"])


class Held:
    """The rows that are locked; strangers' are not ours."""

    def __init__(self, blocks: Sequence[_HeldBlock]) -> None:
        self._blocks = blocks

    def give(self, scores: Sequence[GivenScore]) -> None:
        """Let the scores count, and the learners' grades follow."""
        by_item = {(score.item["item_id"], score.item["student_id"]): score for score in scores}
        for block in self._blocks:
            found = ((row, by_item.get((block.usage_key, who))) for who, row in block.rows.items())
            given = [(row, score) for row, score in found if score is not None]
            if given:
                _give(block.course, block.usage_key, given)


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


def _hold(course: Course, usage_key: str, students: Sequence[str]) -> _HeldBlock:
    enrollments = Enrollment.objects.filter(course=course, anonymous_id__in=students)
    known = dict(enrollments.values_list("user_id", "anonymous_id"))
    rows = hold_rows(course.pk, usage_key, known)
    return _HeldBlock(course, usage_key, {known[row.user_id]: row for row in rows})


def _give(course: Course, usage_key: str, given: Sequence[tuple[LearnerState, GivenScore]]) -> None:
    now = timezone.now()
    unscored = [row.user_id for row, _score in given if row.earned is None]
    for row, score in given:
        if row.given_at is None:
            row.published_earned, row.published_possible = row.earned, row.possible
        row.earned, row.possible = score.earned, float(score.possible)
        row.scored_at = row.given_at = row.updated_at = now
    rows = [row for row, _score in given]
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
