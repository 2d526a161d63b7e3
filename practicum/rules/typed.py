"""What people type for days, clock times and lengths of time, read as generously as is safe.

Days come day first (``24.11.2026``, ``24. 11.``, ``24/11/26``) or as ISO 8601; the year may be left
out. Lengths take the decimal comma. Whoever reads shows how it was read.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

from practicum.data import gettext_noop
from practicum.rules.calendar import is_meant

NO_DAY = gettext_noop("“%(text)s” is not a day. Write it like 24.11.2026.")
NO_CLOCK = gettext_noop("“%(text)s” is not a time. Write it like 9:30.")
NO_LENGTH = gettext_noop("“%(text)s” is not a length of time. Write it like 1:30, 1,5 h or 90 min.")

ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DAY_FIRST = re.compile(
    r"(\d{1,2})\s*[./\s-]\s*(\d{1,2})\s*(?:[./\s-]\s*(\d{4}|\d{2})?)?\.?\s*(?:[\u0433\u0436]\.?)?"
)
CLOCK = re.compile(r"(\d{1,2})(?:\s*(?:[:.,h]|ч\.?|сағ\.?)\s*(\d{2})?)?(?:\s*h)?", re.IGNORECASE)
RUN_TOGETHER = re.compile(r"(\d{1,2})(\d{2})")
HALF_OF_DAY = re.compile(r"\s*([ap])\.?m\.?$", re.IGNORECASE)
HOURS = r"(?:h|hrs?|hours?|u|ч|час\w*|сағ\w*)\.?"
MINUTES = r"(?:m|min|minutes?|мин\w*)\.?"
HOURS_AND_MINUTES = re.compile(
    rf"(\d{{1,2}})\s*(?::|{HOURS})\s*(\d{{1,2}})\s*(?:{MINUTES})?", re.IGNORECASE
)
DECIMAL_HOURS = re.compile(rf"(\d{{1,2}})(?:[.,](\d{{1,2}}))?\s*{HOURS}", re.IGNORECASE)
BARE_DECIMAL = re.compile(r"(\d{1,2})[.,](\d{1,2})")
WHOLE_MINUTES = re.compile(rf"(\d{{1,4}})\s*(?:{MINUTES})?", re.IGNORECASE)
MOST_BARE_HOURS = 12


class Unreadable(ValueError):
    """Text that is no day, time or length; ``template`` and ``params`` say so."""

    def __init__(self, template: str, text: str) -> None:
        self.template = template
        self.params: dict[str, Any] = {"text": text}
        super().__init__(template % self.params)


def read_day(text: str, today: date) -> date:
    """A day; without a year, the one nearest to ``today``. Raises ``Unreadable``."""
    text = text.strip()
    try:
        found = _written_day(text, today)
    except ValueError as error:
        raise Unreadable(NO_DAY, text) from error
    if found is None or not is_meant(found):
        raise Unreadable(NO_DAY, text)
    return found


def _written_day(text: str, today: date) -> date | None:
    if found := ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return date(year, month, day)
    if found := DAY_FIRST.fullmatch(text):
        day, month = int(found[1]), int(found[2])
        if found[3]:
            return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, day)
        return _nearest(day, month, today)
    return None


def _nearest(day: int, month: int, today: date) -> date:
    """In which year 29 February lies is not asked: only years that have it are tried."""
    found = []
    for year in range(today.year - 1, today.year + 2):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise ValueError(f"No year has a {day}.{month}.")
    return min(found, key=lambda one: abs(one - today))


def read_clock(text: str) -> time:
    """A clock time: ``9``, ``930``, ``9:30``, ``9.30``, ``9,30``, ``9 h``, ``9:30 pm``.

    24:00 is the midnight that ends a day. Raises ``Unreadable``.
    """
    given = text.strip()
    half = HALF_OF_DAY.search(given)
    bare = given[: half.start()].strip() if half else given
    found = RUN_TOGETHER.fullmatch(bare) if len(bare) > 2 else None
    found = found or CLOCK.fullmatch(bare)
    if found is None:
        raise Unreadable(NO_CLOCK, given)
    hour, minute = int(found[1]), int(found[2] or 0)
    if half:
        if not 1 <= hour <= 12:
            raise Unreadable(NO_CLOCK, given)
        hour = hour % 12 + (12 if half[1].lower() == "p" else 0)
    if (hour, minute) == (24, 0):
        return time()
    try:
        return time(hour, minute)
    except ValueError as error:
        raise Unreadable(NO_CLOCK, given) from error


def read_minutes(text: str, *, bare_hours: bool = False) -> int:
    """A length in minutes: ``1:30``, ``1 h 30 min``, ``1,5 h``, ``1,5``, ``90 min``, ``90``.

    A bare whole number is minutes; with ``bare_hours``, up to twelve are hours. A bare decimal is
    hours. Raises ``Unreadable``.
    """
    given = text.strip()
    if found := HOURS_AND_MINUTES.fullmatch(given):
        if int(found[2]) < 60:
            return int(found[1]) * 60 + int(found[2])
    elif found := DECIMAL_HOURS.fullmatch(given) or BARE_DECIMAL.fullmatch(given):
        return _of_hours(found[1], found[2] or "")
    elif found := WHOLE_MINUTES.fullmatch(given):
        amount = int(found[1])
        is_bare = given.isdigit()
        return amount * 60 if is_bare and bare_hours and amount <= MOST_BARE_HOURS else amount
    raise Unreadable(NO_LENGTH, given)


def _of_hours(whole: str, decimals: str) -> int:
    """Whole minutes of a decimal number of hours, half a minute up."""
    unit = int("1" + "0" * len(decimals))
    return (int(whole + decimals) * 60 * 2 + unit) // (unit * 2)


def end_after(start: time, end: time) -> timedelta:
    """How many days after the day of its start an end lies: the next one, if that is plausible.

    Who types 22:00 to 2:00 worked over midnight; who types 9:00 to 8:30 mistook a digit.
    """
    minutes = (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute)
    is_overnight = minutes < 0 and minutes + 24 * 60 <= MOST_BARE_HOURS * 60
    return timedelta(days=int(is_overnight or end == time() != start))
