"""``mapping``: which field, indicators and subfield an element of the description belongs in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.parts import Part, check_distinct, make_part, read_named
from grading.graders.drill.typed import MOST_ALTERNATIVES
from grading.graders.marc import PROFILES
from grading.graders.reading import Node

SUBFIELD_WRONG = 0.5
INDICATORS_WRONG = 0.8

REASONS = {
    "right": _("«%(place)s»: right."),
    "indicators": _("«%(place)s»: the right field and subfield; an indicator must be another."),
    "subfield": _("«%(place)s»: the right field, but it must stand in another subfield."),
    "wrong": _("«%(place)s» must stand in another field."),
    "unreadable": _("«%(place)s»: a place is written as a tag and a subfield, such as 500 $a."),
    "missing": _("«%(place)s» is not placed."),
}

_PLACE = re.compile(
    r"(?P<tag>[0-9A-Z]{3})(?:\s+(?P<ind>[0-9_#\\]{2}|[0-9]))?(?:\s*[$‡|]\s*(?P<code>[0-9a-z]))?"
)
_BLANKS = str.maketrans({"#": "_", "\\": "_"})


class Place(NamedTuple):
    """A place in a record; ``ind`` (blanks as ``_``) and ``code`` may be empty."""

    tag: str
    ind: str
    code: str


class Row(NamedTuple):
    """An element with the places that are right for it, the model first."""

    part: Part
    places: tuple[Place, ...]
    written: str
    weight: float


@dataclass(frozen=True, slots=True)
class FieldMapping(Item):
    """Elements of a description to be put into the fields of a format."""

    TYPE = "mapping"

    profile: str
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, node: Node, settings: Settings) -> FieldMapping:
        """Read the profile and the rows."""
        profile = node.get("profile").one_of(PROFILES, PROFILES[0])
        rows = tuple(_read_row(row) for row in node.get("rows").list(1))
        check_distinct([row.part for row in rows], node.get("rows"))
        return cls(profile, rows)

    @property
    def possible(self) -> float:
        """The weights of the rows."""
        return sum(row.weight for row in self.rows)

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare row by row."""
        given = read_named(answer.get("rows"), [row.part for row in self.rows])
        return [_compare(row, given[row.part.id]) for row in self.rows]

    def public(self, seed: str) -> dict[str, Any]:
        """The elements in the author's order, and whether indicators are asked."""
        return {
            "profile": self.profile,
            "rows": [{"id": row.part.id, "text": row.part.text} for row in self.rows],
            "asks_indicators": any(row.places[0].ind for row in self.rows),
        }

    def model(self) -> dict[str, Any]:
        """The place of each element as the author wrote it."""
        return {"rows": {row.part.id: row.written for row in self.rows}}


def parse_place(text: str) -> Place | None:
    """Read ``264 _1 $c``, ``245 $b``, ``008``; ``None`` if it is none of these."""
    match = _PLACE.fullmatch(text.strip())
    if not match:
        return None
    ind = (match["ind"] or "").translate(_BLANKS)
    return Place(match["tag"], ind.rjust(2, "_") if ind else "", match["code"] or "")


def _read_row(node: Node) -> Row:
    others = node.get("alt").list(most=MOST_ALTERNATIVES)
    places = tuple(_read_place(place) for place in (node.get("place"), *others))
    written = node.get("place").text().strip()
    return Row(make_part(node.get("text").text()), places, written, node.weight(1.0))


def _read_place(node: Node) -> Place:
    place = parse_place(node.text())
    if place is None:
        raise node.fail(_("A place such as 245 $b or 264 _1 $c is expected here."))
    return place


def _compare(row: Row, answer: Node) -> Finding:
    typed = answer.text("")
    given = parse_place(typed)
    if given is not None:
        found = [_compare_place(place, given) for place in row.places]
        credit, reason = max(found, key=lambda pair: pair[0])
    else:
        credit, reason = 0.0, "unreadable" if typed.strip() else "missing"
    return Finding(
        f"rows.{row.part.id}",
        f"row.{reason}",
        REASONS[reason],
        credit,
        row.weight,
        params={"place": row.part.text},
        expected="" if credit == 1.0 else row.written,
    )


def _compare_place(model: Place, given: Place) -> tuple[float, str]:
    if given.tag != model.tag:
        return 0.0, "wrong"
    if given.code != model.code:
        return SUBFIELD_WRONG, "subfield"
    if model.ind and given.ind != model.ind:
        return INDICATORS_WRONG, "indicators"
    return 1.0, "right"
