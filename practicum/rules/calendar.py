"""Days, weeks and clock times in a placement's time zone.

A week is the ISO week of the local day. Lengths are differences in UTC, so that a night in which
the clocks change is as long as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays as public_holidays

from practicum.data import gettext_noop

DAY = timedelta(days=1)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
GAP = gettext_noop("On %(day)s there is no %(time)s: the clocks are put forward then.")
ZONE = gettext_noop("There is no time zone %(name)s.")


class NoSuchTime(ValueError):
    """A clock time that a day does not have, because the clocks were put forward."""

    def __init__(self, day: date, clock: time) -> None:
        self.template = GAP
        self.params = {"day": day.isoformat(), "time": f"{clock:%H:%M}"}
        super().__init__(GAP % self.params)


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name; raises ``ValueError`` if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(ZONE % {"name": name}) from error


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that IANA name."""
    try:
        zone(name)
    except ValueError:
        return False
    return True


def moment(day: date, clock: time, tz: str, *, is_second: bool = False) -> datetime:
    """The moment, in UTC, of a clock time of a local day.

    Of a time that comes twice, when clocks are put back, the first unless ``is_second``. Raises
    ``NoSuchTime`` within the hour that is left out when they are put forward.
    """
    local = datetime.combine(day, clock, zone(tz)).replace(fold=int(is_second))
    found = local.astimezone(UTC)
    if found.astimezone(zone(tz)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(day, clock)
    return found


def is_meant(day: date) -> bool:
    """Whether somebody can mean a day: far from the calendar's ends, past which nothing counts."""
    return EARLIEST <= day <= LATEST


def local_day(at: datetime, tz: str) -> date:
    """The local day of a moment."""
    return at.astimezone(zone(tz)).date()


def local_time(at: datetime, tz: str) -> datetime:
    """A moment as the clocks of a time zone show it."""
    return at.astimezone(zone(tz))


def midnight(day: date, tz: str) -> datetime:
    """When a local day begins, in UTC, also where its midnight is left out."""
    return datetime.combine(day, time(), zone(tz)).astimezone(UTC)


def week_of(day: date) -> date:
    """The Monday of the ISO week of a day."""
    return day - timedelta(days=day.isoweekday() - 1)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    while first <= last:
        yield first
        first += DAY


def minutes_by_day(start: datetime, end: datetime, break_minutes: int, tz: str) -> dict[date, int]:
    """Net minutes of each local day that an interval touches; they sum to its net minutes.

    The break is shared out in proportion, since nobody says when it was taken.
    """
    parts: dict[date, int] = {}
    day = local_day(start, tz)
    while day <= local_day(end, tz):
        begins, ends = max(start, midnight(day, tz)), min(end, midnight(day + DAY, tz))
        if ends > begins:
            parts[day] = int((ends - begins).total_seconds()) // 60
        day += DAY
    shares = share_out(break_minutes, list(parts.values()))
    return {day: parts[day] - share for day, share in zip(parts, shares, strict=True)}


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` in whole shares in proportion to ``weights``, by the largest remainders."""
    whole = sum(weights)
    if not whole:
        return [0 for _ in weights]
    shares = [amount * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda place: (-(amount * weights[place] % whole), place)
    )
    for place in by_remainder[: amount - sum(shares)]:
        shares[place] += 1
    return shares


@cache
def _country_days(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(public_holidays.country_holidays(country, years=year))
    except NotImplementedError:  # a country that the library does not know
        return frozenset()


def is_holiday(day: date, country: str, own: Iterable[date] = ()) -> bool:
    """Whether a day is a public holiday of ``country`` (ISO 3166) or one of ``own``."""
    return day in set(own) or bool(country and day in _country_days(country, day.year))
