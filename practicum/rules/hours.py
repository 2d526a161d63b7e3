"""Amounts of hours as coordinators type them for programmes and contracts: ``120``, ``7,5``."""

from __future__ import annotations

import re

from practicum.data import gettext_noop
from practicum.rules.typed import Unreadable

NO_HOURS = gettext_noop("“%(text)s” is not a number of hours. Write it like 120, 7,5 or 7:30.")
MOST = 100_000  # hours: more than a working life has

CLOCK = re.compile(r"(\d{1,6}):(\d{2})")
DECIMAL = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?")


def read_hours(text: str) -> int:
    """Minutes of a number of hours with a comma, a point or a colon. Raises ``Unreadable``."""
    plain = re.sub(r"\s", "", text).removesuffix("h")
    if (found := CLOCK.fullmatch(plain)) and int(found[2]) < 60:
        minutes = int(found[1]) * 60 + int(found[2])
    elif found := DECIMAL.fullmatch(plain):
        hundredths = int((found[2] or "").ljust(2, "0"))
        minutes = int(found[1]) * 60 + round(hundredths * 60 / 100)
    else:
        raise Unreadable(NO_HOURS, text)
    if minutes > MOST * 60:
        raise Unreadable(NO_HOURS, text)
    return minutes
