"""Grades in exact fractions, straight from what is promised: not a line of the product in it.

It follows the rules as they are told (Open edX's, and what an excuse does) over plain values, and
rounds only where they say so, as floating point numbers are rounded there.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

from delivery.tree import CourseTree
from tests.delivery.grading_courses import Learner

EXCUSED = object()


def exact_percent(tree: CourseTree, learner: Learner) -> Fraction:
    """The unrounded course grade of a learner."""
    found: dict[str, list[Any]] = {}
    for key, node in tree.blocks.items():
        if node.block_type != "sequential" or not node.fields.get("graded") or _closed(tree, key):
            continue
        total = _subsection(tree, key, learner)
        if total is not None:
            found.setdefault(str(node.fields["format"]), []).append(total)
    shares = [
        (Fraction(entry["weight"]), _format(entry, found.get(entry["type"], [])))
        for entry in tree.grading_policy["GRADER"]
    ]
    whole = sum((weight for weight, _share in shares), Fraction(0))
    counted = [(weight, share) for weight, share in shares if share is not EXCUSED]
    share_of_all = sum((weight for weight, _share in counted), Fraction(0))
    percent = sum((weight * share for weight, share in counted), Fraction(0))
    return percent * whole / share_of_all if len(counted) < len(shares) and counted else percent


def rounded(percent: Fraction) -> float:
    """In whole hundredths, upwards from 0.45 of one."""
    return floor(float(percent) * 100 + 0.05 + 0.5) / 100


def _closed(tree: CourseTree, key: str) -> bool:
    node = tree.blocks[key]
    shut = "start" in node.fields or node.fields.get("visible_to_staff_only")
    return bool(shut) or bool(node.parent and _closed(tree, node.parent))


def _subsection(tree: CourseTree, key: str, learner: Learner) -> Any:
    """The share of a subsection, ``EXCUSED``, or ``None`` if it is no assignment."""
    decision = learner.decisions.get(key)
    if decision is not None:
        if decision.is_excused:
            return EXCUSED
        return _ratio(Fraction(decision.earned), Fraction(decision.possible))
    earned = possible = Fraction(0)
    is_excused = False
    for name in [name for name in tree.blocks if _is_below(tree, name, key)]:
        node = tree.blocks[name]
        if not node.has_score or _closed(tree, name) or node.fields.get("graded") is False:
            continue
        decision = learner.decisions.get(name)
        if decision is not None and decision.is_excused:
            is_excused |= _worth(node.fields, node.max_score) > 0
            continue
        got, out_of = _block(node.fields, node.max_score, name, learner)
        if out_of > 0:
            earned, possible = earned + got, possible + out_of
    if possible > 0:
        return _ratio(earned, possible)
    return EXCUSED if is_excused else None


def _is_below(tree: CourseTree, name: str, key: str) -> bool:
    parent = tree.blocks[name].parent
    return bool(parent) and (parent == key or _is_below(tree, parent, key))


def _worth(fields: Mapping[str, Any], points: float | None) -> Fraction:
    weight = fields.get("weight")
    return Fraction(points or 0) if weight is None or not points else Fraction(weight)


def _block(
    fields: Mapping[str, Any], points: float | None, name: str, learner: Learner
) -> tuple[Fraction, Fraction]:
    decision, score = learner.decisions.get(name), learner.scores.get(name)
    if decision is not None:
        return Fraction(decision.earned), Fraction(decision.possible)
    if score is None:
        return Fraction(0), _worth(fields, points)
    weight = fields.get("weight")
    if score.is_given or weight is None or score.possible == 0:
        return Fraction(score.earned), Fraction(score.possible)
    return Fraction(score.earned) * Fraction(weight) / Fraction(score.possible), Fraction(weight)


def _ratio(earned: Fraction, possible: Fraction) -> Any:
    """A share at four places, a half to the even one."""
    if possible <= 0:
        return None
    return Fraction(round(float(earned) / float(possible) * 10_000), 10_000)


def _format(entry: Mapping[str, Any], shares: list[Any]) -> Any:
    missing = max(entry["min_count"] - len(shares), 0)
    counted = [share for share in shares if share is not EXCUSED] + [Fraction(0)] * missing
    if len(shares) > 0 and not counted:
        return EXCUSED
    drop = entry["drop_count"]
    if EXCUSED in shares:
        drop = min(drop, len(counted) - 1)
    kept = sorted(counted, reverse=True)[: max(len(counted) - drop, 0)]
    return sum(kept, Fraction(0)) / len(kept) if kept else Fraction(0)
