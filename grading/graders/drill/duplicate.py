"""``duplicate``: whether two descriptions are of one manifestation, and what decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.drill.choosing import Choice, count_right, read_options
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.parts import read_chosen, show_choices, show_parts
from grading.graders.reading import Node

DECISIONS = {
    "same": _("The same manifestation: a duplicate record"),
    "manifestation": _("Another manifestation of the same expression"),
    "expression": _("Another expression of the same work"),
    "work": _("Another work"),
}
DECISION_WEIGHT = 2.0

REASONS = {
    "right": _("The right decision."),
    "nearly": _("Nearly the right decision."),
    "wrong": _("The descriptions call for another decision."),
    "missing": _("Nothing is decided."),
}


@dataclass(frozen=True, slots=True)
class Duplicate(Item):
    """Two descriptions, a decision, and the differences between them."""

    TYPE = "duplicate"

    records: tuple[str, str]
    decisions: tuple[str, ...]
    decision: str
    credits: Mapping[str, float]
    differences: Choice

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Duplicate:
        """Read the descriptions, the decision and the differences."""
        first, second = (record.text() for record in node.get("records").list(2, 2))
        offered = node.get("decisions").some_of(list(DECISIONS), list(DECISIONS))
        if len(offered) < 2:
            raise node.get("decisions").fail(faults.TOO_FEW, least=2)
        decision = node.get("decision").one_of(offered)
        credits = dict.fromkeys(node.get("alt").some_of(offered, ()), 1.0)
        near = node.get("near")
        for name in near.object():
            if name not in offered:
                raise near.fail(faults.NO_CHOICE, name=str(name)[:40])
            credits.setdefault(name, near.get(name).number(0.0, 0.0, 1.0))
        credits[decision] = 1.0
        options = read_options(node.get("differences"), 0)
        count = count_right(options)
        stake = count or DECISION_WEIGHT
        choice = Choice(options, count, 1.0, settings.unwanted, stake)
        return cls((first, second), offered, decision, credits, choice)

    @property
    def possible(self) -> float:
        """The decision and each difference that decides."""
        return DECISION_WEIGHT + self.differences.count * self.differences.weight

    @property
    def points(self) -> float:
        """Two points, and two more where differences are offered."""
        return 4.0 if self.differences.options else 2.0

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare the decision; differences count only with one that earns something."""
        given = answer.get("decision").text("").strip()
        credit = self.credits.get(given, 0.0)
        reason = "missing" if not given else "wrong"
        if credit:
            reason = "right" if credit == 1.0 else "nearly"
        decided = Finding(
            "decision",
            f"decision.{reason}",
            REASONS[reason],
            credit,
            DECISION_WEIGHT,
            expected="" if credit == 1.0 else self.decision,
        )
        parts = [option.part for option in self.differences.options]
        chosen = read_chosen(answer.get("differences"), parts)
        return [decided, *self.differences.grade(chosen, "differences", counts=credit > 0)]

    def public(self, seed: str) -> dict[str, Any]:
        """The descriptions, the decisions to choose from, the differences."""
        return {
            "records": list(self.records),
            "decisions": show_choices({name: DECISIONS[name] for name in self.decisions}),
            "differences": show_parts([o.part for o in self.differences.options], seed),
        }

    def model(self) -> dict[str, Any]:
        """The decision and the differences that decide."""
        right = [o.part.id for o in self.differences.options if o.credit == 1.0]
        return {"decision": self.decision, "differences": right}
