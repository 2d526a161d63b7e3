"""Score lines of a machine's mark, changed one by one by people.

The machine's mark stays as it is; what was changed is kept beside it, by the line's code and place.
So a re-grade finds the lines again in its new mark, and tells those changes that were made of
something else. The score that results counts until the learner answers again, as any other score
that a person gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dbrules.deadlocks import restarted
from grading import host, rows, scoring
from grading.data import Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.errors import NothingSubmitted
from grading.human.counting import give
from grading.human.errors import TaskRefused
from grading.human.records import Place
from grading.models import LineOverride, StudentItem, Submission
from grading.records import StudentItemKey

LONGEST_COMMENT = 2_000
CLOSE = 1e-6
ROUNDED = 1e-3

NEWER = _("The trainee has answered again meanwhile; look at the new answer first.")
NO_LINE = _("The mark has no such line any more.")
NO_REASON = _("Say why: the trainee reads it.")
OUT_OF_RANGE = _("Points from %(least)s to %(most)s are possible here.")


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changed of a line: ``points`` for the machine's ``machine_points``, and why."""

    points: float
    machine_points: float
    comment: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of a mark, and what was changed of it, if anything.

    ``occurrence`` tells lines of one code and place apart. ``is_stale``: the machine gave other
    points when the change was made than it gives now.
    """

    line: ScoreLine
    occurrence: int
    change: Change | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the change has to be looked at again."""
        change = self.change
        return change is not None and abs(change.machine_points - self.line.points) > CLOSE


@dataclass(frozen=True, slots=True)
class ChangedMark:
    """A machine's mark with what people changed of it; ``lost`` changes have no line any more."""

    lines: Sequence[ChangedLine]
    lost: Sequence[Change]
    points: float
    possible: float

    @property
    def score(self) -> float:
        """Points of those possible, 0-1."""
        return self.points / self.possible if self.possible else 0.0

    @property
    def is_changed(self) -> bool:
        """Whether any line has other points than the machine gave."""
        return any(line.change for line in self.lines)


def changed_mark(item: StudentItemKey, mark: Mark, attempt: int) -> ChangedMark:
    """The machine's mark of an attempt with what people changed of it; one query."""
    lookup = {f"item__{name}": value for name, value in rows.lookup(item).items()}
    found = LineOverride.objects.filter(attempt=attempt, **lookup).order_by("pk")
    return apply_changes(mark, found)


def apply_changes(mark: Mark, overrides: Iterable[LineOverride]) -> ChangedMark:
    """``mark`` with the latest change of each line; a later one takes the place of an earlier."""
    latest = {(row.code, row.where, row.occurrence): row for row in overrides}
    lines = []
    for line, occurrence in _numbered(mark.lines):
        row = latest.pop((line.code, line.where, occurrence), None)
        lines.append(ChangedLine(line, occurrence, _change(row) if row else None))
    lost = [change for change in map(_change, latest.values()) if change]
    gained = sum(entry.change.points - entry.line.points for entry in lines if entry.change)
    points = min(max(mark.points + gained, 0.0), mark.possible)
    return ChangedMark(lines, lost, points, mark.possible)


def _numbered(lines: Iterable[ScoreLine]) -> Iterator[tuple[ScoreLine, int]]:
    seen: Counter[tuple[str, str]] = Counter()
    for line in lines:
        place = line.code, line.where
        yield line, seen[place]
        seen[place] += 1


def _change(row: LineOverride) -> Change | None:
    if row.points is None:
        return None
    return Change(row.points, row.machine_points, row.comment, row.by, row.at)


@restarted
def override_line(
    item: StudentItemKey,
    by: str,
    *,
    attempt: int,
    code: str,
    where: str,
    occurrence: int,
    points: float | None,
    comment: str,
    weight: float | None,
) -> ChangedMark:
    """Give a line of the learner's latest mark other ``points``, in the grader's own; say why.

    ``attempt`` is the one that was looked at. ``None`` takes a change back. The resulting score
    counts at once, also with the host. Raises ``NothingSubmitted`` and, in words, ``TaskRefused``:
    also if the learner has answered again meanwhile.
    """
    comment = comment.strip()[:LONGEST_COMMENT]
    if not comment:
        raise TaskRefused(NO_REASON)
    at = timezone.now()
    with transaction.atomic():
        head = rows.lock(item)
        if head.last is None:
            raise NothingSubmitted
        if head.last.attempt != attempt:
            raise TaskRefused(NEWER)
        mark = scoring.load_mark(head.last.mark)
        line = next(
            (
                found
                for found, number in _numbered(mark.lines)
                if (found.code, found.where, number) == (code, where, occurrence)
            ),
            None,
        )
        if line is None:
            raise TaskRefused(NO_LINE)
        LineOverride.objects.create(
            item=head,
            attempt=attempt,
            code=code,
            where=where,
            occurrence=occurrence,
            points=None if points is None else _in_range(line, points),
            machine_points=line.points,
            comment=comment,
            by=by,
            at=at,
        )
        changed = changed_mark(item, mark, attempt)
        _count(head, changed, weight, at)
    return changed


def _in_range(line: ScoreLine, points: float) -> float:
    """Points within what the line can be worth; a penalty may be lessened, down to nothing.

    What is shown is rounded, so the ends of the range are taken for what they are near.
    """
    least, most = min(line.points, 0.0), max(line.max, 0.0)
    if not least - ROUNDED <= points <= most + ROUNDED:
        raise TaskRefused(OUT_OF_RANGE, least=f"{least:g}", most=f"{most:g}")
    return next((end for end in (least, most) if abs(points - end) <= ROUNDED), points)


def _count(head: StudentItem, changed: ChangedMark, weight: float | None, at: datetime) -> None:
    """Let the changed score count in the place of the machine's, or the machine's again."""
    if head.last is None:
        raise NothingSubmitted
    last, first = head.last, _first_mark(head.last)
    before = rows.ratio(head) if changed.is_changed else first.score
    head.earned, head.possible = changed.score * last.points, last.points
    if changed.is_changed or _differs(first, last):
        give(head, changed.score, before, last.points, weight, str(last.uuid), at)
    elif head.score_given_at is not None:
        head.score_given_at = None
        host.reset_score(rows.key_of(head))
    head.save(update_fields=["earned", "possible", "score_given_at"])
    rows.remember(head)


def _first_mark(last: Submission) -> Submission:
    """The mark that the answer got at once, whose score the block published."""
    if last.rescored_from_id is None:
        return last
    marks = Submission.objects.filter(item=last.item_id, attempt=last.attempt)
    first: Submission = marks.defer("answer", "mark").earliest("pk")
    return first


def _differs(first: Submission, last: Submission) -> bool:
    """Whether a re-grade gave the host another score, which has to be given again."""
    return first.points != last.points or abs(first.score - last.score) > CLOSE


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A learner who answered an exercise, as staff lists them; ``earned`` of ``possible`` counts.

    ``is_changed``: somebody gave another score than the machine.
    """

    student_id: str
    attempt: int
    earned: float
    possible: float
    submitted_at: datetime
    is_changed: bool


def list_answered(place: Place, *, page: int = 1, size: int = 50) -> tuple[list[AnsweredRow], int]:
    """The learners who answered an exercise, the latest answer first, and how many there are."""
    heads = StudentItem.objects.filter(
        course_id=place.course_key, item_id=place.usage_key, last__isnull=False
    )
    start = (max(page, 1) - 1) * size
    found = heads.select_related("last").defer("draft", "last__answer", "last__mark")
    listed = found.order_by("-last_id")[start : start + size]
    return [_answered(head) for head in listed], heads.count()


def _answered(head: StudentItem) -> AnsweredRow:
    if head.last is None:
        raise NothingSubmitted
    return AnsweredRow(
        student_id=head.student_id,
        attempt=head.last.attempt,
        earned=head.earned or 0.0,
        possible=head.possible or 0.0,
        submitted_at=head.last.submitted_at,
        is_changed=abs(rows.ratio(head) - head.last.score) > CLOSE,
    )
