"""Who needs help: learners with signs that they fall behind, the most troubled first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from delivery.gradebook.columns import Book
from delivery.grades.api import EXCUSED, Column, PackedLine
from delivery.models import Course, Enrollment

LOW = 0.5  # of the points of what was tried
QUIET = timedelta(days=14)
MOST = 200  # learners named

DueOf = Callable[[int, Column], datetime | None]


@dataclass(frozen=True, slots=True)
class Struggler:
    """A learner and the signs of trouble.

    ``average`` is the share of the points of what was tried (0-1), ``missed`` counts the exercises
    that are past their due date and not tried; ``is_quiet``: no score for two weeks.
    """

    line: PackedLine
    average: float | None
    missed: int
    is_quiet: bool

    @property
    def is_low(self) -> bool:
        """Whether less than half of the points of what was tried were earned."""
        return self.average is not None and self.average < LOW

    @property
    def trouble(self) -> float:
        """How much there is of it all: what is missed weighs as much as nothing earned."""
        lack = max(0.0, LOW - self.average) if self.average is not None else 0.0
        return self.missed + 10 * lack + self.is_quiet


def find_struggling(
    lines: Iterable[PackedLine], book: Book, due_of: DueOf, now: datetime
) -> tuple[int, list[Struggler]]:
    """How many learners show a sign of falling behind, and the ``MOST`` with most of it.

    ``due_of`` tells until when a block had to be tried by the learner of that account.
    """
    blocks = [
        (index, block) for index, block in enumerate(book.blocks) if block.counts and block.is_open
    ]
    found = 0
    worst: list[tuple[float, int, Struggler]] = []
    for line in lines:
        struggler = _look_at(line, blocks, due_of, now)
        if not (struggler.is_low or struggler.missed):
            continue
        found += 1
        entry = (struggler.trouble, -line.user_id, struggler)
        if len(worst) < MOST:
            heapq.heappush(worst, entry)
        else:
            heapq.heappushpop(worst, entry)
    return found, [struggler for _trouble, _user, struggler in sorted(worst, reverse=True)]


def _look_at(
    line: PackedLine, blocks: Iterable[tuple[int, Column]], due_of: DueOf, now: datetime
) -> Struggler:
    points = line.points
    earned = possible = 0.0
    missed = 0
    for index, block in blocks:
        got = points.earned[index]
        if got == got:  # a number
            earned += got
            possible += points.possible[index]
        elif not points.flags[index] & EXCUSED:
            due = due_of(line.user_id, block)
            missed += due is not None and due < now
    last = line.last_scored_at
    return Struggler(
        line=line,
        average=earned / possible if possible > 0 else None,
        missed=missed,
        is_quiet=last is None or last < now - QUIET,
    )


def due_dates(course: Course, book: Book) -> DueOf:
    """When each exercise is due for each learner of a course: by two lookups, after one query."""
    of_all = {block.usage_key: book.due_of(block, {}) for block in book.blocks}
    of_some = dict(
        Enrollment.objects.filter(course=course)
        .exclude(extensions={})
        .values_list("user_id", "extensions")
    )

    def due_of(user_id: int, block: Column) -> datetime | None:
        own = of_some.get(user_id)
        return book.due_of(block, own) if own else of_all[block.usage_key]

    return due_of
