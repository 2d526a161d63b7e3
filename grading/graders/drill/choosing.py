"""Choosing some of many, and sorting into heaps: graded so that guessing does not pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grading.data import gettext_noop as _
from grading.graders.drill.item import Finding
from grading.graders.drill.parts import Part, check_distinct, make_part
from grading.graders.reading import Node

RIGHT = _("«%(text)s»: rightly chosen.")
NEARLY = _("«%(text)s»: nearly right; a better choice is offered.")
NEUTRAL = _("«%(text)s»: counts neither way.")
FULL = _("«%(text)s»: right too; as many as are called for have been counted.")
UNWANTED = _("«%(text)s»: nothing justifies this choice.")
MISSING = _("Not all that is called for is chosen; missing: %(count)s.")
UNSUPPORTED = _("«%(text)s»: this counts only with the right decision.")


class Option(NamedTuple):
    """What can be chosen: right (``credit`` 1), nearly so, wrong (0) or ``None``: neither."""

    part: Part
    credit: float | None


def read_options(node: Node, least: int, most: int = 100) -> tuple[Option, ...]:
    """Read options ``{"text", "right"}``; ``right`` is true, false, a credit or null."""
    options = tuple(_read_option(member) for member in node.list(least, most))
    check_distinct([option.part for option in options], node)
    return options


def _read_option(node: Node) -> Option:
    return Option(make_part(node.get("text").text()), read_credit(node))


def read_credit(node: Node) -> float | None:
    """Read the member ``right``: true, a credit (0-1), false (also if missing), or null."""
    if "right" not in node.object():
        return 0.0
    raw = node.get("right")
    if raw.value is None:
        return None
    if isinstance(raw.value, bool):
        return 1.0 if raw.value else 0.0
    return raw.number(0.0, 0.0, 1.0)


def count_right(options: Iterable[Option]) -> int:
    """Return how many options are wholly right."""
    return sum(option.credit == 1.0 for option in options)


@dataclass(frozen=True, slots=True)
class Choice:
    """Options of which the best ``count`` chosen ones count, each of ``weight``.

    ``unwanted`` is the least that a wrong one costs, as a share of a right one; ``stake`` are the
    points that choosing everything would earn.
    """

    options: tuple[Option, ...]
    count: int
    weight: float
    unwanted: float
    stake: float

    @property
    def charge(self) -> float:
        """What a wrong choice costs: so much that choosing everything earns nothing."""
        wrong = sum(option.credit == 0.0 for option in self.options)
        return max(self.unwanted * self.weight, self.stake / wrong) if wrong else 0.0

    def grade(self, chosen: Iterable[Part], place: str, *, counts: bool = True) -> list[Finding]:
        """Return the findings; right choices earn nothing unless they count (``counts``)."""
        credits = {option.part.id: option.credit for option in self.options}
        ranked = sorted(chosen, key=lambda part: -(credits[part.id] or 0.0))
        filled = 0
        findings = []
        for part in ranked:
            credit = credits[part.id]
            where, params = f"{place}.{part.id}", {"text": part.text}
            if credit is None:
                findings.append(Finding(where, f"{place}.neutral", NEUTRAL, params=params))
            elif credit == 0.0:
                code = f"{place}.unwanted"
                findings.append(Finding(where, code, UNWANTED, charge=self.charge, params=params))
            elif filled == self.count:
                findings.append(Finding(where, f"{place}.full", FULL, params=params))
            else:
                filled += 1
                code, template = ("right", RIGHT) if credit == 1.0 else ("nearly", NEARLY)
                if not counts:
                    code, template, credit = "unsupported", UNSUPPORTED, 0.0
                findings.append(
                    Finding(where, f"{place}.{code}", template, credit, self.weight, params=params)
                )
        return findings + self._missing(place, self.count - filled)

    def _missing(self, place: str, count: int) -> list[Finding]:
        if not count:
            return []
        best = [option.part.text for option in self.options if option.credit == 1.0]
        return [
            Finding(
                place,
                f"{place}.missing",
                MISSING,
                weight=self.weight * count,
                params={"count": count},
                expected=" | ".join(best),
            )
        ]


def charge_for_heaps(rows: Sequence[Mapping[str, float]], heaps: Iterable[str]) -> float:
    """Return what a wrongly sorted row costs, as a share of a right one.

    ``rows`` hold the credit of each heap. Sorting every row into one heap, whichever, then earns
    nothing; nor does sorting blindly. A heap that is right for every row costs nothing.
    """
    names = list(heaps)
    least = 1 / (len(names) - 1) if len(names) > 1 else 0.0
    charges = [least]
    for name in names:
        earned = sum(row.get(name, 0.0) for row in rows)
        wrong = sum(row.get(name, 0.0) == 0.0 for row in rows)
        if wrong:
            charges.append(earned / wrong)
    return max(charges)
