"""A learner's scores and totals as numbers, and how they are packed into one row.

Packed, the points of all blocks stand one after another as eight-byte floats, most significant
byte first: so a database can sort learners by any block without knowing what a float is. Points
are never negative; ``NO_SCORE`` (not a number) stands where nothing was earned yet.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from math import nan

from delivery.grades.plan import GradePlan, counts_for
from grading.policy import (
    Assignment,
    course_percent,
    format_share,
    letter_of,
    round_course_percent,
    weighted_score,
)

NO_SCORE = nan
FLOAT = 8  # bytes

GIVEN = 1  # somebody or a re-grade gave the points
OVERRIDDEN = 2
EXCUSED = 4
ATTEMPTED = 8  # of a subsection: something in it has a score
WHOLE = 16  # of a subsection: the decision is on it, not on the blocks in it
DECIDED = OVERRIDDEN | EXCUSED


@dataclass(slots=True)
class Points:
    """Weighted points of blocks, by the index that the plan gives them; flags as above."""

    earned: list[float]
    possible: list[float]
    flags: bytearray


@dataclass(slots=True)
class Totals:
    """The points of subsections, by index: of all blocks in them and of those that count."""

    earned_all: list[float]
    possible_all: list[float]
    earned: list[float]
    possible: list[float]
    flags: bytearray


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided in place of a score: points, or to excuse the learner."""

    earned: float = 0.0
    possible: float = 0.0
    is_excused: bool = False


@dataclass(slots=True)
class Sheet:
    """A learner's scores under a plan, and the decisions on whole subsections, by index."""

    points: Points
    decisions: dict[int, Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grade:
    """What a sheet comes to. ``letter`` is empty if none is reached or no policy can be read."""

    totals: Totals
    percent: float
    percent_unrounded: float
    letter: str
    passed: bool | None
    scored: int
    overrides: int


def empty_sheet(plan: GradePlan) -> Sheet:
    """The sheet of a learner without any score."""
    return Sheet(
        Points(
            [NO_SCORE] * len(plan.blocks),
            [block.possible for block in plan.blocks],
            bytearray(len(plan.blocks)),
        )
    )


def set_score(
    plan: GradePlan,
    sheet: Sheet,
    position: int,
    earned: float | None,
    possible: float | None,
    *,
    is_weighted: bool = False,
) -> None:
    """Let raw points (``None``: no score) count for a block, unless a decision stands there."""
    points, block = sheet.points, plan.blocks[position]
    if points.flags[position] & DECIDED:
        return
    if earned is None or possible is None:
        points.earned[position], points.possible[position] = NO_SCORE, block.possible
        points.flags[position] = 0
        return
    weight = None if is_weighted else block.weight
    points.earned[position], points.possible[position] = weighted_score(earned, possible, weight)
    points.flags[position] = GIVEN if is_weighted else 0


def set_decision(plan: GradePlan, sheet: Sheet, usage_key: str, decision: Decision) -> None:
    """Let a decision stand for a block or subsection; one on anything else counts nowhere."""
    if usage_key in plan.places:
        sheet.decisions[plan.places[usage_key]] = decision
    elif usage_key in plan.positions:
        position = plan.positions[usage_key]
        points = sheet.points
        if decision.is_excused:
            points.earned[position], points.possible[position] = NO_SCORE, 0.0
            points.flags[position] = EXCUSED
        else:
            points.earned[position], points.possible[position] = decision.earned, decision.possible
            points.flags[position] = OVERRIDDEN


def grade(plan: GradePlan, sheet: Sheet) -> Grade:
    """The totals and the course grade of a sheet."""
    totals = _total(plan, sheet)
    percent = _percent(plan, totals)
    rounded = round_course_percent(percent)
    pass_mark = plan.pass_mark
    points = sheet.points
    decided = sum(1 for flags in points.flags if flags & DECIDED)
    return Grade(
        totals=totals,
        percent=rounded,
        percent_unrounded=percent,
        letter=(letter_of(rounded, plan.cutoffs) or "")[:100],
        passed=None if pass_mark is None else rounded >= pass_mark,
        scored=sum(1 for earned in points.earned if earned == earned),
        overrides=decided + len(sheet.decisions),
    )


def _total(plan: GradePlan, sheet: Sheet) -> Totals:
    size = len(plan.subsections)
    totals = Totals([0.0] * size, [0.0] * size, [0.0] * size, [0.0] * size, bytearray(size))
    for index, part in enumerate(plan.subsections):
        if index in sheet.decisions:
            _decide(totals, index, sheet.decisions[index])
        else:
            _add_up(plan, sheet.points, totals, index, part.start, part.stop)
    return totals


def _decide(totals: Totals, index: int, decision: Decision) -> None:
    totals.earned[index] = totals.earned_all[index] = decision.earned
    totals.possible[index] = totals.possible_all[index] = decision.possible
    totals.flags[index] = WHOLE | (EXCUSED if decision.is_excused else OVERRIDDEN)


def _add_up(
    plan: GradePlan, points: Points, totals: Totals, index: int, start: int, stop: int
) -> None:
    earned_all = possible_all = earned = possible = 0.0
    flags = 0
    for position in range(start, stop):
        block = plan.blocks[position]
        if not block.is_open:
            continue
        if points.flags[position] & EXCUSED:
            if counts_for(block, block.possible):
                flags |= EXCUSED
            continue
        out_of, got = points.possible[position], points.earned[position]
        if got == got:  # a number
            flags |= ATTEMPTED
        else:
            got = 0.0
        earned_all += got
        possible_all += out_of
        if counts_for(block, out_of):
            earned += got
            possible += out_of
    totals.earned_all[index], totals.possible_all[index] = earned_all, possible_all
    totals.earned[index], totals.possible[index] = earned, possible
    # Excused from some of its blocks, one is graded by the others.
    totals.flags[index] = flags & ~EXCUSED if possible > 0 else flags


def _percent(plan: GradePlan, totals: Totals) -> float:
    return course_percent(
        (fmt.weight, format_share(fmt, assignments_of(plan, totals, fmt.type)))
        for fmt in plan.formats or ()
    )


def assignments_of(plan: GradePlan, totals: Totals, kind: str) -> list[Assignment]:
    """The assignments of a format that take a place in it, in course order."""
    found = (
        Assignment(
            totals.earned[index],
            totals.possible[index],
            plan.subsections[index].name,
            bool(totals.flags[index] & EXCUSED),
        )
        for index in plan.by_format.get(kind, ())
    )
    return [entry for entry in found if entry.takes_place]


# --- Packed -------------------------------------------------------------------------------------


def pack_points(points: Points) -> bytes:
    """The points as the row keeps them: all earned, all possible, all flags."""
    size = len(points.flags)
    return struct.pack(f">{2 * size}d", *points.earned, *points.possible) + bytes(points.flags)


def unpack_points(packed: bytes) -> Points:
    """What ``pack_points`` packed."""
    size = len(packed) // (2 * FLOAT + 1)
    numbers = struct.unpack_from(f">{2 * size}d", packed)
    return Points(list(numbers[:size]), list(numbers[size:]), bytearray(packed[2 * FLOAT * size :]))


def pack_totals(totals: Totals) -> bytes:
    """The totals as the row keeps them: earned and possible that count, then of all, then flags."""
    size = len(totals.flags)
    numbers = (*totals.earned, *totals.possible, *totals.earned_all, *totals.possible_all)
    return struct.pack(f">{4 * size}d", *numbers) + bytes(totals.flags)


def unpack_totals(packed: bytes) -> Totals:
    """What ``pack_totals`` packed."""
    size = len(packed) // (4 * FLOAT + 1)
    numbers = struct.unpack_from(f">{4 * size}d", packed)
    return Totals(
        earned=list(numbers[:size]),
        possible=list(numbers[size : 2 * size]),
        earned_all=list(numbers[2 * size : 3 * size]),
        possible_all=list(numbers[3 * size :]),
        flags=bytearray(packed[4 * FLOAT * size :]),
    )


def unpack_sheet(blocks: bytes, subsections: bytes) -> Sheet:
    """The sheet in a row: its points, and the decisions that its totals keep."""
    totals = unpack_totals(subsections)
    decisions = {
        index: Decision(totals.earned[index], totals.possible[index], bool(flags & EXCUSED))
        for index, flags in enumerate(totals.flags)
        if flags & WHOLE
    }
    return Sheet(unpack_points(blocks), decisions)
