"""ISBD punctuation: typed before the subfield it introduces in MARC 21, never in UNIMARC.

Rules: ISBD Consolidated, areas 1, 2, 4, 5 and 6; the places of the marks in MARC 21 by its field
descriptions («ISBD punctuation» under each field).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from grading.checking.context import Context
from grading.checking.fields import Field
from grading.checking.formats import Format
from grading.data import gettext_noop as _

_MARKS = "/:;,=+."


class Mark(NamedTuple):
    """How a subfield before another one must end, one of ``ends`` but not of ``never``.

    ``shown`` is how a message shows it between « and », translated where it has words; ``after``
    limits the rule to what follows these codes.
    """

    ends: tuple[str, ...]
    shown: str
    never: tuple[str, ...] = ()
    after: str = ""

    def fits(self, text: str) -> bool:
        """Tell whether a text ends as it must; a dash stands for an omission before a blank."""
        text = text.rstrip()
        if not text.endswith(self.ends):
            return False
        return not text.endswith(self.never) or text[:-1].endswith("-- ")


_COLON = Mark((" :",), " :")
_SLASH = Mark((" /",), " /")
_SEMICOLON = Mark((" ;",), " ;")
_COMMA = Mark((",",), ",", (" ,",))
_STOP = Mark((".",), ".", (" .",))
_OPEN_OR_COMMA = Mark((",", "-", "\u2013"), ",", (" ,",))
_OTHER_TITLE = Mark((" :", " ;", " ="), _(" :» or « ;» or « ="))
_EDITION = Mark((" /", " =", ","), _(" /» or « =» or «,"), (" ,",))
_PLACE = Mark((" ;", " :", " ="), " ;")
_PLUS = Mark((" +",), " +")
_PART = Mark((",",), ",", (" ,",), after="n")

# The marks before the subfields of a field that are not its first; the first rule that fits.
_MARC21: Mapping[str, Mapping[str, tuple[Mark, ...]]] = {
    "245": {
        "b": (_OTHER_TITLE,),
        "c": (_SLASH,),
        "n": (_STOP,),
        "p": (_PART, _STOP),
    },
    "250": {"b": (_EDITION,)},
    "260": {"a": (_PLACE,), "b": (_COLON,), "c": (_COMMA,)},
    "264": {"a": (_PLACE,), "b": (_COLON,), "c": (_COMMA,)},
    "300": {"b": (_COLON,), "c": (_SEMICOLON,), "e": (_PLUS,)},
    "490": {"v": (_SEMICOLON,), "x": (_COMMA,)},
    "830": {"v": (_SEMICOLON,), "n": (_STOP,), "p": (_PART, _STOP)},
    **{tag: {"d": (_COMMA,), "e": (_OPEN_OR_COMMA,)} for tag in ("100", "700")},
}
_TITLE = "245"
_NOT_SHOWN = "0123456789"
_TYPED = re.compile(r"( [/:;=+,]|[/:;=,])$")
_LEADING = re.compile(r"[/:;=,] ?\S")
_BLANK_BEFORE_MATERIAL = re.compile(r"(?<!--)\s$")
_SPACED_INITIALS = re.compile(r"\b\w\. \b\w\.")
_MATERIAL = re.compile(r"\[[^\[\]]+\]")
_DESCRIPTION = ("200", "205", "206", "210", "214", "215", "225")
_HEADINGS = ("70", "71", "72")


def has_marks(form: Format, tag: str, codes: str) -> bool:
    """Tell whether there are rules for the marks in a field."""
    if form.is_marc21:
        return tag in _MARC21 and (tag == _TITLE or bool(_places(tag, codes)))
    return tag in _DESCRIPTION or tag[:2] in _HEADINGS


def check_marks(field: Field, context: Context) -> None:
    """Check the marks of punctuation at the ends of the subfields of a field."""
    if not context.form.is_marc21:
        _check_untyped(field, context)
    elif context.has_isbd_marks:
        _check_typed(field, context)


def _check_typed(field: Field, context: Context) -> None:
    for before, code, rule in _places(field.rules, field.codes):
        text = field.subfields[before][1]
        if not rule.fits(text):
            _add_missing(field, before, code, rule, text, context)
    if field.rules == _TITLE:
        _check_title(field, context)


@lru_cache(maxsize=10_000)
def _places(tag: str, codes: str) -> tuple[tuple[int, str, Mark], ...]:
    """Return which subfields of a field end with a mark: before which code, and by which rule."""
    places = []
    for before, index in pairwise(_shown(codes)):
        for rule in _MARC21[tag].get(codes[index], ()):
            if not rule.after or codes[before] in rule.after:
                places.append((before, codes[index], rule))
                break
    return tuple(places)


def _shown(codes: str) -> list[int]:
    """Return the places of the subfields that a reader sees."""
    return [index for index, code in enumerate(codes) if code not in _NOT_SHOWN]


def _add_missing(
    field: Field, index: int, following: str, rule: Mark, text: str, context: Context
) -> None:
    """Report a mark that is missing, another one, or one that only its blank makes wrong."""
    is_spacing = rule.fits(f"{text.rstrip(_MARKS + ' ')}{_respaced(text)}")
    context.found.add(
        "mark.spacing" if is_spacing else "mark.missing",
        field,
        f"${field.subfields[index][0]}",
        where=field.place(index),
        mark=rule.shown,
        following=f"${following}",
    )


def _respaced(text: str) -> str:
    """Return the mark at the end of ``text`` with the blank before it that it should have."""
    mark = text.rstrip()[-1:]
    if mark not in _MARKS:
        return ""
    return mark if mark in ",." else f" {mark}"


def _check_title(field: Field, context: Context) -> None:
    """Check what is particular to field 245: its first subfield, $h, initials, the full stop."""
    found, shown = context.found, _shown(field.codes)
    if not shown:
        return
    first = field.codes[shown[0]]
    if first != "a" and "a" in field.codes:
        found.add("title.first", field, f"${first}", where=field.place(shown[0]))
    for before, index in pairwise(shown):
        code, value = field.subfields[index]
        if code == "h":
            if _BLANK_BEFORE_MATERIAL.search(field.subfields[before][1]):
                found.add("title.blank", field, "$h", where=field.place(before))
            if not _MATERIAL.match(value):
                found.add("title.material", field, "$h", where=field.place(index))
        elif code == "c" and _SPACED_INITIALS.search(value) and "[i.e. " not in value:
            found.add("title.initials", field, "$c", where=field.place(index))
    last = shown[-1]
    code, value = field.subfields[last]
    if value and not value.endswith("."):
        found.add("mark.stop", field, f"${code}", where=field.place(last))


def _check_untyped(field: Field, context: Context) -> None:
    for index, (code, value) in enumerate(field.subfields):
        if code in _NOT_SHOWN:
            continue
        if _TYPED.search(value.rstrip()):
            context.found.add("mark.typed", field, f"${code}", where=field.place(index))
        elif _LEADING.match(value):
            context.found.add("mark.leading", field, f"${code}", where=field.place(index))
