"""What answers that are graded already would score by another exercise. Nothing is written."""

from __future__ import annotations

import heapq
import json
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet

from grading import rows, scoring
from grading.data import InvalidAnswer, Mark
from grading.graders import INSTANTIATE
from grading.instances import grade_for
from grading.models import StudentItem, Submission
from grading.records import RegradePreview, ScoreChange

MOST_PREVIEWED = 200
PREVIEWED_AT_ONCE = 10  # between two looks at the clock
PREVIEW_SECONDS = 2.0
CHANGES_SHOWN = 20
MARKS_KEPT = 2_000  # of answers that many learners may have given alike
NOTHING = 1e-9  # a difference of scores that is none


def graded_items(course_id: str, item_id: str) -> QuerySet[StudentItem]:
    """The learners with a submission that counts."""
    return StudentItem.objects.filter(course_id=course_id, item_id=item_id, last__isnull=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A learner's last answer: the score that counts and the one it would get, both 0-1.

    ``mark`` is the new one, ``None`` if the new exercise refuses the answer, which then keeps
    its old mark. A score that a person set stands (``is_overridden``) whatever the mark.
    ``is_other`` tells that the mark, its reasons or its points are not the ones kept.
    """

    head: StudentItem
    last: Submission
    mark: Mark | None
    before: float
    after: float
    is_overridden: bool
    is_other: bool

    @property
    def outcome(self) -> str:
        """One of better, worse, same and refused."""
        if self.mark is None:
            return "refused"
        if abs(self.after - self.before) <= NOTHING:
            return "same"
        return "better" if self.after > self.before else "worse"


class Comparer:
    """Grades answers by one exercise; answers that are the same once, where all get the same."""

    def __init__(self, grader: str, exercise: Mapping[str, Any], points: int) -> None:
        self._grader = grader
        self._exercise = exercise
        self._points = points
        self._is_shared = grader not in INSTANTIATE
        self._marks: OrderedDict[str, tuple[Any, Mark | None]] = OrderedDict()

    def compare(self, heads: Sequence[StudentItem]) -> list[Comparison]:
        """Compare the last answers of ``heads``, which come with their ``last`` submissions."""
        marks = [self._mark(head, cast(Submission, head.last)) for head in heads]
        known = self._marks_kept(zip(heads, marks, strict=True))
        return [
            self._comparison(head, mark, known) for head, mark in zip(heads, marks, strict=True)
        ]

    def _mark(self, head: StudentItem, last: Submission) -> Mark | None:
        if not self._is_shared:
            return self._grade(head, last)
        known = self._marks.get(last.answer_sha256)
        # What people marked has the digest of the answer alone: their marks may differ.
        if known is not None and known[0] == last.answer:
            self._marks.move_to_end(last.answer_sha256)
            return known[1]
        mark = self._grade(head, last)
        self._marks[last.answer_sha256] = last.answer, mark
        if len(self._marks) > MARKS_KEPT:
            self._marks.popitem(last=False)
        return mark

    def _grade(self, head: StudentItem, last: Submission) -> Mark | None:
        try:
            return grade_for(rows.key_of(head), self._grader, self._exercise, last.answer)
        except InvalidAnswer:
            return None

    def _marks_kept(self, marked: Iterable[tuple[StudentItem, Mark | None]]) -> dict[int, Any]:
        """The old marks of those answers whose score alone does not tell that theirs is another."""
        lasts = [(cast(Submission, head.last), mark) for head, mark in marked]
        alike = [
            last.pk for last, mark in lasts if mark is not None and not self._differs(last, mark)
        ]
        found = Submission.objects.filter(pk__in=alike).values_list("pk", "mark") if alike else ()
        return dict(found)

    def _differs(self, last: Submission, mark: Mark) -> bool:
        return (
            abs(mark.score - last.score) > NOTHING
            or last.points != self._points
            or last.grader != self._grader
        )

    def _comparison(
        self, head: StudentItem, mark: Mark | None, kept: Mapping[int, Any]
    ) -> Comparison:
        last = cast(Submission, head.last)
        before = rows.ratio(head)
        overridden = is_overridden(head, last)
        return Comparison(
            head=head,
            last=last,
            mark=mark,
            before=before,
            after=before if overridden or mark is None else mark.score,
            is_overridden=overridden,
            is_other=mark is not None
            and (self._differs(last, mark) or kept.get(last.pk) != _as_kept(mark)),
        )


def _as_kept(mark: Mark) -> Any:
    return json.loads(json.dumps(scoring.dump_mark(mark)))


def is_overridden(head: StudentItem, last: Submission) -> bool:
    """Whether the host set another score than the mark's: a person's word stands."""
    return bool(head.possible) and abs(rows.ratio(head) - last.score) > NOTHING


def preview(
    course_id: str, item_id: str, grader: str, exercise: Mapping[str, Any], points: int
) -> RegradePreview:
    """Grade the latest answers by ``exercise``, without writing, for at most about two seconds."""
    graded = graded_items(course_id, item_id)
    outcomes: Counter[str] = Counter()
    changes = []
    for found in _latest(graded, Comparer(grader, exercise, points)):
        outcomes[found.outcome] += 1
        if found.outcome in {"better", "worse"}:
            student = found.head.student_id
            changes.append(ScoreChange(student, found.before * points, found.after * points))
    largest = heapq.nlargest(CHANGES_SHOWN, changes, key=lambda change: abs(change.change))
    return RegradePreview(
        graded=graded.count(),
        compared=outcomes.total(),
        better=outcomes["better"],
        worse=outcomes["worse"],
        same=outcomes["same"],
        refused=outcomes["refused"],
        largest=largest[0].change if largest else 0.0,
        changes=tuple(largest),
    )


def _latest(graded: QuerySet[StudentItem], comparer: Comparer) -> Iterator[Comparison]:
    ends_at = time.monotonic() + PREVIEW_SECONDS
    latest = graded.select_related("last").defer("draft", "last__mark").order_by("-last_id")
    heads = list(latest[:MOST_PREVIEWED])
    for start in range(0, len(heads), PREVIEWED_AT_ONCE):
        yield from comparer.compare(heads[start : start + PREVIEWED_AT_ONCE])
        if time.monotonic() > ends_at:
            return
