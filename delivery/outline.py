"""A course version as its pages show it: sections, subsections, units, and what counts in them.

Worked out once per tree and shared by all requests, as the tree is. What may
be completed or scored depends on the installed block classes; when a part opens, on its dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from xblock.completable import XBlockCompletionMode

from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.tree import VERSIONS_KEPT, BlockNode, CourseTree

OUR_BLOCKS = "xblocks."
ALWAYS, NEVER, PAST_DUE = "always", "never", "past_due"
NEVER_BUT_COUNTING = "never_but_include_grade"  # the points hidden, the grade with them
ABOVE_SUBSECTIONS = {"course", "chapter", "sequential"}


@dataclass(frozen=True, slots=True)
class Opening:
    """When a part of a course can be seen: by staff alone, or by all from a date on."""

    at: datetime | None = None
    staff_only: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether trainees see the part at ``now``."""
        return not self.staff_only and (self.at is None or self.at <= now)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block that can be completed or scored.

    ``completed_by``: "view" (by staying on its page), "score" (by answering), "itself" (it says
    so), or "" (never). ``graded`` is the author's word, ``None`` if there is none. ``is_ours``:
    its answers are kept by ``grading``.
    """

    usage_key: str
    is_ours: bool
    completed_by: str
    has_score: bool
    possible: float
    weight: float | None
    graded: bool | None
    opening: Opening


@dataclass(frozen=True, slots=True)
class UnitOutline:
    """A page of the course."""

    usage_key: str
    name: str
    opening: Opening
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class SubsectionOutline:
    """A subsection: its units, its due date and its place in the grading policy.

    ``above`` are the usage keys of the section and the course. ``show_correctness`` says when
    learners see what they earned, in Open edX's words.
    """

    usage_key: str
    name: str
    opening: Opening
    above: tuple[str, ...]
    due: datetime | None
    show_correctness: str
    graded: bool
    format: str
    units: tuple[UnitOutline, ...]


@dataclass(frozen=True, slots=True)
class ChapterOutline:
    """A section and its subsections."""

    usage_key: str
    name: str
    opening: Opening
    subsections: tuple[SubsectionOutline, ...]


@dataclass(frozen=True)
class CourseOutline:
    """The sections of a course version, and when the course as a whole opens."""

    opening: Opening
    chapters: tuple[ChapterOutline, ...]

    @cached_property
    def subsections(self) -> tuple[SubsectionOutline, ...]:
        """All subsections, in order."""
        return tuple(part for chapter in self.chapters for part in chapter.subsections)

    @cached_property
    def units(self) -> tuple[UnitOutline, ...]:
        """All units, in order."""
        return tuple(unit for subsection in self.subsections for unit in subsection.units)

    @cached_property
    def places(self) -> dict[str, tuple[ChapterOutline, SubsectionOutline, UnitOutline]]:
        """Where each unit stands, by its usage key."""
        return {
            unit.usage_key: (chapter, subsection, unit)
            for chapter in self.chapters
            for subsection in chapter.subsections
            for unit in subsection.units
        }


@lru_cache(maxsize=VERSIONS_KEPT)
def outline_of(tree: CourseTree) -> CourseOutline:
    """The outline of ``tree``."""
    return CourseOutline(
        _opening(tree, tree.blocks[tree.root]),
        tuple(
            ChapterOutline(
                chapter.usage_key,
                chapter.display_name,
                _opening(tree, chapter),
                tuple(
                    _subsection(tree, node)
                    for node in tree.children(chapter.usage_key)
                    if node.block_type == "sequential"
                ),
            )
            for chapter in tree.chapters
        ),
    )


@lru_cache(maxsize=256)
def completed_by(block_type: str) -> str | None:
    """How blocks of a type are completed, as in ``Leaf``; ``None`` if their children are instead.

    As in Open edX: scored blocks by any score, others by being seen, unless the class publishes
    its own completion. Types that are not installed show a placeholder and are never completed.
    """
    try:
        block_class = load_block_class(block_type)
    except BlockTypeMissing:
        return ""
    mode = XBlockCompletionMode.get_mode(block_class)
    if mode == XBlockCompletionMode.AGGREGATOR:
        return None
    if mode == XBlockCompletionMode.EXCLUDED:
        return ""
    if getattr(block_class, "has_custom_completion", False):
        return "itself"
    return "score" if getattr(block_class, "has_score", False) else "view"


@lru_cache(maxsize=256)
def is_ours(block_type: str) -> bool:
    """Whether a block type is one of this suite's own."""
    try:
        return str(load_block_class(block_type).__module__).startswith(OUR_BLOCKS)
    except BlockTypeMissing:
        return False


def _opening(tree: CourseTree, node: BlockNode) -> Opening:
    return Opening(tree.opens_at(node.usage_key), tree.is_staff_only(node.usage_key))


def _subsection(tree: CourseTree, node: BlockNode) -> SubsectionOutline:
    return SubsectionOutline(
        usage_key=node.usage_key,
        name=node.display_name,
        opening=_opening(tree, node),
        above=tuple(up.usage_key for up in tree.ancestors(node.usage_key)),
        due=tree.date(node.usage_key, "due"),
        show_correctness=str(tree.setting(node.usage_key, "show_correctness", ALWAYS) or ALWAYS),
        graded=tree.setting(node.usage_key, "graded", False) is True,
        format=str(node.fields.get("format") or ""),
        units=tuple(_unit(tree, unit) for unit in tree.children(node.usage_key)),
    )


def _unit(tree: CourseTree, node: BlockNode) -> UnitOutline:
    return UnitOutline(
        usage_key=node.usage_key,
        name=node.display_name,
        opening=_opening(tree, node),
        leaves=tuple(_leaves(tree, node)),
    )


def _leaves(tree: CourseTree, node: BlockNode) -> Iterator[Leaf]:
    how = completed_by(node.block_type)
    if how or node.has_score:
        yield Leaf(
            usage_key=node.usage_key,
            is_ours=is_ours(node.block_type),
            completed_by=how or "",
            has_score=node.has_score and node.max_score is not None,
            possible=float(node.max_score or 0.0),
            weight=_weight(node.fields.get("weight")),
            graded=_graded(tree, node),
            opening=_opening(tree, node),
        )
    if how is None:
        for child in tree.children(node.usage_key):
            yield from _leaves(tree, child)


def _weight(value: Any) -> float | None:
    """A weight as the platform takes it: nothing that is no number, nothing negative."""
    try:
        weight = float(value)
    except (TypeError, ValueError):
        return None
    return weight if 0 <= weight < float("inf") else None


def _graded(tree: CourseTree, node: BlockNode) -> bool | None:
    """What the block, or its nearest ancestor below the subsection, says of ``graded``."""
    for above in (node, *tree.ancestors(node.usage_key)):
        if above.block_type in ABOVE_SUBSECTIONS:
            return None
        if isinstance(above.fields.get("graded"), bool):
            return bool(above.fields["graded"])
    return None
