"""What minutes add up to, and when a placement will have enough of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from practicum.data import EntryState, Figure, Requirement, Rules
from practicum.rules.calendar import DAY, days_between, is_holiday

RECENT_WEEKS = 4
FARTHEST = 3 * 366  # days that a forecast looks ahead

FIELDS: Mapping[EntryState, str] = {
    EntryState.SUBMITTED: "pending",
    EntryState.DRAFT: "draft",
    EntryState.RETURNED: "returned",
}


def figures(
    required: Mapping[str, int],
    confirmed: Mapping[str, int],
    unconfirmed: Iterable[tuple[EntryState, Mapping[str, int]]],
) -> tuple[Figure, ...]:
    """A figure for each code that is required or has minutes, by code."""
    columns: dict[str, dict[str, int]] = {}
    for code, minutes in required.items():
        columns.setdefault(code, {})["required"] = minutes
    for code, minutes in confirmed.items():
        columns.setdefault(code, {})["confirmed"] = minutes
    for state, allocations in unconfirmed:
        name = FIELDS.get(state)
        if name is None:
            continue
        for code, minutes in allocations.items():
            row = columns.setdefault(code, {})
            row[name] = row.get(name, 0) + minutes
    return tuple(Figure(code, **columns[code]) for code in sorted(columns))


def overall(required: int, parts: Iterable[Figure]) -> Figure:
    """The figure of all, from the figures of its disjoint parts."""
    parts = tuple(parts)
    return Figure(
        "",
        required=required,
        confirmed=sum(part.confirmed for part in parts),
        pending=sum(part.pending for part in parts),
        draft=sum(part.draft for part in parts),
        returned=sum(part.returned for part in parts),
    )


def by_competency(competencies: Sequence[str], net_minutes: int) -> dict[str, int]:
    """An entry's minutes for each of its competencies: all of them count towards every one."""
    return dict.fromkeys(competencies, net_minutes)


def add_requirements(requirements: Iterable[Requirement]) -> Requirement:
    """What several programmes require together."""
    minutes = 0
    categories: dict[str, int] = {}
    competencies: dict[str, int] = {}
    for one in requirements:
        minutes += one.minutes
        for into, more in ((categories, one.categories), (competencies, one.competencies)):
            for code, amount in more.items():
                into[code] = into.get(code, 0) + amount
    return Requirement(minutes, categories, competencies)


def forecast(
    rules: Rules,
    confirmed: Mapping[date, int],
    today: date,
    first: date,
    pauses: Iterable[tuple[date, date]] = (),
) -> date | None:
    """The day on which the required minutes will be there, at the pace of the last weeks.

    ``confirmed`` are minutes served by day, confirmed or waiting. The pace is that of the days of
    practice of the last four weeks (or since ``first``); only allowed days that are no holidays
    and in no pause count. ``None`` while there is no pace; ``today`` if there is enough already.
    """
    missing = rules.requirement.minutes - sum(confirmed.values())
    if missing <= 0:
        return today
    pauses = tuple(pauses)
    since = max(first, today - timedelta(weeks=RECENT_WEEKS))
    recent = sum(minutes for day, minutes in confirmed.items() if since <= day <= today)
    open_days = sum(_is_open(day, rules, pauses) for day in days_between(since, today))
    if not recent or not open_days:
        return None
    needed = -(-missing * open_days // recent)  # open days at this pace, rounded up
    day = today
    for _ in range(FARTHEST):
        day += DAY
        needed -= _is_open(day, rules, pauses)
        if needed <= 0:
            return day
    return None


def _is_open(day: date, rules: Rules, pauses: tuple[tuple[date, date], ...]) -> bool:
    allowed = not rules.weekdays or day.isoweekday() in rules.weekdays
    paused = any(first <= day <= last for first, last in pauses)
    return allowed and not paused and not is_holiday(day, rules.country, rules.holidays)
