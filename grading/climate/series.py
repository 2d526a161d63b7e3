"""A logger's series: put on even steps, freed of faults that are named, cut into episodes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grading.climate.formulas import Numbers

Times = NDArray[np.datetime64]
Flags = NDArray[np.bool_]

STUCK_RH, STUCK_T = 12, 72
"""Hours for which a working sensor does not repeat one value; warmth of a good store may."""
SPIKE_RH, SPIKE_T = 15.0, 6.0
"""What a single reading leaps from both its neighbours at least, to be a spike."""
POSSIBLE_RH, POSSIBLE_T = (0.0, 100.0), (-40.0, 70.0)
HOTTEST_MEDIAN = 45.0
"""°C: what is warmer than this at the median is most probably °F."""
MOST_STEPS = 1_000_000


class Fault(NamedTuple):
    """Something wrong with the data: what, in which channel, from which to which reading."""

    kind: str
    channel: str
    start: np.datetime64
    end: np.datetime64
    readings: int


class Episode(NamedTuple):
    """A stretch in which a limit was passed; ``end`` is the last reading that belongs to it."""

    kind: str
    start: np.datetime64
    end: np.datetime64
    hours: float


class BadSeries(ValueError):
    """Readings that make no series."""


@dataclass(frozen=True, slots=True)
class Series:
    """Readings at even steps of ``step`` hours; NaN where there is none. ``t`` is in °C."""

    times: Times
    t: Numbers
    rh: Numbers
    step: float
    faults: tuple[Fault, ...] = field(default=())

    @property
    def known(self) -> Flags:
        """Where both readings are there."""
        return np.isfinite(self.t) & np.isfinite(self.rh)


def make_series(times: Times, t: Numbers, rh: Numbers) -> Series:
    """Return readings in order of time at even steps; raises BadSeries.

    A time that comes twice or goes back (a clock put back in autumn) is a fault of the clock; the
    first reading counts. Readings off the step go to the nearest one.
    """
    if not len(times):
        raise BadSeries("there is no reading")
    minutes = times.astype("datetime64[m]").astype(np.int64)
    steps = np.diff(minutes)
    faults = [
        Fault("clock", "time", times[i + 1], times[i + 1], 1) for i in np.flatnonzero(steps <= 0)
    ]
    order = np.argsort(minutes, kind="stable")
    minutes, first = np.unique(minutes[order], return_index=True)
    t, rh = t[order][first], rh[order][first]
    gaps = np.diff(minutes)
    step = int(np.median(gaps)) if len(gaps) else 60
    place = np.rint((minutes - minutes[0]) / step).astype(np.int64)
    size = int(place[-1]) + 1
    if size > MOST_STEPS:
        raise BadSeries("the readings lie too far apart")
    whole_t, whole_rh = np.full(size, np.nan), np.full(size, np.nan)
    whole_t[place[::-1]], whole_rh[place[::-1]] = t[::-1], rh[::-1]
    even = minutes[0] + step * np.arange(size)
    return Series(even.astype("datetime64[m]"), whole_t, whole_rh, step / 60.0, tuple(faults[:100]))


def clean(series: Series) -> Series:
    """Return the series without what no climate explains, every fault named.

    Gaps; values that cannot be; °F; single spikes; sensors that are stuck, of which the first
    reading stays.
    """
    faults = list(series.faults)
    t, rh = series.t.copy(), series.rh.copy()
    faults += _find_gaps(series)
    if np.isfinite(t).any() and np.nanmedian(t) > HOTTEST_MEDIAN:
        t = (t - 32.0) / 1.8
        faults.append(Fault("unit", "t", series.times[0], series.times[-1], len(t)))
    channels = (("t", t, POSSIBLE_T, SPIKE_T, STUCK_T), ("rh", rh, POSSIBLE_RH, SPIKE_RH, STUCK_RH))
    for name, values, (low, high), leap, stuck in channels:
        with np.errstate(invalid="ignore"):
            impossible = (values < low) | (values > high)
        spikes = _find_spikes(np.where(impossible, np.nan, values), leap)
        repeats = _find_repeats(values, max(3, round(stuck / series.step)))
        faults += _find_runs(series, impossible, "impossible", name)
        faults += _find_runs(series, spikes, "spike", name)
        faults += _find_runs(series, repeats, "stuck", name)
        values[impossible | spikes | repeats] = np.nan
    faults.sort(key=lambda fault: (fault.start, fault.kind, fault.channel))
    return replace(series, t=t, rh=rh, faults=tuple(faults))


def _find_gaps(series: Series) -> list[Fault]:
    """Return where the channels that the series has have no reading."""
    present = {name: v for name, v in (("t", series.t), ("rh", series.rh)) if np.isfinite(v).any()}
    missing = {name: ~np.isfinite(values) for name, values in present.items()}
    if len(missing) < 2:
        pairs = missing.items()
        return [run for name, flags in pairs for run in _find_runs(series, flags, "gap", name)]
    both = missing["t"] & missing["rh"]
    faults = _find_runs(series, both, "gap", "both")
    for name, flags in missing.items():
        faults += _find_runs(series, flags & ~both, "gap", name)
    return faults


def _find_spikes(values: Numbers, leap: float) -> Flags:
    """Return single readings that leap away from both neighbours to the same side."""
    found = np.zeros(len(values), dtype=bool)
    if len(values) > 2:
        with np.errstate(invalid="ignore"):
            before, after = values[1:-1] - values[:-2], values[1:-1] - values[2:]
            found[1:-1] = (np.minimum(np.abs(before), np.abs(after)) > leap) & (before * after > 0)
    return found


def _find_repeats(values: Numbers, least: int) -> Flags:
    """Return readings that repeat the one before, in runs of at least so many alike."""
    found = np.zeros(len(values), dtype=bool)
    with np.errstate(invalid="ignore"):
        same = np.concatenate(([False], values[1:] == values[:-1]))
    for start, end in _runs(same):
        if end - start + 1 >= least:
            found[start:end] = True
    return found


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """Return (start, end) of each run of true values; the end is the first that is not."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _find_runs(series: Series, flags: Flags, kind: str, channel: str) -> list[Fault]:
    return [
        Fault(kind, channel, series.times[start], series.times[end - 1], end - start)
        for start, end in _runs(flags)
    ]


def find_episodes(
    series: Series, flags: Flags, kind: str, *, least_hours: float = 24.0, join_hours: float = 3.0
) -> list[Episode]:
    """Return the stretches in which ``flags`` hold, short pauses joined, short stretches left out.

    The hours are those in which the limit was passed, pauses not counted.
    """
    joined: list[list[int]] = []
    for start, end in _runs(flags):
        if joined and (start - joined[-1][1]) * series.step <= join_hours + 1e-9:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    episodes = []
    for start, end in joined:
        hours = float(np.count_nonzero(flags[start:end])) * series.step
        if hours >= least_hours - 1e-9:
            episodes.append(Episode(kind, series.times[start], series.times[end - 1], hours))
    return episodes
