"""The graders' acts: noting, grading, returning, deciding, publishing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dbrules.deadlocks import restarted
from grading import rows, scoring
from grading.data import InvalidAnswer, InvalidExercise, Mark
from grading.data import gettext_noop as _
from grading.digest import digest_answer
from grading.graders.reading import answer_node
from grading.human import works
from grading.human.answers import LONGEST_COMMENT, read_pins
from grading.human.counting import count_grading
from grading.human.errors import StaleNotes, TaskRefused
from grading.human.queue import OWN
from grading.human.records import Place, TaskMoved, TaskSettings
from grading.human.rules import (
    RETURNABLE,
    Role,
    State,
    after_grading,
    average,
    role_of,
)
from grading.models import (
    StudentItem,
    TaskAnswer,
    TaskGrading,
    TaskGradingDraft,
    TaskWork,
)
from grading.signals import task_moved

GRADER = "rubric"

NOT_NOW = _("This cannot be graded as it stands now.")
NEWER = _("A newer version was handed in meanwhile; look at that one.")
NOT_RETURNABLE = _("This cannot be returned as it stands now.")
SAY_WHY = _("Say what is to be revised: in a comment, or pinned to a place.")
DUE_PAST = _("The new due date has passed already.")
ANSWER_OWED = _("The learner asked for a review; write an answer.")


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a grader sent, checked: marks as they are kept, comment, pins."""

    marks: dict[str, Any]
    comment: str
    pins: list[dict[str, Any]]


# --- Notes ----------------------------------------------------------------------------------------


@restarted
def save_notes(
    place: Place, work_id: UUID, by: str, content: Mapping[str, Any], revision: int
) -> int:
    """Keep what a grader has noted so far, and the work in hand; returns the new revision.

    Nobody else sees notes. Raises ``HeldByAnother``, ``StaleNotes`` (they were based on another
    revision), ``NoSuchWork``, ``InvalidAnswer`` for what cannot be kept.
    """
    digest_answer(dict(content))
    at = timezone.now()
    with transaction.atomic():
        work = works.lock(place, work_id)
        _require_turn(work, by)
        works.take(work, by, at)
        # The work is locked, so nobody makes the row meanwhile.
        draft, _made = TaskGradingDraft.objects.get_or_create(
            answer_id=work.current_id, by=by, defaults={"saved_at": at}
        )
        if draft.revision != revision:
            raise StaleNotes(draft.content, draft.revision)
        TaskGradingDraft.objects.filter(pk=draft.pk).update(
            content=dict(content), revision=F("revision") + 1, saved_at=at
        )
    return revision + 1


def _require_turn(work: TaskWork, by: str) -> Role:
    role = role_of(State(work.state)) if work.state else None
    if role is None or work.current_id is None:
        raise TaskRefused(NOT_NOW)
    if role == Role.SECOND and work.first_by == by:
        raise TaskRefused(OWN)
    return role


def _read(content: Mapping[str, Any], answer: TaskAnswer) -> _Verdict:
    """The parts of a verdict; raises ``InvalidAnswer``. Marks are checked by the grader."""
    node = answer_node(dict(content))
    marks = {str(name): dict(mark) for name, mark in node.get("marks").object().items() if mark}
    comment = node.get("comment").text("", LONGEST_COMMENT).strip()
    digest_answer(dict(content))
    return _Verdict(marks, comment, read_pins(node.get("pins").value, answer.answer))


# --- Grading --------------------------------------------------------------------------------------


@restarted
def grade(
    place: Place,
    work_id: UUID,
    by: str,
    content: Mapping[str, Any],
    settings: TaskSettings,
    *,
    version: int,
    reply: str = "",
) -> State:
    """Give marks to ``version`` of an answer; returns the state to which that leads.

    ``content`` is ``{"marks", "comment", "pins"}``. What the marks mean follows from whose turn
    it is: a first or second grading, the decision between two, the revision of a grade. With an
    appeal open, ``reply`` answers it. Raises ``TaskRefused`` and its kinds, ``InvalidAnswer``,
    ``InvalidExercise``.
    """
    at = timezone.now()
    with transaction.atomic():
        head, work = works.lock_with_head(place, work_id)
        role = _require_turn(work, by)
        works.take(work, by, at)
        answer = _current(work, version)
        verdict = _read(content, answer)
        mark = scoring.grade(GRADER, settings.exercise, {"marks": verdict.marks})
        state = State(work.state)
        if state == State.APPEALED:
            _answer_appeal(work, reply, at)
        given = _keep(answer, by, role, verdict, settings, mark, at)
        work.first_by = by if role == Role.FIRST else work.first_by
        after = _settle(head, work, state, given, mark, settings, at)
        TaskGradingDraft.objects.filter(answer=answer, by=by).delete()
        data = {"version": answer.number, "role": role.value, "score": round(mark.score, 4)}
        works.move(work, after, "graded", by, at, **data)
        if after == State.PUBLISHED:
            what = "answered" if state == State.APPEALED else "graded"
            _tell(head, what, by, by)
    return after


def _current(work: TaskWork, version: int) -> TaskAnswer:
    answer = work.current
    if answer is None or answer.number != version:
        raise TaskRefused(NEWER)
    return answer


def _keep(
    answer: TaskAnswer,
    by: str,
    role: Role,
    verdict: _Verdict,
    settings: TaskSettings,
    mark: Mark | None,
    at: datetime,
) -> TaskGrading:
    return TaskGrading.objects.create(
        answer=answer,
        by=by,
        role=role,
        exercise_id=rows.snapshot(settings.exercise),
        marks=verdict.marks,
        comment=verdict.comment,
        pins=verdict.pins,
        score=mark.score if mark else None,
        given_at=at,
    )


def _settle(
    head: StudentItem,
    work: TaskWork,
    state: State,
    given: TaskGrading,
    mark: Mark,
    settings: TaskSettings,
    at: datetime,
) -> State:
    """Find the state after a grading, and let the marks that now stand count."""
    first = _first_grading(work, state)
    first_mark = _mark_of(first, settings) if first else None
    if first is not None and first_mark is None:
        return State.MODERATION  # the rubric is another than the first grader had
    after = after_grading(state, settings.policy, first_mark, mark)
    if after in (State.SECOND, State.MODERATION):
        return after
    if first is not None:
        given = _agree(first, given, settings, at)
    work.graded = given
    if after == State.PUBLISHED:
        count_grading(head, given, settings, at)
    return after


def _first_grading(work: TaskWork, state: State) -> TaskGrading | None:
    """What the first grader gave, while a second one grades."""
    if state != State.SECOND:
        return None
    given = TaskGrading.objects.filter(answer_id=work.current_id, role=Role.FIRST)
    return given.order_by("-pk").first()


def _mark_of(grading: TaskGrading, settings: TaskSettings) -> Mark | None:
    try:
        return scoring.grade(GRADER, settings.exercise, {"marks": grading.marks})
    except (InvalidAnswer, InvalidExercise):
        return None


def _agree(
    first: TaskGrading, second: TaskGrading, settings: TaskSettings, at: datetime
) -> TaskGrading:
    """The mean of two gradings, with the comments of both, as one that can count."""
    marks = average(first.marks, second.marks)
    verdict = _Verdict(
        marks,
        "\n\n".join(filter(None, (first.comment, second.comment))),
        [*first.pins, *second.pins],
    )
    mark = scoring.grade(GRADER, settings.exercise, {"marks": marks})
    return _keep(second.answer, "", Role.AGREED, verdict, settings, mark, at)


# --- Returning, answering, publishing -------------------------------------------------------------


@restarted
def give_back(
    place: Place,
    work_id: UUID,
    by: str,
    content: Mapping[str, Any],
    settings: TaskSettings,
    *,
    version: int,
    due_at: datetime | None = None,
) -> None:
    """Return a work to its learner for revision, due at ``due_at``; marks are not shown.

    Raises ``TaskRefused`` and its kinds (nothing said, a date that has passed), ``InvalidAnswer``.
    """
    at = timezone.now()
    with transaction.atomic():
        head, work = works.lock_with_head(place, work_id)
        if work.state not in RETURNABLE:
            raise TaskRefused(NOT_RETURNABLE)
        works.take(work, by, at)
        answer = _current(work, version)
        verdict = _read(content, answer)
        if not (verdict.comment or verdict.pins):
            raise TaskRefused(SAY_WHY)
        if due_at is not None and due_at <= at:
            raise TaskRefused(DUE_PAST)
        _keep(answer, by, Role.RETURN, verdict, settings, None, at)
        work.graded, work.first_by, work.due_at = None, "", due_at
        TaskGradingDraft.objects.filter(answer=answer).delete()
        due = due_at.isoformat() if due_at else None
        works.move(work, State.RETURNED, "returned", by, at, version=answer.number, due=due)
        _tell(head, "returned", by, by, due_at)


@restarted
def answer_appeal(place: Place, work_id: UUID, by: str, reply: str) -> None:
    """Answer a learner's request and let the grade stand. Raises ``TaskRefused``."""
    at = timezone.now()
    with transaction.atomic():
        head, work = works.lock_with_head(place, work_id)
        if work.state != State.APPEALED:
            raise TaskRefused(NOT_NOW)
        works.take(work, by, at)
        _answer_appeal(work, reply, at)
        works.move(work, State.PUBLISHED, "answered", by, at)
        _tell(head, "answered", by, by)


def _answer_appeal(work: TaskWork, reply: str, at: datetime) -> None:
    reply = reply.strip()[:LONGEST_COMMENT]
    if not reply:
        raise TaskRefused(ANSWER_OWED)
    work.appeal_answer, work.appeal_answered_at = reply, at


def publish_all(place: Place, by: str, settings: TaskSettings) -> int:
    """Show all grades of the task that are ready; returns how many were."""
    ready = TaskWork.objects.filter(state=State.READY, **works.here(place)).order_by("pk")
    return sum(_publish(place, work_id, by, settings) for work_id in ready.values_list("uuid"))


@restarted
def _publish(place: Place, work_id: tuple[UUID], by: str, settings: TaskSettings) -> bool:
    at = timezone.now()
    with transaction.atomic():
        head, work = works.lock_with_head(place, work_id[0])
        if work.state != State.READY or work.graded is None:
            return False
        count_grading(head, work.graded, settings, at)
        works.move(work, State.PUBLISHED, "published", by, at)
        _tell(head, "graded", by, work.graded.by)
    return True


def _tell(
    head: StudentItem, what: str, by: str, grader: str, due_at: datetime | None = None
) -> None:
    moved = TaskMoved(rows.key_of(head), what, by, grader, due_at)
    task_moved.send(sender=TaskWork, moved=moved)
