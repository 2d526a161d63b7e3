"""The rows of one learner's side of one block: read, locked, written, and their frozen records.

Every function that writes runs in a transaction of its caller.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Value
from django.utils import timezone

from grading import scoring
from grading.data import Mark
from grading.digest import digest_exercise
from grading.models import ExerciseSnapshot, StudentItem, Submission
from grading.records import ItemState, StudentItemKey, SubmissionRecord

HEAD_FIELDS = (
    "attempts",
    "draft",
    "draft_revision",
    "draft_saved_at",
    "earned",
    "possible",
    "score_given_at",
    "last",
)

ItemIdentity = tuple[str, str, str]

_prefetched: ContextVar[dict[ItemIdentity, ItemState] | None] = ContextVar(
    "libschool_grading_prefetched", default=None
)


@contextmanager
def prefetched(student_id: str, course_id: str, item_ids: Iterable[str]) -> Iterator[None]:
    """Load a learner's state of many blocks in one query; within, ``load_item`` needs none.

    What is written within is remembered as well, so without ``item_ids`` (and without a query)
    this lets a state be read back for nothing.
    """
    wanted = list(item_ids)
    states = {(student_id, course_id, item_id): ItemState() for item_id in wanted}
    rows = StudentItem.objects.filter(
        student_id=student_id, course_id=course_id, item_id__in=wanted
    ).select_related("last")
    for row in rows if wanted else ():
        states[_identity_of(row)] = state_of(row)
    token = _prefetched.set((_prefetched.get() or {}) | states)
    try:
        yield
    finally:
        _prefetched.reset(token)


def load_item(item: StudentItemKey) -> ItemState:
    """Where a learner stands with a block; an empty state before the first draft."""
    known = (_prefetched.get() or {}).get(_identity(item))
    if known is not None:
        return known
    row = StudentItem.objects.filter(**lookup(item)).select_related("last").first()
    return state_of(row) if row else ItemState()


def lock(item: StudentItemKey) -> StudentItem:
    """The row of a learner and a block, locked until the transaction ends; made if need be.

    Where the database locks no rows (SQLite), the first statement is a write, which takes the
    lock of the whole database before anything is read.
    """
    # Without a join: a row waited for is read anew, but what PostgreSQL joins to it is not.
    rows = StudentItem.objects.select_for_update().filter(**lookup(item))
    row = rows.first() if connection.features.has_select_for_update else None
    if row is None:
        upsert(item)
        row = rows.get()
    return row


def upsert(item: StudentItemKey) -> None:
    """Make the row unless it exists; lock it either way.

    ON CONFLICT DO UPDATE, not DO NOTHING: two that wait for a third's insert on MySQL would each
    hold a shared lock and never get the exclusive one.
    """
    StudentItem.objects.bulk_create(
        [StudentItem(**item)],
        update_conflicts=True,
        update_fields=["item_type"],
        unique_fields=_unique_fields(),
    )


def snapshot(exercise: Mapping[str, Any]) -> str:
    """The digest under which ``exercise`` is kept."""
    sha256 = digest_exercise(exercise)
    if not ExerciseSnapshot.objects.filter(sha256=sha256).exists():
        ExerciseSnapshot.objects.bulk_create(
            [ExerciseSnapshot(sha256=sha256, exercise=exercise)], ignore_conflicts=True
        )
    return sha256


def lookup(item: StudentItemKey) -> dict[str, str]:
    """What finds the row: all of the key but the block type."""
    return {name: item[name] for name in ("student_id", "course_id", "item_id")}


def _identity(item: StudentItemKey) -> ItemIdentity:
    return item["student_id"], item["course_id"], item["item_id"]


def _identity_of(row: StudentItem) -> ItemIdentity:
    return row.student_id, row.course_id, row.item_id


def remember(row: StudentItem) -> None:
    """Let a surrounding ``prefetched`` know what was just written."""
    states = _prefetched.get()
    if states is not None:
        states[_identity_of(row)] = state_of(row)


def forget(item: StudentItemKey) -> None:
    """Drop a prefetched state that has become old."""
    states = _prefetched.get()
    if states:
        states.pop(_identity(item), None)


def state_of(row: StudentItem) -> ItemState:
    """The row as it leaves this app."""
    return ItemState(
        draft=row.draft,
        draft_revision=row.draft_revision,
        draft_saved_at=row.draft_saved_at,
        attempts=row.attempts,
        last=record_of(row.last) if row.last else None,
        earned=row.earned,
        possible=row.possible,
    )


def record_of(row: Submission) -> SubmissionRecord:
    """A submission as it leaves this app."""
    return SubmissionRecord(
        id=str(row.uuid),
        answer=row.answer,
        mark=scoring.load_mark(row.mark),
        score=row.score,
        points=row.points,
        attempt=row.attempt,
        grader=row.grader,
        submitted_at=row.submitted_at,
        is_rescore=row.rescored_from_id is not None,
    )


# --- Writing --------------------------------------------------------------------------------------


def keep(submission: Submission, grader: str, exercise: str, points: int, mark: Mark) -> None:
    """Fill in what was graded, by the snapshot of digest ``exercise``, and insert the row."""
    submission.grader = grader
    submission.points = points
    submission.exercise_id = exercise
    submission.mark = scoring.dump_mark(mark)
    submission.score = mark.score
    submission.submitted_at = timezone.now()
    submission.save(force_insert=True)


def keep_rescore(
    previous: Submission, grader: str, exercise: str, points: int, mark: Mark
) -> Submission:
    """Insert a row with the answer of ``previous`` and its new mark."""
    again = Submission(
        item_id=previous.item_id,
        attempt=previous.attempt,
        rescored_from=previous,
        answer=previous.answer,
        answer_sha256=previous.answer_sha256,
        idempotency_key=f"rescore-{uuid.uuid4().hex}",
    )
    keep(again, grader, exercise, points, mark)
    return again


def keep_rescores(
    again: Sequence[tuple[Submission, Mark]], grader: str, exercise: str, points: int
) -> list[Submission]:
    """Insert, for each answer, a row with its new mark; all at once."""
    # An expression: or Django packs the rows into arrays on PostgreSQL, whose quoting takes longer
    # than all else for marks, which are long.
    now = Value(timezone.now(), output_field=DateTimeField())
    made = [
        Submission(
            item_id=previous.item_id,
            attempt=previous.attempt,
            rescored_from=previous,
            answer=previous.answer,
            answer_sha256=previous.answer_sha256,
            exercise_id=exercise,
            grader=grader,
            points=points,
            mark=scoring.dump_mark(mark),
            score=mark.score,
            idempotency_key=f"rescore-{uuid.uuid4().hex}",
            submitted_at=now,
        )
        for previous, mark in again
    ]
    Submission.objects.bulk_create(made)
    if made and made[0].pk is None:  # MySQL does not tell
        wanted = [row.uuid for row in made]
        keys = dict(Submission.objects.filter(uuid__in=wanted).values_list("uuid", "pk"))
        for row in made:
            row.pk = keys[row.uuid]
    return made


def save_current(heads: Sequence[StudentItem]) -> None:
    """Save which submission is the last and what score counts, of rows that are locked.

    An upsert that meets every row: one statement for all of them, in every database.
    """
    StudentItem.objects.bulk_create(
        [
            StudentItem(
                **key_of(head),
                last_id=head.last_id,
                earned=head.earned,
                possible=head.possible,
                score_given_at=head.score_given_at,
            )
            for head in heads
        ],
        update_conflicts=True,
        update_fields=["last", "earned", "possible", "score_given_at"],
        unique_fields=_unique_fields(),
    )


def _unique_fields() -> list[str] | None:
    """The columns that make a row one, where the database wants to be told."""
    if connection.features.supports_update_conflicts_with_target:
        return ["student_id", "course_id", "item_id"]
    return None


def make_current(head: StudentItem, submission: Submission) -> None:
    """Let the submission be the last one, and its score the one that counts."""
    head.last = submission
    head.earned = submission.score * submission.points
    head.possible = submission.points
    head.save(update_fields=HEAD_FIELDS)
    remember(head)


def make_last(head: StudentItem, submission: Submission) -> None:
    """Let the submission be the last one, and the score that counts be what it is."""
    head.last = submission
    head.save(update_fields=["last"])
    remember(head)


def ratio(head: StudentItem) -> float:
    """The score that counts, 0-1."""
    return (head.earned or 0.0) / head.possible if head.possible else 0.0


def key_of(head: StudentItem) -> StudentItemKey:
    """The key that names the row."""
    return StudentItemKey(
        student_id=head.student_id,
        course_id=head.course_id,
        item_id=head.item_id,
        item_type=head.item_type,
    )
