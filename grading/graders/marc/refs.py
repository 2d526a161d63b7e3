"""Where the rules stand: the format's page of a field, and the ISBD and RDA numbers of an element.

The table (``data/rule_refs.json``) names each scheme with its number, so that a later edition of a
scheme is a change of data. RDA numbers are given for MARC 21, whose records here follow RDA.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from grading.graders.marc.fields import is_control
from grading.graders.marc.profiles import Profile, TagTable, load_data

Ref = Mapping[str, str]


@lru_cache(maxsize=2_048)
def find_refs(profile: Profile, tag: str, part: str = "") -> tuple[Ref, ...]:
    """Return the rules for a field or its part (``$a`` or ``/35-37``), most authoritative first."""
    refs: list[Ref] = [
        {
            "scheme": profile.label,
            "number": f"{tag} {part}".strip() if part.startswith("$") else f"{tag}{part}",
            "url": _format_url(profile, tag),
        }
    ]
    element = _find_element(profile, tag, part)
    for scheme, title in load_data("rule_refs")["schemes"].items():
        if scheme in element and not (scheme == "rda" and profile.name != "marc21"):
            refs.append({"scheme": title["name"], "number": element[scheme], "url": title["url"]})
    return tuple(refs)


def _format_url(profile: Profile, tag: str) -> str:
    if tag == "LDR":
        return profile.leader_url
    return profile.url.format(tag=tag) if profile.is_defined(tag) else ""


def _find_element(profile: Profile, tag: str, part: str) -> Mapping[str, Any]:
    column = "marc21" if profile.name == "marc21" else "unimarc"
    tables = _element_tables(column)
    number = tables[part].get(tag) if part in tables else ""
    if not number and not is_control(tag):
        number = tables[""].get(tag)
    elements = load_data("rule_refs")["elements"]
    return elements[int(number)] if number else {}


@cache
def _element_tables(column: str) -> Mapping[str, TagTable]:
    """Return for each part of a field (``""`` for the whole) a table from tag to element number."""
    rows: dict[str, list[tuple[str, str]]] = {"": []}
    for number, element in enumerate(load_data("rule_refs")["elements"]):
        for place in element[column].split():
            rows.setdefault(place[3:], []).append((place[:3], str(number)))
    return {part: TagTable(table) for part, table in rows.items()}
