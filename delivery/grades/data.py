"""The values that leave ``delivery.grades``: columns, lines, cells, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from delivery.grades.plan import GradePlan
from delivery.grades.sheets import Points, Totals, unpack_points, unpack_totals
from grading.policy import percent_of


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grade book: a scored block, or a subsection.

    ``subsection`` is the usage key of the subsection that a block is in, and its own for one.
    ``possible``: weighted points for who has no other. ``counts``: it can count towards the
    grade. ``is_open``: trainees see it.
    """

    usage_key: str
    name: str
    is_subsection: bool
    subsection: str
    format: str
    possible: float
    counts: bool
    is_open: bool


@dataclass(frozen=True)
class Columns:
    """The columns of a course's grade book, in course order, and the plan behind them."""

    blocks: tuple[Column, ...]
    subsections: tuple[Column, ...]
    plan: GradePlan


@dataclass(frozen=True, slots=True)
class Cell:
    """A learner's weighted points in a block, or those that count in a subsection.

    ``earned`` is ``None`` if there is no score. ``is_given``: somebody or a re-grade gave it.
    """

    earned: float | None
    possible: float
    is_given: bool = False
    is_overridden: bool = False
    is_excused: bool = False

    @property
    def percent(self) -> float:
        """Of the points possible, 0-1, as Open edX rounds it."""
        return percent_of(self.earned or 0.0, self.possible)


@dataclass(frozen=True, slots=True)
class BookLine:
    """A learner's line. The cells stand as the ``Columns`` do. ``letter`` is empty for none.

    ``percent`` is the rounded course grade, 0-1; ``scored``: blocks with a score; ``overrides``:
    decisions in force; ``revision`` is handed back with a decision on the line.
    """

    user_id: int
    username: str
    first_name: str
    last_name: str
    email: str
    blocks: tuple[Cell, ...]
    subsections: tuple[Cell, ...]
    percent: float
    percent_unrounded: float
    letter: str
    passed: bool | None
    scored: int
    overrides: int
    last_scored_at: datetime | None
    revision: int

    @property
    def name(self) -> str:
        """The person's full name, or their username."""
        return f"{self.first_name} {self.last_name}".strip() or self.username


class PackedLine(NamedTuple):
    """A learner's line without the work of making cells of it, for who reads a whole book.

    ``points`` stand as the plan's blocks do, ``totals`` as its subsections.
    """

    user_id: int
    username: str
    first_name: str
    last_name: str
    email: str
    blocks: bytes
    subsections: bytes
    percent: float
    letter: str
    passed: bool | None
    scored: int
    last_scored_at: datetime | None

    @property
    def name(self) -> str:
        """The person's full name, or their username."""
        return f"{self.first_name} {self.last_name}".strip() or self.username

    @property
    def points(self) -> Points:
        """The points of all blocks."""
        return unpack_points(bytes(self.blocks))

    @property
    def totals(self) -> Totals:
        """The points of all subsections."""
        return unpack_totals(bytes(self.subsections))


class Status(Enum):
    """By what lines can be filtered."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    DECIDED = "decided"


class Sort(Enum):
    """By what lines can be sorted, besides the points in a column."""

    NAME = "name"
    PERCENT = "percent"
    SCORED = "scored"
    LAST_SCORED = "last_scored"


@dataclass(frozen=True)
class BookPage:
    """Some lines of the grade book, of ``total`` that were asked for.

    ``is_settling``: grades are being worked out anew, so the order may not be final.
    """

    columns: Columns
    lines: tuple[BookLine, ...]
    total: int
    is_settling: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A grade among those of a course's ``total`` trainees: ``below`` have a lower one."""

    below: int
    total: int
    mean: float


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to a learner's scores. ``kind`` as in ``ScoreChange.Kind``.

    ``made_by`` is an account's number, ``None`` for the machine; ``is_late``: after the due date.
    """

    usage_key: str
    kind: str
    kind_name: str
    earned: float | None
    possible: float | None
    counts: bool
    is_late: bool
    due: datetime | None
    reason: str
    made_by: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored grade that is not what the raw scores come to; percentages are unrounded."""

    user_id: int
    stored: float
    right: float


@dataclass(frozen=True)
class Recomputed:
    """What a re-computation found: of ``learners`` looked at, the lines that it ``changed``.

    ``differences`` are lines of the plan of today that were wrong, at most some of them;
    ``wrong`` counts them all.
    """

    learners: int
    changed: int
    wrong: int
    differences: tuple[Difference, ...]
