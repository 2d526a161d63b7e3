"""A learner's grade as it is explained to the learner: only what is for them to see."""

from __future__ import annotations

from collections.abc import Iterator

from delivery.explained import Explanation, Part, explain
from delivery.outline import CourseOutline, Leaf, SubsectionOutline
from delivery.progress import CourseGrades, Eyes, RawScores, SubsectionGrade
from delivery.runtime.dates import deadlines
from delivery.tree import CourseTree
from grading.policy import Assignment, block_counts, read_policy, weighted_score


def explain_own(
    tree: CourseTree, outline: CourseOutline, grades: CourseGrades, scores: RawScores, eyes: Eyes
) -> Explanation | None:
    """How the grade came about; ``None`` when the policy cannot be read."""
    if grades.grade is None:
        return None
    formats, _cutoffs = read_policy(tree.grading_policy)
    return explain(formats, list(_parts(tree, outline, grades, scores, eyes)))


def _parts(
    tree: CourseTree, outline: CourseOutline, grades: CourseGrades, scores: RawScores, eyes: Eyes
) -> Iterator[Part]:
    graded = {entry.outline.usage_key: entry for entry in grades.subsections}
    for part in outline.subsections:
        entry = graded.get(part.usage_key)
        if entry is not None and entry.counts:
            yield _seen(tree, entry, scores, eyes)
        elif entry is None and _will_count(part):
            yield Part(
                part.usage_key, part.name, part.format, None, Assignment(1.0, 1.0), is_begun=False
            )


def _will_count(part: SubsectionOutline) -> bool:
    """Whether a part that is not open yet will be an assignment once it is."""
    is_scored = any(leaf.has_score for unit in part.units for leaf in unit.leaves)
    return part.graded and is_scored and not part.opening.staff_only


def _seen(tree: CourseTree, entry: SubsectionGrade, scores: RawScores, eyes: Eyes) -> Part:
    part = entry.outline
    earned, possible = entry.total.graded
    now = Assignment(earned, possible, part.name, entry.is_excused)
    is_decided = part.usage_key in scores or entry.is_excused
    best = now if is_decided else _best(tree, entry, scores, eyes)
    return Part(
        usage_key=part.usage_key,
        name=part.name,
        format=part.format,
        now=now if eyes.see_in_grade(part) else None,
        best=best if entry.is_shown else Assignment(possible, possible),
        is_begun=entry.attempted,
        is_shown=entry.is_shown,
    )


def _best(tree: CourseTree, entry: SubsectionGrade, scores: RawScores, eyes: Eyes) -> Assignment:
    """The points with all that can still be answered, of blocks that are seen."""
    earned, possible = entry.total.graded
    for unit in entry.outline.units:
        for leaf in unit.leaves:
            is_open = leaf.has_score and eyes.see(leaf.opening) and leaf.usage_key not in scores
            if is_open and _may_answer(tree, leaf, eyes):
                earned += _worth(leaf)
    return Assignment(min(earned, possible), possible)


def _may_answer(tree: CourseTree, leaf: Leaf, eyes: Eyes) -> bool:
    _due, closes = deadlines(tree, leaf.usage_key, eyes.extensions)
    return closes is None or closes > eyes.now


def _worth(leaf: Leaf) -> float:
    """The points that a block adds to what counts, if it is answered rightly."""
    _earned, possible = weighted_score(0.0, leaf.possible, leaf.weight)
    return possible if block_counts(leaf.graded, possible) else 0.0
