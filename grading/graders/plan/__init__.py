"""Grading a plan: which steps were chosen, in what order, and whether a grave rule was broken.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from grading.data import Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.graders.lines import add_up, cap, charge_line, line_of, unanswered
from grading.graders.plan.exercise import Exercise, Rule, read_exercise
from grading.graders.reading import answer_node
from grading.graders.shuffling import sort_by_seed

__all__ = ["check", "grade", "kendall", "model_answer", "public"]

MOST_GIVEN = 200

ANSWER = _("An answer is an object with an order.")
SELECTION = _("%(right)s of %(count)s needed steps are chosen, and %(extra)s others.")
ORDER = _("%(share)s %% of the order is right, as far as the steps are chosen.")
MISSING = _("Needed steps that are missing: %(count)s.")
TOO_EARLY = _("«%(after)s» comes before «%(before)s»; it should follow.")
NEEDLESS = _("«%(step)s» is not called for here. %(reason)s")
FORBIDDEN = _("«%(step)s» must not be done. %(reason)s At most %(cap)s %% can be earned.")
CRITICAL = _(
    "«%(after)s» must not be done before «%(before)s». %(reason)s At most %(cap)s %% can be earned."
)
ADVICE = _("«%(after)s» is better not done before «%(before)s». %(reason)s")
BUDGET = _(
    "More is changed beyond recall than this object allows. At most %(cap)s %% can be earned."
)


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade a plan: steps chosen, their order, rules that must not be broken.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = read_exercise(exercise)
    order = _read_order(read, answer)
    settings = read.settings
    possible = settings.w_sel + (settings.w_ord if read.has_order else 0.0)
    if not order:
        return unanswered("plan", possible)
    lines = [*_selection_lines(read, order), *_order_lines(read, order)]
    for line in _breaches(read, order):
        lines = cap(
            lines,
            settings.cap,
            line.code,
            line.template,
            line.where,
            **line.params,
            cap=f"{100 * settings.cap:g}",
        )
    return add_up([*lines, *_remarks(read, order)])


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_exercise(exercise)


def public(exercise: Mapping[str, Any], seed: str = "") -> dict[str, Any]:
    """Return what the page may know: the steps in the order of ``seed``; raises InvalidExercise."""
    read = read_exercise(exercise)
    steps = sort_by_seed(read.steps.values(), lambda step: step.id, seed, "steps")
    return {
        "steps": [{"id": step.id, "text": step.text, "detail": step.detail} for step in steps],
        "budget": read.settings.budget,
    }


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    return {"order": list(read_exercise(exercise).model)}


def kendall(right: Sequence[str], given: Sequence[str]) -> float:
    """Return Kendall's rank correlation of two orders of the same things, -1 to 1.

    (concordant - discordant) / (concordant + discordant); nothing is tied, so tau-a and tau-b are
    the same (M. G. Kendall 1938). Fewer than two things are in order.
    """
    place = {name: number for number, name in enumerate(given)}
    pairs = [place[first] < place[second] for first, second in combinations(right, 2)]
    return 2.0 * sum(pairs) / len(pairs) - 1.0 if pairs else 1.0


def _read_order(read: Exercise, answer: Any) -> list[str]:
    """Return the steps that are known, each once."""
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    names = [row.text("") for row in node.get("order").list(most=MOST_GIVEN)]
    return [name for name in dict.fromkeys(names) if name in read.steps]


def _selection_lines(read: Exercise, order: Sequence[str]) -> list[ScoreLine]:
    """Return the line of the choice: F1 over the needed steps, optional ones aside."""
    counts = dict.fromkeys(("required", "optional", "needless", "forbidden"), 0)
    for name in order:
        counts[read.steps[name].kind] += 1
    right, extra = counts["required"], counts["needless"] + counts["forbidden"]
    needed = len(read.required)
    f1 = 2.0 * right / (needed + right + extra)
    weight = read.settings.w_sel
    params: dict[str, Any] = {"right": right, "count": needed, "extra": extra}
    lines = [line_of("plan.selection", weight * f1, weight, SELECTION, "order", **params)]
    if right < needed:
        lines.append(line_of("plan.missing", 0.0, 0.0, MISSING, "order", count=needed - right))
    return lines


def _order_lines(read: Exercise, order: Sequence[str]) -> list[ScoreLine]:
    """Return the line of the order and a remark for each pair the wrong way round."""
    if not read.has_order:
        return []
    place = {name: number for number, name in enumerate(order)}
    done = [name for name in read.required if name in place]
    recall = len(done) / len(read.required)
    late: list[tuple[str, str]] = []
    if read.settings.order == "total":
        share = (kendall(done, order) + 1.0) / 2.0 if len(done) > 1 else 0.0
        late = [(a, b) for a, b in pairwise(done) if place[a] > place[b]]
    else:
        chosen = [e for e in read.edges if e.before in place and e.after in place]
        kept = [e.weight for e in chosen if place[e.before] < place[e.after]]
        share = sum(kept) / sum(e.weight for e in chosen) if chosen else 0.0
        late = [(e.before, e.after) for e in chosen if place[e.before] > place[e.after]]
    weight = read.settings.w_ord
    credit = share * recall
    shown = f"{100 * share:.0f}"
    lines = [line_of("plan.order", weight * credit, weight, ORDER, "order", share=shown)]
    for before, after in late:
        params = {"before": read.steps[before].text, "after": read.steps[after].text}
        where = f"order[{place[after]}]"
        lines.append(charge_line("plan.early", 0.0, TOO_EARLY, where, **params))
    return lines


def _breaches(read: Exercise, order: Sequence[str]) -> list[ScoreLine]:
    """Return what caps the score: forbidden steps, critical rules, too much lost."""
    lines = []
    for number, name in enumerate(order):
        step = read.steps[name]
        if step.kind == "forbidden":
            params = {"step": step.text, "reason": step.reason}
            where = f"order[{number}]"
            lines.append(charge_line("plan.forbidden", 0.0, FORBIDDEN, where, **params))
    lines += [
        _rule_line(read, rule, order, "plan.critical", CRITICAL)
        for rule in read.rules
        if rule.kind == "critical" and _is_broken(rule, order)
    ]
    budget = read.settings.budget
    if budget is not None and sum(read.steps[name].loss for name in order) > budget + 1e-9:
        lines.append(charge_line("plan.budget", 0.0, BUDGET, "order"))
    return lines


def _remarks(read: Exercise, order: Sequence[str]) -> list[ScoreLine]:
    """Return what does not cap the score: needless steps, advice not followed."""
    lines = []
    for number, name in enumerate(order):
        step = read.steps[name]
        if step.kind == "needless":
            params = {"step": step.text, "reason": step.reason}
            where = f"order[{number}]"
            lines.append(charge_line("plan.needless", 0.0, NEEDLESS, where, **params))
    return lines + [
        _rule_line(read, rule, order, "plan.advice", ADVICE)
        for rule in read.rules
        if rule.kind == "advice" and _is_broken(rule, order)
    ]


def _is_broken(rule: Rule, order: Sequence[str]) -> bool:
    if rule.after not in order:
        return False
    return rule.before not in order or order.index(rule.before) > order.index(rule.after)


def _rule_line(
    read: Exercise, rule: Rule, order: Sequence[str], code: str, template: str
) -> ScoreLine:
    return charge_line(
        code,
        0.0,
        template,
        f"order[{order.index(rule.after)}]",
        before=read.steps[rule.before].text,
        after=read.steps[rule.after].text,
        reason=rule.message,
    )
