"""Standard numbers: their form and their check digits.

ISBN by ISO 2108, ISSN by ISO 3297, ISMN by ISO 10957, EAN by GS1; python-stdnum does the sums.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from grading.checking.context import Context
from grading.checking.fields import Field
from grading.checking.formats import Format
from grading.graders.compare.standard_numbers import load_stdnum

# What a number is made of, then a qualifier.
_NUMBER = re.compile(r"\s*([0-9][0-9Xx\s\u2010-\u2013-]*|M[0-9\s-]+)(.*)", re.DOTALL)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013", "-"))
_CYRILLIC_X = "\u0445\u0425"
_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9Xx]")
_ISBN_IN_MARC21 = re.compile(r"[0-9]+[Xx]?")

# Which kind of number stands in a subfield. What is marked as wrong or cancelled is not checked.
_LINKS = {"x": "issn", "z": "isbn"}
_MARC21: dict[str, dict[str, str]] = {
    "020": {"a": "isbn"},
    "022": {"a": "issn", "l": "issn"},
    "024": {"a": ""},
    "490": {"x": "issn"},
    "830": {"x": "issn"},
    **{f"{tag}": _LINKS for tag in (*range(765, 768), *range(770, 778), 780, 785, 786, 787)},
    **{tag: {"x": "issn"} for tag in ("760", "762", "800", "810", "811", "440")},
}
_UNIMARC_LINKS = {"x": "issn", "y": "isbn"}
_UNIMARC: dict[str, dict[str, str]] = {
    "010": {"a": "isbn"},
    "011": {"a": "issn", "f": "issn"},
    "013": {"a": "ismn"},
    "073": {"a": "ean"},
    "225": {"x": "issn"},
}
_OTHER_IDENTIFIERS = {"2": "ismn", "3": "ean"}
"""MARC 21 024, by its first indicator."""


def has_numbers(form: Format, tag: str, codes: str) -> bool:
    """Tell whether a field holds standard numbers."""
    kinds = _kinds_of(form, tag)
    return any(code in kinds for code in codes)


@cache
def _kinds_of(form: Format, tag: str) -> Mapping[str, str]:
    """Return the kind of number in each subfield of a field."""
    if form.is_marc21:
        return _MARC21.get(tag, {})
    return _UNIMARC.get(tag) or (_UNIMARC_LINKS if tag in form.profile.linking_tags else {})


def check_numbers(field: Field, context: Context) -> None:
    """Check the standard numbers in a field."""
    kinds = _kinds_of(context.form, field.rules)
    if field.rules == "024" and context.form.is_marc21:
        kinds = {"a": _OTHER_IDENTIFIERS.get(field.ind[:1], "")}
    for index, (code, value) in enumerate(field.subfields):
        if kind := kinds.get(code):
            _check(field, index, kind, value, context)


def _check(field: Field, index: int, kind: str, value: str, context: Context) -> None:
    is_marc21_isbn = field.rules == "020" and context.form.is_marc21
    code = _judge(kind, value, is_marc21_isbn=is_marc21_isbn)
    if code:
        part = f"${field.subfields[index][0]}"
        context.found.add(code, field, part, where=field.place(index))


def _judge(kind: str, value: str, *, is_marc21_isbn: bool) -> str:
    """Return the code of what is wrong with the text of a number, empty if nothing is."""
    if not value.strip() or (value.isdecimal() and not _fault(kind, value) and kind != "issn"):
        return ""
    match = _NUMBER.match(value.translate(_DASHES).removeprefix("ISBN").removeprefix("ISSN"))
    if not match:
        return f"number.{kind}.form"
    number, rest = match[1].strip(), match[2]
    if rest[:1] in _CYRILLIC_X and rest:
        return "number.cyrillic"
    if fault := _fault(kind, number):
        return f"number.{kind}.{fault}"
    if kind == "issn" and not _ISSN.fullmatch(number):
        return "number.issn.hyphen"
    if is_marc21_isbn:
        if not _ISBN_IN_MARC21.fullmatch(number) or value[:1] != number[:1]:
            return "number.isbn.plain"
        if rest.startswith("(") and not match[1].endswith(" "):
            return "number.isbn.qualifier"
    return ""


@lru_cache(maxsize=10_000)
def _fault(kind: str, number: str) -> str:
    """Return what is wrong with a number: ``length``, ``check`` or ``form``; empty if nothing."""
    if kind == "isbn" and sum(map(str.isalnum, number)) not in (10, 13):
        return "length"  # a number of nine digits would pass for one of the time before the ISBN
    faults = load_stdnum("exceptions")
    try:
        load_stdnum(kind).validate(number)
    except faults.InvalidLength:
        return "length"
    except faults.InvalidChecksum:
        return "check"
    except faults.ValidationError:
        return "form"
    return ""
