"""Text as a cataloguer compares it: marks, case, diacritics and scripts taken off one at a time."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

MARKS = "/:;,=+"
"""The marks that ISBD prescribes before an element; a full stop is judged apart."""

_TAIL = " /:;,=+.-"
# Typographic signs, by code point: many look alike.
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_TYPOGRAPHY = {
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_SINGLE_QUOTES, "'"),
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys(_INVISIBLE, ""),
}

# Letters that look like a letter with a diacritic but have no canonical decomposition.
_STROKED = {
    **dict(zip("đĐðÐłŁøØıħĦŧŦ", "dDdDlLoOihHtT", strict=True)),
    **{"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH"},
}
# The signs are rare: to find and replace them is much quicker than to translate every character.
_IS_TYPOGRAPHIC = re.compile(f"[{''.join(_TYPOGRAPHY)}]")
_IS_STROKED = re.compile(f"[{''.join(_STROKED)}]")
_COMBINING = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]+")

_CYRILLIC = str.maketrans(
    "абвгдежзийклмнопрстуфхцчшыэёіўґђћјѓќәғқңөұүһѐѝї",
    "abvgdezziiklmnoprstufhccsieeiugdcigkagknouuheii",
) | str.maketrans(
    {"ю": "iu", "я": "ia", "є": "ie", "љ": "li", "њ": "ni", "џ": "dz", "\u0455": "dz", "ь": ""}
)
# Letters whose Latin form depends on the language: щ is št or šč, ъ is a, u or nothing.
_AMBIGUOUS = {"щ": ("st", "sc"), "ъ": ("a", "u", "")}
_DIGRAPHS = (
    ("kh", "h"),
    ("gh", "g"),
    ("ch", "c"),
    ("sh", "s"),
    ("zh", "z"),
    ("ts", "c"),
    ("j", "i"),
    ("y", "i"),
    ("x", "h"),
    ("w", "v"),
    ("q", "k"),
    ("ii", "i"),
)
_IS_CYRILLIC = re.compile("[\u0400-\u052f]")
_NOT_WORD = re.compile(r"[^\w\s]+")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"\w+")


def normalize(text: str) -> str:
    """Return ``text`` in NFC with one kind of quote and dash and single blanks."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _IS_TYPOGRAPHIC.sub(lambda match: _TYPOGRAPHY[match[0]], text)
    return " ".join(text.split())


def strip_diacritics(text: str) -> str:
    """Return ``text`` without diacritics, case kept."""
    if text.isascii():
        return text
    plain = _COMBINING.sub("", unicodedata.normalize("NFD", text))
    return _IS_STROKED.sub(lambda match: _STROKED[match[0]], plain)


def fold(text: str) -> str:
    """Return ``text`` without diacritics and case."""
    return strip_diacritics(text.casefold())


@lru_cache(maxsize=64)
def script_free(text: str) -> frozenset[str]:
    """Return the skeletons of ``text`` that its transliterations share.

    «Под игото» and «Pod igoto» share one, whatever transliteration table was used. A letter that
    tables render in different ways yields one skeleton each (at most two such letters are varied).
    """
    lowered = text.casefold()
    ambiguous = [letter for letter in _AMBIGUOUS if letter in lowered]
    variants = product(*(_AMBIGUOUS[letter] for letter in ambiguous))
    return frozenset(_skeleton(lowered, dict(zip(ambiguous, v, strict=True))) for v in variants)


def _skeleton(lowered: str, choice: dict[str, str]) -> str:
    for letter, latin in choice.items():
        lowered = lowered.replace(letter, latin)
    latin = strip_diacritics(lowered.translate(_CYRILLIC))
    latin = _NOT_WORD.sub("", latin)
    for digraph, letter in _DIGRAPHS:
        latin = latin.replace(digraph, letter)
    return latin


def digits(text: str) -> list[str]:
    """Return the groups of digits in ``text``, in order."""
    return _DIGITS.findall(text)


def words(text: str) -> list[str]:
    """Return the words of ``text``."""
    return _WORDS.findall(text)


class Value:
    """A subfield's value taken apart: content, the ISBD mark at its end, the blank before it.

    ``raw`` is what was typed, ``text`` its normal form, ``content`` that without the marks at the
    end, ``mark`` one of ``/ : ; , = + .`` or empty, ``is_spaced`` whether a blank precedes it.
    What costs more (``folded``: without diacritics and case, ``digits``: the groups of digits,
    ``is_cyrillic``) is worked out when first asked for.
    """

    __slots__ = ("_cyrillic", "_digits", "_folded", "content", "is_spaced", "mark", "raw", "text")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = text = normalize(raw)
        self.content, self.mark, self.is_spaced = _split_mark(text)
        self._folded: str | None = None
        self._digits: list[str] | None = None
        self._cyrillic: bool | None = None

    @property
    def folded(self) -> str:
        """The content without diacritics and case."""
        if self._folded is None:
            self._folded = fold(self.content)
        return self._folded

    @property
    def digits(self) -> list[str]:
        """The groups of digits in the content."""
        if self._digits is None:
            self._digits = digits(self.content)
        return self._digits

    @property
    def is_cyrillic(self) -> bool:
        """Tell whether a Cyrillic letter occurs in the content."""
        if self._cyrillic is None:
            self._cyrillic = _IS_CYRILLIC.search(self.content) is not None
        return self._cyrillic


def _split_mark(text: str) -> tuple[str, str, bool]:
    if not text or text[-1] not in _TAIL:
        return text, "", False
    content = text.rstrip(_TAIL)
    if not content:
        return text, "", False
    tail = text[len(content) :]
    for position in range(len(tail) - 1, -1, -1):
        if tail[position] in MARKS:
            return content, tail[position], position > 0 and tail[position - 1] == " "
    if "." in tail:
        return content, ".", tail[0] == " "
    return content, "", False
