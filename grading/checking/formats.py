"""The structure of each format: its tags, indicators and subfields, compiled for a quick check.

The tables are data (``data/<profile>_fields.json``); COMARC/B and RUSMARC say only where they
differ from UNIMARC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from grading.checking.tables import load_table
from grading.graders.marc.profiles import Profile, get_profile

ONCE, MANY, OBSOLETE = 1, 2, 3
"""What a format says of a subfield."""

_BASE = {"comarc": "unimarc", "rusmarc": "unimarc"}


class FieldRule(NamedTuple):
    """What a format says of a field; ``ind1`` and ``ind2`` hold the values that are defined.

    ``is_open`` is a field that may have any subfield; ``is_exact`` tells whether the table knows
    all the subfields of this format, so that another one is certainly a mistake.
    """

    is_repeatable: bool
    ind1: str
    ind2: str
    codes: Mapping[str, int]
    is_open: bool = False
    is_exact: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A format: the structure of its fields beside what the grader knows of it.

    ``family`` is the format whose rules it follows, ``marc21`` or ``unimarc``. ``embeds`` tells
    whether a field may consist of whole fields; ``$1`` of COMARC/B is something else.
    """

    name: str
    profile: Profile
    fields: Mapping[str, FieldRule]
    required: tuple[str, ...]
    is_marc21: bool
    family: str
    embeds: bool

    def is_local(self, tag: str) -> bool:
        """Tell whether ``tag`` is left to each library: it has a 9, or is no number."""
        return "9" in tag or tag.isalpha()


def get_format(name: str) -> Format:
    """Return the format of that name; raises KeyError for one that is not in PROFILES."""
    return _build(get_profile(name))


@cache
def _build(profile: Profile) -> Format:
    rows = _rows(profile.name)
    own = load_table(f"{profile.name}_fields")
    is_overlay = profile.name == "comarc"
    return Format(
        name=profile.name,
        profile=profile,
        fields={tag: _rule(row, not is_overlay or tag in own) for tag, row in rows.items()},
        required=tuple(tag for tag, row in rows.items() if row.get("required")),
        is_marc21=profile.name == "marc21",
        family="marc21" if profile.name == "marc21" else "unimarc",
        embeds=profile.name in ("unimarc", "rusmarc"),
    )


def _rows(name: str) -> dict[str, Any]:
    rows = dict(_rows(_BASE[name])) if name in _BASE else {}
    rows.update(load_table(f"{name}_fields"))
    return rows


def _rule(row: Mapping[str, Any], is_exact: bool) -> FieldRule:
    codes = dict.fromkeys(row.get("once", ""), ONCE)
    codes |= dict.fromkeys(row.get("many", ""), MANY)
    codes |= dict.fromkeys(row.get("obsolete", ""), OBSOLETE)
    return FieldRule(
        is_repeatable=row["repeatable"],
        ind1=row.get("ind1", " "),
        ind2=row.get("ind2", " "),
        codes=codes,
        is_open=row.get("any", False),
        is_exact=is_exact,
    )
