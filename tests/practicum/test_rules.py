"""The pure rules, by their properties."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.canonical import digest, plain
from practicum.data import EntryState, EntryValues, OverrideKind, Requirement, Rules, Severity
from practicum.rules import machine
from practicum.rules.calendar import (
    NoSuchTime,
    is_holiday,
    minutes_by_day,
    moment,
    share_out,
    week_of,
    zone,
)
from practicum.rules.checks import Override, Setting, Stretch, check_entry
from practicum.rules.programme import load_rules
from practicum.rules.totals import forecast

ZONES = st.sampled_from(
    ("Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Europe/Sofia")
)
STARTS = st.datetimes(datetime(2011, 12, 20), datetime(2026, 12, 31), timezones=st.just(UTC)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
RULES = Rules(
    categories=("cataloguing", "desk"), competencies=("marc",), requirement=Requirement(6000)
)
MONDAY = date(2026, 3, 2)


def setting(rules: Rules = RULES, **changes: Any) -> Setting:
    given_: dict[str, Any] = {
        "rules": rules,
        "tz": "Europe/Sofia",
        "first": date(2026, 1, 1),
        "last": date(2026, 12, 31),
        "now": datetime(2026, 3, 6, 12, tzinfo=UTC),
    }
    return Setting(**{**given_, **changes})


def values(day: date = MONDAY, clock: time = time(9), minutes: int = 240, **changes: Any) -> Any:
    start = moment(day, clock, "Europe/Sofia")
    given_: dict[str, Any] = {
        "start": start,
        "end": start + timedelta(minutes=minutes),
        "break_minutes": 0,
        "allocations": {"cataloguing": minutes},
    }
    return EntryValues(**{**given_, **changes})


def codes(entry: EntryValues, against: Setting) -> list[str]:
    return [problem.code for problem in check_entry(entry, against)]


# --- Time -----------------------------------------------------------------------------------------


@given(STARTS, st.integers(1, 24 * 60), st.data(), ZONES)
def test_an_entry_split_at_local_midnights_keeps_its_minutes(
    start: datetime, length: int, data: Any, tz: str
) -> None:
    pause = data.draw(st.integers(0, length - 1))
    parts = minutes_by_day(start, start + timedelta(minutes=length), pause, tz)
    assert sum(parts.values()) == length - pause
    assert all(minutes >= 0 for minutes in parts.values())
    assert min(parts) == start.astimezone(zone(tz)).date()


@given(st.integers(0, 10_000), st.lists(st.integers(0, 500), min_size=1, max_size=9))
def test_shares_are_whole_and_sum_to_what_is_shared(amount: int, weights: list[int]) -> None:
    shares = share_out(amount, weights)
    assert sum(shares) == (amount if sum(weights) else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - amount * weight) < max(sum(weights), 1)


def test_a_time_in_the_gap_of_daylight_saving_does_not_exist() -> None:
    with pytest.raises(NoSuchTime, match=r"On 2026-03-29 there is no 03:30"):
        moment(date(2026, 3, 29), time(3, 30), "Europe/Sofia")


def test_a_time_that_comes_twice_is_the_first_unless_the_second_is_meant() -> None:
    twice = date(2026, 10, 25), time(3, 30), "Europe/Sofia"
    assert moment(*twice, is_second=True) - moment(*twice) == timedelta(hours=1)


def test_a_night_in_which_the_clocks_change_is_as_long_as_it_was() -> None:
    start = moment(date(2026, 3, 28), time(22), "Europe/Sofia")
    end = moment(date(2026, 3, 29), time(6), "Europe/Sofia")
    assert minutes_by_day(start, end, 0, "Europe/Sofia") == {
        date(2026, 3, 28): 120,
        date(2026, 3, 29): 300,
    }


def test_a_day_that_a_zone_left_out_belongs_to_no_entry() -> None:
    start = datetime(2011, 12, 29, 22, tzinfo=ZoneInfo("Pacific/Apia"))
    parts = minutes_by_day(
        start.astimezone(UTC), start.astimezone(UTC) + timedelta(hours=4), 0, "Pacific/Apia"
    )
    assert parts == {date(2011, 12, 29): 120, date(2011, 12, 31): 120}


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_a_week_begins_on_its_iso_monday(day: date) -> None:
    assert week_of(day).isocalendar()[:2] == day.isocalendar()[:2]
    assert week_of(day).isoweekday() == 1


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("BG", date(2026, 3, 3)),
        ("HR", date(2026, 5, 30)),
        ("SI", date(2026, 2, 8)),
        ("RU", date(2026, 6, 12)),
        ("KZ", date(2026, 12, 16)),
    ],
)
def test_public_holidays_of_the_schools_countries_are_known(country: str, day: date) -> None:
    assert is_holiday(day, country)
    assert not is_holiday(date(2026, 3, 18), country)
    assert is_holiday(date(2026, 3, 18), country, [date(2026, 3, 18)])


# --- V1 to V7 -------------------------------------------------------------------------------------


def test_a_usual_day_has_no_problem() -> None:
    assert codes(values(), setting()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"end": datetime(2026, 3, 2, 7, tzinfo=UTC)}, "interval.order"),
        ({"end": datetime(2026, 3, 3, 7, 1, tzinfo=UTC)}, "interval.length"),
        ({"end": datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)}, "interval.minutes"),
        ({"break_minutes": 240}, "break.length"),
        ({"break_minutes": -1}, "break.length"),
        ({"allocations": {"cataloguing": 239}}, "allocations.sum"),
        ({"allocations": {"cataloguing": 240, "desk": 0}}, "allocations.minutes"),
        ({"allocations": {"juggling": 240}}, "allocations.category"),
        ({"competencies": ("flying",)}, "competencies.unknown"),
    ],
)
def test_values_that_are_none_are_refused_whatever_the_programme(
    changes: dict[str, Any], code: str
) -> None:
    lenient = Rules(categories=RULES.categories, severities={code: Severity.OFF})
    found = check_entry(values(**changes), setting(lenient))
    assert [(problem.code, problem.is_hard) for problem in found][:1] == [(code, True)]


def test_entries_may_touch_but_not_overlap() -> None:
    entry = values()
    before = Stretch(UUID(int=1), entry.start - timedelta(hours=1), entry.start, 0)
    inside = Stretch(UUID(int=2), entry.start, entry.start + timedelta(minutes=1), 0)
    assert codes(entry, setting(others=(before,))) == []
    problem = check_entry(entry, setting(others=(inside,)))[0]
    assert (problem.code, problem.entry) == ("overlap", UUID(int=2))
    assert "2026-03-02 09:00" in problem.message


def test_a_clock_two_days_fast_is_told_the_server_s_time() -> None:
    problem = check_entry(values(date(2026, 3, 8)), setting())[0]
    assert (problem.code, problem.is_hard) == ("future", True)
    assert "2026-03-06 14:00" in problem.message


def test_days_outside_paused_closed_and_long_ago_are_each_told() -> None:
    assert codes(values(), setting(first=date(2026, 3, 3))) == ["placement.outside"]
    assert codes(values(), setting(pauses=((MONDAY, MONDAY),))) == ["placement.paused"]
    assert codes(values(), setting(closed=((MONDAY, MONDAY),))) == ["period.closed"]
    late = setting(now=datetime(2026, 6, 1, tzinfo=UTC))
    assert codes(values(), late) == ["late"]
    let = Override(OverrideKind.BACK_ENTRY, MONDAY)
    assert codes(values(), setting(now=late.now, overrides=(let,))) == []
    assert codes(values(), setting(now=late.now, known_day=MONDAY)) == []


def test_caps_count_all_of_the_person_s_entries_unless_a_coordinator_lets_more_pass() -> None:
    entry = values(clock=time(14), minutes=300)
    morning = Stretch(UUID(int=1), entry.start - timedelta(hours=6), entry.start, 0)
    over = setting(others=(morning,))
    assert codes(entry, over) == ["cap.day"]
    let = Override(OverrideKind.DAY_CAP, MONDAY, 660)
    assert codes(entry, setting(others=(morning,), overrides=(let,))) == []
    little = Override(OverrideKind.DAY_CAP, MONDAY, 659)
    assert codes(entry, setting(others=(morning,), overrides=(little,))) == ["cap.day"]


def test_what_is_unusual_is_told_and_does_not_stop() -> None:
    sunday = values(date(2026, 3, 1))
    found = check_entry(sunday, setting())
    assert [(problem.code, problem.is_hard) for problem in found] == [("weekday", False)]
    long_day = values(minutes=400)
    assert codes(long_day, setting()) == ["break.short"]
    assert codes(
        values(date(2026, 3, 3)), setting(Rules(categories=("cataloguing",), country="BG"))
    ) == ["holiday"]


def test_a_programme_says_what_is_hard() -> None:
    strict = Rules(categories=("cataloguing",), severities={"weekday": Severity.HARD})
    assert check_entry(values(date(2026, 3, 1)), setting(strict))[0].is_hard
    deaf = Rules(categories=("cataloguing",), severities={"weekday": Severity.OFF})
    assert codes(values(date(2026, 3, 1)), setting(deaf)) == []


# --- The machine, forecasts, canonical form -------------------------------------------------------


def test_the_machine_has_no_way_out_of_void_and_none_into_a_count_but_a_signature() -> None:
    assert not [name for name in machine.STEPS if machine.can(name, EntryState.VOID)]
    into = {
        name
        for name, step in machine.STEPS.items()
        if step.target in machine.COUNTED and not step.sources <= machine.COUNTED
    }
    assert into == {"approve"}


def test_a_forecast_goes_on_at_the_pace_of_the_last_weeks() -> None:
    served = {date(2026, 3, day): 300 for day in (2, 3, 4, 5, 6)}
    due = forecast(RULES, served, date(2026, 3, 6), date(2026, 3, 2))
    assert due == date(2026, 3, 27)  # 4,500 minutes more, 300 on each working day
    paused = forecast(
        RULES, served, date(2026, 3, 6), date(2026, 3, 2), [(date(2026, 3, 9), date(2026, 3, 13))]
    )
    assert paused == date(2026, 4, 3)
    assert forecast(RULES, {}, date(2026, 3, 6), date(2026, 3, 2)) is None
    assert forecast(RULES, {MONDAY: 6000}, date(2026, 3, 6), MONDAY) == date(2026, 3, 6)


def test_rules_come_back_from_what_they_are_kept_as() -> None:
    rules = Rules(
        requirement=Requirement(60, {"cataloguing": 60}, {"marc": 30}),
        categories=("cataloguing",),
        competencies=("marc",),
        weekdays=(6, 7),
        holidays=(MONDAY,),
        usual_from=time(6, 30),
        severities={"late": Severity.SOFT},
    )
    assert load_rules(plain(rules)) == rules
    assert load_rules({}) == Rules()


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none() | st.booleans()))
def test_a_digest_is_the_same_for_the_same_content_in_any_order(content: dict[str, Any]) -> None:
    assert digest(content) == digest(dict(reversed(list(content.items()))))
    assert digest(content) != digest([content])
