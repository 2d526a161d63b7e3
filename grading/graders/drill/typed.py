"""Values that a learner types: read with what else is right or nearly so, compared, explained."""

from __future__ import annotations

from grading.data import gettext_noop as _
from grading.graders.compare.messages import REASONS
from grading.graders.compare.text import Value
from grading.graders.compare.values import POLICIES, ModelValue, Verdict, compare
from grading.graders.drill.item import Finding
from grading.graders.reading import LONGEST_TEXT, Node

MOST_ALTERNATIVES = 12
TYPED_POLICIES = tuple(policy for policy in POLICIES if policy != "fixed")

RIGHT = _("%(place)s: right.")
ALTERNATIVE = _("%(place)s: right; this form is accepted as well.")


def effort_of(model: ModelValue) -> float:
    """Return what comparing with a value may cost at most (1: reading one value of JSON).

    Texts of two scripts are the dearest, class numbers of four parts that may change places.
    """
    lengths = [len(form.text) for form in forms_of(model)]
    if model.policy == "udc":
        return sum(10 + min(length, 120) / 10 for length in lengths)
    if model.policy in ("text", "name", "number"):
        return sum(3 + length / 10 for length in lengths)
    return sum(2 + length / 60 for length in lengths)


def forms_of(model: ModelValue) -> list[Value]:
    """Return all that an answer is compared with."""
    return [model.value, *model.alternatives, *(value for value, _credit, _remark in model.near)]


def read_value(node: Node, policy: str) -> ModelValue:
    """Read text, or an object of ``value``, ``alt``, ``near`` and ``policy``."""
    if not isinstance(node.value, dict):
        return ModelValue(Value(_read_content(node)), policy)
    return read_value_members(node, policy)


def read_value_members(node: Node, policy: str, longest: int = LONGEST_TEXT) -> ModelValue:
    """Read a value whose parts are members of an object that may have others."""
    others = node.get("alt").list(most=MOST_ALTERNATIVES)
    return ModelValue(
        Value(_read_content(node.get("value"), longest)),
        node.get("policy").one_of(TYPED_POLICIES, policy),
        tuple(Value(_read_content(other, longest)) for other in others),
        tuple(_read_near(n) for n in node.get("near").list(most=MOST_ALTERNATIVES)),
    )


def _read_content(node: Node, longest: int = LONGEST_TEXT) -> str:
    text = node.text(longest=longest)
    if not Value(text).text:
        raise node.fail(_("Text is expected here; there is nothing to see in this."))
    return text


def _read_near(node: Node) -> tuple[Value, float, str]:
    value, credit, *remark = node.list(2, 3)
    credit.number(0.0, 0.0, 1.0)
    return (
        Value(_read_content(value)),
        credit.number(0.0, 0.0, 1.0),
        remark[0].text("") if remark else "",
    )


def grade_value(
    model: ModelValue, answer: Node, *, place: str, name: str, label: str, weight: float
) -> Finding:
    """Compare what was typed at ``place``; ``name`` begins the code, ``label`` the sentence."""
    given = Value(answer.text(""))
    return explain_verdict(
        compare(model, given), place=place, name=name, label=label, weight=weight, model=model
    )


def explain_verdict(
    verdict: Verdict, *, place: str, name: str, label: str, weight: float, model: ModelValue
) -> Finding:
    """Say what a comparison found."""
    params = {"place": label}
    reason = verdict.reason
    if reason == "ok":
        template = RIGHT
    elif reason == "alternative":
        template = ALTERNATIVE
    elif reason == "near" and not verdict.remark:
        template = REASONS["near.bare"]
    else:
        template = REASONS[reason]
        if reason == "near":
            params["remark"] = verdict.remark
    return Finding(
        place=place,
        code=f"{name}.{'right' if reason == 'ok' else reason}",
        template=template,
        credit=verdict.credit,
        weight=weight,
        params=params,
        expected="" if verdict.credit == 1.0 else model.value.raw,
    )
