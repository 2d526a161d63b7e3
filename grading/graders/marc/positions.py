"""Fixed fields as labelled positions: leader, MARC 21 006-008, UNIMARC 100, 105, 106, 110.

The layouts are data (``data/<profile>_positions.json``). COMARC/B keeps the same codes in separate
subfields; there a layout lists subfields in place of positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from grading.graders.marc.profiles import PROFILES, load_data

MATERIALS = ("books", "continuing", "maps", "music", "visual", "computer", "mixed")
"""Kinds of material whose MARC 21 008/18-34 differ."""

_BY_TYPE = {
    **dict.fromkeys("at", "books"),
    **dict.fromkeys("cdij", "music"),
    **dict.fromkeys("ef", "maps"),
    **dict.fromkeys("gkor", "visual"),
    "m": "computer",
    "p": "mixed",
}
_FORM_OF_MATERIAL = {**_BY_TYPE, "s": "continuing"}


@dataclass(frozen=True, slots=True)
class Position:
    """Characters ``start`` to ``end`` (both counted, from 0) with their weight in the field.

    ``kind`` is code (equal or not), flags (a set of one-character codes) or date1 (the first date,
    which may follow an error in the publication field). Weight 0 is not graded.
    """

    start: int
    end: int
    name: str
    weight: float
    kind: str = "code"
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def span(self) -> str:
        """The place as cataloguers write it: ``06`` or ``35-37``."""
        return f"{self.start:02}" if self.start == self.end else f"{self.start:02}-{self.end:02}"


def material_of(leader: str, *, default: str = "books") -> str:
    """Return the kind of material that a MARC 21 leader (positions 06 and 07) stands for."""
    if len(leader) < 8:
        return default
    material = _BY_TYPE.get(leader[6], default)
    return "continuing" if material == "books" and leader[7] in "bis" else material


def get_positions(
    profile: str, tag: str, *, material: str = "books", value: str = ""
) -> tuple[Position, ...]:
    """Return the positions of a fixed field in order, empty where the format has no layout.

    ``value`` is the model's text: a MARC 21 006 or 007 says by its first character which layout
    it has (of the categories of 007 the six that exercises use).
    """
    if tag == "006" and profile == "marc21":
        return _additional(_FORM_OF_MATERIAL.get(value[:1], "books"))
    if tag == "007" and profile == "marc21":
        return _physical(value[:1])
    return _positions(profile, tag, material)


def layout(profile: str, tag: str, material: str = "books") -> list[dict[str, Any]]:
    """Return the labelled positions of a fixed field, for an editor.

    Each is ``{"start", "end", "name", "kind", "codes": {code: label}}`` (English, to be translated
    when shown), for COMARC/B ``{"subfield", "name", "codes"}``. ``material`` matters to the
    MARC 21 fields 006 and 008 only. Raises KeyError for an unknown profile or material.
    """
    if profile not in PROFILES:
        raise KeyError(profile)
    if material not in MATERIALS:
        raise KeyError(material)
    subfields = _table(profile).get(tag, {}).get("subfields")
    if subfields is not None:
        return [{**row, "codes": dict(row.get("codes", {}))} for row in subfields]
    if tag == "006" and profile == "marc21":
        rows = _additional(material)
    else:
        rows = _positions(profile, tag, material)
    return [
        {
            "start": row.start,
            "end": row.end,
            "name": row.name,
            "kind": row.kind,
            "codes": dict(row.codes),
        }
        for row in rows
    ]


@cache
def _table(profile: str) -> Mapping[str, Any]:
    if profile == "rusmarc":
        return _table("unimarc")
    table: dict[str, Any] = dict(load_data(f"{profile}_positions"))
    if profile == "comarc":
        table["LDR"] = _table("unimarc")["LDR"]
    return table


@cache
def _positions(profile: str, tag: str, material: str) -> tuple[Position, ...]:
    entry = _table(profile).get(tag, {})
    rows = entry.get("positions", []) + entry.get("materials", {}).get(material, [])
    return tuple(sorted((Position(**row) for row in rows), key=lambda row: row.start))


@cache
def _physical(category: str) -> tuple[Position, ...]:
    """MARC 21 007, by the category of material."""
    rows = load_data("marc21_positions")["007"]["categories"].get(category, [])
    return tuple(Position(**row) for row in rows)


@cache
def _additional(material: str) -> tuple[Position, ...]:
    """MARC 21 006: the form of material, then the positions 18-34 of that material's 008."""
    rows = [Position(0, 0, "Form of material", 1.0)]
    for row in load_data("marc21_positions")["008"]["materials"][material]:
        moved = {**row, "start": row["start"] - 17, "end": row["end"] - 17}
        rows.append(Position(**moved))
    return tuple(rows)
