"""``udc``: building a number of the Universal Decimal Classification."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.compare.messages import REASONS
from grading.graders.compare.text import Value
from grading.graders.compare.udc import SHARES, Examination, compare_udc, examine_udc
from grading.graders.compare.values import ModelValue, Verdict, compare
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.typed import effort_of, explain_verdict, read_value_members
from grading.graders.reading import Node

WEIGHT = 2.0
LONGEST_NUMBER = 120
LABEL = "UDC"

MAIN_RIGHT = _("The main number is right.")
AUXILIARIES_RIGHT = _("No auxiliary or connecting sign is missing, and none is needless.")
AUXILIARIES_PART = _("Some of the auxiliaries and connecting signs are right.")
ORDER_RIGHT = _("The auxiliaries stand in the order of citation.")
ORDER_OPEN = _("The order of citation counts once the auxiliaries are the right ones.")
MISSING = {
    "language": _("A common auxiliary of language (=…) is missing."),
    "form": _("A common auxiliary of form (0…) is missing."),
    "place": _("A common auxiliary of place (1/9) is missing."),
    "time": _("A common auxiliary of time, in quotation marks, is missing."),
    "property": _("A common auxiliary of properties, materials or persons (-0…) is missing."),
    "special": _("A special auxiliary (-1/-9, .0 or an apostrophe) is missing."),
    "connector": _("A sign that connects two numbers (+ / : ::) is missing."),
    "alphabetical": _("An alphabetical extension is missing."),
}
WRONG = {
    "language": _("The common auxiliary of language (=…) is not the right one."),
    "form": _("The common auxiliary of form (0…) is not the right one."),
    "place": _("The common auxiliary of place (1/9) is not the right one."),
    "time": _("The common auxiliary of time is not the right one."),
    "property": _("The auxiliary of properties, materials or persons (-0…) is not the right one."),
    "special": _("The special auxiliary (-1/-9, .0 or an apostrophe) is not the right one."),
    "connector": _("A sign that connects two numbers (+ / : ::) is not the right one."),
    "alphabetical": _("The alphabetical extension is not the right one."),
    "other": _("A sign here is none of the classification."),
}
UNWANTED = {
    "language": _("The topic calls for no common auxiliary of language (=…)."),
    "form": _("The topic calls for no common auxiliary of form (0…)."),
    "place": _("The topic calls for no common auxiliary of place (1/9)."),
    "time": _("The topic calls for no common auxiliary of time."),
    "property": _("The topic calls for no auxiliary of properties, materials or persons (-0…)."),
    "special": _("The topic calls for no special auxiliary (-1/-9, .0 or an apostrophe)."),
    "connector": _("The topic calls for no sign that connects two numbers (+ / : ::)."),
    "alphabetical": _("The topic calls for no alphabetical extension."),
}
MISPLACED = {
    "language": _("The rule of citation order: the auxiliary of language stands too early."),
    "form": _("The rule of citation order: the auxiliary of form stands too early."),
    "place": _("The rule of citation order: the auxiliary of place stands too early."),
    "time": _("The rule of citation order: the auxiliary of time stands too early."),
    "property": _("The rule of citation order: the auxiliary -0… stands too early."),
    "special": _("The rule of citation order: the special auxiliary stands too early."),
    "alphabetical": _("The rule of citation order: the alphabetical extension stands too early."),
    "other": _("The rule of citation order: a sign stands too early."),
}

FAULTS = {"missing": MISSING, "wrong": WRONG, "unwanted": UNWANTED}


@dataclass(frozen=True, slots=True)
class Udc(Item):
    """A topic whose number is to be built."""

    TYPE = "udc"

    number: ModelValue
    hint: str

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Udc:
        """Read the number, what else is right or nearly so, and the hint."""
        number = read_value_members(node, "udc", LONGEST_NUMBER)
        if number.policy not in ("udc", "ddc"):
            raise node.get("policy").fail(faults.ONE_OF, choices="udc, ddc")
        return cls(number, node.get("hint").text(""))

    @property
    def possible(self) -> float:
        """Two points."""
        return WEIGHT

    @property
    def effort(self) -> float:
        """That of all accepted numbers."""
        return effort_of(self.number)

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare with the number that is nearest; say which part is missing or out of order."""
        given = Value(answer.text("", LONGEST_NUMBER))
        verdict = compare(self.number, given)
        is_whole = verdict.credit in (0.0, 1.0) or verdict.reason == "near"
        if is_whole or self.number.policy != "udc":
            return [self._explain_whole(verdict)]
        values = (self.number.value, *self.number.alternatives)
        nearest = max(values, key=lambda value: compare_udc(value.text, given.text)[0])
        return self._explain_parts(examine_udc(nearest.text, given.text))

    def _explain_whole(self, verdict: Verdict) -> Finding:
        return explain_verdict(
            verdict, place="", name="number", label=LABEL, weight=WEIGHT, model=self.number
        )

    def _explain_parts(self, found: Examination) -> list[Finding]:
        main, auxiliaries, order = (share * WEIGHT for share in SHARES)
        is_main_right = found.main == 1.0
        findings = [
            Finding(
                "main",
                "main.right" if is_main_right else f"main.{found.reason}",
                MAIN_RIGHT if is_main_right else REASONS[found.reason],
                found.main,
                main,
                params={} if is_main_right else {"place": LABEL},
                expected="" if is_main_right else self.number.value.raw,
            )
        ]
        findings += self._explain_auxiliaries(found, auxiliaries)
        findings.append(self._explain_order(found, order))
        return findings

    def _explain_auxiliaries(self, found: Examination, weight: float) -> list[Finding]:
        """Share out the points: what is there, and what is missing, wrong or needless."""
        faults = _find_faults(found)
        findings = []
        if found.shared:
            code, template = ("part", AUXILIARIES_PART) if faults else ("right", AUXILIARIES_RIGHT)
            right = weight * found.shared
            findings.append(Finding("auxiliaries", f"auxiliaries.{code}", template, 1.0, right))
        lost = weight * (1.0 - found.shared)
        count = sum(faults.values())
        for (kind, reason), parts in faults.items():
            findings.append(
                Finding(
                    f"auxiliaries.{kind}",
                    f"auxiliaries.{reason}.{kind}",
                    FAULTS[reason].get(kind, WRONG["other"]),
                    weight=lost * parts / count,
                    expected=self.number.value.raw,
                )
            )
        return findings

    def _explain_order(self, found: Examination, weight: float) -> Finding:
        if found.has_same_order:
            return Finding("order", "order.right", ORDER_RIGHT, 1.0, weight)
        if found.missing or found.unwanted:
            code, template = "order.open", ORDER_OPEN
        else:
            code, template = "order.wrong", MISPLACED.get(found.misplaced, MISPLACED["other"])
        return Finding("order", code, template, weight=weight, expected=self.number.value.raw)

    def public(self, seed: str) -> dict[str, Any]:
        """The author's hint."""
        return {"hint": self.hint}

    def model(self) -> str:
        """The number."""
        return self.number.value.raw


def _find_faults(found: Examination) -> Counter[tuple[str, str]]:
    """Return how many parts are at fault by kind and reason.

    A missing and a needless auxiliary of one kind are one wrong auxiliary.
    """
    missing = Counter(kind for kind, _ in found.missing)
    unwanted = Counter(kind for kind, _ in found.unwanted)
    faults: Counter[tuple[str, str]] = Counter()
    for kind in missing | unwanted:
        wrong = min(missing[kind], unwanted[kind])
        faults[kind, "wrong"] = 2 * wrong
        faults[kind, "missing"] = missing[kind] - wrong
        faults[kind, "unwanted"] = unwanted[kind] - wrong
    return +faults
