"""``headings``: the subject headings that fit a resource, from a pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grading.data import gettext_noop as _
from grading.graders.drill.choosing import Choice, count_right, read_options
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.parts import read_chosen, show_parts
from grading.graders.reading import Node

WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Headings(Item):
    """Headings to choose from; the best ones chosen count."""

    TYPE = "headings"

    choice: Choice

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Headings:
        """Read the options and how many are called for."""
        options = read_options(node.get("options"), 2)
        right = count_right(options)
        if not right:
            raise node.get("options").fail(_("No option is right."))
        count = node.get("count").whole(right, 1, right)
        choice = Choice(options, count, WEIGHT, settings.unwanted, stake=count * WEIGHT)
        return cls(choice)

    @property
    def possible(self) -> float:
        """Two points for each heading called for."""
        return self.choice.count * WEIGHT

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Count the best of the chosen headings, charge the unjustified ones."""
        parts = [option.part for option in self.choice.options]
        return self.choice.grade(read_chosen(answer.get("chosen"), parts), "chosen")

    def public(self, seed: str) -> dict[str, Any]:
        """The headings, shuffled, and how many are called for."""
        return {
            "count": self.choice.count,
            "options": show_parts([option.part for option in self.choice.options], seed),
        }

    def model(self) -> dict[str, Any]:
        """As many right headings as are called for."""
        right = [o.part.id for o in self.choice.options if o.credit == 1.0]
        return {"chosen": right[: self.choice.count]}
