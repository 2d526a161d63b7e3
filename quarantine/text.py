"""Bytes that should be text: which encoding, and no guess where a guess could be wrong."""

from __future__ import annotations

import codecs
import re

from quarantine.errors import Refused, gettext_noop

__all__ = ["TextRefused", "decode_text"]

NOT_TEXT = gettext_noop("The file is not text.")
UNDECODABLE = gettext_noop("The text is not %(encoding)s; please save it as UTF-8.")
UNKNOWN = gettext_noop("%(encoding)s is not an encoding that is read here.")

_ENCODINGS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp1250": "cp1250", "cp1251": "cp1251"}
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1e\x7f\ufffe\uffff]")
# More letters from the upper half than a language in Latin letters ever has, and enough to tell.
_CYRILLIC_SHARE = 0.6
_ENOUGH_LETTERS = 8


class TextRefused(Refused):
    """Bytes that are no text, or text in an encoding that cannot be told."""


def decode_text(data: bytes, encoding: str | None = None) -> str:
    """Return the text of ``data`` without byte order mark, with line feeds for line ends.

    ``encoding`` is utf-8, utf-16, cp1250 or cp1251. Without it, UTF-16 needs its mark, and bytes
    that are not UTF-8 are windows-1251 only if most of their letters are Cyrillic. Raises
    :class:`TextRefused`.
    """
    name = encoding or _guess(data)
    if name not in _ENCODINGS:
        raise TextRefused("text.encoding", UNKNOWN, encoding=ascii(encoding)[:40])
    try:
        text = data.decode(_ENCODINGS[name])
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TextRefused("text.encoding", UNDECODABLE, line=line, encoding=name) from error
    if _NOT_TEXT.search(text):
        raise TextRefused("text.binary", NOT_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in data:
        raise TextRefused("text.binary", NOT_TEXT)
    try:
        data.decode()
    except UnicodeDecodeError:
        letters = [byte for byte in data if (chr(byte).isalpha() and byte < 0x80) or byte >= 0xC0]
        upper = sum(byte >= 0xC0 for byte in letters)
        is_cyrillic = upper >= _ENOUGH_LETTERS and upper > _CYRILLIC_SHARE * len(letters)
        return "cp1251" if is_cyrillic else "utf-8"
    return "utf-8"
