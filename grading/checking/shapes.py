"""The shape of a data field: what its tag, indicators and subfield codes tell without its text.

Fields of one shape have the same faults, and records are made of few shapes; so each is judged
once and remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from grading.checking.diagnostics import Findings, Severity
from grading.checking.fields import Field
from grading.checking.formats import MANY, ONCE, FieldRule, Format

_NOTHING: Mapping[str, Any] = {}
_LOCAL_CODE = "9"
_TRANSLATION, _NO_TRANSLATION = "1", "0"


def _tags(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Fields that say nothing without $a.
_NEED_A = {
    "marc21": _tags(
        "100 110 111 130 240 242 245 246 247 250 440 490 500 520 600 610 611 630 647 648 650 "
        "651 653 655 700 710 711 720 730 740 800 810 811 830"
    ),
    "unimarc": _tags(
        "101 200 205 225 300 600 601 602 606 607 610 700 701 702 710 711 712 720 721 722"
    ),
}
# MARC 21 fields that name their source in $2 where an indicator has this value.
_SOURCES: Mapping[str, tuple[int, str]] = {
    **dict.fromkeys(("016", "024"), (0, "7")),
    **dict.fromkeys(("041", "047", "048", "072"), (1, "7")),
    **dict.fromkeys(("600", "610", "611", "630", "647", "648", "650", "651", "655"), (1, "7")),
}
# The field of languages, and the subfield for that of the original.
_LANGUAGES = {"marc21": ("041", "h"), "unimarc": ("101", "c")}
_COMARC_UDC = "675"
"""Where COMARC/B wants, beside the number, the one that is searched ($c)."""

_SUMMARIES = "kmn"
"""Codes for originals and translations of parts, in MARC 21 041."""


class Fault(NamedTuple):
    """A fault of a shape: a diagnostic's code, the part of the field, the place of the subfield."""

    code: str
    part: str = ""
    at: int = -1
    params: Mapping[str, Any] = _NOTHING
    severity: Severity | None = None

    def report(self, field: Field, found: Findings) -> None:
        """Add the fault of this field to what is found."""
        where = field.place(self.at) if self.at >= 0 else ""
        found.add(self.code, field, self.part, where=where, severity=self.severity, **self.params)


def find_faults(form: Format, tag: str, ind: str, codes: str) -> Iterator[Fault]:
    """Yield what is wrong with a shape; ``tag`` is one that the format defines."""
    rule = form.fields[tag]
    if not codes:
        yield Fault("field.empty")
        return
    yield from _indicator_faults(ind, rule)
    yield from _code_faults(codes, rule)
    if "a" not in codes and "1" not in codes and tag in _NEED_A[form.family]:
        yield Fault("subfield.missing", "$a")
    if form.name == "comarc" and tag == _COMARC_UDC and "c" not in codes:
        yield Fault("subfield.missing", "$c")
    if form.is_marc21 and tag in _SOURCES:
        yield from _source_faults(tag, ind, codes)
    languages, original = _LANGUAGES[form.family]
    if tag == languages:
        yield from _original_faults(ind, codes, original)
    if form.embeds and "1" in rule.codes and "1" in codes:
        yield Fault("embedded.mixed", "$1", codes.index("1"))


def _indicator_faults(ind: str, rule: FieldRule) -> Iterator[Fault]:
    if len(ind) != 2:
        yield Fault("indicator.number")
        return
    for part, which, given, allowed in (
        ("/ind1", "first", ind[0], rule.ind1),
        ("/ind2", "second", ind[1], rule.ind2),
    ):
        if given in allowed:
            continue
        if allowed == " ":
            yield Fault(f"indicator.{which}.undefined", part, params={"given": given})
        else:
            params = {"given": _shown(given), "allowed": _list(allowed)}
            yield Fault(f"indicator.{which}.value", part, params=params)


def _code_faults(codes: str, rule: FieldRule) -> Iterator[Fault]:
    for index, code in enumerate(codes):
        kind = rule.codes.get(code)
        if kind == ONCE:
            if code in codes[:index]:
                yield Fault("subfield.repeated", f"${code}", index)
        elif kind != MANY and not rule.is_open and code != _LOCAL_CODE:
            yield _unknown(code, index, rule)


def _unknown(code: str, index: int, rule: FieldRule) -> Fault:
    """Return the fault of a subfield that the format does not define, or no longer."""
    if not code.isascii() or not code.isalnum():
        return Fault("subfield.code", at=index)
    if code in rule.codes:
        return Fault("subfield.obsolete", f"${code}", index)
    severity: Severity | None = None if rule.is_exact else "warning"
    return Fault("subfield.undefined", f"${code}", index, severity=severity)


def _source_faults(tag: str, ind: str, codes: str) -> Iterator[Fault]:
    place, value = _SOURCES[tag]
    given = ind[place : place + 1]
    if given == value:
        if "2" not in codes:
            yield Fault("source.missing", "$2")
    elif "2" in codes and tag[0] == "6" and given.isdecimal():
        yield Fault("source.unwanted", "$2", codes.index("2"), {"given": given})


def _original_faults(ind: str, codes: str, original: str) -> Iterator[Fault]:
    """Yield what is wrong if a translation names no original, or what is none names one."""
    if ind[:1] == _TRANSLATION and original not in codes and not set(_SUMMARIES) & set(codes):
        yield Fault("language.original", f"${original}")
    elif ind[:1] == _NO_TRANSLATION and original in codes:
        yield Fault("language.translation", "/ind1", params={"original": f"${original}"})


def _shown(value: str) -> str:
    return "#" if value == " " else value


def _list(allowed: str) -> str:
    """Return values as cataloguers list them: ``#, 0-9``, the sign # being a blank."""
    digits = "".join(sorted(c for c in allowed if c.isdecimal()))
    others = [_shown(c) for c in sorted(allowed) if not c.isdecimal()]
    if len(digits) > 3 and ord(digits[-1]) - ord(digits[0]) == len(digits) - 1:
        return ", ".join([*others, f"{digits[0]}-{digits[-1]}"])
    return ", ".join([*others, *digits])
