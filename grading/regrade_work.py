"""What the jobs of a re-grade do: answers are taken by the learners' ids, some hundred at a time.

Each batch is graded first and then written in one transaction, in which an answer that was
followed by another meanwhile is left out and taken again. So a worker that is lost costs nothing
but time, and learners who answer wait for no more than the writing of a batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dbrules.deadlocks import restarted
from grading import host, rows
from grading.comparing import NOTHING, Comparer, Comparison, graded_items, is_overridden
from grading.models import Regrade, RegradeChange, StudentItem, Submission
from grading.records import GivenScore
from jobs.api import Beat, Effect, Part, split

REGRADE_PART = "grading.regrade_part"
PART = 2_500  # answers that one worker takes as a job of its own
BATCH = 200

State = Regrade.State


class GivenUp(Exception):
    """The request was stopped, or a later one for the same block is there to be carried out."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The learners whose ids follow ``after``, up to ``upto``; ``size`` of them at first."""

    after: str
    upto: str
    size: int


def begin(request: Regrade, beat: Beat) -> Effect | None:
    """Do what a request wants, or share it among as many jobs as it is long."""
    if request.state not in {State.REPORTING, State.APPLYING}:
        return None
    stretches = list(_stretches(request))
    if len(stretches) > 1:
        return partial(_share, request, stretches)
    (stretch,) = stretches or [Stretch("", "", 0)]
    _open(request, stretch.size)
    return work(request, stretch, beat)


def _stretches(request: Regrade) -> Iterator[Stretch]:
    ids = _pending(request).order_by("student_id").values_list("student_id", flat=True)
    after, size, last = "", 0, ""
    for last in ids.iterator():
        size += 1
        if size == PART:
            yield Stretch(after, last, size)
            after, size = last, 0
    if size:
        yield Stretch(after, last, size)


def _open(request: Regrade, pending: int) -> None:
    """Note how many answers are concerned, those done before included."""
    is_applying = request.state == State.APPLYING
    total = max(request.total, pending) if is_applying else pending
    Regrade.objects.filter(pk=request.pk).update(total=total, done=total - pending)


def _share(request: Regrade, stretches: Sequence[Stretch]) -> None:
    if request.job is None:
        return
    _open(request, sum(stretch.size for stretch in stretches))
    split(
        request.job,
        [
            Part(
                REGRADE_PART,
                {
                    "regrade": request.pk,
                    "state": request.state,
                    "after": part.after,
                    "upto": part.upto,
                    "size": part.size,
                },
                steps=part.size,
            )
            for part in stretches
        ],
    )


def work_on_part(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Do a part that ``begin`` gave away."""
    request = Regrade.objects.select_related("exercise").get(pk=args["regrade"])
    if request.state != args["state"]:
        return None
    return work(request, Stretch(args["after"], args["upto"], args["size"]), beat)


def work(request: Regrade, stretch: Stretch, beat: Beat) -> Effect:
    """Report or apply what a stretch of learners comes to; the effect counts it as done.

    Raises ``LeaseLost`` through ``beat``.
    """
    if request.state == State.REPORTING:
        return partial(_end, request, stretch, _report(request, stretch, beat))
    _apply(request, stretch, beat)
    return partial(_end, request, stretch, [])


def _end(request: Regrade, stretch: Stretch, changes: list[RegradeChange]) -> None:
    RegradeChange.objects.bulk_create(changes, ignore_conflicts=True)
    ends_in = State.REPORTED if request.state == State.REPORTING else State.APPLIED
    found = Regrade.objects.filter(pk=request.pk, state=request.state)
    found.update(done=F("done") + stretch.size)
    found.filter(done__gte=F("total")).update(state=ends_in)


# --- Which answers ------------------------------------------------------------------------------


def _pending(request: Regrade) -> QuerySet[StudentItem]:
    """The learners whose last answer the request concerns and who have no mark by it yet."""
    has_new_mark = Q(
        last__exercise_id=request.exercise_id,
        last__points=request.points,
        last__grader=request.grader,
    )
    return graded_items(request.course_id, request.item_id).filter(
        ~has_new_mark, last__exercise_id__in=request.replaces
    )


def _batches(request: Regrade, stretch: Stretch) -> Iterator[list[StudentItem]]:
    seen = stretch.after
    pending = _whole(_pending(request)).filter(student_id__lte=stretch.upto).order_by("student_id")
    while batch := list(pending.filter(student_id__gt=seen)[:BATCH]):
        yield batch
        seen = batch[-1].student_id


def _whole(heads: QuerySet[StudentItem]) -> QuerySet[StudentItem]:
    """With what is graded, and without what is long and not needed."""
    return heads.select_related("last").defer("draft", "last__mark")


# --- Reporting ----------------------------------------------------------------------------------


def _report(request: Regrade, stretch: Stretch, beat: Beat) -> list[RegradeChange]:
    comparer = _comparer(request)
    changes: list[RegradeChange] = []
    done = 0
    for batch in _batches(request, stretch):
        beat(min(done, stretch.size), stretch.size)
        changes += _changes(request, comparer.compare(batch))
        done += len(batch)
    beat(stretch.size, stretch.size)
    return changes


def _comparer(request: Regrade) -> Comparer:
    return Comparer(request.grader, request.exercise.exercise, request.points)


def _changes(request: Regrade, compared: Sequence[Comparison]) -> list[RegradeChange]:
    """The lines of the report: of all whose points change, and of those who keep an old mark."""
    return [
        RegradeChange(
            regrade=request,
            item_id=found.head.pk,
            outcome=found.outcome,
            before=found.head.earned or 0.0,
            possible_before=found.head.possible or 0.0,
            after=_points_after(request, found),
            size=abs(found.after - found.before),
        )
        for found in compared
        if found.outcome != "same" or _has_other_points(request, found)
    ]


def _points_after(request: Regrade, found: Comparison) -> float:
    stays = found.is_overridden or found.mark is None
    return (found.head.earned or 0.0) if stays else found.after * request.points


def _has_other_points(request: Regrade, found: Comparison) -> bool:
    return not found.is_overridden and found.head.possible != request.points


# --- Applying -----------------------------------------------------------------------------------


def _apply(request: Regrade, stretch: Stretch, beat: Beat) -> None:
    comparer = _comparer(request)
    done = 0
    for batch in _batches(request, stretch):
        beat(min(done, stretch.size), stretch.size)
        waiting = batch
        while waiting:
            again = _write(request, comparer.compare(waiting))
            waiting = list(_whole(_pending(request)).filter(pk__in=again)) if again else []
        done += len(batch)
    beat(stretch.size, stretch.size)


@restarted
def _write(request: Regrade, compared: Sequence[Comparison]) -> list[int]:
    """Write the marks of a batch; returns the rows whose learner has answered meanwhile.

    Raises ``GivenUp``.
    """
    with transaction.atomic():
        heads = _lock(found.head.pk for found in compared)
        held = host.hold([rows.key_of(found.head) for found in compared])
        # After the locks: whoever had them before us may have carried out a later request.
        if not Regrade.objects.filter(pk=request.pk, state=request.state).exists():
            raise GivenUp
        standing = [found for found in compared if heads[found.head.pk].last_id == found.last.pk]
        RegradeChange.objects.bulk_create(
            _changes(request, _unreported(request, standing)), ignore_conflicts=True
        )
        given = _keep(request, heads, [found for found in standing if found.is_other])
        if request.course_id:  # outside a course nobody counts scores
            held.give(given)
    moved = {found.head.pk for found in compared} - {found.head.pk for found in standing}
    return sorted(moved)


def _unreported(request: Regrade, compared: Sequence[Comparison]) -> list[Comparison]:
    """Those who answered only after the report was made, or all if there was none."""
    pks = [found.head.pk for found in compared]
    lines = RegradeChange.objects.filter(regrade=request, item__in=pks)
    reported = set(lines.values_list("item_id", flat=True))
    return [found for found in compared if found.head.pk not in reported]


def _lock(pks: Iterable[int]) -> dict[int, StudentItem]:
    locked = StudentItem.objects.select_for_update().filter(pk__in=list(pks))
    return {head.pk: head for head in locked.defer("draft").order_by("student_id")}


def _keep(
    request: Regrade, heads: Mapping[int, StudentItem], compared: Sequence[Comparison]
) -> list[GivenScore]:
    """Add the new marks and let their scores count; returns what the host has otherwise."""
    marked = [(found.last, found.mark) for found in compared if found.mark is not None]
    again = rows.keep_rescores(marked, request.grader, request.exercise_id, request.points)
    given: list[GivenScore] = []
    for found, submission in zip(compared, again, strict=True):
        head = heads[found.head.pk]
        before = rows.ratio(head)
        is_settled = is_overridden(head, found.last)
        head.last = submission
        if is_settled:
            continue
        head.earned, head.possible = submission.score * request.points, float(request.points)
        score = _given(request, head, submission, before)
        is_same = abs(submission.score - before) <= NOTHING and found.last.points == request.points
        if score is not None and not is_same:
            head.score_given_at = timezone.now()
            given.append(score)
    rows.save_current([heads[found.head.pk] for found in compared])
    return given


def _given(
    request: Regrade, head: StudentItem, submission: Submission, before: float
) -> GivenScore | None:
    """What the host counts, if the block counts anything."""
    possible = host.whole_possible(request.points, request.weight)
    if not possible:
        return None
    return GivenScore(
        item=rows.key_of(head),
        earned=submission.score * possible,
        possible=possible,
        whole=host.whole_earned(submission.score, possible, before),
        submission_id=str(submission.uuid),
    )
