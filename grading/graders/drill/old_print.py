"""What old print and old spelling have and modern texts have not; each feature can be folded away.

The Latin ones are those that rules for early printed books treat (ISBD, DCRM(B)), the Cyrillic ones
the letters that the reforms of 1868 (Serbian), 1918 (Russian) and 1945 (Bulgarian) took away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Feature(NamedTuple):
    """A feature: the signs that show it, of which one must occur, and what folds it away."""

    signs: str
    fold: Callable[[str], str]

    def occurs_in(self, texts: Iterable[str]) -> bool:
        """Tell whether one of the texts shows the feature."""
        return any(sign in text for text in texts for sign in self.signs)


_LIGATURES = {"æ": "ae", "œ": "oe", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
_LIGATURES |= {"Æ": "AE", "Œ": "OE", "ĳ": "ij", "Ĳ": "IJ", "ﬆ": "st", "ﬅ": "st", "ß": "ss"}

_HYPHEN_AT_LINE_END = re.compile(r"[-=⸗]\s*(?:\|{1,2}|//|\n)\s*")
_LINE_END = re.compile(r"\s*(?:\|{1,2}|//|\n)\s*")
_FINAL_HARD_SIGN = re.compile(r"[ъЪ](?!\w)")
_FINAL_SIGN = re.compile(r"[ъЪьЬ](?!\w)")
_TIRONIAN = re.compile(r"\s*(?:&c\.?|[&⁊])\s*")
_AND = re.compile(r"\b(?:et|and|und|i|y|te)\b", re.IGNORECASE)


def _swap(pairs: str) -> Callable[[str], str]:
    """Return a function that puts the second letter of each pair for the first."""
    olds, news = (pairs.replace(" ", "")[start::2] for start in (0, 1))
    table = str.maketrans(olds + olds.upper(), news + news.upper())
    return lambda text: text.translate(table)


def _letters(signs: str, pairs: str) -> Feature:
    return Feature(signs + signs.upper(), _swap(pairs))


def _fold_line_ends(text: str) -> str:
    return _LINE_END.sub(" ", _HYPHEN_AT_LINE_END.sub("", text))


def _fold_ligatures(text: str) -> str:
    return text.translate(_LIGATURE_TABLE)


def _fold_ampersand(text: str) -> str:
    return _AND.sub("&", _TIRONIAN.sub(" & ", text))


def _fold_w(text: str) -> str:
    return text.replace("w", "vv").replace("W", "VV")


def _fold_serbian_yat(text: str) -> str:
    """Put the ekavian vowel for the old letter and for the ijekavian ones, ije and je."""
    return _IJEKAVIAN.sub("\u0435", _swap("ѣе")(text))


_IJEKAVIAN = re.compile("\u0438?\u0458\u0435")
_LIGATURE_TABLE = str.maketrans(_LIGATURES)
_LINE_ENDS = Feature("|/\n", _fold_line_ends)
_DECIMAL_I = _letters("\u0456\u0457i", "іи їи iи")
_FITA = _letters("ѳ", "ѳф")
_IZHITSA = _letters("\u0475\u0477", "ѵи ѷи")

CONVENTIONS: dict[str, dict[str, Feature]] = {
    "modern": {"line_ends": _LINE_ENDS},
    "early_latin": {
        "line_ends": _LINE_ENDS,
        "long_s": Feature("\u017f", lambda text: text.replace("\u017f", "s")),
        "ligatures": Feature("".join(_LIGATURES), _fold_ligatures),
        "ampersand": Feature("&⁊", _fold_ampersand),
        "vv": Feature("wW", _fold_w),
        "uv": _letters("uv", "vu"),
        "ij": _letters("ij", "ji"),
    },
    "old_russian": {
        "line_ends": _LINE_ENDS,
        "hard_sign": Feature("ъЪ", lambda text: _FINAL_HARD_SIGN.sub("", text)),
        "yat": _letters("ѣ", "ѣе"),
        "decimal_i": _DECIMAL_I,
        "fita": _FITA,
        "izhitsa": _IZHITSA,
    },
    "old_bulgarian": {
        "line_ends": _LINE_ENDS,
        "hard_sign": Feature("ъЪьЬ", lambda text: _FINAL_SIGN.sub("", text)),
        # The old letters stood each for two of today's.
        "yat": _letters("ѣ", "ѣе яе"),
        "yus": _letters("ѫѭ", "ѫа ъа ѭя"),
    },
    "old_serbian": {
        "line_ends": _LINE_ENDS,
        "hard_sign": Feature("ъЪьЬ", lambda text: _FINAL_SIGN.sub("", text)),
        "yat": Feature("ѣѢ", _fold_serbian_yat),
        "decimal_i": _DECIMAL_I,
        "fita": _FITA,
    },
}
"""By tradition the features that are looked for, in the order in which they are folded."""

FEATURES = tuple(dict.fromkeys(name for features in CONVENTIONS.values() for name in features))


def compose(text: str) -> str:
    """Return the text with letters and diacritics in one character where there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str, features: Iterable[Feature]) -> str:
    """Return the text without these features."""
    for feature in features:
        text = feature.fold(text)
    return text
