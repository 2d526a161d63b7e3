"""Grading a budget: which projects are paid for, or how chapters share a whole.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grading.data import Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.graders.budget.exercise import (
    LARGEST,
    Chapters,
    Projects,
    Rule,
    keeps,
    read_exercise,
)
from grading.graders.lines import add_up, charge_line, line_of, unanswered
from grading.graders.reading import Node, answer_node

__all__ = ["check", "grade", "model_answer", "public"]

MOST_GIVEN = 200
PER_BREACH = 0.25
"""What each broken rule takes from the half that keeping all rules earns."""

ANSWER = _("An answer is an object with items or shares.")
SPENT = _("%(cost)s are spent for a benefit of %(benefit)s.")
LIMIT = _("More is spent than the limit of %(limit)s.")
RULE = _("A rule is broken: %(message)s")
SUM = _("The shares add up to %(sum)s instead of %(total)s.")
BOUNDS = _("«%(chapter)s» must be from %(least)s to %(most)s.")
DIVIDED = _("All chapters together are divided well to %(share)s %%.")
CHAPTER = _("«%(chapter)s»: %(share)s %% of what this could be.")


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade a budget: rules kept, and the benefit of what is paid for beside the best.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = read_exercise(exercise)
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    if isinstance(read, Chapters):
        return _grade_chapters(read, node.get("shares"))
    names = [row.text("") for row in node.get("items").list(most=MOST_GIVEN)]
    chosen = [name for name in dict.fromkeys(names) if name in read.items]
    return _grade_projects(read, chosen) if chosen else unanswered("budget", 1.0)


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_exercise(exercise)


def public(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page may know: all but the best choice, or the good spans.

    Raises InvalidExercise.
    """
    read = read_exercise(exercise)
    if isinstance(read, Chapters):
        rows = [
            {"id": c.id, "text": c.text, "min": c.least, "max": c.most}
            for c in read.chapters.values()
        ]
        return {"chapters": rows, "total": read.total}
    return {
        "items": [item._asdict() for item in read.items.values()],
        "limit": read.limit,
        "rules": [_show_rule(rule) for rule in read.rules],
    }


def _show_rule(rule: Rule) -> dict[str, Any]:
    """Return a rule as the page tells it and watches over it; what is unlimited is ``None``."""
    return {
        "kind": rule.kind,
        "names": list(rule.names),
        "min": rule.least,
        "max": rule.most if rule.most < LARGEST else None,
        "count": rule.members,
        "message": rule.message,
    }


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    read = read_exercise(exercise)
    if isinstance(read, Chapters):
        return {"shares": dict(read.model)}
    return {"items": list(read.best)}


def _score(breaches: Sequence[ScoreLine], share: float) -> float:
    """Return half for keeping every rule and half for the rest; less than half if one is broken."""
    if breaches:
        return max(0.0, 0.5 - PER_BREACH * len(breaches))
    return 0.5 + 0.5 * share


def _grade_projects(read: Projects, chosen: Sequence[str]) -> Mark:
    items = [read.items[name] for name in chosen]
    cost, benefit = sum(item.cost for item in items), sum(item.benefit for item in items)
    breaches = []
    if cost > read.limit + 1e-6:
        breaches.append(
            charge_line("budget.limit", 0.0, LIMIT, "items", limit=f"{read.limit:.10g}")
        )
    breaches += [
        charge_line("budget.rule", 0.0, RULE, "items", message=rule.message)
        for rule in read.rules
        if not keeps(rule, read.items, chosen)
    ]
    gain = (benefit - read.reference) / (read.best_value - read.reference)
    points = _score(breaches, min(max(gain, 0.0), 1.0))
    params = {"cost": f"{cost:.10g}", "benefit": f"{benefit:.10g}"}
    return add_up([line_of("budget.spent", points, 1.0, SPENT, "items", **params), *breaches])


def _grade_chapters(read: Chapters, node: Node) -> Mark:
    given = {
        name: node.get(name).number(0.0, -1e12, 1e12) for name in read.chapters if node.has(name)
    }
    if not any(given.values()):
        return unanswered("budget", 1.0)
    breaches, remarks, earned = [], [], 0.0
    whole = sum(given.values())
    if abs(whole - read.total) > 1e-6 * read.total:
        params = {"sum": f"{whole:.6g}", "total": f"{read.total:.6g}"}
        breaches.append(charge_line("budget.sum", 0.0, SUM, "shares", **params))
    for name, chapter in read.chapters.items():
        share, where = given.get(name, 0.0), f"shares.{name}"
        if not chapter.least - 1e-9 <= share <= chapter.most + 1e-9:
            params = {"least": f"{chapter.least:.6g}", "most": f"{chapter.most:.6g}"}
            breaches.append(
                charge_line("budget.bounds", 0.0, BOUNDS, where, chapter=chapter.text, **params)
            )
        credit = chapter.share(share)
        earned += chapter.weight * credit
        params = {"chapter": chapter.text, "share": f"{100 * credit:.0f}"}
        remarks.append(line_of("budget.chapter", 0.0, 0.0, CHAPTER, where, **params))
    share = earned / sum(chapter.weight for chapter in read.chapters.values())
    shown = f"{100 * share:.0f}"
    points = _score(breaches, share)
    line = line_of("budget.divided", points, 1.0, DIVIDED, "shares", share=shown)
    return add_up([line, *breaches, *remarks])
