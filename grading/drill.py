"""What the block of drills has to know beside their grading.

Items without the truth, model answers, and what an author may choose from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grading.data import InvalidExercise
from grading.data import gettext_noop as _
from grading.graders.drill import ITEM_TYPES, check, model_answer, public_items
from grading.graders.drill.access_points import ENTRIES, OPTIONAL
from grading.graders.drill.duplicate import DECISIONS
from grading.graders.drill.lrm import ENTITIES
from grading.graders.drill.old_print import CONVENTIONS, FEATURES
from grading.graders.drill.rda import MANNERS, RDA_ELEMENTS
from grading.graders.marc import MATERIALS, PROFILES, layout

__all__ = [
    "CHOICES",
    "ITEM_TYPES",
    "check",
    "find_item_faults",
    "model_answer",
    "positions_of",
    "public_items",
]

_PROFILES = {"marc21": "MARC 21", "unimarc": "UNIMARC", "comarc": "COMARC/B", "rusmarc": "RUSMARC"}
_TASKS = {
    "repair": _("One digit is wrong"),
    "check_digit": _("The last digit is to be found"),
    "to_13": _("To be converted to ISBN-13"),
    "to_10": _("To be converted to ISBN-10"),
}
_CONVENTIONS = {
    "early_latin": _("Early printed books in Latin letters"),
    "old_russian": _("Russian before 1918"),
    "old_bulgarian": _("Bulgarian before 1945"),
    "old_serbian": _("Serbian before Vuk Karadžić's reform"),
    "modern": _("Modern books"),
}
_MATERIALS = {
    "books": _("Books"),
    "continuing": _("Continuing resources"),
    "computer": _("Computer files"),
    "maps": _("Maps"),
    "music": _("Music"),
    "visual": _("Visual materials"),
    "mixed": _("Mixed materials"),
}
_FEATURES = {
    "long_s": _("long s"),
    "uv": _("u and v"),
    "ij": _("i and j"),
    "vv": _("vv for w"),
    "ligatures": _("ligatures"),
    "line_ends": _("line ends"),
    "hyphens": _("hyphens at line ends"),
    "ampersand": _("ampersand"),
    "yat": _("yat"),
    "hard_sign": _("final hard sign"),
    "decimal_i": _("decimal i"),
    "fita": _("fita"),
    "izhitsa": _("izhitsa"),
    "yus": _("yus"),
}

CHOICES: Mapping[str, Mapping[str, str]] = {
    "profiles": _PROFILES,
    "materials": {name: _MATERIALS[name] for name in MATERIALS},
    "entries": {**ENTRIES, OPTIONAL: _("May have one: counts neither way")},
    "decisions": DECISIONS,
    "entities": ENTITIES,
    "elements": RDA_ELEMENTS,
    "manners": MANNERS,
    "tasks": _TASKS,
    "conventions": {name: _CONVENTIONS[name] for name in CONVENTIONS},
    "features": {name: _FEATURES[name] for name in FEATURES},
}
"""What an author chooses from, by name: ``{code: English label}``, to be translated."""


def positions_of(profile: str, tag: str, material: str) -> list[dict[str, Any]]:
    """The labelled positions of a fixed field, in English; none of a field without positions."""
    if profile not in PROFILES or material not in MATERIALS:
        return []
    rows = (row for row in layout(profile, tag, material) if "start" in row)
    return [{**row, "span": _span(row["start"], row["end"])} for row in rows]


def _span(start: int, end: int) -> str:
    return f"{start:02}" if start == end else f"{start:02}-{end:02}"


def find_item_faults(exercise: Mapping[str, Any]) -> Iterator[InvalidExercise]:
    """The first fault of every item, for an author who mends them all; ``check`` stops at one."""
    items = exercise.get("items")
    for at, item in enumerate(items if isinstance(items, list) else ()):
        alone = dict(item) if isinstance(item, dict) else item
        if isinstance(alone, dict):
            alone.pop("pool", None)  # what a pool has is not a matter of one item
        try:
            check({"items": [alone]})
        except InvalidExercise as error:
            where = error.where.replace("[0]", f"[{at}]", 1)
            yield InvalidExercise(error.template, where, **error.params)
