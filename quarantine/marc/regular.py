"""The quick way to read a record in which nothing is out of the ordinary.

Most records are such: fields in the order of the directory, plain codes and indicators, nothing in
the text that is no text. Whatever else there is, this reader declines, and the careful one
in :mod:`quarantine.marc.iso2709` reads the record or says what is wrong with it.
"""

from __future__ import annotations

import re
from itertools import product
from string import ascii_lowercase, digits

from quarantine.marc.record import MarcLimits, Record

__all__ = ["read_regular"]

_LEADER = 24
_ENTRY = 12
_PLACES = 100_000
"""An entry of the directory: a tag, four digits of size, five of the place."""

_FIRST_DATA_TAG = "010"
_FIELD, _UNIT = "\x1e", "\x1f"
_INDICATORS = frozenset(map("".join, product(" " + digits + ascii_lowercase, repeat=2)))
_NO_CODE = re.compile("\x1f[^0-9A-Za-z]")
_PLAIN_BYTES = bytes({*range(256)} - {*range(0x1E), 0x7F})
"""All but the controls of ASCII; the marks at the ends of fields and of subfields are welcome."""

_MARKED = (b"\xc2", b"\xef\xbf")
"""How further controls, and the last two characters of a plane, begin in UTF-8."""

_NOT_TEXT = re.compile("[\x80-\x9f\ufffe\uffff]")


def read_regular(data: bytes, encoding: str, limits: MarcLimits) -> Record | None:
    """Return the record in ``data``, whose length is right, or nothing if it is not regular."""
    base = data[12:17]
    begin = int(base) if base.isdigit() else 0
    body = data[begin:-1]
    try:
        head, text = data[: begin - 1].decode("ascii"), body.decode(encoding)
    except UnicodeDecodeError:
        return None
    directory = head[_LEADER:]
    contents = text.split(_FIELD)
    sizes = list(map(len, contents if text.isascii() else body.split(b"\x1e")))
    count, rest = divmod(len(directory), _ENTRY)
    if rest or not 0 < count < limits.fields or count != len(contents) - 1 or sizes.pop():
        return None
    if data[begin - 1] != 0x1E or not (head.isprintable() and directory.isalnum()):
        return None
    if "LDR" in directory or not _is_plain(body, text) or _NO_CODE.search(text):
        return None
    starts = range(0, len(directory), _ENTRY)
    try:
        said = [int(directory[start + 3 : start + _ENTRY]) for start in starts]
    except ValueError:
        return None
    record: Record = [["LDR", head[:_LEADER]]]
    place = 0
    for start, size_and_place, size, content in zip(starts, said, sizes, contents, strict=False):
        size += 1  # with the mark at its end
        if size_and_place != size * _PLACES + place:
            return None
        place += size
        tag = directory[start : start + 3]
        pieces = content.split(_UNIT)
        if tag < _FIRST_DATA_TAG:
            if len(pieces) > 1:
                return None
            record.append([tag, content])
            continue
        indicators = pieces.pop(0)
        if indicators not in _INDICATORS or not pieces:
            return None
        record.append([tag, indicators, [[piece[0], piece[1:]] for piece in pieces]])
    return record


def _is_plain(body: bytes, text: str) -> bool:
    """Tell whether there is nothing in ``text`` that is no text; ``body`` are its bytes."""
    if body.translate(None, _PLAIN_BYTES):
        return False
    return not any(mark in body for mark in _MARKED) or not _NOT_TEXT.search(text)
