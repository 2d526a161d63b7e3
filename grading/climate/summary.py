"""What a series of a logger says, in figures."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from grading.climate import formulas
from grading.climate.formulas import Numbers
from grading.climate.series import Episode, Flags, Series, find_episodes


class Limits(NamedTuple):
    """Beyond what an episode begins: °C and % RH, and how long it must last, in hours."""

    t_low: float = 12.0
    t_high: float = 28.0
    rh_low: float = 30.0
    rh_high: float = 65.0
    least_hours: float = 24.0
    join_hours: float = 3.0


def summarise(series: Series, limits: Limits | None = None) -> dict[str, Any]:
    """Return the figures of a cleaned series, ready for JSON.

    Times are ISO 8601 without a zone; figures that cannot be told are ``None``. ``t`` and
    ``dew_point`` are in °C, ``rh`` and ``emc`` in %, ``twpi`` in years; ``mould_risk`` is the sum
    at the end, 1 being germination.
    """
    limits = limits or Limits()
    known = series.known
    t, rh = series.t[known], series.rh[known]
    hours = series.step
    emc = formulas.moisture_content(t, rh)
    risk = formulas.mould_risk(t, rh, hours)
    twpi = formulas.twpi(t, rh) if len(t) else float("nan")
    return {
        "start": _iso(series.times[0]),
        "end": _iso(series.times[-1]),
        "step_hours": hours,
        "hours": _tidy(len(t) * hours),
        "t": _spread(t),
        "rh": _spread(rh),
        "dew_point": _spread(formulas.dew_point(t, rh)),
        "emc": _spread(emc),
        "twpi": _tidy(twpi),
        "twpi_rating": formulas.rate_twpi(twpi) if len(t) else None,
        "lifetime_multiplier": {
            name: _tidy(formulas.harmonic_mean(formulas.lifetime_multiplier(t, rh, energy)))
            if len(t)
            else None
            for name, energy in (("paper", formulas.PAPER), ("varnish", formulas.VARNISH))
        },
        "mould_risk": _tidy(float(risk[-1])) if len(t) else None,
        "hours_rh_above_65": _tidy(float(np.count_nonzero(rh > 65.0)) * hours),
        "days_rh_range_above_10": _count_restless_days(series),
        "en15757": _historic(series),
        "episodes": [_show_episode(episode) for episode in all_episodes(series, limits)],
        "faults": [
            {
                "kind": fault.kind,
                "channel": fault.channel,
                "start": _iso(fault.start),
                "end": _iso(fault.end),
                "readings": fault.readings,
            }
            for fault in series.faults
        ],
    }


def all_episodes(series: Series, limits: Limits) -> list[Episode]:
    """Return the episodes of every kind: damp, dry, hot, cold; by their start."""
    with np.errstate(invalid="ignore"):
        kinds: dict[str, Flags] = {
            "damp": series.rh > limits.rh_high,
            "dry": series.rh < limits.rh_low,
            "hot": series.t > limits.t_high,
            "cold": series.t < limits.t_low,
        }
    found = [
        episode
        for kind, flags in kinds.items()
        for episode in find_episodes(
            series,
            flags,
            kind,
            least_hours=limits.least_hours,
            join_hours=limits.join_hours,
        )
    ]
    return sorted(found, key=lambda episode: (episode.start, episode.kind))


def _historic(series: Series) -> dict[str, Any]:
    """Return the band of EN 15757 and the hours outside it."""
    window = round(30 * 24 / series.step)
    _mean, deviation, percentiles, limits = formulas.seasonal_band(series.rh, window)
    assessed = np.isfinite(deviation)
    with np.errstate(invalid="ignore"):
        outside = (deviation < limits[0]) | (deviation > limits[1])
    return {
        "percentiles": [_tidy(value) for value in percentiles],
        "limits": [_tidy(value) for value in limits],
        "hours_assessed": _tidy(float(np.count_nonzero(assessed)) * series.step),
        "hours_outside": _tidy(float(np.count_nonzero(outside)) * series.step),
    }


def _count_restless_days(series: Series) -> int:
    """Return on how many days humidity spans more than 10 %."""
    days = series.times.astype("datetime64[D]")
    known = np.isfinite(series.rh)
    days, rh = days[known], series.rh[known]
    if not len(rh):
        return 0
    starts = np.concatenate(([0], np.flatnonzero(days[1:] != days[:-1]) + 1))
    spans = np.maximum.reduceat(rh, starts) - np.minimum.reduceat(rh, starts)
    return int(np.count_nonzero(spans > 10.0))


def _spread(values: Numbers) -> dict[str, float | None]:
    if not len(values):
        return {"mean": None, "min": None, "max": None}
    return {
        "mean": _tidy(float(np.mean(values))),
        "min": _tidy(float(np.min(values))),
        "max": _tidy(float(np.max(values))),
    }


def _tidy(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


def _iso(time: np.datetime64) -> str:
    return str(time.astype("datetime64[m]"))


def _show_episode(episode: Episode) -> dict[str, Any]:
    return {
        "kind": episode.kind,
        "start": _iso(episode.start),
        "end": _iso(episode.end),
        "hours": _tidy(episode.hours),
    }
