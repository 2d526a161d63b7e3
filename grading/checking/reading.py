"""A record as it was typed, read leniently: what is no field becomes a diagnostic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

from grading.checking.diagnostics import Findings
from grading.checking.fields import Field
from grading.graders.marc.fields import is_control
from grading.graders.marc.fixed import clean

MOST_FIELDS = 8_000
"""As many fields as a file of records may bring."""

_BLANKS = str.maketrans("#\\_", "   ")
_LINK = re.compile("([0-9]{3})-[0-9]{2}")
_LEADER = ("LEADER", "000", "LDR")
_LISTS = (list, tuple)
_PLAIN_INDICATORS = frozenset(map("".join, product(" 0123456789", repeat=2)))
_CODED = ("LDR", "006", "007", "008")
_CODES = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_NO_CODE = "?"
_new = tuple.__new__  # the quick way to make a named tuple
_FIRST_SIGN = "!"
"""All blanks sort before it, so that a text which does may be no text at all."""

_NOTHING = ("", None, ())
"""What stands for the parts of a row that are not there."""


def read_record(record: Any, found: Findings) -> list[Field]:
    """Return the fields of an answer or of a record from a file; rows left empty are left out.

    ``record`` is a list of ``[tag, indicators, [[code, value], …]]`` and ``[tag, text]``.
    """
    if not isinstance(record, _LISTS):
        found.add("record.shape")
        return []
    if len(record) > MOST_FIELDS:
        found.add("record.too_many", limit=MOST_FIELDS)
    counts: dict[str, int] = {}
    fields = []
    for number, row in enumerate(record[:MOST_FIELDS], start=1):
        if row.__class__ not in _LISTS or not row or row[0].__class__ is not str:
            found.add("record.row", number=number)
            continue
        tag = row[0]
        read = _READERS.get(tag)
        if read is None:
            tag = _read_tag(row, number, found)
            if not tag:
                continue
            read = _read_control if is_control(tag) else _read_data
        count = counts.get(tag, 0)
        counts[tag] = count + 1
        field = read(tag, row, count, number)
        if field is None:
            found.add("record.field", tag, where=f"{tag}[{count}]")
        else:
            fields.append(field)
    return fields


def _read_tag(row: Sequence[Any], number: int, found: Findings) -> str:
    """Return a tag written in another way; complain of what is none, unless the row is empty."""
    tag: str = row[0].strip().upper()
    if tag in _LEADER:
        return "LDR"
    if len(tag) == 3 and tag.isalnum() and tag.isascii():
        return tag
    if tag or any(cell.strip() if isinstance(cell, str) else cell for cell in row[1:]):
        found.add("record.tag", number=number)
    return ""


def _read_control(tag: str, row: Sequence[Any], count: int, number: int) -> Field | None:
    text = row[1] if len(row) > 1 else ""
    if not isinstance(text, str) or any(row[2:]):
        return None
    if tag in _CODED:
        text = clean(text)
    return _new(Field, (tag, tag, "  ", (), "", text, count, number, True, True, None, 0))


def _read_data(tag: str, row: Sequence[Any], count: int, number: int) -> Field | None:
    if len(row) > 3:
        return None
    _, ind, pairs = row if len(row) == 3 else (*row, *_NOTHING[len(row) :])
    if ind is None:
        ind = "  "
    if not isinstance(ind, str) or pairs.__class__ not in _LISTS:
        return None
    ind = read_indicators(ind)
    codes = ""
    is_regular = is_plain = True
    for pair in pairs:
        if pair.__class__ not in _LISTS or len(pair) != 2:
            return None
        code, value = pair
        if code.__class__ is not str or value.__class__ is not str:
            return None
        codes += code
        if code not in _CODES:
            is_regular = False
        if value < _FIRST_SIGN or not value.isascii():
            is_plain = False
    if not is_regular:
        pairs = [(code.lower(), value) for code, value in pairs if code or value]
        codes = "".join(code if len(code) == 1 else _NO_CODE for code, _ in pairs)
    rules = _linked_tag(pairs) if tag == "880" else tag
    return _new(Field, (tag, rules, ind, pairs, codes, "", count, number, False, is_plain, None, 0))


def read_indicators(text: str) -> str:
    """Return indicators with every way of writing a blank as a blank."""
    return text if text in _PLAIN_INDICATORS else text.translate(_BLANKS)


def _linked_tag(subfields: Sequence[Sequence[str]]) -> str:
    links = (_LINK.match(value) for code, value in subfields if code == "6")
    return next((match[1] for match in links if match), "880")


_TAGS = ("LDR", *(f"{number:03}" for number in range(1, 1000)))
_READERS = {tag: _read_control if is_control(tag) else _read_data for tag in _TAGS}
"""How to read a row, by a tag as it should be written."""
