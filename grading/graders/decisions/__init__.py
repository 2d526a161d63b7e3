"""Grading decisions: what was chosen for each item, why, and which rules that breaks.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.graders.decisions.exercise import WORST, Exercise, Item, Rule, read_exercise
from grading.graders.lines import add_up, cap, charge_line, limit_charges, line_of
from grading.graders.reading import Node, answer_node, is_blank

__all__ = ["check", "grade", "model_answer", "public"]

MOST_GIVEN = 200

ANSWER = _("An answer is an object with items.")
UNANSWERED = _("«%(item)s»: nothing is decided.")
RIGHT = _("«%(item)s»: rightly decided.")
PARTS = {
    "choice": _("«%(item)s»: the choice earns %(choice)s %%."),
    "reasons": _("«%(item)s»: the choice earns %(choice)s %%, the reasons %(reasons)s %%."),
    "unsupported": _("«%(item)s»: reasons count only with a choice that earns something."),
}
UNCHECKED = _("«%(item)s»: think again whether this had to be looked up first.")
BROKEN = _("«%(item)s»: %(message)s")
CAPPED = _("«%(item)s»: %(message)s At most %(cap)s %% can be earned.")


class Decision(NamedTuple):
    """What a learner decided on one item."""

    chosen: tuple[str, ...]
    reasons: frozenset[str]
    check: bool


class _Verdict(NamedTuple):
    """What one decision earns (a share of the item's value, may be negative) and its parts."""

    quality: float
    choice: float
    reasons: float | None
    is_checked: bool


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade decisions: the choice for each item, its reasons, the rules it must not break.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = read_exercise(exercise)
    decisions = _read_answer(read, answer)
    verdicts = {name: _judge(read, read.items[name], d) for name, d in decisions.items()}
    earned = sum(read.items[n].value * max(v.quality, 0.0) for n, v in verdicts.items())
    losses = [read.items[n].value * max(-v.quality, 0.0) for n, v in verdicts.items()]
    costs = dict(zip(verdicts, limit_charges(losses, earned), strict=True))
    lines: list[ScoreLine] = []
    for item in read.items.values():
        if item.id not in decisions:
            lines.append(_unanswered_line(item))
            continue
        verdict = verdicts[item.id]
        points = item.value * max(verdict.quality, 0.0) - costs[item.id]
        lines.append(_item_line(read, item, verdict, points))
        if not verdict.is_checked:
            lines.append(_remark("decisions.check", UNCHECKED, item))
    return add_up(_apply_rules(read, decisions, lines))


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_exercise(exercise)


def public(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page may know: items, choices, reasons; raises InvalidExercise."""
    read = read_exercise(exercise)
    return {
        "items": [{"id": i.id, "text": i.text, "detail": i.detail} for i in read.items.values()],
        "choices": [{"id": c.id, "text": c.text, "cost": c.cost} for c in read.choices.values()],
        "reasons": [{"id": name, "text": text} for name, text in read.reasons.items()],
        "choose": read.settings.choose,
        "asks_check": any(item.check is not None for item in read.items.values()),
    }


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    read = read_exercise(exercise)
    is_many = read.settings.choose == "many"
    items: dict[str, Any] = {}
    for item in read.items.values():
        model = read.models[item.id]
        items[item.id] = {"choice": list(model) if is_many else model[0]}
        if item.reasons is not None:
            items[item.id]["reasons"] = sorted(item.reasons)
        if item.check is not None:
            items[item.id]["check"] = item.check
    return {"items": items}


def _read_answer(read: Exercise, answer: Any) -> dict[str, Decision]:
    """Return the decisions by item; items that are not known are ignored."""
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    given = node.get("items")
    decisions = {}
    for item in read.items.values():
        row = given.get(item.id)
        decision = _read_decision(read, row)
        if decision is not None:
            decisions[item.id] = decision
    return decisions


def _read_decision(read: Exercise, node: Node) -> Decision | None:
    """Read a choice, or an object with choice, reasons and check; ``None`` if nothing is chosen.

    Where many can be chosen, an empty list is a decision: that nothing applies.
    """
    if node.value is None:
        return None
    row = node if isinstance(node.value, Mapping) else Node({"choice": node.value}, "", node.error)
    choice = Node(row.get("choice").value, node.join("choice"), node.error)
    is_many = read.settings.choose == "many"
    if choice.value is None or (is_blank(choice.value) and not (is_many and choice.value == [])):
        return None
    rows = choice.list(most=MOST_GIVEN) if is_many else [choice]
    names = [one.text("") for one in rows]
    reasons = [one.text("") for one in row.get("reasons").list(most=MOST_GIVEN)]
    return Decision(
        chosen=tuple(dict.fromkeys(name for name in names if name in read.choices)),
        reasons=frozenset(name for name in reasons if name in read.reasons),
        check=row.get("check").flag(default=False),
    )


def _judge(read: Exercise, item: Item, decision: Decision) -> _Verdict:
    """Return what a decision earns: reasons and check only with a choice that earns something."""
    settings = read.settings
    choice = read.credit(item, decision.chosen)
    parts = [(settings.w_choice, choice)]
    reasons, is_checked = None, True
    if item.reasons is not None:
        reasons = _jaccard(item.reasons, decision.reasons)
        parts.append((settings.w_reasons, reasons if choice > 0.0 else 0.0))
    if item.check is not None:
        is_checked = decision.check == item.check
        parts.append((settings.w_check, float(is_checked and choice > 0.0)))
    weight = sum(part for part, _credit in parts)
    quality = sum(part * credit for part, credit in parts) / weight
    return _Verdict(min(quality, 1.0), choice, reasons, is_checked)


def _jaccard(right: frozenset[str], given: frozenset[str]) -> float:
    return len(right & given) / len(right | given)


def _item_line(read: Exercise, item: Item, verdict: _Verdict, points: float) -> ScoreLine:
    where = f"items.{item.id}"
    if verdict.quality >= 1.0 - 1e-9:
        return line_of("decisions.right", points, item.value, RIGHT, where, item=item.text)
    params: dict[str, Any] = {"item": item.text}
    kind = "choice"
    if verdict.choice <= 0.0 and verdict.reasons:
        kind = "unsupported"
    else:
        params["choice"] = f"{100 * max(verdict.choice, 0.0):.0f}"
        if verdict.reasons is not None:
            kind = "reasons"
            params["reasons"] = f"{100 * verdict.reasons:.0f}"
    names = [read.choices[name].text for name in read.models[item.id]]
    expected = ", ".join(names)
    if item.reasons:
        expected += ": " + ", ".join(sorted(read.reasons[name] for name in item.reasons))
    code = f"decisions.{kind}"
    return line_of(code, points, item.value, PARTS[kind], where, expected=expected, **params)


def _unanswered_line(item: Item) -> ScoreLine:
    where = f"items.{item.id}"
    return line_of("decisions.unanswered", 0.0, item.value, UNANSWERED, where, item=item.text)


def _remark(code: str, template: str, item: Item, **params: Any) -> ScoreLine:
    return charge_line(code, 0.0, template, f"items.{item.id}", item=item.text, **params)


def _apply_rules(
    read: Exercise, decisions: Mapping[str, Decision], lines: Sequence[ScoreLine]
) -> list[ScoreLine]:
    """Return the lines with a remark for each broken rule; the gravest cap what can be earned."""
    result = list(lines)
    for name, decision in decisions.items():
        item = read.items[name]
        for rule in read.broken_by(item, decision.chosen):
            share = _cap_of(read, rule)
            if share is None:
                result.append(_remark("decisions.rule", BROKEN, item, message=rule.message))
            else:
                params = {"message": rule.message, "cap": f"{100 * share:g}"}
                where = f"items.{name}"
                result = cap(
                    result, share, "decisions.cap", CAPPED, where, item=item.text, **params
                )
    return result


def _cap_of(read: Exercise, rule: Rule) -> float | None:
    if rule.cap is not None:
        return rule.cap
    return read.settings.cap if rule.sev == WORST else None
