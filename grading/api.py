"""What learners submitted and what it scored: the public face of ``grading``.

Whoever calls has checked that the person may see or answer the block. Every function that
writes is one transaction (or part of the caller's) and takes the lock it needs: hosts need not
lock anything. Do not read the models from outside this app.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dbrules.deadlocks import restarted
from grading import host, regrading, rows, scoring
from grading.analysing import analyse_item, describe_element, newest_mark
from grading.analysis import ElementAnalysis, ItemAnalysis, Struggler
from grading.comparing import preview
from grading.data import InvalidAnswer, InvalidExercise
from grading.digest import digest_answer, digest_exercise
from grading.errors import (
    AttemptsUsedUp,
    GradingError,
    IdempotencyConflict,
    NothingSubmitted,
    StaleDraft,
)
from grading.graders import GRADERS
from grading.instances import grade_for, instance_of
from grading.models import StudentItem, Submission
from grading.records import (
    GivenScore,
    ItemState,
    LearnerChange,
    RegradePreview,
    RegradeStatus,
    ScoreChange,
    StudentItemKey,
    SubmissionRecord,
)
from grading.regrading import (
    ChangeList,
    NoRegrade,
    RegradeList,
    RegradeMoved,
    count_graded,
    read_changes,
)
from grading.regrading import find as find_regrades
from grading.regrading import read_status as regrade_status
from grading.rows import load_item, prefetched
from grading.scoring import FeedbackLevel, show_mark

__all__ = [
    "GRADERS",
    "AttemptsUsedUp",
    "ChangeList",
    "ElementAnalysis",
    "FeedbackLevel",
    "GivenScore",
    "GradingError",
    "IdempotencyConflict",
    "InvalidAnswer",
    "InvalidExercise",
    "ItemAnalysis",
    "ItemState",
    "LearnerChange",
    "NoRegrade",
    "NothingSubmitted",
    "RegradeList",
    "RegradeMoved",
    "RegradePreview",
    "RegradeStatus",
    "ScoreChange",
    "StaleDraft",
    "Struggler",
    "StudentItemKey",
    "SubmissionRecord",
    "analyse_item",
    "apply_regrade",
    "check_exercise",
    "count_graded",
    "count_outdated",
    "describe_element",
    "exact_score",
    "find_regrades",
    "instance_of",
    "load_item",
    "newest_mark",
    "prefetched",
    "preview_item",
    "preview_regrade",
    "preview_score",
    "read_changes",
    "regrade_status",
    "request_regrade",
    "rescore",
    "run_regrade_again",
    "save_draft",
    "set_score",
    "show_mark",
    "stop_regrade",
    "submissions",
    "submit",
]

# --- Reading ------------------------------------------------------------------------------------


def submissions(item: StudentItemKey) -> list[SubmissionRecord]:
    """All a learner submitted to a block, re-scores included, oldest first."""
    lookup = {f"item__{name}": value for name, value in rows.lookup(item).items()}
    return [rows.record_of(row) for row in Submission.objects.filter(**lookup).order_by("pk")]


def check_exercise(grader: str, exercise: Mapping[str, Any]) -> None:
    """Raise ``InvalidExercise``, naming the place, if nothing can be graded by ``exercise``."""
    digest_exercise(exercise)
    with suppress(InvalidAnswer):
        scoring.grade(grader, exercise, [])


def preview_score(
    grader: str, exercise: Mapping[str, Any], answer: Any, item: StudentItemKey | None = None
) -> float:
    """The score (0-1) that ``answer`` of that learner would get; nothing is written."""
    return grade_for(item, grader, exercise, answer).score


def preview_item(
    grader: str,
    exercise: Mapping[str, Any],
    answer: Any,
    *,
    points: int,
    attempts: int,
    item: StudentItemKey | None = None,
) -> ItemState:
    """Where a learner would stand whose last of ``attempts`` was ``answer``; nothing is written.

    Raises ``InvalidExercise`` and ``InvalidAnswer``.
    """
    digest_answer(answer)
    mark = grade_for(item, grader, exercise, answer)
    record = SubmissionRecord(
        id="",
        answer=answer,
        mark=mark,
        score=mark.score,
        points=points,
        attempt=attempts,
        grader=grader,
        submitted_at=timezone.now(),
    )
    return ItemState(
        draft=answer,
        attempts=attempts,
        last=record,
        earned=record.earned,
        possible=float(points),
    )


# --- Writing ------------------------------------------------------------------------------------


@restarted
def save_draft(item: StudentItemKey, draft: Any, expected_revision: int) -> ItemState:
    """Keep an unsent answer (``None`` clears it) that was based on ``expected_revision``.

    Raises ``StaleDraft`` if the stored draft has another revision, ``InvalidAnswer`` if it cannot
    be kept.
    """
    digest_answer(draft)
    heads = StudentItem.objects.filter(**rows.lookup(item))
    changes = {
        "draft": draft,
        "draft_revision": F("draft_revision") + 1,
        "draft_saved_at": timezone.now(),
    }
    with transaction.atomic(savepoint=False):
        # The condition is part of the UPDATE: of two that saw the same revision one finds no row.
        saved = heads.filter(draft_revision=expected_revision).update(**changes)
        if not saved and expected_revision == 0:
            rows.upsert(item)
            saved = heads.filter(draft_revision=0).update(**changes)
        rows.forget(item)
        state = load_item(item)
    if not saved:
        raise StaleDraft(state)
    return state


@restarted
def submit(
    item: StudentItemKey,
    answer: Any,
    *,
    grader: str,
    exercise: Mapping[str, Any],
    points: int,
    attempts_allowed: int = 0,
    idempotency_key: str = "",
) -> SubmissionRecord:
    """Grade and keep an answer; its score, of ``points``, becomes the learner's for the block.

    ``attempts_allowed`` 0 sets no limit. The same ``idempotency_key`` (at most 64 characters)
    with the same answer returns the first result, even when no attempt is left. The draft becomes
    the answer. Raises ``IdempotencyConflict`` (the key came with another answer),
    ``AttemptsUsedUp``,
    ``InvalidAnswer``, ``InvalidExercise`` and ``KeyError`` for an unknown grader; nothing is
    written then and no attempt is used.
    """
    key = idempotency_key or uuid.uuid4().hex
    digest = digest_answer(answer)
    mark = grade_for(item, grader, exercise, answer)
    # No savepoint, so nothing may be raised within.
    with transaction.atomic(savepoint=False):
        head = rows.lock(item)
        row = head.submissions.filter(idempotency_key=key).first() if head.attempts else None
        if row is None and not (attempts_allowed and head.attempts >= attempts_allowed):
            row = Submission(
                item=head,
                attempt=head.attempts + 1,
                answer=answer,
                answer_sha256=digest,
                idempotency_key=key,
            )
            rows.keep(row, grader, rows.snapshot(exercise), points, mark)
            head.attempts += 1
            head.draft = answer
            head.draft_revision += 1
            head.draft_saved_at = row.submitted_at
            _count_machine_score(head, row)
    if row is None:
        raise AttemptsUsedUp(attempts_allowed)
    if row.answer_sha256 != digest:
        raise IdempotencyConflict(key)
    return rows.record_of(row)


@restarted
def rescore(
    item: StudentItemKey,
    *,
    grader: str,
    exercise: Mapping[str, Any],
    points: int,
    only_if_higher: bool = False,
) -> SubmissionRecord:
    """Grade the last answer again, by the exercise as it is now, and keep both marks.

    With ``only_if_higher`` a lower score than the one that counts is not kept, and the record
    that stands is returned. Raises ``NothingSubmitted``.
    """
    with transaction.atomic():
        head = rows.lock(item)
        if head.last is None:
            raise NothingSubmitted
        mark = grade_for(item, grader, exercise, head.last.answer)
        if only_if_higher and mark.score < rows.ratio(head):
            return rows.record_of(head.last)
        again = rows.keep_rescore(head.last, grader, rows.snapshot(exercise), points, mark)
        if head.overrides.filter(attempt=again.attempt).exists():
            rows.make_last(head, again)  # what people changed of this attempt stands
        else:
            _count_machine_score(head, again)
    return rows.record_of(again)


def _count_machine_score(head: StudentItem, submission: Submission) -> None:
    """Let the submission's score count; one given through the host no longer does."""
    was_given = head.score_given_at is not None
    head.score_given_at = None
    rows.make_current(head, submission)
    if was_given:
        host.reset_score(rows.key_of(head))


@restarted
def set_score(item: StudentItemKey, earned: float, possible: float) -> None:
    """Let another score than the mark's count, as when a host overrides it.

    A score that was given through edx-submissions is reset, or it would win over this one.
    Raises ``NothingSubmitted`` while there is no row to keep it in.
    """
    heads = StudentItem.objects.filter(**rows.lookup(item))
    with transaction.atomic(savepoint=False):
        changed = heads.update(earned=earned, possible=possible)
        if heads.filter(score_given_at__isnull=False).update(score_given_at=None):
            host.reset_score(item)
        rows.forget(item)
    if not changed:
        raise NothingSubmitted


# --- Grading a changed exercise again -------------------------------------------------------------


def preview_regrade(
    course_id: str, item_id: str, *, grader: str, exercise: Mapping[str, Any], points: int
) -> RegradePreview:
    """What the answers already graded would score under a new exercise; nothing is written.

    Looks at the latest answers only, as many as a page can wait for. Raises ``InvalidExercise``,
    and ``KeyError`` for an unknown grader.
    """
    check_exercise(grader, exercise)
    return preview(course_id, item_id, grader, exercise, points)


def request_regrade(
    course_id: str,
    item_id: str,
    *,
    grader: str,
    exercise: Mapping[str, Any],
    points: int,
    requested_by: int | None,
    weight: float | None = None,
    apply_at_once: bool = False,
) -> int:
    """Have a job work out what every learner's last answer scores by a changed exercise.

    Returns the number of the request, by which its report is read and it is applied, stopped or
    run again. The earlier marks are kept, answers given after the exercise was changed are left
    alone, and so are marks that stay as they are. ``requested_by`` is a user's id, ``weight``
    what the block counts in its subsection (``None``: its points). ``apply_at_once`` does not
    wait for a decision. A later request for the same block takes the place of an earlier one.
    Raises ``InvalidExercise``, and ``KeyError`` for an unknown grader.
    """
    check_exercise(grader, exercise)
    user = get_user_model().objects.filter(pk=requested_by).first() if requested_by else None
    request = regrading.create(
        course_id,
        item_id,
        grader=grader,
        exercise_id=rows.snapshot(exercise),
        points=points,
        weight=weight,
        user=user,
        apply_at_once=apply_at_once,
    )
    return int(request.pk)


def apply_regrade(regrade_id: int, user: Any = None) -> None:
    """Let what was reported count, or go on where that was stopped; raises ``RegradeMoved``."""
    regrading.apply(regrade_id, user)


def stop_regrade(regrade_id: int) -> None:
    """Give a request up; what it has changed already stays. Raises ``RegradeMoved``."""
    regrading.stop(regrade_id)


def run_regrade_again(regrade_id: int) -> None:
    """Go on with a request whose job failed too often; raises ``RegradeMoved``."""
    regrading.run_again(regrade_id)


def count_outdated(
    course_id: str, exercises: Iterable[tuple[str, Mapping[str, Any], int]]
) -> dict[str, int]:
    """How many answers have a mark by another exercise, or of other points, than is served.

    ``exercises`` are the usage keys of blocks, each with its exercise and points. Blocks without
    such answers are left out. One query.
    """
    digests = [(key, digest_exercise(exercise), points) for key, exercise, points in exercises]
    return regrading.count_others(course_id, digests)


def exact_score(
    student_id: str, course_id: str, item_id: str, earned: int, possible: int
) -> tuple[float, float]:
    """Given points with the decimals that a re-grade found behind them; others as they are.

    For hosts that can keep decimals: edx-submissions has whole points only.
    """
    head = StudentItem.objects.filter(
        student_id=student_id, course_id=course_id, item_id=item_id, score_given_at__isnull=False
    ).first()
    exact = rows.ratio(head) * possible if head is not None else float(earned)
    return exact if abs(exact - earned) < 1 else float(earned), float(possible)
