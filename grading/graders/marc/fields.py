"""Fields of an answer: read from JSON, checked against the limits, normalised once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from grading.data import InvalidAnswer, InvalidExercise
from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.compare.text import Value
from grading.graders.marc.fixed import clean
from grading.graders.marc.profiles import Profile

MOST_FIELDS = 200
MOST_SUBFIELDS = 100
MOST_SUBFIELDS_IN_RECORD = 1_000
LONGEST_FIELD = 9_999
"""Bytes of a field, as ISO 2709 counts them."""
LONGEST_RECORD = 99_999
"""Bytes of a record, as ISO 2709 counts them."""

LONGEST_SHARED = 500
"""Bytes of a field that is read once for all answers that have it in the same place."""
FIELDS_SHARED = 1_024

LONGEST_SHOWN = 20
"""Characters of what is refused that a message shows."""

NO_TAG = _("«%(given)s» is no tag: a tag has three characters, digits or letters A-Z.")
NO_CODE = _("«%(given)s» is no subfield code: a code is one Latin letter or digit.")
CODE_MISSING = _("Field %(tag)s: a subfield has no code.")
ROW = _("A field is [tag, indicators, subfields] or [tag, text].")
LONG_FIELD = _("This field is too long; the most is %(most)s bytes.")
FULL_FIELD = _("This field has too many subfields; the most is %(most)s.")
LONG_RECORD = _("The record is too long; the most is %(most)s bytes.")
FULL_RECORD = _("The record has too many subfields; the most is %(most)s.")
MANY_FIELDS = _("The record has too many fields; the most is %(most)s.")

ALTERNATE = "880"
"""The tag of a field in another script, which $6 links to the field whose rules it follows."""

_TAG = re.compile(r"[0-9A-Z]{3}")
_INDICATORS = str.maketrans("#\\_", "   ")
_LINKED_TAG = re.compile(r"([0-9]{3})-[0-9]{2}")

# UNIMARC embeds whole fields in $1 of a 4XX field; these are the subfields that say the same.
_EMBEDDED = {
    ("200", "a"): "t",
    ("200", "e"): "o",
    ("200", "f"): "f",
    ("200", "g"): "g",
    ("200", "h"): "h",
    ("200", "i"): "i",
    ("200", "v"): "v",
    ("205", "a"): "e",
    ("210", "a"): "c",
    ("210", "c"): "n",
    ("210", "d"): "d",
    ("215", "a"): "p",
    ("225", "a"): "s",
    ("010", "a"): "y",
    ("011", "a"): "x",
    ("700", "a"): "a",
    ("701", "a"): "a",
    ("702", "a"): "a",
    ("710", "a"): "a",
    ("711", "a"): "a",
    ("500", "a"): "t",
    ("856", "u"): "u",
}
# A name that an embedded field divides stands undivided in the other technique.
_EMBEDDED_NAMES = frozenset({"700", "701", "702"})


class Subfield(NamedTuple):
    """A subfield with its place among those of the same code in the field as typed."""

    code: str
    value: Value
    place: str


@dataclass(slots=True, eq=False)
class Field:
    """A field: control fields have ``text`` and no subfields, data fields the other way round.

    ``rules`` is the tag whose rules apply (field 880 follows the field it is linked to), ``path``
    its place in the answer, such as ``650[2]``. What is derived is worked out once: ``signature``
    is what two fields have in common when one repeats the other, ``by_code`` has the places of
    the subfields of each code, ``gist`` is a short text by which fields are compared cheaply.
    ``is_shared``: another answer with the same in the same place has this very object.
    """

    tag: str
    rules: str
    ind: str
    subfields: tuple[Subfield, ...]
    text: str
    path: str
    is_control: bool
    is_shared: bool = False
    is_empty: bool = dataclass_field(init=False)
    signature: tuple[object, ...] = dataclass_field(init=False)
    by_code: Mapping[str, Sequence[int]] = dataclass_field(init=False)
    _gist: str | None = dataclass_field(init=False, default=None)

    def __post_init__(self) -> None:
        texts = [s.value.text for s in self.subfields]
        self.is_empty = not any(texts) and not self.text.strip()
        codes = [s.code for s in self.subfields]
        self.signature = self.tag, self.ind, self.text, tuple(codes), tuple(texts)
        self.by_code = group_codes(self.subfields)

    @property
    def gist(self) -> str:
        """The beginnings of the subfields, or of the text."""
        if self._gist is None:
            parts = [s.value.folded[:60] for s in self.subfields[:6]]
            self._gist = self.text[:80] if self.is_control else " ".join(parts)[:160]
        return self._gist


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


def group_codes(subfields: Iterable[_Coded]) -> dict[str, list[int]]:
    """Return the places of the subfields of each code."""
    groups: dict[str, list[int]] = {}
    for place, subfield in enumerate(subfields):
        groups.setdefault(subfield.code, []).append(place)
    return groups


def is_control(tag: str) -> bool:
    """Tell whether ``tag`` is the leader or a control field."""
    return tag == "LDR" or (tag[:2] == "00" and tag[2].isdecimal())


def show(field: Field) -> str:
    """Return the field as a cataloguer writes it: ``245 10 $aJudita :$bep``."""
    if field.is_control:
        return f"{field.tag} {field.text}"
    subfields = "".join(f"${s.code}{s.value.raw}" for s in field.subfields)
    return f"{field.tag} {field.ind.replace(' ', '_')} {subfields}"


class Reader:
    """Reads fields from JSON, raising one kind of error that names the place.

    ``error`` is InvalidExercise for keys and InvalidAnswer for answers.
    """

    def __init__(self, profile: Profile, error: type[InvalidExercise]) -> None:
        self.profile = profile
        self.error = error
        self._subfields = 0
        self._bytes = 0

    def read_tag(self, raw: Any, where: str) -> str:
        """Return a tag of three characters; ``LEADER`` and ``000`` are ways to write LDR."""
        if not isinstance(raw, str):
            raise self.error(_("A tag must be text."), where)
        tag = raw.strip().upper()
        if tag in ("LEADER", "000"):
            return "LDR"
        if not _TAG.fullmatch(tag):
            raise self.error(NO_TAG, where, given=tag[:LONGEST_SHOWN])
        return tag

    def read_indicators(self, raw: Any, where: str) -> str:
        """Return two indicators; missing ones, number signs, backslashes and ``_`` are blanks."""
        if raw is None:
            return "  "
        ind = self.read_text(raw, where).translate(_INDICATORS)
        if len(ind) > 2:
            raise self.error(_("A field has two indicators of one character each."), where)
        return ind.ljust(2)

    def read_text(self, raw: Any, where: str) -> str:
        """Return text that can be stored and shown, within the length of a field."""
        if not isinstance(raw, str):
            raise self.error(faults.TEXT, where)
        try:
            size = _size(raw)
        except UnicodeEncodeError:
            raise self.error(faults.UNICODE, where) from None
        if size > LONGEST_FIELD:
            raise self.error(LONG_FIELD, where, most=LONGEST_FIELD)
        return raw

    def read_code(self, raw: Any, where: str) -> str:
        """Return a subfield code of one character."""
        if not isinstance(raw, str) or len(raw) != 1 or not raw.isascii() or not raw.isprintable():
            raise self.error(NO_CODE, where, given=str(raw)[:LONGEST_SHOWN])
        return raw.lower()

    def build(
        self, tag: str, ind: str, subfields: Sequence[tuple[str, str]], text: str, path: str
    ) -> Field:
        """Return the field read, with ignorable subfields left out and embedded fields unfolded."""
        size = _size(text) + sum(_size(value) + 2 for _, value in subfields)
        if size > LONGEST_FIELD:
            raise self.error(LONG_FIELD, path, most=LONGEST_FIELD)
        if len(subfields) > MOST_SUBFIELDS:
            raise self.error(FULL_FIELD, path, most=MOST_SUBFIELDS)
        self._bytes += size
        if self._bytes > LONGEST_RECORD:
            raise self.error(LONG_RECORD, path, most=LONGEST_RECORD)
        self._subfields += len(subfields)
        if self._subfields > MOST_SUBFIELDS_IN_RECORD:
            raise self.error(FULL_RECORD, path, most=MOST_SUBFIELDS_IN_RECORD)
        raw = _Raw(self.profile, tag, ind, tuple(subfields), text, path)
        return _share_field(raw) if size <= LONGEST_SHARED else _make_field(raw)


class _Raw(NamedTuple):
    """What a field is made of."""

    profile: Profile
    tag: str
    ind: str
    subfields: tuple[tuple[str, str], ...]
    text: str
    path: str


@lru_cache(maxsize=FIELDS_SHARED)
def _share_field(raw: _Raw) -> Field:
    """Return the same field for the same: those who describe one book have most fields alike."""
    return _make_field(raw, is_shared=True)


def _make_field(raw: _Raw, *, is_shared: bool = False) -> Field:
    profile, tag, subfields = raw.profile, raw.tag, raw.subfields
    if is_control(tag):
        return Field(tag, tag, "  ", (), clean(raw.text), raw.path, True, is_shared)
    rules = tag
    if tag == ALTERNATE:
        rules = _linked_tag(subfields) or tag
    placed = _place(subfields)
    if tag in profile.linking_tags and any(code == "1" for code, _, _ in placed):
        placed = _unfold(placed)
    kept = tuple(
        Subfield(code, Value(value), place)
        for code, value, place in placed
        if code not in profile.ignored_subfields
    )
    return Field(tag, rules, raw.ind, kept, "", raw.path, False, is_shared)


def read_record(
    profile: Profile, raw: Any, error: type[InvalidExercise] = InvalidAnswer, place: str = "fields"
) -> list[Field]:
    """Return the fields of a record, rows without tag and content left out.

    ``raw`` is a list of ``[tag, indicators, [[code, value], …]]`` and ``[tag, text]`` for control
    fields. Raises ``error`` naming the row, below ``place``.
    """
    if not isinstance(raw, list):
        raise error(_("A record is a list of fields."), "" if place == "fields" else place)
    if len(raw) > MOST_FIELDS:
        raise error(MANY_FIELDS, "" if place == "fields" else place, most=MOST_FIELDS)
    reader = Reader(profile, error)
    counts: dict[str, int] = {}
    fields = []
    for index, row in enumerate(raw):
        field = _read_row(reader, row, f"{place}[{index}]", counts)
        if field is not None:
            fields.append(field)
    return fields


def _read_row(reader: Reader, row: Any, where: str, counts: dict[str, int]) -> Field | None:
    if not isinstance(row, list) or not 1 <= len(row) <= 3:
        raise reader.error(ROW, where)
    if all(_is_blank(cell) for cell in row):
        return None
    tag = reader.read_tag(row[0], f"{where}[0]")
    path = f"{tag}[{counts.get(tag, 0)}]"
    counts[tag] = counts.get(tag, 0) + 1
    second = row[1] if len(row) > 1 else ""
    if is_control(tag):
        if len(row) > 2 and row[2]:
            raise reader.error(_("Field %(tag)s has no subfields."), where, tag=tag)
        return reader.build(tag, "  ", (), reader.read_text(second, f"{where}[1]"), path)
    ind = reader.read_indicators(second, f"{where}[1]")
    subfields = row[2] if len(row) > 2 else []
    if not isinstance(subfields, list):
        raise reader.error(_("Subfields are a list of [code, value]."), f"{where}[2]")
    pairs = []
    for number, pair in enumerate(subfields):
        here = f"{where}[2][{number}]"
        if not isinstance(pair, list) or len(pair) != 2:
            raise reader.error(_("A subfield is [code, value]."), here)
        if pair == ["", ""]:
            continue
        if pair[0] == "":
            raise reader.error(CODE_MISSING, here, tag=tag)
        pairs.append((reader.read_code(pair[0], here), reader.read_text(pair[1], here)))
    return reader.build(tag, ind, pairs, "", path)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _is_blank(cell: Any) -> bool:
    """Tell whether a cell of an editor's row was left as it was."""
    return not cell.strip() if isinstance(cell, str) else cell == []


def _linked_tag(subfields: Sequence[tuple[str, str]]) -> str:
    for code, value in subfields:
        if code == "6" and (match := _LINKED_TAG.match(value)):
            return match[1]
    return ""


def _place(subfields: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    counts: dict[str, int] = {}
    placed = []
    for code, value in subfields:
        placed.append((code, value, f"${code}[{counts.get(code, 0)}]"))
        counts[code] = counts.get(code, 0) + 1
    return placed


def _unfold(placed: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Turn ``$1 200 1 $a…`` into the subfields that say the same without embedding.

    What has no such subfield keeps its code: two records that embed alike are still compared
    in full. Control numbers are left out, as they are elsewhere.
    """
    result: list[tuple[str, str, str]] = []
    tag = ""
    for code, value, place in placed:
        if code == "1":
            tag = value[:3]
        elif tag in _EMBEDDED_NAMES and code == "b" and result and result[-1][0] == "a":
            name, at = result[-1][1].rstrip(" ,"), result[-1][2]
            result[-1] = ("a", f"{name}, {value}", at)
        else:
            result.append((_EMBEDDED.get((tag, code), code), value, place))
    return result
