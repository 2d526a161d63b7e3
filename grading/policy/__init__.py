"""A course's grading policy: from the scores of its blocks to the grade of the course.

Pure. Every rule, oddities included, is that of Open edX (``xmodule/graders.py`` and
``lms/djangoapps/grades``), so that a course earns the same grade in both homes: percentages of a
subsection are rounded half to even at four places, the drop is stable, a format without scores
counts as zero, course percentages are rounded upwards with a small favour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from typing import Any

from grading.policy.formats import format_share, grade_format
from grading.policy.reading import DEFAULT_POLICY, read_policy, validate_policy
from grading.policy.scores import (
    block_counts,
    is_improvement,
    subsection_total,
    weighted_score,
)
from grading.policy.values import (
    Assignment,
    AssignmentFormat,
    Breakdown,
    CourseGrade,
    FormatGrade,
    FormatShare,
    InvalidPolicy,
    PolicyProblem,
    Score,
    ScoredBlock,
    SubsectionTotal,
    percent_of,
)

__all__ = [
    "DEFAULT_POLICY",
    "Assignment",
    "AssignmentFormat",
    "Breakdown",
    "CourseGrade",
    "FormatGrade",
    "FormatShare",
    "InvalidPolicy",
    "PolicyProblem",
    "Score",
    "ScoredBlock",
    "SubsectionTotal",
    "block_counts",
    "course_grade",
    "course_percent",
    "format_share",
    "grade_format",
    "is_improvement",
    "letter_of",
    "passing_cutoff",
    "percent_of",
    "read_policy",
    "round_course_percent",
    "subsection_total",
    "validate_policy",
    "weighted_score",
]


def course_grade(
    policy: Mapping[str, Any], sheet: Mapping[str, Sequence[Sequence[Any]]]
) -> CourseGrade:
    """The grade of a course by its ``grading_policy.json``.

    ``sheet`` maps each format to the graded totals of its subsections in course order, as
    ``(earned, possible)``, ``(earned, possible, name)`` or an ``Assignment``, points; a subsection
    without possible points is no assignment, a format the policy does not name is ignored. Weights
    need not add up to 1. Raises ``InvalidPolicy``.
    """
    formats, cutoffs = read_policy(policy)
    breakdown: list[Breakdown] = []
    grades = []
    for fmt in formats:
        assignments = [Assignment(*entry) for entry in sheet.get(fmt.type, ())]
        grades.append(grade_format(fmt, [entry for entry in assignments if entry.takes_place]))
        breakdown += grades[-1].breakdown
    percent = course_percent(
        [(fmt.weight, grade) for fmt, grade in zip(formats, grades, strict=True)]
    )
    rounded = round_course_percent(percent)
    cutoff = passing_cutoff(cutoffs)
    return CourseGrade(
        percent=rounded,
        percent_unrounded=percent,
        letter=letter_of(rounded, cutoffs),
        passed=None if cutoff is None else rounded >= cutoff,
        breakdown=tuple(breakdown),
        formats={fmt.type: grade.percent for fmt, grade in zip(formats, grades, strict=True)},
    )


def course_percent(shares: Iterable[tuple[float, FormatShare | FormatGrade]]) -> float:
    """The unrounded percentage of a course from the weight and percentage of each format.

    The weight of formats that a learner is excused from is shared out among the others.
    """
    percent = counted = excused = 0.0
    for weight, share in shares:
        if share.is_excused:
            excused += weight
            continue
        percent += share.percent * weight
        counted += weight
    return percent * (counted + excused) / counted if excused and counted > 0 else percent


def round_course_percent(percent: float) -> float:
    """A course's percentage in whole hundredths, rounded up from 0.45 of one."""
    hundredths = percent * 100 + 0.05
    return floor(hundredths + 0.5) / 100 if hundredths >= 0 else ceil(hundredths - 0.5) / 100


def letter_of(percent: float, cutoffs: Mapping[str, float]) -> str | None:
    """The grade with the highest cutoff that the rounded ``percent`` reaches, if any."""
    reached = [letter for letter, cutoff in cutoffs.items() if percent >= cutoff]
    return max(reached, key=lambda letter: cutoffs[letter]) if reached else None


def passing_cutoff(cutoffs: Mapping[str, float]) -> float | None:
    """The least rounded percentage that passes: the lowest cutoff above 0, if there is one."""
    return min((cutoff for cutoff in cutoffs.values() if cutoff > 0), default=None)
