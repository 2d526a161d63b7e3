"""``rda``: sorting data into RDA elements, and whether each is transcribed or recorded."""

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
from grading.graders.reading import MOST_PARTS, Node

RDA_ELEMENTS = {
    "title_proper": _("Title proper"),
    "parallel_title": _("Parallel title proper"),
    "other_title": _("Other title information"),
    "variant_title": _("Variant title"),
    "responsibility": _("Statement of responsibility relating to title proper"),
    "edition": _("Designation of edition"),
    "place": _("Place of publication"),
    "publisher": _("Publisher's name"),
    "publication_date": _("Date of publication"),
    "copyright_date": _("Copyright date"),
    "manufacture": _("Manufacture statement"),
    "series_title": _("Title proper of series"),
    "series_number": _("Numbering within series"),
    "issuance": _("Mode of issuance"),
    "identifier": _("Identifier for the manifestation"),
    "media": _("Media type"),
    "carrier": _("Carrier type"),
    "extent": _("Extent"),
    "dimensions": _("Dimensions"),
    "note": _("Note on manifestation"),
    "content": _("Content type"),
    "language": _("Language of expression"),
    "illustration": _("Illustrative content"),
    "supplement": _("Supplementary content"),
    "preferred_title": _("Preferred title of work"),
    "creator": _("Creator of work"),
    "contributor": _("Contributor"),
    "subject": _("Subject of work"),
}
MANNERS = {"transcribed": _("Transcribed"), "recorded": _("Recorded")}
WEIGHTS = {"element": 2.0, "manner": 1.0}

ELEMENT = {
    "right": _("«%(place)s»: the right element."),
    "nearly": _("«%(place)s»: nearly the right element."),
    "wrong": _("«%(place)s» belongs to another element."),
    "missing": _("«%(place)s» is not sorted."),
}
MANNER = {
    "right": _("«%(place)s»: the manner is right too."),
    "wrong": _(
        "«%(place)s»: the rule says which elements are transcribed as they stand in the source "
        "and which are recorded by the cataloguer."
    ),
    "missing": _("«%(place)s»: transcribed or recorded?"),
    "unsupported": _("«%(place)s»: the manner counts only with the right element."),
}


class Row(NamedTuple):
    """Data with its element, the credit of others, and its manner (may be empty)."""

    part: Part
    element: str
    credits: Mapping[str, float]
    manner: str
    scale: float

    @property
    def weight(self) -> float:
        """Points of the row."""
        return self.scale * (WEIGHTS["element"] + (WEIGHTS["manner"] if self.manner else 0.0))


@dataclass(frozen=True, slots=True)
class Rda(Item):
    """Data to be sorted."""

    TYPE = "rda"

    choices: Mapping[str, str]
    rows: tuple[Row, ...]
    charge: float

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Rda:
        """Read the elements to choose from and the data."""
        choices = _read_choices(node.get("choices"))
        rows = tuple(_read_row(row, choices) for row in node.get("rows").list(1))
        check_distinct([row.part for row in rows], node.get("rows"))
        return cls(choices, rows, charge_for_heaps([row.credits for row in rows], choices))

    @property
    def possible(self) -> float:
        """The weights of the rows."""
        return sum(row.weight for row in self.rows)

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare row by row; a wrong element costs what guessing would gain."""
        given = read_named(answer.get("rows"), [row.part for row in self.rows])
        findings = []
        for row in self.rows:
            typed = given[row.part.id]
            element = self._compare_element(row, typed.get("element").text("").strip())
            findings.append(element)
            manner = typed.get("manner").text("").strip()
            if row.manner:
                findings.append(_compare_manner(row, manner, counts=element.credit == 1.0))
        return findings

    def _compare_element(self, row: Row, chosen: str) -> Finding:
        credit = row.credits.get(chosen, 0.0)
        if credit:
            reason = "right" if credit == 1.0 else "nearly"
        else:
            reason = "wrong" if chosen else "missing"
        return Finding(
            f"rows.{row.part.id}.element",
            f"element.{reason}",
            ELEMENT[reason],
            credit,
            WEIGHTS["element"] * row.scale,
            charge=self.charge * row.weight if reason == "wrong" else 0.0,
            params={"place": row.part.text},
            expected="" if credit == 1.0 else self.choices[row.element],
        )

    def public(self, seed: str) -> dict[str, Any]:
        """The elements, and the data shuffled."""
        asks_manner = any(row.manner for row in self.rows)
        return {
            "choices": show_choices(self.choices),
            "manners": show_choices(MANNERS) if asks_manner else [],
            "rows": show_parts([row.part for row in self.rows], seed),
        }

    def model(self) -> dict[str, Any]:
        """Element and manner of each row."""
        return {
            "rows": {
                row.part.id: {"element": row.element}
                | ({"manner": row.manner} if row.manner else {})
                for row in self.rows
            }
        }


def _compare_manner(row: Row, chosen: str, *, counts: bool) -> Finding:
    credit = 1.0 if chosen == row.manner else 0.0
    reason = "right" if credit else "wrong" if chosen else "missing"
    if credit and not counts:
        reason, credit = "unsupported", 0.0
    return Finding(
        f"rows.{row.part.id}.manner",
        f"manner.{reason}",
        MANNER[reason],
        credit,
        WEIGHTS["manner"] * row.scale,
        params={"place": row.part.text},
        expected="" if credit else MANNERS[row.manner],
    )


def _read_choices(node: Node) -> Mapping[str, str]:
    if node.value is None:
        return RDA_ELEMENTS
    choices: dict[str, str] = {}
    for member in node.list(2, MOST_PARTS):
        if isinstance(member.value, str):
            name = member.one_of(list(RDA_ELEMENTS))
            choices[name] = RDA_ELEMENTS[name]
        else:
            choices[member.get("id").text().strip()] = member.get("label").text()
    if len(choices) < 2:
        raise node.fail(_("Two or more different choices are expected here."))
    return choices


def _read_row(node: Node, choices: Mapping[str, str]) -> Row:
    names = list(choices)
    element = node.get("element").one_of(names)
    credits = {}
    near = node.get("near")
    for name in near.object():
        if name not in choices:
            raise near.fail(faults.NO_CHOICE, name=str(name)[:40])
        credits[name] = near.get(name).number(0.0, 0.0, 1.0)
    credits |= dict.fromkeys(node.get("alt").some_of(names, ()), 1.0)
    credits[element] = 1.0
    manner = node.get("manner").one_of(list(MANNERS), "")
    return Row(make_part(node.get("text").text()), element, credits, manner, node.weight(1.0))
