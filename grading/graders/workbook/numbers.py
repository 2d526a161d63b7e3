"""Numbers and units as people type them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from grading.data import gettext_noop as _
from grading.graders.reading import Node

LARGEST = 1e15

NO_NUMBER = _("A number is expected here, such as 1234.5 or 1234,5.")
TWO_WAYS = _(
    "«%(given)s» can be read in two ways. Write a whole number without a mark, or one more decimal."
)

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d[\d., ']*)(?P<power>[eE][+-]?\d{1,3})?")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2019": "'"})
_GROUPED = r"\d{1,3}(?:%s\d{3})+"

UNITS: dict[str, list[str]] = json.loads(Path(__file__).with_name("units.json").read_text("utf-8"))
"""By unit, how it may be written in the languages of the school; an exercise adds its own."""


def read_number(node: Node, decimal: str = "") -> tuple[float, str] | None:
    """Return the number that was typed and the unit behind it; ``None`` if nothing was.

    ``decimal`` is the decimal mark of the language it was typed in; without it ``1.234`` can be
    read in two ways and is refused. Raises the node's error.
    """
    raw = node.value
    if raw is None:
        return None
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return node.number(0.0, -LARGEST, LARGEST), ""
    text = node.text("", 80).translate(_SPACES).strip()
    if not text:
        return None
    found = _NUMBER.match(text)
    if not found:
        raise node.fail(NO_NUMBER)
    digits = found["digits"]
    rest = text[found.end() :]
    trimmed = digits.rstrip(" ',.")
    rest = (digits[len(trimmed) :] + rest).strip(" .,'")
    plain = _read_digits(trimmed, decimal)
    if plain is None:
        is_ambiguous = re.fullmatch(r"\d{1,3}[.,]\d{3}", trimmed)
        raise node.fail(TWO_WAYS, given=text) if is_ambiguous else node.fail(NO_NUMBER)
    number = float(f"{found['sign']}{plain}{found['power'] or ''}")
    if not abs(number) <= LARGEST:
        raise node.fail(NO_NUMBER)
    return number, rest


def _read_digits(digits: str, decimal: str) -> str | None:
    """Return digits with a decimal point at most; ``None`` if they are no number or two."""
    for mark in (" ", "'"):
        if mark in digits:
            whole = re.split("[.,]", digits)[0]
            if not re.fullmatch(_GROUPED % mark, whole):
                return None
            digits = digits.replace(mark, "")
            return _only_decimal(digits)
    marks = [character for character in digits if character in ".,"]
    if not marks:
        return digits
    if len(set(marks)) == 2:
        thousands, last = marks[0], marks[-1]
        whole, _mark, fraction = digits.rpartition(last)
        if not fraction or not re.fullmatch(_GROUPED % re.escape(thousands), whole):
            return None
        return f"{whole.replace(thousands, '')}.{fraction}"
    [mark] = set(marks)
    is_grouped = bool(re.fullmatch(_GROUPED % re.escape(mark), digits))
    if len(marks) > 1:
        return digits.replace(mark, "") if is_grouped else None
    if is_grouped and not digits.startswith("0"):
        if not decimal:
            return None
        return digits.replace(mark, "." if mark == decimal else "")
    return _only_decimal(digits)


def _only_decimal(digits: str) -> str | None:
    """Return digits that have one decimal mark at most, as Python writes them."""
    return digits.replace(",", ".") if len(re.findall("[.,]", digits)) <= 1 else None


def fold_unit(text: str) -> str:
    """Return a unit as it is compared: without blanks, powers as digits, ``per`` as a slash."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(r"\s*\bper\b\s*(?=\D)", "/", text)
    text = re.sub(r"[\s·*^]+", "", text)
    return text if len(text) == 1 else text.casefold()


def same_unit(right: str, given: str, own: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a unit was given as it should be, in any of its spellings."""
    spellings = (right, *own.get(right, ()), *UNITS.get(right, ()))
    return fold_unit(given) in {fold_unit(spelling) for spelling in spellings}
