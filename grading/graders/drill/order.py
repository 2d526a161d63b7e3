"""``order``: the elements of an ISBD area in their order, with the marks that precede them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders.compare.align import longest_increasing
from grading.graders.compare.text import normalize
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.parts import (
    Part,
    check_distinct,
    make_part,
    read_chosen,
    read_named,
    show_parts,
)
from grading.graders.reading import Node

MOST_ELEMENTS = 12
ASKED = ("order", "marks")
PALETTE = (" : ", " / ", " ; ", ", ", " = ", ". ", " + ", ". - ", " (", ") ")
LONGEST_MARK = 12

BY_CHANCE = (
    0.0,
    1.0,
    3 / 2,
    2.0,
    29 / 12,
    67 / 24,
    2261 / 720,
    499 / 144,
    7601 / 2016,
    163673 / 40320,
    3146141 / 725760,
    16688347 / 3628800,
    232429801 / 47900160,
)
"""By the number of elements: how many stand in order, on average, when chance orders them."""

ORDER_RIGHT = _("The elements stand in the order of ISBD.")
ORDER_PART = _("Some elements stand in the order of ISBD, not all.")
ORDER_WRONG = _("The elements do not stand in the order of ISBD.")
DISTRACTOR = _("«%(place)s»: this element does not belong here.")
MARKS = {
    "right": _("«%(place)s»: the right mark precedes it."),
    "spacing": _("«%(place)s»: the right mark, but the rule says otherwise about the blanks."),
    "wrong": _("«%(place)s»: the rule says that another mark precedes this."),
    "missing": _("«%(place)s»: the rule says that a mark precedes this; it is missing."),
}
SPACING_CREDIT = 0.5

ORDER_NOT_ASKED = _("Only an item that asks for the order has elements that do not belong.")


class Statement(NamedTuple):
    """A right order of elements, by their ids, and the mark before each but the first."""

    order: tuple[str, ...]
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Order(Item):
    """Elements to be ordered, punctuated, or both."""

    TYPE = "order"

    elements: tuple[Part, ...]
    distractors: tuple[Part, ...]
    statements: tuple[Statement, ...]
    asked: tuple[str, ...]

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Order:
        """Read elements, distractors, alternatives."""
        rows = node.get("elements").list(2, MOST_ELEMENTS)
        elements = tuple(make_part(row.get("text").text()) for row in rows)
        distractors = tuple(
            make_part(row.text()) for row in node.get("distractors").list(most=MOST_ELEMENTS)
        )
        check_distinct(elements + distractors, node.get("elements"))
        asked = node.get("ask").some_of(ASKED, ASKED)
        if not asked:
            raise node.get("ask").fail(_("Nothing is asked: neither the order nor the marks."))
        if distractors and "order" not in asked:
            raise node.get("distractors").fail(ORDER_NOT_ASKED)
        marks = {}
        for part, row in zip(elements[1:], rows[1:], strict=True):
            if "marks" in asked or row.has("mark"):
                marks[part.id] = _read_mark(row.get("mark"))
        model = Statement(tuple(part.id for part in elements), marks)
        others = [
            _read_statement(other, elements, model, asked)
            for other in node.get("alt").list(most=MOST_ELEMENTS)
        ]
        return cls(elements, distractors, (model, *others), asked)

    @property
    def possible(self) -> float:
        """A point for each element after the first: for its place, and for its mark."""
        return float((len(self.elements) - 1) * len(self.asked))

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare with every right statement; the best one counts."""
        placed = read_chosen(answer.get("order"), self.elements + self.distractors)
        given = {
            part_id: mark.text("", LONGEST_MARK)
            for part_id, mark in read_named(answer.get("marks"), self.elements).items()
        }
        findings = [self._compare(statement, placed, given) for statement in self.statements]
        return max(findings, key=lambda found: sum(f.credit * f.weight for f in found))

    def _compare(
        self, statement: Statement, placed: Sequence[Part], given: Mapping[str, str]
    ) -> list[Finding]:
        findings = []
        if "order" in self.asked:
            findings.append(self._compare_order(statement, placed))
            findings += [
                Finding(
                    f"order.{part.id}",
                    "order.unwanted",
                    DISTRACTOR,
                    charge=1.0,
                    params={"place": part.text},
                )
                for part in placed
                if part in self.distractors
            ]
        if "marks" in self.asked:
            names = {part.id: part.text for part in self.elements}
            findings += [
                _compare_mark(part_id, names[part_id], statement.marks, given)
                for part_id in statement.order[1:]
            ]
        return findings

    def _compare_order(self, statement: Statement, placed: Sequence[Part]) -> Finding:
        places = {part_id: i for i, part_id in enumerate(statement.order)}
        in_order = longest_increasing(places[part.id] for part in placed if part.id in places)
        size = len(places)
        chance = BY_CHANCE[size]
        credit = max(0.0, (in_order - chance) / (size - chance))
        names = {part.id: part.text for part in self.elements}
        reason, template = "wrong", ORDER_WRONG
        if credit:
            reason, template = ("right", ORDER_RIGHT) if credit == 1.0 else ("part", ORDER_PART)
        return Finding(
            "order",
            f"order.{reason}",
            template,
            credit,
            weight=size - 1.0,
            expected="" if credit == 1.0 else " | ".join(names[i] for i in statement.order),
        )

    def public(self, seed: str) -> dict[str, Any]:
        """The elements, shuffled if their order is asked."""
        shown = [{"id": part.id, "text": part.text} for part in self.elements]
        if "order" in self.asked:
            shown = self._shuffle(seed)
        palette = list(PALETTE) if "marks" in self.asked else []
        return {"elements": shown, "ask": list(self.asked), "palette": palette}

    def _shuffle(self, seed: str) -> list[dict[str, Any]]:
        """Return the elements in an order that earns nothing as it stands.

        Of up to three elements only the reverse earns nothing, which would give the order away.
        """
        parts = self.elements + self.distractors
        by_id = {part.id: part for part in parts}
        for attempt in range(40):
            shown = show_parts(parts, seed, str(attempt))
            placed = [by_id[row["id"]] for row in shown]
            found = [self._compare_order(statement, placed) for statement in self.statements]
            if len(self.elements) <= 3 or not any(finding.credit for finding in found):
                break
        return shown

    def model(self) -> dict[str, Any]:
        """The order and the marks of the first statement."""
        statement = self.statements[0]
        return {
            name: value
            for name, value in (
                ("order", list(statement.order)),
                ("marks", dict(statement.marks)),
            )
            if name in self.asked
        }


def _read_mark(node: Node) -> str:
    mark = node.text(longest=LONGEST_MARK)
    if not _bare(mark):
        raise node.fail(_("A mark of punctuation is expected here."))
    return mark


def _bare(mark: str) -> str:
    """Return a mark without blanks, one kind of dash for all ways to write it."""
    return normalize(mark).replace("--", "-").replace(" ", "")


def _read_statement(
    node: Node, elements: Sequence[Part], model: Statement, asked: Sequence[str]
) -> Statement:
    order = model.order
    if node.has("order"):
        chosen = read_chosen(node.get("order"), elements)
        order = tuple(part.id for part in chosen)
        if len(order) != len(elements):
            raise node.get("order").fail(_("This order does not name every element."))
    marks = dict(model.marks)
    for part_id, mark in read_named(node.get("marks"), elements).items():
        if mark.value is None:
            continue
        marks[part_id] = _read_mark(mark)
    missing = [part.text for part in elements if part.id in order[1:] and part.id not in marks]
    if "marks" in asked and missing:
        raise node.get("marks").fail(_("No mark precedes «%(element)s»."), element=missing[0][:40])
    return Statement(order, marks)


def _compare_mark(
    part_id: str, name: str, marks: Mapping[str, str], given: Mapping[str, str]
) -> Finding:
    model, typed = marks[part_id], given.get(part_id, "")
    if not _bare(typed):
        reason, credit = "missing", 0.0
    elif _bare(typed) != _bare(model):
        reason, credit = "wrong", 0.0
    elif _blanks_around(typed) != _blanks_around(model):
        reason, credit = "spacing", SPACING_CREDIT
    else:
        reason, credit = "right", 1.0
    return Finding(
        f"marks.{part_id}",
        f"mark.{reason}",
        MARKS[reason],
        credit,
        weight=1.0,
        params={"place": name},
        expected="" if credit == 1.0 else model,
    )


def _blanks_around(mark: str) -> tuple[str, str]:
    """Return a blank or nothing for what stands before and behind a mark."""
    return " " * mark[:1].isspace(), " " * mark[-1:].isspace()
