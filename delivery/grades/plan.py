"""What of a course counts, and how: worked out once for each version and each opening of a part.

A plan names the scored blocks of a version in course order, the subsections that they are in,
and the formats of the policy. Its ``stamp`` is a digest of all that turns scores into grades, so
that a version that changes only texts leaves every stored grade as it is.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from delivery.outline import Leaf, SubsectionOutline, outline_of
from delivery.tree import VERSIONS_KEPT, CourseTree
from grading.policy import (
    AssignmentFormat,
    InvalidPolicy,
    PolicyProblem,
    block_counts,
    passing_cutoff,
    read_policy,
    weighted_score,
)

LAYOUT = 1  # of the packed rows: to be raised when they, or the rules, change their meaning
STAMP_BITS = 63


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A scored block. ``place`` is the index of its subsection.

    ``possible`` are the points it is worth, weighted, for who has no score in it; ``counts``:
    the author lets it count, if it is worth anything; ``is_open``: trainees see it.
    """

    usage_key: str
    place: int
    possible: float
    weight: float | None
    counts: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class PlannedSubsection:
    """A subsection: its blocks are those from index ``start`` up to ``stop``."""

    usage_key: str
    name: str
    format: str
    graded: bool
    is_open: bool
    start: int
    stop: int


@dataclass(frozen=True)
class GradePlan:
    """How scores become grades. ``formats`` is ``None`` if the policy cannot be read."""

    blocks: tuple[PlannedBlock, ...]
    subsections: tuple[PlannedSubsection, ...]
    formats: tuple[AssignmentFormat, ...] | None
    cutoffs: dict[str, float]
    problems: tuple[PolicyProblem, ...]
    next_opening: datetime | None
    stamp: int

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each block stands, by its usage key."""
        return {block.usage_key: index for index, block in enumerate(self.blocks)}

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each subsection stands, by its usage key."""
        return {part.usage_key: index for index, part in enumerate(self.subsections)}

    @cached_property
    def pass_mark(self) -> float | None:
        """The least rounded percentage that passes."""
        return passing_cutoff(self.cutoffs)

    @cached_property
    def by_format(self) -> dict[str, tuple[int, ...]]:
        """The indices of the graded, open subsections of each format, in course order."""
        found: dict[str, tuple[int, ...]] = {}
        for index, part in enumerate(self.subsections):
            if part.graded and part.is_open:
                found[part.format] = (*found.get(part.format, ()), index)
        return found


def plan_at(tree: CourseTree, now: datetime) -> GradePlan:
    """The plan of ``tree`` at a time: parts that open later do not count yet."""
    return _plan(tree, bisect_right(_openings(tree), now))


@lru_cache(maxsize=VERSIONS_KEPT)
def _openings(tree: CourseTree) -> tuple[datetime, ...]:
    """The moments at which something that is scored opens."""
    moments = {
        opening.at
        for part in outline_of(tree).subsections
        for opening in (part.opening, *(leaf.opening for leaf in _scored(part)))
        if opening.at is not None and not opening.staff_only
    }
    return tuple(sorted(moments))


@lru_cache(maxsize=2 * VERSIONS_KEPT)
def _plan(tree: CourseTree, passed: int) -> GradePlan:
    """The plan once ``passed`` of the openings lie behind."""
    openings = _openings(tree)
    # Anything with a staff-only or later opening is closed; the rest opened at or before this.
    closes_after = openings[passed - 1] if passed else None
    blocks: list[PlannedBlock] = []
    subsections = []
    for place, part in enumerate(outline_of(tree).subsections):
        start = len(blocks)
        blocks += [_planned(leaf, place, closes_after) for leaf in _scored(part)]
        subsections.append(
            PlannedSubsection(
                usage_key=part.usage_key,
                name=part.name,
                format=part.format,
                graded=part.graded,
                is_open=_is_open(part.opening.at, part.opening.staff_only, closes_after),
                start=start,
                stop=len(blocks),
            )
        )
    formats: tuple[AssignmentFormat, ...] | None = None
    cutoffs: dict[str, float] = {}
    problems: tuple[PolicyProblem, ...] = ()
    try:
        formats, cutoffs = read_policy(tree.grading_policy)
    except InvalidPolicy as error:
        problems = error.problems
    return GradePlan(
        blocks=tuple(blocks),
        subsections=tuple(subsections),
        formats=formats,
        cutoffs=cutoffs,
        problems=problems,
        next_opening=openings[passed] if passed < len(openings) else None,
        stamp=_stamp(blocks, subsections, tree),
    )


def _scored(part: SubsectionOutline) -> list[Leaf]:
    return [leaf for unit in part.units for leaf in unit.leaves if leaf.has_score]


def _planned(leaf: Leaf, place: int, now: datetime | None) -> PlannedBlock:
    _earned, possible = weighted_score(0.0, leaf.possible, leaf.weight)
    return PlannedBlock(
        usage_key=leaf.usage_key,
        place=place,
        possible=possible,
        weight=leaf.weight,
        counts=leaf.graded is not False,
        is_open=_is_open(leaf.opening.at, leaf.opening.staff_only, now),
    )


def _is_open(at: datetime | None, staff_only: bool, now: datetime | None) -> bool:
    return not staff_only and (at is None or (now is not None and at <= now))


def counts_for(block: PlannedBlock, possible: float) -> bool:
    """Whether a block counts when ``possible`` weighted points are possible in it."""
    return block_counts(block.counts, possible)


def _stamp(
    blocks: list[PlannedBlock], subsections: list[PlannedSubsection], tree: CourseTree
) -> int:
    told = (
        LAYOUT,
        [
            (
                block.usage_key,
                block.place,
                block.possible,
                block.weight,
                block.counts,
                block.is_open,
            )
            for block in blocks
        ],
        [(part.usage_key, part.format, part.graded, part.is_open) for part in subsections],
        json.dumps(dict(tree.grading_policy), sort_keys=True),
    )
    digest = hashlib.sha256(repr(told).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - STAMP_BITS) or 1
