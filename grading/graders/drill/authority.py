"""``authority``: which authority record a heading belongs to, if any, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders.drill.choosing import Choice, Option, count_right, read_credit, read_options
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.parts import (
    Part,
    check_distinct,
    make_part,
    read_chosen,
    show_parts,
)
from grading.graders.reading import Node
from grading.graders.shuffling import sort_by_seed

NONE = "none"
CHOICE_WEIGHT = 2.0

RIGHT = _("This is the right record.")
NONE_RIGHT = _("Rightly: none of these records fits.")
NEARLY = _("This record is nearly right; look for one that fits better.")
WRONG = _("This is not the record of the person or body that is meant.")
NONE_WRONG = _("One of these records fits. Look at the forms referred from and at the dates.")
MISSING = _("No record is chosen.")
CREDIT = _("Either true, false or a number from 0 to 1 is expected here.")


class Candidate(NamedTuple):
    """An authority record, as far as it is shown."""

    part: Part
    see_from: tuple[str, ...]
    details: str
    credit: float


@dataclass(frozen=True, slots=True)
class Authority(Item):
    """A heading, and authority records to choose from."""

    TYPE = "authority"

    heading: str
    candidates: tuple[Candidate, ...]
    reasons: Choice

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Authority:
        """Read the candidates and the reasons."""
        rows = node.get("candidates").list(1)
        candidates = tuple(_read_candidate(row) for row in rows)
        check_distinct([candidate.part for candidate in candidates], node.get("candidates"))
        if sum(candidate.credit == 1.0 for candidate in candidates) > 1:
            raise node.get("candidates").fail(_("Only one record can be right."))
        reasons = read_options(node.get("reasons"), 0, most=20)
        return cls(node.get("heading").text(), candidates, _choice(reasons, settings))

    @property
    def possible(self) -> float:
        """The choice and each right reason."""
        return CHOICE_WEIGHT + self.reasons.count * self.reasons.weight

    @property
    def points(self) -> float:
        """Two points, and one more where reasons are offered."""
        return 3.0 if self.reasons.options else 2.0

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare the choice; reasons count only with the right one."""
        chosen = answer.get("choice").text("").strip()
        found = self._compare(chosen)
        reasons = read_chosen(answer.get("reasons"), _parts(self.reasons.options))
        return [found, *self.reasons.grade(reasons, "reasons", counts=found.credit == 1.0)]

    def _compare(self, chosen: str) -> Finding:
        right = next((c for c in self.candidates if c.credit == 1.0), None)
        if not chosen:
            return self._finding("missing", MISSING, 0.0)
        if chosen == NONE:
            if right is None:
                return self._finding("right", NONE_RIGHT, 1.0)
            return self._finding("none", NONE_WRONG, 0.0)
        by_name = {c.part.text: c for c in self.candidates}
        by_name |= {c.part.id: c for c in self.candidates}
        credit = by_name[chosen].credit if chosen in by_name else 0.0
        if credit == 1.0:
            return self._finding("right", RIGHT, credit)
        return self._finding("nearly", NEARLY, credit) if credit else self._wrong()

    def _wrong(self) -> Finding:
        return self._finding("wrong", WRONG, 0.0)

    def _finding(self, reason: str, template: str, credit: float) -> Finding:
        right = next((c.part.text for c in self.candidates if c.credit == 1.0), NONE)
        expected = "" if credit == 1.0 else right
        code = f"choice.{reason}"
        return Finding("choice", code, template, credit, CHOICE_WEIGHT, expected=expected)

    def public(self, seed: str) -> dict[str, Any]:
        """The records as cards, and the reasons."""
        shown = sort_by_seed(self.candidates, lambda candidate: candidate.part.id, seed)
        return {
            "heading": self.heading,
            "candidates": [
                {
                    "id": candidate.part.id,
                    "heading": candidate.part.text,
                    "see_from": list(candidate.see_from),
                    "details": candidate.details,
                }
                for candidate in shown
            ],
            "reasons": show_parts(_parts(self.reasons.options), seed),
        }

    def model(self) -> dict[str, Any]:
        """The right record and the right reasons."""
        right = [c.part.id for c in self.candidates if c.credit == 1.0]
        return {
            "choice": right[0] if right else NONE,
            "reasons": [o.part.id for o in self.reasons.options if o.credit == 1.0],
        }


def _choice(reasons: tuple[Option, ...], settings: Settings) -> Choice:
    count = count_right(reasons)
    return Choice(reasons, count, 1.0, settings.unwanted, stake=count or CHOICE_WEIGHT)


def _parts(options: Sequence[Option]) -> list[Part]:
    return [option.part for option in options]


def _read_candidate(node: Node) -> Candidate:
    see_from = tuple(form.text() for form in node.get("see_from").list(most=20))
    details = node.get("details").text("")
    credit = read_credit(node)
    if credit is None:
        raise node.get("right").fail(CREDIT)
    part = make_part(node.get("heading").text(), *see_from, details)
    return Candidate(part, see_from, details, credit)
