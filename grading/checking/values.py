"""Single values: dates, codes from the lists of the formats."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from grading.checking.tables import load_table

# Digits, then u (MARC 21) or blanks (UNIMARC) for those not known; or not coded at all.
_YEAR = re.compile(r"\d{4}|\d{0,3}u{1,4}|\d{0,3} {1,4}|\|{4}")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class CodeList(NamedTuple):
    """The codes of a list, and those that it had once."""

    codes: frozenset[str]
    obsolete: frozenset[str]


@cache
def code_list(name: str) -> CodeList:
    """Return the list of that name in ``codes.json``."""
    entry = load_table("codes")[name]
    return CodeList(
        frozenset(" ".join(entry["codes"]).split()),
        frozenset(" ".join(entry["obsolete"]).split()),
    )


@lru_cache(maxsize=10_000)
def judge_code(name: str, value: str, subject: str) -> str:
    """Return what is wrong with a code of the list: nothing, ``<subject>.code`` or ``.obsolete``.

    Blanks after a code that is shorter than its place belong to it; a value that nobody tried to
    code is right.
    """
    known = code_list(name)
    code = value.rstrip() if len(value) > 2 else value
    if code in known.codes or (value and not value.strip("|")):
        return ""
    return f"{subject}.obsolete" if code in known.obsolete else f"{subject}.code"


def judge_date(value: str) -> str:
    """Judge a date of six or eight digits, year, month and day; ``position.date`` if it is none."""
    if value.isascii() and value.isdecimal():
        month, day = int(value[-4:-2]), int(value[-2:])
        if 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]:
            return ""
    return "position.date"


def judge_year(value: str) -> str:
    """Judge a year of four places, ``position.year`` if it is none."""
    return "" if _YEAR.fullmatch(value) else "position.year"


def is_month_and_day(value: str) -> bool:
    """Tell whether four places are a month and a day, blanks for what is not known."""
    month, day = value[:2], value[2:]
    if not (month.isdecimal() and 1 <= int(month) <= 12):
        return not value.strip()
    return day == "  " or (day.isdecimal() and 1 <= int(day) <= _DAYS[int(month) - 1])
