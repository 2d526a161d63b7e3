"""Days, times and lengths as people of several countries type them."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.rules.typed import Unreadable, end_after, read_clock, read_day, read_minutes

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "23.11.2026",
        "23. 11. 2026.",
        "23.11.",
        "23.11",
        "23/11/26",
        "23 11 2026",
        "23-11-2026",
        "23.11.2026 \u0433.",
        "23.11.2026 ж.",
        " 23.11.26 ",
    ],
)
def test_a_day_is_read_in_the_ways_of_all_our_languages(text: str) -> None:
    assert read_day(text, TODAY) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("30.12.", date(2025, 12, 30)), ("2.1.", date(2026, 1, 2))],
)
def test_a_day_without_its_year_is_the_nearest(text: str, meant: date) -> None:
    assert read_day(text, date(2026, 1, 3)) == meant


def test_the_last_day_of_a_leap_february_is_found_from_the_year_after() -> None:
    assert read_day("29.2.", date(2029, 1, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31.2.2026",
        "30.2.",
        "yesterday",
        "11",
        "2026-13-01",
        "1.2.3.4",
        "1.1.0001",
        "9999-12-31",
    ],
)
def test_what_is_no_day_is_told_so_with_an_example(text: str) -> None:
    with pytest.raises(Unreadable, match="Write it like"):
        read_day(text, TODAY)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_comes_back_from_each_way_of_writing_it(day: date) -> None:
    for text in (day.isoformat(), f"{day.day}.{day.month}.{day.year}", f"{day:%d.%m.%Y.}"):
        assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["9:30", "9.30", "9,30", "09:30", "930", "0930", "9h30", "9 h 30", "9ч30", "9:30 am"]
)
def test_a_clock_time_is_read_however_it_is_typed(text: str) -> None:
    assert read_clock(text) == time(9, 30)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9", time(9)),
        ("9 h", time(9)),
        ("24:00", time()),
        ("12 am", time()),
        ("12 pm", time(12)),
        ("1:05 p.m.", time(13, 5)),
        ("2359", time(23, 59)),
    ],
)
def test_hours_alone_midnights_and_halves_of_the_day(text: str, meant: time) -> None:
    assert read_clock(text) == meant


@pytest.mark.parametrize("text", ["", "25", "9:60", "noon", "13 pm", "9:3", "99999"])
def test_what_is_no_clock_time_is_told_so(text: str) -> None:
    with pytest.raises(Unreadable, match="9:30"):
        read_clock(text)


@given(st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_every_clock_time_comes_back(clock: time) -> None:
    assert read_clock(f"{clock:%H:%M}") == clock
    assert read_clock(f"{clock:%H%M}") == clock


@pytest.mark.parametrize(
    "text",
    [
        "90",
        "90 min",
        "1:30",
        "1,5",
        "1.5",
        "1,5 h",
        "1.50 h",
        "1 h 30",
        "1h30",
        "1 h 30 min",
        "1 ч 30 мин",
        "90 мин",
    ],
)
def test_a_length_is_read_however_it_is_typed(text: str) -> None:
    assert read_minutes(text) == 90


def test_a_bare_number_is_minutes_unless_hours_are_asked_for() -> None:
    assert read_minutes("4") == 4
    assert read_minutes("4", bare_hours=True) == 240
    assert read_minutes("30", bare_hours=True) == 30
    assert read_minutes("0", bare_hours=True) == 0


@pytest.mark.parametrize("text", ["", "-5", "1:75", "some", "1,234"])
def test_what_is_no_length_is_told_so(text: str) -> None:
    with pytest.raises(Unreadable, match="1,5 h"):
        read_minutes(text)


@given(st.integers(0, 24 * 60 - 1))
def test_every_length_comes_back(minutes: int) -> None:
    assert read_minutes(f"{minutes // 60}:{minutes % 60:02d}") == minutes
    assert read_minutes(f"{minutes} min") == minutes


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (time(9), time(17), 0),
        (time(22), time(2), 1),
        (time(9), time(8, 30), 0),
        (time(9), time(9), 0),
        (time(18), time(), 1),
        (time(), time(), 0),
    ],
)
def test_an_end_lies_on_the_next_day_only_where_that_is_plausible(
    start: time, end: time, days: int
) -> None:
    assert end_after(start, end) == timedelta(days=days)
