"""What is wrong with an entry (V1 to V7), and what is only unusual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from practicum.data import (
    HARD_ALWAYS,
    EntryValues,
    OverrideKind,
    Problem,
    Rules,
    Severity,
    gettext_noop,
)
from practicum.rules.calendar import is_holiday, local_day, minutes_by_day, week_of, zone

LONGEST = timedelta(hours=24)
MAX_TEXT = 20_000

DEFAULT_SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {
        "placement.outside": Severity.HARD,
        "placement.paused": Severity.HARD,
        "future": Severity.HARD,
        "cap.day": Severity.HARD,
        "cap.week": Severity.HARD,
        "late": Severity.HARD,
        "text.length": Severity.HARD,
        "weekday": Severity.SOFT,
        "holiday": Severity.SOFT,
        "break.short": Severity.SOFT,
        "rest.short": Severity.SOFT,
        "usual_hours": Severity.SOFT,
    }
)


# What a coordinator can let pass.
OVERRIDABLE = frozenset({"cap.day", "cap.week", "late"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Another entry of the same person: its interval and break, and where it is."""

    entry: UUID
    start: datetime
    end: datetime
    break_minutes: int


@dataclass(frozen=True, slots=True)
class Override:
    """What a coordinator let pass on a day, or in the week of a day."""

    kind: OverrideKind
    day: date
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What an entry is checked against.

    ``others`` are the person's entries that are not void, in any placement, from a week before to
    a week after; ``pauses`` and ``closed`` are pairs of first and last day; ``now`` is the
    server's time; ``known_day`` is the day for which the entry was made, in time, before.
    ``is_amendment``: a correction, for which neither a closed period nor the limit
    for late entries counts, since it takes signatures of its own.
    """

    rules: Rules
    tz: str
    first: date
    last: date
    now: datetime
    others: tuple[Stretch, ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()
    closed: tuple[tuple[date, date], ...] = ()
    overrides: tuple[Override, ...] = ()
    known_day: date | None = None
    is_amendment: bool = False


def check_entry(values: EntryValues, setting: Setting) -> tuple[Problem, ...]:
    """Every problem of ``values``, hard ones first; the rules say which are hard."""
    found = list(_interval(values))
    if not found:
        found += _allocations(values, setting.rules)
        found += _overlaps(values, setting)
        found += _placement(values, setting)
        found += _caps(values, setting)
        found += _customs(values, setting)
    if len(values.text) > MAX_TEXT:
        found.append(
            Problem(
                "text.length",
                gettext_noop("The text is longer than %(limit)d characters."),
                {"limit": MAX_TEXT},
                field="text",
            )
        )
    graded = (_graded(problem, setting.rules) for problem in found)
    kept = [problem for problem in graded if problem is not None]
    return tuple(sorted(kept, key=lambda problem: not problem.is_hard))


def _graded(problem: Problem, rules: Rules) -> Problem | None:
    if problem.code in HARD_ALWAYS:
        return problem
    severity = rules.severities.get(
        problem.code, DEFAULT_SEVERITIES.get(problem.code, Severity.HARD)
    )
    if severity is Severity.OFF:
        return None
    return replace(problem, is_hard=severity is Severity.HARD)


def _interval(values: EntryValues) -> Iterator[Problem]:
    """V1."""
    length = values.end - values.start
    if any(moment.second or moment.microsecond for moment in (values.start, values.end)):
        yield Problem(
            "interval.minutes", gettext_noop("Start and end are whole minutes."), field="start"
        )
    if length <= timedelta(0):
        yield Problem(
            "interval.order", gettext_noop("The end is not after the start."), field="end"
        )
    elif length > LONGEST:
        yield Problem(
            "interval.length", gettext_noop("An entry is at most 24 hours long."), field="end"
        )
    elif not 0 <= values.break_minutes < length.total_seconds() // 60:
        yield Problem(
            "break.length",
            gettext_noop("The break has to be shorter than the time from start to end."),
            field="break_minutes",
        )


def _allocations(values: EntryValues, rules: Rules) -> Iterator[Problem]:
    """V6, and codes that the programme does not have."""
    if any(minutes <= 0 for minutes in values.allocations.values()):
        yield Problem(
            "allocations.minutes",
            gettext_noop("Every activity has at least one minute."),
            field="allocations",
        )
    allocated = sum(values.allocations.values())
    if allocated != values.net_minutes:
        yield Problem(
            "allocations.sum",
            gettext_noop("The activities take %(allocated)d minutes, the time is %(net)d."),
            {"allocated": allocated, "net": values.net_minutes},
            field="allocations",
        )
    for code in sorted(set(values.allocations) - set(rules.categories)):
        yield Problem(
            "allocations.category",
            gettext_noop("The programme has no activity %(code)s."),
            {"code": code},
            field="allocations",
        )
    for code in sorted(set(values.competencies) - set(rules.competencies)):
        yield Problem(
            "competencies.unknown",
            gettext_noop("The programme has no competency %(code)s."),
            {"code": code},
            field="competencies",
        )


def _overlaps(values: EntryValues, setting: Setting) -> Iterator[Problem]:
    """V2: intervals are half open, so entries may touch."""
    for other in setting.others:
        if other.start < values.end and values.start < other.end:
            yield Problem(
                "overlap",
                gettext_noop("Another entry has the time from %(start)s to %(end)s."),
                {
                    "start": _clock(other.start, setting.tz),
                    "end": _clock(other.end, setting.tz),
                },
                field="start",
                entry=other.entry,
            )


def _placement(values: EntryValues, setting: Setting) -> Iterator[Problem]:
    """V3, V4 and V7."""
    day = local_day(values.start, setting.tz)
    last_day = local_day(values.end - timedelta(minutes=1), setting.tz)
    if day < setting.first or last_day > setting.last:
        yield Problem(
            "placement.outside",
            gettext_noop("The placement is from %(first)s to %(last)s."),
            {"first": setting.first.isoformat(), "last": setting.last.isoformat()},
            field="start",
        )
    for first, last in setting.pauses:
        if first <= last_day and day <= last:
            yield Problem(
                "placement.paused",
                gettext_noop("The placement is interrupted from %(first)s to %(last)s."),
                {"first": first.isoformat(), "last": last.isoformat()},
                field="start",
            )
    if values.end > setting.now + timedelta(minutes=setting.rules.clock_slack):
        yield Problem(
            "future",
            gettext_noop("The entry ends in the future: by our clock it is %(now)s."),
            {"now": _clock(setting.now, setting.tz)},
            field="end",
        )
    if setting.is_amendment:
        return
    for first, last in setting.closed:
        if first <= day <= last:
            yield Problem(
                "period.closed",
                gettext_noop("The period from %(first)s to %(last)s is closed."),
                {"first": first.isoformat(), "last": last.isoformat()},
                field="start",
            )
    limit = setting.rules.back_entry_days
    age = (local_day(setting.now, setting.tz) - day).days
    is_known = day == setting.known_day
    if (
        limit
        and age > limit
        and not is_known
        and not _is_let(setting, OverrideKind.BACK_ENTRY, day)
    ):
        yield Problem(
            "late",
            gettext_noop("A day has to be entered within %(limit)d days; ask your coordinator."),
            {"limit": limit},
            field="start",
        )


def _caps(values: EntryValues, setting: Setting) -> Iterator[Problem]:
    """V5: of all that the person entered, in whatever placement."""
    own = minutes_by_day(values.start, values.end, values.break_minutes, setting.tz)
    days = dict(own)
    weeks: dict[date, int] = {}
    for day, minutes in own.items():
        weeks[week_of(day)] = weeks.get(week_of(day), 0) + minutes
    for other in setting.others:
        split = minutes_by_day(other.start, other.end, other.break_minutes, setting.tz)
        for day, minutes in split.items():
            if day in days:
                days[day] += minutes
            if week_of(day) in weeks:
                weeks[week_of(day)] += minutes
    yield from _over(days, setting, OverrideKind.DAY_CAP, setting.rules.day_cap)
    yield from _over(weeks, setting, OverrideKind.WEEK_CAP, setting.rules.week_cap)


def _over(
    sums: Mapping[date, int], setting: Setting, kind: OverrideKind, cap: int
) -> Iterator[Problem]:
    is_day = kind is OverrideKind.DAY_CAP
    template = (
        gettext_noop("%(minutes)d minutes on %(day)s are more than the %(cap)d of a day.")
        if is_day
        else gettext_noop("%(minutes)d minutes in the week of %(day)s are more than %(cap)d.")
    )
    for day, minutes in sums.items():
        most = max(cap, _let_minutes(setting, kind, day))
        if cap and minutes > most:
            yield Problem(
                "cap.day" if is_day else "cap.week",
                template,
                {"minutes": minutes, "day": day.isoformat(), "cap": most},
                field="end",
            )


def _customs(values: EntryValues, setting: Setting) -> Iterator[Problem]:
    """What is allowed but unusual."""
    rules, tz = setting.rules, setting.tz
    day = local_day(values.start, tz)
    if rules.weekdays and day.isoweekday() not in rules.weekdays:
        yield Problem(
            "weekday",
            gettext_noop("This is not one of the programme's days of the week."),
            field="start",
        )
    if is_holiday(day, rules.country, rules.holidays):
        yield Problem("holiday", gettext_noop("This day is a holiday."), field="start")
    if (
        rules.break_after
        and values.net_minutes > rules.break_after
        and values.break_minutes < rules.break_least
    ):
        yield Problem(
            "break.short",
            gettext_noop("More than %(after)d minutes need a break of %(least)d."),
            {"after": rules.break_after, "least": rules.break_least},
            field="break_minutes",
        )
    begins, ends = values.start.astimezone(zone(tz)), values.end.astimezone(zone(tz))
    if (
        begins.time() < rules.usual_from
        or ends.time() > rules.usual_until
        or ends.date() > begins.date()
    ):
        yield Problem(
            "usual_hours", gettext_noop("This is outside the usual hours."), field="start"
        )
    yield from _rest(values, setting)


def _rest(values: EntryValues, setting: Setting) -> Iterator[Problem]:
    least = timedelta(minutes=setting.rules.rest_least)
    day = local_day(values.start, setting.tz)
    for other in setting.others:
        if local_day(other.start, setting.tz) == day or not least:
            continue
        gap = max(values.start - other.end, other.start - values.end)
        if timedelta(0) <= gap < least:
            yield Problem(
                "rest.short",
                gettext_noop("Between two days there should be %(hours)d hours of rest."),
                {"hours": setting.rules.rest_least // 60},
                field="start",
                entry=other.entry,
            )


def _is_let(setting: Setting, kind: OverrideKind, day: date) -> bool:
    return any(given.kind is kind and given.day == day for given in setting.overrides)


def _let_minutes(setting: Setting, kind: OverrideKind, day: date) -> int:
    given = setting.overrides
    return max((one.minutes for one in given if one.kind is kind and one.day == day), default=0)


def _clock(moment: datetime, tz: str) -> str:
    return f"{moment.astimezone(zone(tz)):%Y-%m-%d %H:%M}"


def has_hard(problems: Iterable[Problem]) -> bool:
    """Whether one of ``problems`` stops the entry."""
    return any(problem.is_hard for problem in problems)


def is_within(day: date, spans: Iterable[tuple[date, date]]) -> bool:
    """Whether a day is in one of the spans of days."""
    return any(first <= day <= last for first, last in spans)


def as_utc(values: EntryValues) -> EntryValues:
    """The same values with times in UTC; raises ``ValueError`` for times without a zone."""
    if values.start.tzinfo is None or values.end.tzinfo is None:
        raise ValueError("Start and end need a time zone.")
    return replace(values, start=values.start.astimezone(UTC), end=values.end.astimezone(UTC))
