"""A year of a store's logger, made up: seasons, days, weather, and events planted in it.

The same seed always makes the same year, on every machine: chance comes from Python's generator,
whose numbers are promised to stay.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from grading.climate.formulas import Numbers
from grading.climate.series import Series, make_series
from grading.climate.writers import write_log

HOURS = 8_760


class Planted(NamedTuple):
    """An event: what it is, its first and last hour of the year, whether it is a fault of data."""

    kind: str
    start: int
    end: int
    is_fault: bool
    cause: str


class Year(NamedTuple):
    """A made-up year: its series as the logger gives it, and what was planted."""

    series: Series
    planted: tuple[Planted, ...]

    def time_of(self, hour: int) -> str:
        """Return the time of an hour of the year as ISO 8601."""
        return str(self.series.times[0] + np.timedelta64(hour, "h"))


class _Template(NamedTuple):
    """An event that may be planted: lengths in hours, days of the year, what it does."""

    kind: str
    cause: str
    hours: tuple[int, int]
    days: tuple[int, int]
    is_fault: bool
    change: Callable[[Numbers, Numbers, random.Random], None]


def _shift(t: float, rh: float) -> Callable[[Numbers, Numbers, random.Random], None]:
    def change(warmth: Numbers, damp: Numbers, chance: random.Random) -> None:
        warmth += t * chance.uniform(0.9, 1.1)
        damp += rh * chance.uniform(0.9, 1.1)

    return change


def _drop(warmth: Numbers, damp: Numbers, chance: random.Random) -> None:
    warmth[:] = np.nan
    damp[:] = np.nan


def _stick(warmth: Numbers, damp: Numbers, chance: random.Random) -> None:
    damp[:] = damp[0]


def _leap(warmth: Numbers, damp: Numbers, chance: random.Random) -> None:
    damp[:] = chance.choice([2.0, 3.0, 97.0, 99.0])


def _mistake_unit(warmth: Numbers, damp: Numbers, chance: random.Random) -> None:
    warmth[:] = warmth * 1.8 + 32.0


TEMPLATES = {
    template.kind: template
    for template in (
        _Template("damp", "dehumidifier", (96, 240), (150, 250), False, _shift(1.5, 27.0)),
        _Template("cold", "heating", (30, 60), (5, 60), False, _shift(-9.5, 13.0)),
        _Template("hot", "plant", (30, 72), (180, 240), False, _shift(8.0, -6.0)),
        _Template("dry", "humidifier", (30, 120), (10, 80), False, _shift(0.0, -21.0)),
        _Template("leak", "roof", (48, 96), (270, 330), False, _shift(-1.0, 30.0)),
        _Template("gap", "battery", (8, 30), (10, 350), True, _drop),
        _Template("stuck", "sensor", (16, 40), (10, 350), True, _stick),
        _Template("spike", "sensor", (1, 1), (10, 350), True, _leap),
        _Template("unit", "setting", (24, 72), (10, 350), True, _mistake_unit),
    )
}
"""What can be planted, by kind."""

USUAL = ("damp", "cold", "gap", "stuck", "spike")


def generate(seed: str, kinds: Sequence[str] = USUAL, year: int = 2023) -> Year:
    """Return a year of hourly readings with an event of each of these kinds, a week apart at least.

    Raises KeyError for a kind that is not among TEMPLATES.
    """
    chance = random.Random(f"{seed}\n{year}")  # noqa: S311  # no secret
    hour = np.arange(HOURS, dtype=np.float64)
    season = np.cos(2.0 * math.pi * (hour / 24.0 - 205.0) / 365.0)
    day = np.cos(2.0 * math.pi * (hour % 24.0 - 15.0) / 24.0)
    t = (
        19.0
        + 3.2 * season
        + 0.45 * day
        + _weather(chance, 0.985, 0.11)
        + _weather(chance, 0.0, 0.1)
    )
    rh = 46.5 + 5.5 * season - 0.8 * day
    rh = rh + _weather(chance, 0.99, 0.3) + _weather(chance, 0.0, 0.15)
    planted: list[Planted] = []
    for kind in kinds:
        template = TEMPLATES[kind]
        event = _place(template, planted, chance)
        span = slice(event.start, event.end + 1)
        template.change(t[span], rh[span], chance)
        planted.append(event)
    start = np.datetime64(datetime(year, 1, 1), "m")  # loggers know no zone
    times = start + np.arange(HOURS) * np.timedelta64(60, "m")
    series = make_series(times, _tenths(t), _tenths(np.clip(rh, 1.0, 99.9)))
    return Year(series, tuple(sorted(planted, key=lambda event: event.start)))


def _tenths(values: Numbers) -> Numbers:
    return np.asarray(np.round(values, 1), dtype=np.float64)


def _weather(chance: random.Random, memory: float, strength: float) -> Numbers:
    """Return chance that remembers: each hour keeps a share of the one before."""
    value, values = 0.0, np.empty(HOURS)
    for i in range(HOURS):
        # The sum of three even chances is near enough to a bell, and the same everywhere.
        push = chance.random() + chance.random() + chance.random() - 1.5
        value = memory * value + 2.0 * strength * push
        values[i] = value
    return values


def _place(template: _Template, planted: Sequence[Planted], chance: random.Random) -> Planted:
    """Return where an event begins and ends: a week from all others, at a full day if it lasts."""
    for _attempt in range(200):
        hours = chance.randint(*template.hours)
        start = chance.randint(*template.days) * 24
        if template.is_fault:
            start += chance.randint(0, 23)
        event = Planted(template.kind, start, start + hours - 1, template.is_fault, template.cause)
        if all(event.start > p.end + 168 or event.end < p.start - 168 for p in planted):
            return event
    raise ValueError("There is no room for another event.")


def to_csv(series: Series) -> str:
    """Return the readings as a table with the columns timestamp, temp_c, rh_pct."""
    return write_log(series)
