"""International Standard Book Numbers: check digits by ISO 2108 and the form of thirteen digits."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?:ISBN[\s:]*)?([0-9](?:[ -]?[0-9]){8,14}(?:[ -]?[Xx])?)(?![0-9])")


def read_isbn(text: str) -> str:
    """Return the ISBN that ``text`` begins with as 13 digits, its bare digits if it is not valid.

    Hyphens and a qualifier after the number do not count. Empty if no number is there.
    """
    match = _NUMBER.match(text)
    if not match:
        return ""
    bare = match[1].replace("-", "").replace(" ", "").upper()
    if len(bare) == 10 and is_valid_isbn(bare):
        stem = "978" + bare[:9]
        return stem + _check_digit(stem)
    return bare


def is_valid_isbn(number: str) -> bool:
    """Tell whether ``number``, digits without hyphens, is a valid ISBN of 10 or 13 digits."""
    if len(number) == 13 and number.isdecimal():
        return number[:3] in ("978", "979") and number[12] == _check_digit(number[:12])
    if len(number) == 10 and number[:9].isdecimal() and (number[9].isdecimal() or number[9] == "X"):
        last = 10 if number[9] == "X" else int(number[9])
        return (sum((10 - i) * int(c) for i, c in enumerate(number[:9])) + last) % 11 == 0
    return False


def _check_digit(stem: str) -> str:
    return str(-sum((3 if i % 2 else 1) * int(c) for i, c in enumerate(stem)) % 10)
