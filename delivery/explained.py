"""How a course grade came about: which assignments count, which are left out, what is to gain.

Pure: it is told the assignments of a learner, by the instructor's grade book or by the learner's
own page, which leaves out what is not to be seen yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.policy import (
    Assignment,
    AssignmentFormat,
    FormatShare,
    course_percent,
    format_share,
    percent_of,
    round_course_percent,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A subsection as an assignment.

    ``now`` is what it counts (``None``: it does not count yet), ``best`` what it comes to with
    full points for all that can still be answered. ``is_begun``: something in it has a score;
    ``is_shown``: the reader may see the points.
    """

    usage_key: str
    name: str
    format: str
    now: Assignment | None
    best: Assignment
    is_begun: bool
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment that has its place. ``is_left_out``: others of its kind were better."""

    part: Part
    percent: float
    is_excused: bool
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of assignments: ``kept`` of ``slots`` count, and ``adds`` is what it comes to (0-1).

    ``to_come`` of them are not there yet and count nothing. ``is_excused``: from all of it.
    """

    format: AssignmentFormat
    rows: tuple[AssignmentRow, ...]
    average: float
    adds: float
    slots: int
    kept: int
    to_come: int
    is_excused: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A grade by its kinds. ``best`` is the grade with all that can still be earned (0-1)."""

    kinds: tuple[KindRow, ...]
    best: float

    @property
    def left_out(self) -> frozenset[str]:
        """The usage keys of the subsections that do not count because others are better."""
        rows = (row for kind in self.kinds for row in kind.rows)
        return frozenset(row.part.usage_key for row in rows if row.is_left_out)


def explain(formats: Iterable[AssignmentFormat], parts: Sequence[Part]) -> Explanation:
    """How the grade of somebody with these assignments, in course order, came about."""
    kinds, best = [], []
    for fmt in formats:
        own = [part for part in parts if part.format == fmt.type]
        kinds.append(_kind(fmt, own))
        best.append((fmt.weight, format_share(fmt, _reachable(fmt, own))))
    return Explanation(tuple(kinds), round_course_percent(course_percent(best)))


def _kind(fmt: AssignmentFormat, parts: Sequence[Part]) -> KindRow:
    counted = [(part, part.now) for part in parts if part.now and part.now.takes_place]
    share = format_share(fmt, [now for _part, now in counted])
    slots = max(fmt.min_count, len(counted))
    excused = sum(now.is_excused for _part, now in counted)
    return KindRow(
        format=fmt,
        rows=tuple(_row(part, now, share, place) for place, (part, now) in enumerate(counted)),
        average=share.percent,
        adds=share.percent * fmt.weight,
        slots=slots,
        kept=max(0, slots - len(share.dropped) - excused),
        to_come=slots - len(counted),
        is_excused=share.is_excused,
    )


def _row(part: Part, now: Assignment, share: FormatShare, place: int) -> AssignmentRow:
    is_left_out = place in share.dropped and part.is_shown
    return AssignmentRow(part, percent_of(now.earned, now.possible), now.is_excused, is_left_out)


def _reachable(fmt: AssignmentFormat, parts: Sequence[Part]) -> list[Assignment]:
    """The best assignments, with full points for those that are not there yet."""
    best = [part.best for part in parts if part.best.takes_place]
    return best + [Assignment(1.0, 1.0)] * (fmt.min_count - len(best))
