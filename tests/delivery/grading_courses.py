"""Courses to grade: any structure, policy and scores, with and without a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from delivery.grades.bulk import RawPoints, no_points
from delivery.grades.plan import GradePlan, plan_at
from delivery.grades.sheets import Decision, Sheet, empty_sheet, set_decision, set_score
from delivery.tree import BlockNode, CourseTree
from tests.delivery.factories import Spec, block, scored, usage_key
from tests.delivery.reading_room import FUTURE

KEY = "course-v1:Leaf+GRADES+2026"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
FORMATS = ("Exercises", "Test")


@dataclass(frozen=True)
class RawScore:
    """What a block's row says: raw points, or weighted ones that somebody gave."""

    earned: float
    possible: float
    is_given: bool = False


@dataclass
class Learner:
    """A learner's raw scores and the decisions on them, by the names of blocks and subsections."""

    scores: dict[str, RawScore] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)


def tree_of(subsections: list[Spec], policy: dict[str, Any]) -> CourseTree:
    """A version that is in no database."""
    root = block("course", "course", block("chapter", "chapter", *subsections))
    blocks = {node.usage_key: node for node in _nodes(root, "")}
    return CourseTree(
        course_key=KEY,
        version_id=0,
        number=1,
        root=next(iter(blocks)),
        blocks=blocks,
        files={},
        grading_policy=policy,
        about={},
    )


def _nodes(spec: Spec, parent: str) -> Iterator[BlockNode]:
    key = usage_key(KEY, spec.block_type, spec.name)
    yield BlockNode(
        usage_key=key,
        block_type=spec.block_type,
        parent=parent,
        children=tuple(usage_key(KEY, child.block_type, child.name) for child in spec.children),
        fields=spec.fields,
        olx="",
        has_score=spec.has_score,
        max_score=spec.max_score,
    )
    for child in spec.children:
        yield from _nodes(child, key)


def problem_key(name: str) -> str:
    return usage_key(KEY, "problem", name)


def part_key(name: str) -> str:
    return usage_key(KEY, "sequential", name)


def sheet_of(plan: GradePlan, learner: Learner) -> Sheet:
    """What is stored of a learner, from the raw scores."""
    sheet = empty_sheet(plan)
    for key, score in learner.scores.items():
        position = plan.positions[key]
        set_score(plan, sheet, position, score.earned, score.possible, is_weighted=score.is_given)
    for key, decision in learner.decisions.items():
        set_decision(plan, sheet, key, decision)
    return sheet


def points_of(plan: GradePlan, learners: list[Learner]) -> RawPoints:
    """The same for many learners, in columns."""
    raw = no_points(plan, len(learners))
    for number, learner in enumerate(learners):
        for key, score in learner.scores.items():
            position = plan.positions[key]
            raw.earned[position, number] = score.earned
            raw.possible[position, number] = score.possible
            raw.is_given[position, number] = score.is_given
    return raw


# --- Any course ---------------------------------------------------------------------------------

WEIGHTS = st.sampled_from([None, None, None, 0, 0.5, 1, 3, 10])


@st.composite
def subsections(draw: st.DrawFn) -> list[Spec]:
    """Some subsections with scored blocks, some of which are closed or do not count."""
    made = []
    for index in range(draw(st.integers(1, 6))):
        problems = []
        for number in range(draw(st.integers(0, 4))):
            fields: dict[str, Any] = {"weight": draw(WEIGHTS)}
            if draw(st.integers(0, 5)) == 0:
                fields["graded"] = draw(st.booleans())
            if draw(st.integers(0, 9)) == 0:
                fields["start"] = FUTURE
            spec = block("problem", f"p{index}_{number}", **fields)
            problems.append(scored(spec, draw(st.sampled_from([0.0, 1.0, 2.0, 7.0]))))
        settings: dict[str, Any] = {
            "graded": draw(st.integers(0, 5)) > 0,
            "format": draw(st.sampled_from([*FORMATS, *FORMATS, "", "Unknown"])),
        }
        if draw(st.integers(0, 9)) == 0:
            settings |= draw(st.sampled_from([{"start": FUTURE}, {"visible_to_staff_only": True}]))
        unit = block("vertical", f"u{index}", *problems)
        made.append(block("sequential", f"s{index}", unit, **settings))
    return made


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """A policy that can be read."""
    return {
        "GRADER": [
            {
                "type": name,
                "min_count": draw(st.integers(0, 4)),
                "drop_count": draw(st.integers(0, 3)),
                "weight": draw(st.sampled_from([0.25, 0.3, 0.5, 1.0])),
            }
            for name in FORMATS
        ],
        "GRADE_CUTOFFS": {"A": 0.9, "Pass": 0.5},
    }


def trees() -> st.SearchStrategy[CourseTree]:
    """Any course."""
    return st.builds(tree_of, subsections(), policies())


@st.composite
def learners(draw: st.DrawFn, tree: CourseTree, with_decisions: bool = True) -> Learner:
    """Anybody who takes ``tree``."""
    plan = plan_at(tree, NOW)
    learner = Learner()
    for planned in plan.blocks:
        if draw(st.booleans()):
            possible = draw(st.sampled_from([0.0, 1.0, 2.0, 3.0, 3.0, 7.0, 10.0]))
            earned = draw(st.integers(0, 6)) / 6 * possible
            given = draw(st.integers(0, 4)) == 0
            learner.scores[planned.usage_key] = RawScore(earned, possible, given)
    parts = [*plan.positions, *plan.places]
    for key in draw(st.lists(st.sampled_from(parts), max_size=3)) if with_decisions else ():
        possible = draw(st.sampled_from([0.0, 1.0, 5.0]))
        is_excused = draw(st.booleans())
        points = 0.0 if is_excused else possible
        earned = draw(st.integers(0, 4)) / 4 * points
        learner.decisions[key] = Decision(earned, points, is_excused)
    return learner
