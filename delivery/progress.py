"""How far a learner has come: what is done, and what it earned.

Completion is worked out from the course's outline and the learner's rows and never stored, grades
from the scores that ``delivery.grades`` stores; one query each. A page is done when every part of
it that can be completed is; points become grades by the rules of ``grading.policy``. What a
learner may not see yet counts nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isnan
from typing import NamedTuple

from delivery.grades.lines import load_sheet
from delivery.grades.plan import plan_at
from delivery.grades.sheets import EXCUSED
from delivery.models import Completion
from delivery.outline import (
    NEVER,
    NEVER_BUT_COUNTING,
    PAST_DUE,
    ChapterOutline,
    CourseOutline,
    Leaf,
    Opening,
    SubsectionOutline,
    UnitOutline,
)
from delivery.prepared import Prepared, Slot
from delivery.runtime.dates import own_due
from delivery.tree import CourseTree
from grading.policy import (
    Assignment,
    CourseGrade,
    InvalidPolicy,
    PolicyProblem,
    Score,
    ScoredBlock,
    SubsectionTotal,
    block_counts,
    course_grade,
    subsection_total,
    weighted_score,
)


class RawScore(NamedTuple):
    """The points that count for a block; given ones come weighted, published ones do not.

    Somebody may have decided on them in place of a score, also for a whole subsection, or have
    excused the learner.
    """

    earned: float
    possible: float
    is_weighted: bool = False
    is_excused: bool = False


Completions = Mapping[str, float]
RawScores = Mapping[str, RawScore]

DONE, SOME, TODO = "done", "some", "todo"


@dataclass(frozen=True, slots=True)
class Eyes:
    """Through whose eyes a course is seen: at what time, and whether by its staff.

    ``extensions`` are the due dates of their own, by usage key.
    """

    now: datetime
    sees_all: bool = False
    extensions: Mapping[str, str] = field(default_factory=dict)

    def see(self, opening: Opening) -> bool:
        """Whether a part with this opening is seen."""
        return self.sees_all or opening.is_open(self.now)

    def due(self, part: SubsectionOutline) -> datetime | None:
        """When a subsection is due for them."""
        if part.due is None:
            return None
        return own_due((part.usage_key, *part.above), self.extensions) or part.due

    def see_points(self, part: SubsectionOutline) -> bool:
        """Whether they see what they earned in a subsection, as Open edX decides it."""
        if part.show_correctness in (NEVER, NEVER_BUT_COUNTING):
            return False
        due = self.due(part)
        waits = part.show_correctness == PAST_DUE and due is not None and due >= self.now
        return self.sees_all or not waits

    def see_in_grade(self, part: SubsectionOutline) -> bool:
        """Whether the grade that they see has the subsection in it."""
        return part.show_correctness == NEVER_BUT_COUNTING or self.see_points(part)


# --- Completion ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """A page: how many of its parts are done of those that can be."""

    outline: UnitOutline
    done: int
    total: int
    is_open: bool

    @property
    def state(self) -> str:
        """``done``, ``some`` or ``todo``; a page with nothing to complete is never in between."""
        if self.total and self.done == self.total:
            return DONE
        return SOME if self.done else TODO


@dataclass(frozen=True, slots=True)
class SubsectionProgress:
    """A subsection: how many of its pages are done, and when it is due for the learner."""

    outline: SubsectionOutline
    units: tuple[UnitProgress, ...]
    is_open: bool
    due: datetime | None

    @property
    def total(self) -> int:
        """Pages with something to complete."""
        return sum(1 for unit in self.units if unit.total)

    @property
    def done(self) -> int:
        """Pages done."""
        return sum(1 for unit in self.units if unit.state == DONE)

    @property
    def state(self) -> str:
        """``done``, ``some`` or ``todo``."""
        if self.total and self.done == self.total:
            return DONE
        return SOME if any(unit.done for unit in self.units) else TODO


@dataclass(frozen=True, slots=True)
class ChapterProgress:
    """A section."""

    outline: ChapterOutline
    subsections: tuple[SubsectionProgress, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A course: how many of its pages are done."""

    chapters: tuple[ChapterProgress, ...]

    @property
    def subsections(self) -> Iterator[SubsectionProgress]:
        """All subsections that are seen, in order."""
        return (part for chapter in self.chapters for part in chapter.subsections)

    @property
    def units(self) -> Iterator[UnitProgress]:
        """All pages that are seen, in order."""
        return (unit for part in self.subsections for unit in part.units)

    @property
    def total(self) -> int:
        """Pages with something to complete."""
        return sum(part.total for part in self.subsections)

    @property
    def done(self) -> int:
        """Pages done."""
        return sum(part.done for part in self.subsections)

    @property
    def ratio(self) -> float:
        """Pages done of all, 0-1."""
        return self.done / self.total if self.total else 0.0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.total > 0 and self.done == self.total


def measure(outline: CourseOutline, completions: Completions, eyes: Eyes) -> CourseProgress:
    """The completion of a course as seen through ``eyes``.

    Sections and subsections that are not open yet are there, without their pages.
    """
    return CourseProgress(
        tuple(
            ChapterProgress(
                chapter,
                measure_subsections(chapter, completions, eyes),
                eyes.see(chapter.opening),
            )
            for chapter in outline.chapters
            if _is_announced(chapter.opening, eyes)
        )
    )


def measure_subsections(
    chapter: ChapterOutline, completions: Completions, eyes: Eyes
) -> tuple[SubsectionProgress, ...]:
    """The subsections of a section that are listed for ``eyes``, with their completion."""
    return tuple(
        measure_subsection(part, completions, eyes)
        for part in chapter.subsections
        if _is_announced(part.opening, eyes)
    )


def measure_subsection(
    outline: SubsectionOutline, completions: Completions, eyes: Eyes
) -> SubsectionProgress:
    """The completion of a subsection as seen through ``eyes``."""
    units = tuple(
        measure_unit(unit, completions, eyes)
        for unit in outline.units
        if eyes.see(outline.opening) and _is_announced(unit.opening, eyes)
    )
    return SubsectionProgress(outline, units, eyes.see(outline.opening), eyes.due(outline))


def measure_unit(outline: UnitOutline, completions: Completions, eyes: Eyes) -> UnitProgress:
    """The completion of a page: its completable parts that are at 1.0, of those that are seen."""
    parts = [leaf for leaf in outline.leaves if leaf.completed_by and eyes.see(leaf.opening)]
    done = sum(1 for leaf in parts if completions.get(leaf.usage_key, 0.0) >= 1.0)
    return UnitProgress(outline, done, len(parts), eyes.see(outline.opening))


def viewable_leaves(outline: UnitOutline, eyes: Eyes) -> list[str]:
    """The blocks of a page that are completed by staying on it."""
    return [
        leaf.usage_key
        for leaf in outline.leaves
        if leaf.completed_by == "view" and eyes.see(leaf.opening)
    ]


def place_to_continue(progress: CourseProgress, last_unit: str) -> UnitProgress | None:
    """Where a learner goes on: where they left; else the first page not done; else the first."""
    units = [unit for unit in progress.units if unit.is_open]
    left = next((unit for unit in units if unit.outline.usage_key == last_unit), None)
    undone = next((unit for unit in units if unit.state != DONE), None)
    return left or undone or next(iter(units), None)


def _is_announced(opening: Opening, eyes: Eyes) -> bool:
    """Whether a part is listed at all: what opens later is, what is for staff alone is not."""
    return eyes.sees_all or not opening.staff_only


# --- Grades -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubsectionGrade:
    """The points of a subsection. ``attempted``: something in it has a score.

    ``is_shown``: the learner may see the points. ``is_overridden``: somebody decided on them.
    """

    outline: SubsectionOutline
    total: SubsectionTotal
    attempted: bool
    is_shown: bool = True
    is_excused: bool = False
    is_overridden: bool = False

    @property
    def counts(self) -> bool:
        """Whether it takes a place among the graded assignments."""
        return self.outline.graded and (self.total.graded.possible > 0 or self.is_excused)


@dataclass(frozen=True, slots=True)
class CourseGrades:
    """The points of a course's subsections and its grade so far.

    ``grade`` is ``None`` when the policy cannot be read; ``problems`` then says why.
    """

    subsections: tuple[SubsectionGrade, ...]
    grade: CourseGrade | None
    problems: tuple[PolicyProblem, ...] = ()


def grade_course(
    outline: CourseOutline, policy: Mapping[str, object], scores: RawScores, eyes: Eyes
) -> CourseGrades:
    """The grades of a course from ``scores``, as Open edX would compute them.

    The grade leaves out what ``eyes`` may not see in it.
    """
    graded = tuple(
        grade_subsection(part, scores, eyes)
        for part in outline.subsections
        if eyes.see(part.opening)
    )
    sheet: dict[str, list[Assignment]] = {}
    for part in graded:
        if part.counts and eyes.see_in_grade(part.outline):
            earned, possible = part.total.graded
            entry = Assignment(earned, possible, part.outline.name, part.is_excused)
            sheet.setdefault(part.outline.format, []).append(entry)
    try:
        return CourseGrades(graded, course_grade(policy, sheet))
    except InvalidPolicy as error:
        return CourseGrades(graded, None, error.problems)


def grade_subsection(outline: SubsectionOutline, scores: RawScores, eyes: Eyes) -> SubsectionGrade:
    """The points of a subsection over all its scored blocks that are seen."""
    is_shown = eyes.see_points(outline)
    decided = scores.get(outline.usage_key)
    if decided is not None:
        points = Score(decided.earned, decided.possible)
        total = SubsectionTotal(all=points, graded=points)
        is_overridden = not decided.is_excused
        return SubsectionGrade(
            outline, total, True, is_shown, decided.is_excused, is_overridden=is_overridden
        )
    leaves = [
        leaf
        for unit in outline.units
        for leaf in unit.leaves
        if leaf.has_score and eyes.see(leaf.opening)
    ]
    excused = [
        leaf for leaf in leaves if leaf.usage_key in scores and scores[leaf.usage_key].is_excused
    ]
    total = subsection_total(_score(leaf, scores) for leaf in leaves if leaf not in excused)
    return SubsectionGrade(
        outline,
        total,
        any(leaf.usage_key in scores for leaf in leaves),
        is_shown,
        is_excused=total.graded.possible <= 0 and any(_score(leaf, {}).graded for leaf in excused),
    )


def _score(leaf: Leaf, scores: RawScores) -> ScoredBlock:
    raw = scores.get(leaf.usage_key, RawScore(0.0, leaf.possible))
    weight = None if raw.is_weighted else leaf.weight
    earned, possible = weighted_score(raw.earned, raw.possible, weight)
    return ScoredBlock(earned, possible, block_counts(leaf.graded, possible))


# --- Rows ---------------------------------------------------------------------------------------


_COMPLETIONS = Prepared(
    lambda listed: Completion.objects.filter(
        user_id=Slot("user_id"), course__id__in=listed
    ).values_list("course_id", "usage_key", "completion")
)


def load_completions(user_id: int, course_ids: Collection[int]) -> dict[int, dict[str, float]]:
    """What a learner completed in some courses: course id to usage key to 0-1. One query."""
    found: dict[int, dict[str, float]] = {course_id: {} for course_id in course_ids}
    rows = _COMPLETIONS.fetch([*course_ids], user_id=user_id) if course_ids else []
    for course_id, usage_key, ratio in rows:
        found[course_id][usage_key] = ratio
    return found


def load_scores(
    tree: CourseTree, course_id: int, user_id: int, now: datetime
) -> dict[str, RawScore]:
    """What counts for a learner in a course, weighted, by usage key. One query if it is stored.

    The keys are those of blocks and, where somebody decided on a whole one, of subsections.
    """
    plan = plan_at(tree, now)
    sheet = load_sheet(plan, course_id, user_id)
    points = sheet.points
    found = {}
    for index, block in enumerate(plan.blocks):
        is_excused = bool(points.flags[index] & EXCUSED)
        if is_excused or not isnan(points.earned[index]):
            earned = 0.0 if is_excused else points.earned[index]
            found[block.usage_key] = RawScore(earned, points.possible[index], True, is_excused)
    for index, decision in sheet.decisions.items():
        found[plan.subsections[index].usage_key] = RawScore(
            decision.earned, decision.possible, True, decision.is_excused
        )
    return found
