"""The text of subfields as such: whether there is any, and in one alphabet."""

from __future__ import annotations

import re

from grading.checking.context import Context
from grading.checking.fields import Field

# Letters of one alphabet that look like letters of the other: a slip of the keyboard's layout.
_LATIN = frozenset("aceiopxyABCEHIKMOPTXjs")
_CYRILLIC = frozenset(
    "\u0430\u0441\u0435\u0456\u043e\u0440\u0445\u0443\u0410\u0412\u0421\u0415\u041d\u0406"
    "\u041a\u041c\u041e\u0420\u0422\u0425\u0458\u0455"
)
# A Cyrillic letter is looked for first: texts without any are passed over at once.
_BOTH = re.compile("[\u0400-\u052f](?:(?=[A-Za-z])|(?<=[A-Za-z].))")
_WORD = re.compile(r"[^\W\d_]{3,}")


def check_texts(field: Field, context: Context) -> None:
    """Report subfields without text, and words of letters from two alphabets that look alike."""
    for index, (code, value) in enumerate(field.subfields):
        if not value.strip():
            context.found.add("subfield.empty", field, f"${code}", where=field.place(index))
        elif not value.isascii() and _BOTH.search(value):
            word = next(filter(_is_mixed, _WORD.findall(value)), "")
            if word:
                where = field.place(index)
                context.found.add("text.mixed", field, f"${code}", where=where, word=word)


def _is_mixed(word: str) -> bool:
    """Tell whether all letters of one alphabet may be meant for those of the other."""
    latin = {letter for letter in word if letter.isascii()}
    cyrillic = {letter for letter in word if "\u0400" <= letter <= "\u052f"}
    return bool(latin and cyrillic) and (latin <= _LATIN or cyrillic <= _CYRILLIC)
