"""Codes in subfields: languages, countries, areas, relators, the terms of RDA."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from grading.checking.context import Context
from grading.checking.fields import Field
from grading.checking.formats import Format
from grading.checking.values import judge_code
from grading.graders.marc.positions import layout

_LANGUAGES = dict.fromkeys("abdefghijkmnpqrt", "marc_languages")
_MARC21: Mapping[str, Mapping[str, str]] = {
    "040": {"b": "marc_languages"},
    "041": _LANGUAGES,
    "043": {"a": "marc_areas"},
    "044": {"a": "marc_countries"},
    "775": {"e": "marc_languages", "f": "marc_countries"},
}
_RDA = {"rdacontent": "rda_content", "rdamedia": "rda_media", "rdacarrier": "rda_carrier"}
_RDA_TAGS = ("336", "337", "338")
_UNIMARC: Mapping[str, Mapping[str, str]] = {
    "020": {"a": "iso_countries"},
    "021": {"a": "iso_countries"},
    "022": {"a": "iso_countries"},
    "101": dict.fromkeys("abcdefghij", "iso_languages"),
    "102": {"a": "iso_countries"},
    "200": {"z": "iso_languages"},
    "801": {"a": "iso_countries"},
}
_COMARC: Mapping[str, Mapping[str, str]] = {
    **_UNIMARC,
    "100": {"h": "iso_languages"},
    "102": {"a": "iso_countries_3"},
}
_RESPONSIBLE = ("100", "110", "111", "700", "710", "711", "720", "800", "810", "811")
_MANY_IN_ONE = ("marc_languages", "marc_countries")
"""Codes that old records write one after the other in one subfield."""


def has_codes(form: Format, tag: str, codes: str) -> bool:
    """Tell whether a field has coded subfields."""
    lists = {"b": ""} if form.is_marc21 and tag in _RDA_TAGS else _lists(form.name, tag)
    return any(code in lists for code in codes)


def check_codes(field: Field, context: Context) -> None:
    """Check the coded subfields of a data field."""
    lists = _lists(context.form.name, field.rules)
    if field.rules in _RDA_TAGS and context.form.is_marc21:
        lists = {"b": _RDA.get(field.first("2"), "")}
    elif field.rules == "041" and field.ind[1:] == "7":
        return  # of another list, named in $2
    for index, (code, value) in enumerate(field.subfields):
        name = lists.get(code)
        if name and value.strip():
            _check(field, index, name, value, context)


def has_comarc_codes(form: Format, tag: str, codes: str) -> bool:
    """Tell whether a field has codes in subfields of their own."""
    return form.name == "comarc" and any(code in _comarc_codes(tag) for code in codes)


def check_comarc_codes(field: Field, context: Context) -> None:
    """Check the codes that COMARC/B keeps in subfields of their own."""
    for index, (code, value) in enumerate(field.subfields):
        codes = _comarc_codes(field.tag).get(code)
        if codes and value and value not in codes and any(c not in codes for c in value):
            context.found.add(
                "code.coded", field, f"${code}", where=field.place(index), given=value
            )


def _check(field: Field, index: int, name: str, value: str, context: Context) -> None:
    if name.endswith("relators") and ":" in value:
        return  # an address instead of a code
    values = [value]
    if name in _MANY_IN_ONE and len(value) > 3:
        if len(value) % 3:
            _add("code.length", field, index, value, context)
            return
        values = [value[i : i + 3] for i in range(0, len(value), 3)]
    for one in values:
        fault = judge_code(name, one, "code")
        if fault == "code.code":
            fault = f"code.{name}"
        if fault:
            _add(fault, field, index, one, context)


def _add(fault: str, field: Field, index: int, given: str, context: Context) -> None:
    part = f"${field.subfields[index][0]}"
    context.found.add(fault, field, part, where=field.place(index), given=given)


@cache
def _lists(profile: str, tag: str) -> Mapping[str, str]:
    """Return the name of the code list of each coded subfield of a field."""
    if profile == "marc21":
        lists = dict(_MARC21.get(tag, {}))
        if tag in _RESPONSIBLE:
            lists["4"] = "marc_relators"
        return lists
    lists = dict((_COMARC if profile == "comarc" else _UNIMARC).get(tag, {}))
    if tag[:2] in ("70", "71", "72"):
        lists["4"] = "unimarc_relators"
    return lists


@cache
def _comarc_codes(tag: str) -> Mapping[str, Mapping[str, str]]:
    rows = [row for row in layout("comarc", tag) if "subfield" in row and row.get("codes")]
    return {row["subfield"]: row["codes"] for row in rows}
