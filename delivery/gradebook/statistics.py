"""What the lines of a class say of each column and of the course. Lines are read one by one."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, pstdev

from delivery.gradebook.columns import Book
from delivery.grades.api import ATTEMPTED, EXCUSED, NO_SCORE, OVERRIDDEN, Column, PackedLine

CLASSES = 10
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Figures:
    """Some ratios (0-1) in figures; the figures of none are ``None``.

    ``histogram`` has ten equal classes, the whole being in the last.
    """

    count: int
    mean: float | None
    median: float | None
    deviation: float | None
    lowest: float | None
    highest: float | None
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """A column over ``learners``: the figures of those with a score, and how many are not."""

    column: Column
    learners: int
    figures: Figures
    excused: int
    overridden: int

    @property
    def missing(self) -> int:
        """Learners who were not excused and have no score."""
        return self.learners - self.excused - self.figures.count


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """A course: its grades in figures, and those of its columns."""

    learners: int
    passed: int
    grades: Figures
    columns: tuple[ColumnFigures, ...]


@dataclass(slots=True)
class _Tally:
    """What is gathered of one column."""

    ratios: array[float] = field(default_factory=lambda: array("d"))
    excused: int = 0
    overridden: int = 0

    def add(self, earned: float, possible: float, flags: int) -> None:
        """Count a learner's points; ``earned`` is not a number where there is no score."""
        if earned == earned and possible > 0:
            self.ratios.append(earned / possible)
        if flags:
            self.excused += bool(flags & EXCUSED)
            self.overridden += bool(flags & OVERRIDDEN)

    def figures(self, column: Column, learners: int) -> ColumnFigures:
        """What was gathered, of so many learners."""
        return ColumnFigures(
            column, learners, figures_of(self.ratios), self.excused, self.overridden
        )


def figures_of(ratios: Iterable[float]) -> Figures:
    """The figures of some ratios."""
    known = sorted(ratios)
    histogram = [0] * CLASSES
    for ratio in known:  # the small favour undoes binary fractions
        histogram[max(0, min(CLASSES - 1, int(ratio * CLASSES + NOTHING)))] += 1
    if not known:
        return Figures(0, None, None, None, None, None, tuple(histogram))
    return Figures(
        count=len(known),
        mean=fmean(known),
        median=median(known),
        deviation=pstdev(known),
        lowest=known[0],
        highest=known[-1],
        histogram=tuple(histogram),
    )


def measure_course(
    lines: Iterable[PackedLine], book: Book, columns: Sequence[Column]
) -> CourseFigures:
    """The course, and some columns of one kind, over some lines."""
    of_parts = bool(columns) and columns[0].is_subsection
    tallies = [(_Tally(), book.index_of(column)) for column in columns]
    add_up = _add_parts if of_parts else _add_blocks
    percents = array("d")
    passed = 0
    for line in lines:
        percents.append(line.percent)
        passed += line.passed is True
        add_up(tallies, line)
    return CourseFigures(
        learners=len(percents),
        passed=passed,
        grades=figures_of(percents),
        columns=tuple(
            tally.figures(column, len(percents))
            for (tally, _index), column in zip(tallies, columns, strict=True)
        ),
    )


def _add_blocks(tallies: Sequence[tuple[_Tally, int]], line: PackedLine) -> None:
    points = line.points
    for tally, index in tallies:
        tally.add(points.earned[index], points.possible[index], points.flags[index])


def _add_parts(tallies: Sequence[tuple[_Tally, int]], line: PackedLine) -> None:
    totals = line.totals
    for tally, index in tallies:
        flags = totals.flags[index]
        earned = totals.earned[index] if flags & ATTEMPTED else NO_SCORE
        tally.add(earned, totals.possible[index], flags)


def rest_of_course(
    lines: Iterable[PackedLine], book: Book, column: Column, names: Mapping[int, str]
) -> dict[str, float]:
    """What learners have in all other blocks (0-1), by the names that ``names`` gives them.

    Blocks that are not open, or that a learner is excused from, are left out.
    """
    own = book.index_of(column)
    others = [index for index, block in enumerate(book.blocks) if block.is_open and index != own]
    found = {}
    for line in lines:
        points = line.points
        possible = sum(points.possible[index] for index in others)
        if possible > 0 and line.user_id in names:
            scored = (points.earned[index] for index in others)
            found[names[line.user_id]] = sum(got for got in scored if got == got) / possible
    return found
