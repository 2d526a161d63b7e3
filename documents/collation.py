"""The order of names in a list, by the alphabet of the reader's language.

Databases and Python sort by code points: ``Č`` after ``Z``, ``ә`` after ``я``, ``Ё`` before ``Б``.
The alphabets are those of the languages' orthographies; letters of other alphabets keep an order
of their own after them, with their accents looked at last.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

__all__ = ["sort_key"]

LATIN = "abcdefghijklmnopqrstuvwxyz"
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
# Two letters that count as one stand in brackets.
ALPHABETS = {
    "bg": f"абвгдежзийклмнопрстуфхцчшщъыьэюя{LATIN}",
    "en": f"{LATIN}{RUSSIAN}",
    "hr": f"abcčćd[dž]đefghijkl[lj]mn[nj]opqrsštuvwxyzž{RUSSIAN}",
    "kk": f"аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя{LATIN}",
    "ru": f"{RUSSIAN}{LATIN}",
    "sl": f"abcčćdđefghijklmnopqrsštuvwxyzž{RUSSIAN}",
}
# Letters that Unicode does not take apart, for alphabets that lack them.
BARE = {"æ": "ae", "đ": "d", "ł": "l", "œ": "oe", "ø": "o", "þ": "th"}
UNKNOWN = 10_000  # places of letters of no alphabet begin here

Key = tuple[tuple[int, ...], str, str]


@cache
def sort_key(language: str) -> Callable[[str], Key]:
    """A key for ``sorted``: words first, then letters, then accents, then capitals.

    ``language`` is a tag such as ``hr``; one that is not known sorts as English does.
    """
    alphabet = _letters(language.partition("-")[0].lower())
    places = {letter: place for place, letter in enumerate(alphabet, start=1)}
    pairs = frozenset(letter for letter in alphabet if len(letter) > 1)

    def key(text: str) -> Key:
        plain = unicodedata.normalize("NFC", text).casefold()
        return tuple(_places(plain, places, pairs)), plain, text

    return key


def _letters(language: str) -> list[str]:
    alphabet = ALPHABETS.get(language, ALPHABETS["en"])
    return [pair or one for pair, one in re.findall(r"\[(..)\]|(.)", alphabet)]


def _places(text: str, places: dict[str, int], pairs: frozenset[str]) -> list[int]:
    found, at = [], 0
    while at < len(text):
        pair = text[at : at + 2]
        one = pair if pair in pairs else text[at]
        at += len(one)
        found += [_place(part, places) for part in _parts(one, places)]
    return found


def _parts(one: str, places: dict[str, int]) -> str | list[str]:
    """A letter of the alphabet, or else what it is without its accents."""
    if one in places:
        return [one]
    if one in BARE:
        return BARE[one]
    bare = [part for part in unicodedata.normalize("NFKD", one) if not unicodedata.combining(part)]
    return bare or [one]


def _place(letter: str, places: dict[str, int]) -> int:
    """Spaces, hyphens and dots come before all letters, so that shorter names come first."""
    if letter in places:
        return places[letter]
    if letter.isdigit():
        return -100 + unicodedata.digit(letter, 0)
    return UNKNOWN + ord(letter) if letter.isalpha() else -1000
