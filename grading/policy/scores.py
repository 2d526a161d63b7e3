"""From the scores of blocks to the total of a subsection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grading.policy.values import Score, ScoredBlock, SubsectionTotal


def weighted_score(
    raw_earned: float, raw_possible: float, weight: float | None
) -> tuple[float, float]:
    """A block's points under its ``weight``: as they are without one, or if 0 are possible."""
    if weight is None or raw_possible == 0:
        return raw_earned, raw_possible
    return float(raw_earned) * weight / raw_possible, float(weight)


def block_counts(graded: bool | None, weighted_possible: float) -> bool:
    """Whether a block counts: unless the author said no, or it is worth nothing.

    ``graded`` is the field of the block or of its nearest ancestor below the section that sets
    it, ``None`` if none does.
    """
    return graded is not False and weighted_possible > 0


def subsection_total(scores: Iterable[ScoredBlock]) -> SubsectionTotal:
    """The sums of a subsection's weighted block scores."""
    blocks = list(scores)
    graded = [block for block in blocks if block.graded]
    return SubsectionTotal(all=_sum(blocks), graded=_sum(graded))


def _sum(blocks: Sequence[ScoredBlock]) -> Score:
    earned = possible = 0.0
    for block in blocks:  # one after the other: `sum` rounds differently from Python 3.12 on
        earned += block.earned
        possible += block.possible
    return Score(earned, possible)


def is_improvement(old: tuple[float, float], new: tuple[float, float]) -> bool:
    """Whether a score published as "only if higher" replaces the old one: ties do."""
    return _ratio(*new) >= _ratio(*old)


def _ratio(earned: float, possible: float) -> float:
    return earned / possible if possible else 0.0
