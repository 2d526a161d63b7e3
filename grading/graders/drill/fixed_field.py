"""``fixed_field``: coding a leader, 006, 007, 008, UNIMARC 100 … by labelled positions.

In COMARC/B the codes stand in subfields of their own instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.marc import MATERIALS, PROFILES, layout
from grading.graders.marc.fixed import REPAIRED, FixedVerdict, PositionVerdict, clean, compare_fixed
from grading.graders.marc.messages import LENGTH, POSITION
from grading.graders.marc.positions import Position, get_positions
from grading.graders.marc.profiles import get_profile
from grading.graders.marc.refs import find_refs
from grading.graders.reading import Node

LONGEST_FIELD = 200
POINTS = 0.5
"""What a position counts of its weight: a whole 008 eight points, as in a record."""

RIGHT = _("%(place)s (%(name)s): right.")
SUBFIELD_RIGHT = _("$%(place)s (%(name)s): right.")
SUBFIELD_CASE = _("$%(place)s (%(name)s): the right code, but capital and small letters differ.")
SUBFIELD_WRONG = _("$%(place)s (%(name)s): this must be another code.")
SUBFIELD_MISSING = _("$%(place)s (%(name)s): nothing is coded.")
CASE_CREDIT = 0.9

NO_POSITIONS = _("The format has no table of positions for this field.")
NO_SUBFIELDS = _("The format has no table of coded subfields for this field.")


def read_fixed_field(node: Node, settings: Settings) -> Item:
    """Read a fixed field: one of positions, or in COMARC/B of subfields."""
    profile = node.get("profile").one_of(PROFILES, PROFILES[0])
    tag = node.get("tag").text().strip().upper()
    material = node.get("material").one_of(MATERIALS, MATERIALS[0])
    if isinstance(node.get("value").value, dict):
        return _read_subfields(node, profile, tag)
    return _read_positions(node, profile, tag, material)


@dataclass(frozen=True, slots=True)
class FixedField(Item):
    """A field of fixed length; ``positions`` are those to be coded."""

    TYPE = "fixed_field"

    profile: str
    tag: str
    material: str
    value: str
    positions: tuple[Position, ...]

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Item:
        """Read either kind."""
        return read_fixed_field(node, settings)

    @property
    def possible(self) -> float:
        """Half the weights of the positions."""
        return sum(position.weight * POINTS for position in self.positions)

    @property
    def effort(self) -> float:
        """Three for each position that is asked."""
        return 3.0 * len(self.positions)

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare position by position, mending one lost or doubled character."""
        given = clean(answer.text("", LONGEST_FIELD))
        verdict = compare_fixed(self.value, given, self.positions)
        share = REPAIRED if verdict.repair else 1.0
        findings = [self._explain(found, share) for found in verdict.positions]
        return [*self._explain_length(verdict), *findings]

    def _explain(self, found: PositionVerdict, share: float) -> Finding:
        position = found.position
        template = RIGHT if found.reason == "ok" else POSITION[found.reason]
        return Finding(
            position.span,
            f"position.{'right' if found.reason == 'ok' else found.reason}",
            template,
            found.credit * share,
            position.weight * POINTS,
            params={"place": f"{self.tag}/{position.span}", "name": position.name},
            expected="" if found.credit == 1.0 else found.expected,
            refs=find_refs(get_profile(self.profile), self.tag, f"/{position.span}"),
        )

    def _explain_length(self, verdict: FixedVerdict) -> list[Finding]:
        if not verdict.repair:
            return []
        params = {"place": self.tag, "at": verdict.at, "length": verdict.length}
        return [
            Finding("length", f"length.{verdict.repair}", LENGTH[verdict.repair], params=params)
        ]

    def public(self, seed: str) -> dict[str, Any]:
        """The positions to be coded with their labels, and the field around them."""
        given = list(self.value)
        for position in self.positions:
            given[position.start : position.end + 1] = " " * (position.end - position.start + 1)
        return {
            "profile": self.profile,
            "tag": self.tag,
            "material": self.material,
            "length": len(self.value),
            "given": "".join(given),
            "positions": [
                {
                    "span": position.span,
                    "start": position.start,
                    "end": position.end,
                    "name": position.name,
                    "kind": position.kind,
                    "codes": dict(position.codes),
                }
                for position in self.positions
            ],
        }

    def model(self) -> str:
        """The whole field."""
        return self.value


def _read_positions(node: Node, profile: str, tag: str, material: str) -> FixedField:
    value = clean(node.get("value").text(longest=LONGEST_FIELD))
    positions = get_positions(profile, tag, material=material, value=value)
    if not positions:
        raise node.get("tag").fail(NO_POSITIONS)
    if len(value) != positions[-1].end + 1:
        length = positions[-1].end + 1
        raise node.get("value").fail(faults.WRONG_LENGTH, length=length, given_length=len(value))
    positions = tuple(
        p for p in positions if p.weight > 0 and value[p.start : p.end + 1].strip("|")
    )
    spans = [position.span for position in positions]
    asked = node.get("positions").some_of(spans, spans)
    positions = tuple(position for position in positions if position.span in asked)
    if not any(value[p.start : p.end + 1].strip() for p in positions):
        raise node.get("value").fail(faults.NOT_CODED)
    return FixedField(profile, tag, material, value, positions)


@dataclass(frozen=True, slots=True)
class CodedSubfields(Item):
    """A field whose codes stand in subfields: each code a point."""

    TYPE = "fixed_field"

    profile: str
    tag: str
    value: dict[str, str]
    rows: tuple[dict[str, Any], ...]

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Item:
        """Read either kind."""
        return read_fixed_field(node, settings)

    @property
    def possible(self) -> float:
        """A point for each subfield."""
        return float(len(self.value))

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare subfield by subfield."""
        return [self._compare(row, answer.get(row["subfield"])) for row in self.rows]

    def _compare(self, row: dict[str, Any], answer: Node) -> Finding:
        code, name = row["subfield"], row["name"]
        given, model = answer.text("", LONGEST_FIELD).strip(), self.value[code]
        if given == model:
            reason, credit, template = "right", 1.0, SUBFIELD_RIGHT
        elif not given:
            reason, credit, template = "missing", 0.0, SUBFIELD_MISSING
        elif given.casefold() == model.casefold():
            reason, credit, template = "case", CASE_CREDIT, SUBFIELD_CASE
        else:
            reason, credit, template = "wrong", 0.0, SUBFIELD_WRONG
        return Finding(
            code,
            f"subfield.{reason}",
            template,
            credit,
            weight=1.0,
            params={"place": code, "name": name},
            expected="" if credit == 1.0 else model,
            refs=find_refs(get_profile(self.profile), self.tag, f"${code}"),
        )

    def public(self, seed: str) -> dict[str, Any]:
        """The subfields to be coded with their labels."""
        return {
            "profile": self.profile,
            "tag": self.tag,
            "subfields": [
                {
                    "subfield": row["subfield"],
                    "name": row["name"],
                    "codes": dict(row.get("codes", {})),
                }
                for row in self.rows
            ],
        }

    def model(self) -> dict[str, str]:
        """The subfields."""
        return dict(self.value)


def _read_subfields(node: Node, profile: str, tag: str) -> CodedSubfields:
    value = node.get("value")
    rows = {row["subfield"]: row for row in layout(profile, tag) if "subfield" in row}
    if not rows:
        raise node.get("tag").fail(NO_SUBFIELDS)
    coded = {}
    for code in value.object():
        if code not in rows:
            raise value.get(code).fail(_("The field has no such coded subfield."))
        coded[code] = value.get(code).text(longest=LONGEST_FIELD).strip()
    if not coded:
        raise value.fail(faults.NOT_CODED)
    return CodedSubfields(
        profile, tag, coded, tuple(row for code, row in rows.items() if code in coded)
    )
