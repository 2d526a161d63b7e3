"""``lrm``: sorting statements into the entities of the IFLA Library Reference Model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.drill.choosing import charge_for_heaps
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.parts import (
    Part,
    check_distinct,
    make_part,
    read_named,
    show_choices,
    show_parts,
)
from grading.graders.reading import Node

ENTITIES = {
    "res": _("Res"),
    "work": _("Work"),
    "expression": _("Expression"),
    "manifestation": _("Manifestation"),
    "item": _("Item"),
    "agent": _("Agent"),
    "person": _("Person"),
    "collective_agent": _("Collective agent"),
    "nomen": _("Nomen"),
    "place": _("Place"),
    "time_span": _("Time-span"),
}
OFFERED = tuple(name for name in ENTITIES if name != "res")
SUPERCLASS = {"person": "agent", "collective_agent": "agent"}
SUPERCLASS_CREDIT = 0.5

REASONS = {
    "right": _("«%(place)s»: right."),
    "broad": _("«%(place)s»: right, but the model has a more exact entity."),
    "wrong": _("«%(place)s» belongs to another entity."),
    "missing": _("«%(place)s» is not sorted."),
}


class Row(NamedTuple):
    """A statement and the credit of each entity."""

    part: Part
    entity: str
    credits: Mapping[str, float]
    weight: float


@dataclass(frozen=True, slots=True)
class Lrm(Item):
    """Statements to be sorted."""

    TYPE = "lrm"

    choices: tuple[str, ...]
    rows: tuple[Row, ...]
    charge: float

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Lrm:
        """Read the entities to choose from and the statements."""
        choices = node.get("choices").some_of(list(ENTITIES), OFFERED)
        rows = tuple(_read_row(row, choices) for row in node.get("rows").list(1))
        if len(choices) < 2:
            raise node.get("choices").fail(faults.TOO_FEW, least=2)
        check_distinct([row.part for row in rows], node.get("rows"))
        return cls(choices, rows, charge_for_heaps([row.credits for row in rows], choices))

    @property
    def possible(self) -> float:
        """The weights of the statements."""
        return sum(row.weight for row in self.rows)

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare row by row; a wrong one costs what guessing would gain."""
        given = read_named(answer.get("rows"), [row.part for row in self.rows])
        return [self._compare(row, given[row.part.id]) for row in self.rows]

    def _compare(self, row: Row, answer: Node) -> Finding:
        chosen = answer.text("").strip()
        credit = row.credits.get(chosen, 0.0)
        if credit == 1.0:
            reason = "right"
        elif credit:
            reason = "broad"
        else:
            reason = "wrong" if chosen else "missing"
        return Finding(
            f"rows.{row.part.id}",
            f"row.{reason}",
            REASONS[reason],
            credit,
            row.weight,
            charge=self.charge * row.weight if reason == "wrong" else 0.0,
            params={"place": row.part.text},
            expected="" if credit == 1.0 else ENTITIES[row.entity],
        )

    def public(self, seed: str) -> dict[str, Any]:
        """The entities, and the statements shuffled."""
        return {
            "choices": show_choices({name: ENTITIES[name] for name in self.choices}),
            "rows": show_parts([row.part for row in self.rows], seed),
        }

    def model(self) -> dict[str, Any]:
        """The entity of each statement."""
        return {"rows": {row.part.id: row.entity for row in self.rows}}


def _read_row(node: Node, choices: Sequence[str]) -> Row:
    entity = node.get("entity").one_of(choices)
    credits = {}
    broader = SUPERCLASS.get(entity)
    if broader is not None:
        credits[broader] = SUPERCLASS_CREDIT
    credits |= dict.fromkeys(node.get("alt").some_of(choices, ()), 1.0)
    credits[entity] = 1.0
    return Row(make_part(node.get("text").text()), entity, credits, node.weight(1.0))
