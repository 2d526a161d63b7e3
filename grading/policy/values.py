"""The values of grading by policy: points, formats, rows of a grade, faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


def percent_of(earned: float, possible: float) -> float:
    """``earned / possible`` rounded half to even at four places; 0 if nothing is possible."""
    return round(earned / possible * 10_000) / 10_000 if possible > 0 else 0.0


class Score(NamedTuple):
    """Points earned of points possible."""

    earned: float
    possible: float


class Assignment(NamedTuple):
    """The graded total of one subsection, its name, and whether the learner is excused from it."""

    earned: float
    possible: float
    name: str = ""
    is_excused: bool = False

    @property
    def takes_place(self) -> bool:
        """Whether it is among the assignments of its format."""
        return self.possible > 0 or self.is_excused


class ScoredBlock(NamedTuple):
    """A block's weighted score, and whether it counts towards the grade."""

    earned: float
    possible: float
    graded: bool = True


@dataclass(frozen=True, slots=True)
class SubsectionTotal:
    """The sums of a subsection: over all its blocks and over the graded ones."""

    all: Score
    graded: Score

    @property
    def percent(self) -> float:
        """The graded percentage, 0-1 or more."""
        return percent_of(*self.graded)


@dataclass(frozen=True, slots=True)
class AssignmentFormat:
    """One entry of the policy's ``GRADER`` list."""

    type: str
    min_count: int
    drop_count: int
    weight: float = 0.0
    category: str = ""
    section_type: str = ""
    short_label: str = ""
    show_only_average: bool = False
    hide_average: bool = False
    starting_index: int = 1


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One row of a grade: an assignment, or the average of its format (``is_average``)."""

    format: str
    category: str
    label: str
    percent: float
    dropped: bool = False
    is_average: bool = False
    detail: str = ""
    is_excused: bool = False


@dataclass(frozen=True, slots=True)
class FormatShare:
    """The percentage of one format, before its weight, and the indices of what was left out.

    ``is_excused``: the learner is excused from all of it, so that its weight goes to the others.
    """

    percent: float
    dropped: frozenset[int] = frozenset()
    is_excused: bool = False


@dataclass(frozen=True, slots=True)
class FormatGrade:
    """The grade of one format, before its weight, in rows. ``is_excused`` as in FormatShare."""

    percent: float
    breakdown: tuple[Breakdown, ...]
    is_excused: bool = False


@dataclass(frozen=True, slots=True)
class CourseGrade:
    """A course's grade. ``formats`` maps each format to its own percentage, before its weight."""

    percent: float
    percent_unrounded: float
    letter: str | None
    passed: bool | None
    breakdown: tuple[Breakdown, ...] = ()
    formats: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """A fault in a policy: where it is and how it will be treated."""

    where: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_error: bool = True

    def __str__(self) -> str:
        text = self.message % self.params if self.params else self.message
        return f"{self.where}: {text}"


class InvalidPolicy(ValueError):
    """A policy by which no grade can be computed; ``problems`` says why."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
