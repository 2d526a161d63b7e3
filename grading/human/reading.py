"""What learners and graders may see of works: never more than that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from grading import rows
from grading.human import works
from grading.human.errors import NoSuchWork
from grading.human.handing_in import has_begun
from grading.human.records import (
    AnswerRecord,
    GradingRecord,
    Place,
    QueueCount,
    Sheet,
    StepRecord,
    TaskState,
    WorkPage,
    WorkRow,
)
from grading.human.rules import QUEUED, RETURNABLE, Role, State, differences, role_of
from grading.models import TaskAnswer, TaskGrading, TaskGradingDraft, TaskWork
from grading.records import StudentItemKey

SHOWN = frozenset({State.PUBLISHED, State.APPEALED})
PAGE = 50


# --- For the learner ------------------------------------------------------------------------------


def load_task(item: StudentItemKey) -> TaskState:
    """Where a learner stands with a task, with what they may see of its gradings."""
    lookup = {f"item__{name}": value for name, value in rows.lookup(item).items()}
    work = TaskWork.objects.filter(**lookup).first()
    if work is None or not work.state:
        return TaskState()
    state = State(work.state)
    answers = list(work.answers.order_by("number"))
    given = TaskGrading.objects.filter(answer__in=answers).select_related("exercise")
    shown = [row for row in given.order_by("pk") if _is_shown(row, work, state)]
    return TaskState(
        state=state,
        due_at=work.due_at,
        answers=_with_gradings(answers, shown),
        may_replace=state == State.WAITING and not has_begun(work),
        appeal=work.appeal,
        appealed_at=work.appealed_at,
        appeal_answer=work.appeal_answer,
        appeal_answered_at=work.appeal_answered_at,
        changed_at=work.changed_at,
    )


def _is_shown(row: TaskGrading, work: TaskWork, state: State) -> bool:
    """What was returned is shown; of gradings the one that counts, once it is published."""
    return row.role == Role.RETURN or (state in SHOWN and row.pk == work.graded_id)


# --- For graders ----------------------------------------------------------------------------------


def count_queues(course_key: str, usage_keys: Collection[str]) -> dict[str, QueueCount]:
    """How the queues of some tasks of a course stand, by usage key; one query."""
    found = (
        TaskWork.objects.filter(course_key=course_key, usage_key__in=usage_keys)
        .exclude(state="")
        .values("usage_key", "state")
        .annotate(number=Count("pk"), oldest=Min("waiting_since"))
        .order_by()
    )
    counts: dict[str, QueueCount] = {key: QueueCount() for key in usage_keys}
    for row in found:
        known = counts[row["usage_key"]]
        oldest = known.oldest
        if row["state"] in QUEUED:
            oldest = min(filter(None, (oldest, row["oldest"])))
        states = {**known.states, row["state"]: row["number"]}
        counts[row["usage_key"]] = QueueCount(states, oldest)
    return counts


def count_owed(course_keys: Collection[str]) -> dict[str, int]:
    """How many works wait for a grader in each of some courses; one query."""
    found = TaskWork.objects.filter(course_key__in=course_keys, state__in=QUEUED)
    counted = found.values("course_key").annotate(number=Count("pk")).order_by()
    return {row["course_key"]: row["number"] for row in counted}


def list_works(
    place: Place, by: str, *, states: Collection[str] = (), page: int = 1, size: int = PAGE
) -> WorkPage:
    """The works on a task, those that have been waiting longest first; pages count from 1."""
    counts = count_queues(place.course_key, [place.usage_key])[place.usage_key].states
    all_works = _rows(place)
    if states:
        all_works = all_works.filter(state__in=states)
    start = (max(page, 1) - 1) * size
    found = all_works.order_by("waiting_since", "pk")[start : start + size]
    total = sum(counts.get(state, 0) for state in (set(states) or counts))
    return WorkPage([_row(work, by) for work in found], total, counts)


def _rows(place: Place) -> QuerySet[TaskWork]:
    return (
        TaskWork.objects.filter(**works.here(place), current__isnull=False)
        .select_related("item", "current", "graded")
        .defer("item__draft")
    )


def _row(work: TaskWork, by: str) -> WorkRow:
    if work.current is None:
        raise ValueError("A work without an answer is in no queue.")
    return WorkRow(
        id=work.uuid,
        student_id=work.item.student_id,
        state=State(work.state),
        version=work.current.number,
        submitted_at=work.current.submitted_at,
        waiting_since=work.waiting_since,
        held_by=work.held_by,
        held_until=work.held_until,
        score=work.graded.score if work.graded else None,
        is_own_first=work.first_by == by,
    )


def load_sheet(place: Place, work_id: UUID, by: str) -> Sheet:
    """A work with all that its grader may see; raises ``NoSuchWork``.

    A second grader does not see what the first one gave.
    """
    work = _rows(place).filter(uuid=work_id).first()
    if work is None:
        raise NoSuchWork
    state = State(work.state)
    answers = list(work.answers.order_by("number"))
    given = list(
        TaskGrading.objects.filter(answer__in=answers).select_related("exercise").order_by("pk")
    )
    if state == State.SECOND:
        given = [row for row in given if row.answer_id != work.current_id or row.by == by]
    draft = TaskGradingDraft.objects.filter(answer_id=work.current_id, by=by).first()
    role = role_of(state)
    return Sheet(
        row=_row(work, by),
        answers=_with_gradings(answers, given),
        notes=draft.content if draft else {},
        revision=draft.revision if draft else 0,
        due_at=work.due_at,
        appeal=work.appeal,
        appealed_at=work.appealed_at,
        appeal_answer=work.appeal_answer,
        steps=[
            StepRecord(step.what, step.by, step.at, step.state, step.data)
            for step in work.steps.order_by("pk")
            if not (state == State.SECOND and step.what == "graded" and step.by != by)
        ],
        differences=_differences(given, work) if state == State.MODERATION else {},
        may_grade=role is not None and not (role == Role.SECOND and work.first_by == by),
        may_return=state in RETURNABLE,
    )


def _differences(given: Iterable[TaskGrading], work: TaskWork) -> dict[str, float]:
    latest = {row.role: row.marks for row in given if row.answer_id == work.current_id}
    if Role.FIRST not in latest or Role.SECOND not in latest:
        return {}
    return differences(latest[Role.FIRST], latest[Role.SECOND])


def _with_gradings(
    answers: Iterable[TaskAnswer], gradings: Collection[TaskGrading]
) -> list[AnswerRecord]:
    return [
        AnswerRecord(
            id=str(answer.uuid),
            number=answer.number,
            text=answer.answer["text"],
            files=answer.answer["files"],
            submitted_at=answer.submitted_at,
            gradings=[_grading(row) for row in gradings if row.answer_id == answer.pk],
        )
        for answer in answers
    ]


def _grading(row: TaskGrading) -> GradingRecord:
    return GradingRecord(
        id=str(row.uuid),
        role=row.role,
        by=row.by,
        marks=row.marks,
        comment=row.comment,
        pins=row.pins,
        score=row.score,
        exercise=row.exercise.exercise,
        given_at=row.given_at,
    )
