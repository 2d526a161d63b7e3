"""Text in MARC-8, the character set of MARC 21 before Unicode.

The tables are pymarc's; the walk over them is our own, since pymarc's writes to the console,
puts spaces for what it does not know, and fails in other ways than its own. Source of the rules:
the Library of Congress's MARC 21 specifications for record structure and character sets, MARC-8.
"""

from __future__ import annotations

import unicodedata

from pymarc.marc8_mapping import CODESETS, ODD_MAP

from quarantine.errors import gettext_noop
from quarantine.marc.record import MarcRefused

__all__ = ["decode_marc8"]

BAD_BYTE = gettext_noop("Byte %(place)d is not MARC-8.")

_ESCAPE = 0x1B
_ASCII, _ANSEL, _EAST_ASIAN = 0x42, 0x45, 0x31
# Sets that an escape and one letter select: Greek symbols, subscripts, superscripts, and back.
_SHORT = {0x67: 0x67, 0x62: 0x62, 0x70: 0x70, 0x73: _ASCII}


def decode_marc8(data: bytes) -> str:
    """Return the text of one field or subfield, composed (NFC).

    Raises :class:`MarcRefused` for an unknown byte, an escape cut short, or an accent that no
    letter follows.
    """
    if data.isascii() and _ESCAPE not in data:
        return data.decode("ascii")
    text: list[str] = []
    accents: list[str] = []
    sets = [_ASCII, _ANSEL]
    place = 0
    while place < len(data):
        if data[place] == _ESCAPE:
            place = _escape(data, place, sets)
            continue
        character, is_accent, width = _character(data, place, sets)
        place += width
        if is_accent:
            accents.append(character)
        else:
            text += [character, *accents]
            accents.clear()
    if accents:
        raise _bad(place - 1)
    return unicodedata.normalize("NFC", "".join(text))


def _escape(data: bytes, place: int, sets: list[int]) -> int:
    """Obey the escape at ``place``: change ``sets`` (G0, G1) and return the place after it."""
    rest = data[place + 1 : place + 5]
    if rest[:1] and rest[0] in _SHORT:
        sets[0] = _SHORT[rest[0]]
        return place + 2
    marks = rest[: len(rest) - len(rest.lstrip(b"$(,)-!"))]
    final = rest[len(marks) : len(marks) + 1]
    if not marks or not final or final[0] not in CODESETS:
        raise _bad(place)
    sets[1 if b")" in marks or b"-" in marks else 0] = final[0]
    return place + 2 + len(marks)


def _character(data: bytes, place: int, sets: list[int]) -> tuple[str, bool, int]:
    """Return the character at ``place``, whether it is an accent, and how many bytes it takes."""
    byte = data[place]
    codes = sets[1] if byte > 0x80 else sets[0]
    if byte == 0x20 or byte < 0x20:
        return chr(byte), False, 1
    width = 3 if codes == _EAST_ASIAN else 1
    code = int.from_bytes(data[place : place + width], "big")
    if len(data) < place + width:
        raise _bad(place)
    table = CODESETS[codes]
    if width == 1 and code not in table:
        code ^= 0x80
    if code in table:
        number, is_accent = table[code]
        return chr(number), bool(is_accent), width
    if code in ODD_MAP:
        return chr(ODD_MAP[code]), False, width
    raise _bad(place)


def _bad(place: int) -> MarcRefused:
    return MarcRefused("marc.marc8", BAD_BYTE, place=place)
