"""Requests to grade answers again: made, looked at, applied, stopped.

A request is worked out first, which tells who changes and by how much; when somebody has looked
at that, it is applied. One that is wanted at once skips the first half. What is done lies in
``regrade_work``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from grading.comparing import graded_items
from grading.errors import GradingError
from grading.models import Regrade, RegradeChange, StudentItem
from grading.records import LearnerChange, RegradeStatus
from jobs.api import JobStatus, UnknownJob, WrongState, cancel, enqueue, requeue, status

REGRADE = "grading.regrade"

State = Regrade.State
AT_WORK = (State.REPORTING, State.APPLYING)
OPEN = (*AT_WORK, State.REPORTED, State.STOPPED)


class NoRegrade(GradingError, LookupError):
    """There is no such re-grade."""


class RegradeMoved(GradingError):
    """What was asked cannot be done with a re-grade as it stands by now."""


def count_graded(course_id: str, item_id: str) -> int:
    """How many learners have a submission that counts."""
    return graded_items(course_id, item_id).count()


def count_others(course_id: str, exercises: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """How many answers were graded by another exercise, or of other points, than they now have.

    ``exercises`` are usage keys with the digest and points of what they are now; those whose
    answers are all up to date are left out. One query.
    """
    wanted = {item_id: (digest, points) for item_id, digest, points in exercises}
    rows = (
        StudentItem.objects.filter(course_id=course_id, item_id__in=wanted, last__isnull=False)
        .values("item_id", "last__exercise_id", "last__points")
        .annotate(answers=Count("pk"))
        .order_by()
    )
    found: Counter[str] = Counter()
    for row in rows:
        if (row["last__exercise_id"], row["last__points"]) != wanted[row["item_id"]]:
            found[row["item_id"]] += row["answers"]
    return dict(found)


def create(
    course_id: str,
    item_id: str,
    *,
    grader: str,
    exercise_id: str,
    points: int,
    weight: float | None,
    user: Any,
    apply_at_once: bool,
) -> Regrade:
    """Write a request and its job; earlier ones for the block, that are not over, give way."""
    with transaction.atomic():
        earlier = Regrade.objects.filter(course_id=course_id, item_id=item_id, state__in=OPEN)
        replaced = list(earlier.select_for_update())
        request = Regrade.objects.create(
            course_id=course_id,
            item_id=item_id,
            grader=grader,
            exercise_id=exercise_id,
            replaces=_replaced_exercises(course_id, item_id, replaced),
            points=points,
            weight=weight,
            state=State.APPLYING if apply_at_once else State.REPORTING,
            requested_by=user,
        )
        Regrade.objects.filter(pk__in=[row.pk for row in replaced]).update(state=State.SUPERSEDED)
        for row in replaced:
            _cancel_job(row)
        _begin(request, user)
    return request


def _replaced_exercises(course_id: str, item_id: str, earlier: Iterable[Regrade]) -> list[str]:
    """The digests by which the answers that count were graded, or may be while we look."""
    found = graded_items(course_id, item_id).order_by().values_list("last__exercise_id", flat=True)
    at_work = {row.exercise_id for row in earlier if row.state == State.APPLYING}
    return sorted(at_work | {digest for digest in found.distinct() if digest})


def _begin(request: Regrade, user: Any) -> None:
    job = enqueue(REGRADE, {"regrade": request.pk}, user=user, subject=request.course_id)
    Regrade.objects.filter(pk=request.pk).update(job=job.pk, done=0)
    request.job = job.pk


def _cancel_job(request: Regrade) -> None:
    """Stop the job of a request, where there is something to stop."""
    if request.job is not None:
        with suppress(UnknownJob, WrongState):
            cancel(request.job)


@transaction.atomic
def apply(regrade_id: int, user: Any) -> None:
    """Carry out what was reported, or go on where it was stopped; raises ``RegradeMoved``."""
    request = _move(regrade_id, [State.REPORTED, State.STOPPED], State.APPLYING)
    _begin(request, user)


@transaction.atomic
def stop(regrade_id: int) -> None:
    """Give up a request: nothing is applied any more, and what was applied stays.

    Raises ``RegradeMoved``.
    """
    rows = Regrade.objects.filter(pk=regrade_id)
    if rows.filter(state=State.APPLYING).exists():
        _cancel_job(_move(regrade_id, [State.APPLYING], State.STOPPED))
    else:
        given_up = [State.REPORTING, State.REPORTED]
        _cancel_job(_move(regrade_id, given_up, State.DISCARDED))


@transaction.atomic
def run_again(regrade_id: int) -> None:
    """Queue the job of a request again that was given up; raises ``RegradeMoved``."""
    request = Regrade.objects.select_for_update().filter(pk=regrade_id, state__in=AT_WORK).first()
    if request is None:
        raise RegradeMoved
    try:
        requeue(request.job or UUID(int=0))
    except WrongState as error:
        raise RegradeMoved from error
    except UnknownJob:
        _begin(request, request.requested_by)


def _move(regrade_id: int, states: Sequence[str], to: str) -> Regrade:
    # The condition is part of the UPDATE: of two who decide, one finds no row.
    if not Regrade.objects.filter(pk=regrade_id, state__in=states).update(state=to):
        raise RegradeMoved
    return Regrade.objects.get(pk=regrade_id)


# --- Looking ------------------------------------------------------------------------------------


def read_status(regrade_id: int) -> RegradeStatus:
    """How a request stands; raises ``NoRegrade``."""
    found = _statuses(list(Regrade.objects.filter(pk=regrade_id)))
    if not found:
        raise NoRegrade
    return found[0]


@dataclass(frozen=True)
class RegradeList:
    """The requests of a course, latest first, as a paginator takes them."""

    _rows: QuerySet[Regrade] = field(repr=False)

    def __len__(self) -> int:
        return self._rows.count()

    def __getitem__(self, places: slice) -> list[RegradeStatus]:
        return _statuses(list(self._rows[places]))


def find(course_id: str) -> RegradeList:
    """The requests of a course."""
    return RegradeList(Regrade.objects.filter(course_id=course_id).order_by("-pk"))


def _statuses(requests: list[Regrade]) -> list[RegradeStatus]:
    counts: dict[tuple[int, str], int] = {
        (row["regrade"], row["outcome"]): row["learners"]
        for row in RegradeChange.objects.filter(regrade__in=requests)
        .values("regrade", "outcome")
        .annotate(learners=Count("pk"))
        .order_by()
    }
    return [
        RegradeStatus(
            id=row.pk,
            course_id=row.course_id,
            item_id=row.item_id,
            state=row.state,
            state_name=row.get_state_display(),
            points=row.points,
            total=row.total,
            better=counts.get((row.pk, "better"), 0),
            worse=counts.get((row.pk, "worse"), 0),
            refused=counts.get((row.pk, "refused"), 0),
            requested_by=row.requested_by_id,
            requested_at=row.requested_at,
            job=_job_of(row) if row.state in AT_WORK else None,
        )
        for row in requests
    ]


def _job_of(request: Regrade) -> JobStatus | None:
    with suppress(UnknownJob):
        return status(request.job) if request.job else None
    return None


@dataclass(frozen=True)
class ChangeList:
    """Who changes by a request, the largest changes first, as a paginator takes them."""

    _rows: QuerySet[RegradeChange] = field(repr=False)

    def __len__(self) -> int:
        return self._rows.count()

    def __getitem__(self, places: slice) -> list[LearnerChange]:
        return [_line(row) for row in self._rows[places]]


def read_changes(regrade_id: int, outcome: str = "") -> ChangeList:
    """The report of a request: who changes, or of them those of one outcome."""
    rows = RegradeChange.objects.filter(regrade=regrade_id)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return ChangeList(rows.select_related("item", "regrade").order_by("-size", "pk"))


def _line(row: RegradeChange) -> LearnerChange:
    return LearnerChange(
        student_id=row.item.student_id,
        outcome=row.outcome,
        outcome_name=row.get_outcome_display(),
        before=row.before,
        possible_before=row.possible_before,
        after=row.after,
        possible=row.regrade.points,
    )
