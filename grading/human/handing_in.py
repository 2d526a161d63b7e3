"""The learner's acts: handing in, handing in another version, asking for a review."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from dbrules.deadlocks import restarted
from grading import rows
from grading.data import InvalidAnswer
from grading.data import gettext_noop as _
from grading.digest import digest_answer
from grading.errors import AttemptsUsedUp, IdempotencyConflict
from grading.graders.rubric import read_rubric
from grading.human import answers, works
from grading.human.answers import read_handed_in
from grading.human.errors import TaskRefused
from grading.human.records import TaskMoved, TaskSettings
from grading.human.rules import State
from grading.models import StudentItem, TaskAnswer, TaskFile, TaskGradingDraft, TaskWork
from grading.records import StudentItemKey
from grading.signals import task_moved

LONGEST_APPEAL = 5_000

BEGUN = _("Somebody has begun to grade your answer; it cannot be replaced any more.")
GRADED = _("Your answer has been graded; nothing can be handed in any more.")
NOT_SHOWN = _("A review can be asked for once the grade is shown.")
ASKED = _("You have asked for a review already; that can be done once.")
NO_REASON = _("Say why, so that it can be answered.")


@restarted
def hand_in(item: StudentItemKey, raw: Any, settings: TaskSettings, *, key: str = "") -> int:
    """Keep what a learner hands in and queue it for grading; returns the version's number.

    ``raw`` is ``{"text", "files": [ids of uploads]}``. The same ``key`` with the same answer
    returns the first result. Raises ``TaskRefused`` once somebody has begun to grade,
    ``AttemptsUsedUp``, ``IdempotencyConflict``, ``InvalidAnswer`` and ``InvalidExercise``.
    """
    written = read_handed_in(raw, read_rubric(settings.exercise).accepts)
    digest = digest_answer(written)
    at = timezone.now()
    with transaction.atomic():
        head = rows.lock(item)
        work = works.lock_of_learner(head, at)
        known = work.answers.filter(idempotency_key=key).first() if key else None
        if known is not None:
            if known.answer_sha256 != digest:
                raise IdempotencyConflict(key)
            return int(known.number)
        _refuse_late_version(work, head.attempts, settings.attempts_allowed)
        answer = TaskAnswer.objects.create(
            work=work,
            number=head.attempts + 1,
            answer={"text": written["text"], "files": _take_files(head, written["files"])},
            answer_sha256=digest,
            exercise_id=rows.snapshot(settings.exercise),
            idempotency_key=key or uuid.uuid4().hex,
            submitted_at=at,
        )
        _keep_head(head, written, answer)
        work.current, work.graded, work.first_by, work.due_at = answer, None, "", None
        works.move(work, State.WAITING, "handed_in", "", at, version=answer.number)
    return answer.number


def _keep_head(head: StudentItem, written: dict[str, Any], answer: TaskAnswer) -> None:
    head.attempts = answer.number
    head.draft = written
    head.draft_revision += 1
    head.draft_saved_at = answer.submitted_at
    head.save(update_fields=["attempts", "draft", "draft_revision", "draft_saved_at"])
    rows.remember(head)


def _refuse_late_version(work: TaskWork, handed_in: int, allowed: int) -> None:
    if work.state == State.RETURNED:
        return
    if work.state == State.PUBLISHED:
        raise TaskRefused(GRADED)
    if work.state and (work.state != State.WAITING or has_begun(work)):
        raise TaskRefused(BEGUN)
    if allowed and handed_in >= allowed:
        raise AttemptsUsedUp(allowed)


def has_begun(work: TaskWork) -> bool:
    """Whether a grader has the work in hand, or has noted something about it."""
    now = timezone.now()
    if work.held_by and work.held_until is not None and work.held_until > now:
        return True
    return TaskGradingDraft.objects.filter(answer_id=work.current_id).exists()


def _take_files(head: StudentItem, ids: list[str]) -> list[dict[str, Any]]:
    """The uploads that are handed in; from now on they are kept for ever."""
    found = {file.uuid.hex: file for file in TaskFile.objects.filter(item=head, uuid__in=ids)}
    if len(found) < len(ids):
        raise InvalidAnswer(answers.NO_FILE_ID, "files")
    TaskFile.objects.filter(pk__in=[file.pk for file in found.values()]).update(is_handed_in=True)
    return [
        {
            "id": name,
            "name": found[name].name,
            "kind": found[name].kind,
            "size": found[name].size,
            "sha256": found[name].sha256,
        }
        for name in ids
    ]


@restarted
def appeal(item: StudentItemKey, reason: str) -> None:
    """Ask for a review of the grade, once; an answer is owed. Raises ``TaskRefused``."""
    reason = reason.strip()[:LONGEST_APPEAL]
    if not reason:
        raise TaskRefused(NO_REASON)
    at = timezone.now()
    with transaction.atomic():
        head = rows.lock(item)
        work = works.lock_of_learner(head, at)
        if work.appealed_at is not None:
            raise TaskRefused(ASKED)
        if work.state != State.PUBLISHED:
            raise TaskRefused(NOT_SHOWN)
        work.appeal, work.appealed_at = reason, at
        works.move(work, State.APPEALED, "appealed", "", at)
        grader = work.graded.by if work.graded else ""
        moved = TaskMoved(rows.key_of(head), "appealed", "", grader)
        task_moved.send(sender=TaskWork, moved=moved)
