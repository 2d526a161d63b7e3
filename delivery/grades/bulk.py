"""Many learners' grades at once: the rules of ``delivery.grades.sheets`` on whole columns.

Pure. Every operation is done in the order in which ``sheets.grade`` does it for one learner, so
that the results are the same to the last bit. Learners for whom a rule speaks that columns do not
know (somebody decided something, or a score is out of 0 points) are left to ``sheets``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from delivery.grades.plan import GradePlan
from delivery.grades.sheets import (
    ATTEMPTED,
    GIVEN,
    Decision,
    Grade,
    Sheet,
    empty_sheet,
    grade,
    pack_points,
    pack_totals,
    set_decision,
    set_score,
)
from grading.policy import AssignmentFormat, letter_of

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class RawPoints:
    """Raw scores of learners, a row for each block and a column for each learner.

    ``earned`` is not a number where there is no score; ``is_given``: the points come weighted.
    """

    earned: Floats
    possible: Floats
    is_given: Bools


@dataclass(frozen=True, slots=True)
class PackedGrade:
    """A grade as the row of a line keeps it."""

    blocks: bytes
    subsections: bytes
    percent: float
    percent_unrounded: float
    letter: str
    passed: bool | None
    scored: int
    overrides: int


@dataclass(frozen=True)
class _Totals:
    earned: Floats
    possible: Floats
    earned_all: Floats
    possible_all: Floats
    attempted: Bools


def no_points(plan: GradePlan, learners: int) -> RawPoints:
    """Room for the scores of some learners: none yet."""
    shape = (len(plan.blocks), learners)
    return RawPoints(np.full(shape, np.nan), np.zeros(shape), np.zeros(shape, dtype=np.bool_))


def grade_many(
    plan: GradePlan, raw: RawPoints, decisions: Mapping[int, Mapping[str, Decision]]
) -> list[PackedGrade]:
    """The grades of learners by their columns; ``decisions`` are by the same numbers."""
    scored, earned, possible = _weigh(plan, raw)
    totals = _total(plan, scored, earned, possible)
    regular = np.full(raw.earned.shape[1], True)
    percents = _percents(plan, totals, regular)
    rounded = _round(percents)
    flags = np.where(scored & raw.is_given, GIVEN, 0)
    blocks = _pack([earned, possible], flags)
    attempted = np.where(totals.attempted, ATTEMPTED, 0)
    subsections = _pack(
        [totals.earned, totals.possible, totals.earned_all, totals.possible_all], attempted
    )
    letters = {value: _letter(plan, value) for value in np.unique(rounded).tolist()}
    pass_mark = plan.pass_mark
    packed = [
        PackedGrade(
            block, part, value, unrounded, letters[value], _passes(value, pass_mark), count, 0
        )
        for block, part, value, unrounded, count in zip(
            blocks,
            subsections,
            rounded.tolist(),
            percents.tolist(),
            scored.sum(axis=0).tolist(),
            strict=True,
        )
    ]
    for learner in {*np.flatnonzero(~regular).tolist(), *decisions}:
        sheet = _sheet(plan, raw, learner, decisions.get(learner, {}))
        packed[learner] = pack_grade(sheet, grade(plan, sheet))
    return packed


def pack_grade(sheet: Sheet, worked_out: Grade) -> PackedGrade:
    """One learner's sheet and grade as the row keeps them."""
    return PackedGrade(
        pack_points(sheet.points),
        pack_totals(worked_out.totals),
        worked_out.percent,
        worked_out.percent_unrounded,
        worked_out.letter,
        worked_out.passed,
        worked_out.scored,
        worked_out.overrides,
    )


def _sheet(
    plan: GradePlan, raw: RawPoints, learner: int, decisions: Mapping[str, Decision]
) -> Sheet:
    sheet = empty_sheet(plan)
    for position in np.flatnonzero(~np.isnan(raw.earned[:, learner])).tolist():
        set_score(
            plan,
            sheet,
            position,
            float(raw.earned[position, learner]),
            float(raw.possible[position, learner]),
            is_weighted=bool(raw.is_given[position, learner]),
        )
    for usage_key, decision in decisions.items():
        set_decision(plan, sheet, usage_key, decision)
    return sheet


def _weigh(plan: GradePlan, raw: RawPoints) -> tuple[Bools, Floats, Floats]:
    weight = np.array(
        [np.nan if block.weight is None else block.weight for block in plan.blocks]
    ).reshape(-1, 1)
    worth = np.array([block.possible for block in plan.blocks]).reshape(-1, 1)
    scored = ~np.isnan(raw.earned)
    weighs = scored & ~raw.is_given & ~np.isnan(weight) & (raw.possible != 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        earned = np.where(weighs, raw.earned * weight / raw.possible, raw.earned)
    possible = np.where(weighs, weight, np.where(scored, raw.possible, worth))
    return scored, earned, possible


def _total(plan: GradePlan, scored: Bools, earned: Floats, possible: Floats) -> _Totals:
    shape = (len(plan.subsections), earned.shape[1])
    totals = _Totals(
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape, dtype=np.bool_),
    )
    got = np.where(scored, earned, 0.0)
    for position, block in enumerate(plan.blocks):
        if not block.is_open:
            continue
        place = block.place
        totals.attempted[place] |= scored[position]
        totals.earned_all[place] += got[position]
        totals.possible_all[place] += possible[position]
        if block.counts:
            counts = possible[position] > 0
            totals.earned[place] += np.where(counts, got[position], 0.0)
            totals.possible[place] += np.where(counts, possible[position], 0.0)
    return totals


def _percents(plan: GradePlan, totals: _Totals, regular: Bools) -> Floats:
    """The unrounded course grades; ``regular`` is left false for learners with other rules."""
    percents = np.zeros(len(regular))
    usual = _usual_possible(plan)
    for fmt in plan.formats or ():
        places = plan.by_format.get(fmt.type, ())
        for place in places:
            regular &= (totals.possible[place] > 0) == (usual[place] > 0)
        taken = [place for place in places if usual[place] > 0]
        percents += _format_percent(fmt, totals, taken) * fmt.weight
    return percents


def _usual_possible(plan: GradePlan) -> list[float]:
    """What counts in each subsection for who has no score."""
    return [
        sum(
            block.possible
            for block in plan.blocks[part.start : part.stop]
            if block.counts and block.is_open
        )
        for part in plan.subsections
    ]


def _format_percent(fmt: AssignmentFormat, totals: _Totals, places: Sequence[int]) -> Floats:
    slots = max(fmt.min_count, len(places))
    rows = np.zeros((slots, totals.earned.shape[1]))
    for index, place in enumerate(places):
        possible = totals.possible[place]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.rint(totals.earned[place] / possible * 10_000) / 10_000
        rows[index] = np.where(possible > 0, share, 0.0)
    if fmt.drop_count:
        order = np.argsort(-rows, axis=0, kind="stable")
        np.put_along_axis(rows, order[max(slots - fmt.drop_count, 0) :], 0.0, axis=0)
    percent = np.zeros(rows.shape[1])
    for row in rows:
        percent += row
    kept = slots - fmt.drop_count
    return percent / kept if kept > 0 else percent


def _round(percents: Floats) -> Floats:
    hundredths = percents * 100 + 0.05
    return np.where(hundredths >= 0, np.floor(hundredths + 0.5), np.ceil(hundredths - 0.5)) / 100


def _letter(plan: GradePlan, percent: float) -> str:
    return (letter_of(percent, plan.cutoffs) or "")[:100]


def _passes(percent: float, pass_mark: float | None) -> bool | None:
    return None if pass_mark is None else percent >= pass_mark


def _pack(columns: Sequence[Floats], flags: NDArray[np.int_]) -> list[bytes]:
    """The numbers of each learner as ``sheets`` packs them."""
    learners = flags.shape[1]
    numbers = np.concatenate(columns, axis=0).T.astype(">f8")
    width = 8 * numbers.shape[1]
    packed = np.empty((learners, width + flags.shape[0]), dtype=np.uint8)
    packed[:, :width] = np.ascontiguousarray(numbers).view(np.uint8).reshape(learners, width)
    packed[:, width:] = flags.T
    whole, size = packed.tobytes(), packed.shape[1]
    return [whole[learner * size : (learner + 1) * size] for learner in range(learners)]
