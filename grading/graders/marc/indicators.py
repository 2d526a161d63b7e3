"""Judging the indicators of a field: by the model, or by what follows from the answer itself."""

from __future__ import annotations

from grading.graders.compare.articles import NONFILING, count_nonfiling, first_word
from grading.graders.marc.elements import Context, Element
from grading.graders.marc.fields import Field
from grading.graders.marc.keys import Variant


def judge_indicators(
    variant: Variant, given: Field, context: Context, gate: float
) -> list[Element]:
    """Return the elements of both indicators; they earn no more than ``gate``, the content's."""
    elements = []
    for place in (0, 1):
        kind = "ind1" if place == 0 else "ind2"
        model, got = variant.field.ind[place], given.ind[place]
        if model == " " and not context.profile.has_indicator(variant.field.rules, place):
            if got != " ":
                elements.append(Element("undefined", 0.5, 0.0, "undefined", kind, f"/{kind}"))
            continue
        credit, reason = 0.0, "wrong"
        if got == model:
            credit, reason = gate, "ok"
        elif got in variant.indicators[place]:
            credit, reason = gate, "alternative"
        elif place == 0 and _follows_main_entry(variant.field.tag, model, got, context):
            credit, reason = gate, "carried"
        elif _counts_nonfiling(variant.field.rules, place, context):
            is_consistent = _counts_own_article(variant.field, given, got, context)
            credit, reason = (gate, "filing") if is_consistent else (0.0, "nonfiling")
        elements.append(Element(kind, 1.0, credit, reason, "", f"/{kind}", _show_blank(model)))
    return elements


def _show_blank(indicator: str) -> str:
    return "_" if indicator == " " else indicator


def _follows_main_entry(tag: str, model: str, got: str, context: Context) -> bool:
    """Tell whether the title's indicator agrees with the answer's having a main entry or not."""
    rule = context.profile.title_indicator
    if rule is None or tag != rule.tag or model not in (rule.with_main, rule.without_main):
        return False
    return got == (rule.with_main if context.has_main_entry else rule.without_main)


def _counts_nonfiling(tag: str, place: int, context: Context) -> bool:
    """Tell whether the indicator counts the characters that sorting passes over."""
    return context.profile.counts_nonfiling and NONFILING.get(tag) == place


def _counts_own_article(model: Field, given: Field, got: str, context: Context) -> bool:
    """Tell whether the number agrees with the title as the answer has it, with another beginning.

    Whoever leaves an article out, or puts one in, has made that mistake already.
    """
    own, wanted = _title(given), _title(model)
    is_other = first_word(own) != first_word(wanted)
    return is_other and got == str(count_nonfiling(own, context.language))


def _title(field: Field) -> str:
    return next((s.value.text for s in field.subfields if s.code in "at"), "")
