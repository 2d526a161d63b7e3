"""Formulas of preventive conservation, for single readings and for whole series.

Temperature ``t`` is in °C and relative humidity ``rh`` in %, unless said otherwise; both may be
numbers or arrays. Each formula names its source. None raises: where a formula has no result, it
is NaN or infinite.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

GAS_CONSTANT = 8.314
"""J / (mol K)."""
KELVIN = 273.15
MAGNUS_B, MAGNUS_C = 17.62, 243.12
PAPER, VARNISH = 100_000.0, 70_000.0
"""Activation energies of ageing, J/mol (Michalski 2002)."""

FADE_DOSES = {1: 0.3, 2: 1.0, 3: 3.0, 4: 10.0, 5: 30.0, 6: 100.0, 7: 300.0, 8: 900.0}
"""Mlx h until a fade is just noticeable, without UV, by the blue wool of ISO 105-B08 (CCI)."""


def _array(values: ArrayLike) -> Numbers:
    return np.asarray(values, dtype=np.float64)


def vapour_pressure(t: ArrayLike) -> Numbers:
    """Return the saturation vapour pressure over water in hPa (Magnus; Sonntag 1990, WMO)."""
    t = _array(t)
    return 6.112 * np.exp(MAGNUS_B * t / (MAGNUS_C + t))


def dew_point(t: ArrayLike, rh: ArrayLike) -> Numbers:
    """Return the dew point in °C (Magnus; Sonntag 1990: -45 to 60 °C, within 0.35 °C)."""
    t, rh = _array(t), _array(rh)
    with np.errstate(divide="ignore", invalid="ignore"):
        gamma = np.log(rh / 100.0) + MAGNUS_B * t / (MAGNUS_C + t)
        return MAGNUS_C * gamma / (MAGNUS_B - gamma)


def absolute_humidity(t: ArrayLike, rh: ArrayLike) -> Numbers:
    """Return the water in the air in g/m³, by the gas law."""
    t, rh = _array(t), _array(rh)
    return 216.7 * rh / 100.0 * vapour_pressure(t) / (t + KELVIN)


def mixing_ratio(t: ArrayLike, rh: ArrayLike, pressure: float = 1013.25) -> Numbers:
    """Return grams of water to a kilogram of dry air; ``pressure`` is in hPa."""
    vapour = _array(rh) / 100.0 * vapour_pressure(t)
    return 621.98 * vapour / (pressure - vapour)


def preservation_index(t: ArrayLike, rh: ArrayLike) -> Numbers:
    """Return the Preservation Index in years: the kinetics of IPI as given by Padfield (2004).

    Humidity is held within 6 to 95 %, the range of IPI's table. It agrees with that table within
    6 % from 5 to 30 °C and 25 to 75 %.
    """
    t, rh = _array(t), np.clip(_array(rh), 6.0, 95.0)
    energy = (95_220.0 - 134.9 * rh) / (GAS_CONSTANT * (t + KELVIN))
    return np.exp(energy + 0.0284 * rh - 28.023) / 365.0


def mass_action_index(t: ArrayLike, rh: ArrayLike) -> Numbers:
    """Return the Preservation Index by the simple mass-action fit that also circulates.

    It is off by up to 38 % and stands here to recognise results that rest on it.
    """
    t, rh = _array(t), _array(rh)
    with np.errstate(divide="ignore"):
        return 1.0 / (rh * 5.9e12 * np.exp(-90_300.0 / (GAS_CONSTANT * (t + KELVIN))))


def harmonic_mean(values: ArrayLike, hours: ArrayLike = 1.0) -> float:
    """Return the mean of rates of ageing as a lifetime: ``sum(h) / sum(h / value)``."""
    values, hours = np.broadcast_arrays(_array(values), _array(hours))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.sum(hours) / np.sum(hours / values))


def twpi(t: ArrayLike, rh: ArrayLike, hours: ArrayLike = 1.0) -> float:
    """Return the time-weighted Preservation Index in years: the harmonic mean (Reilly 1995)."""
    return harmonic_mean(preservation_index(t, rh), hours)


def moisture_content(t: ArrayLike, rh: ArrayLike) -> Numbers:
    """Return the equilibrium moisture content of wood in % (Hailwood-Horrobin, US FPL).

    IPI's table of %EMC is this, rounded.
    """
    t, h = _array(t), _array(rh) / 100.0
    w = 349.0 + 1.29 * t + 0.0135 * t**2
    k = 0.805 + 0.000736 * t - 0.00000273 * t**2
    k1 = 6.27 - 0.00938 * t - 0.000303 * t**2
    k2 = 1.91 + 0.0407 * t - 0.000293 * t**2
    kh = k * h
    bound = (k1 * kh + 2.0 * k1 * k2 * kh**2) / (1.0 + k1 * kh + k1 * k2 * kh**2)
    return 1800.0 / w * (kh / (1.0 - kh) + bound)


def mould_limit(t: ArrayLike) -> Numbers:
    """Return the humidity in % from which mould may germinate: a fit to IPI's border."""
    t = _array(t)
    warm = np.where(t <= 33.0, 66.5, 66.5 + 2.0 * (t - 33.0))
    return np.where(t <= 22.0, 69.0 + 1.1 * (20.0 - t), warm)


def mould_days(t: ArrayLike, rh: ArrayLike) -> Numbers:
    """Return the days until mould germinates, infinite below the limit: a fit to IPI's table.

    Its median error is 7 %; 95 % of cells of five days or more are within 18 %.
    """
    t, rh = _array(t), _array(rh)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        days = np.exp(-2.549 + 159.85 / (rh - 48.85))
    return np.where(rh >= mould_limit(t), days, np.inf)


def mould_risk(
    t: ArrayLike, rh: ArrayLike, hours: ArrayLike = 1.0, reset_after: float = np.inf
) -> Numbers:
    """Return the running sum of time over days to mould; 1 is germination (IPI; NYPL).

    ``reset_after`` hours without risk start the sum anew; no rule for that is published.
    """
    share = np.atleast_1d(_array(hours) / 24.0 / mould_days(t, rh))
    if np.isinf(reset_after):
        return np.cumsum(share)
    lengths = np.broadcast_to(_array(hours), share.shape)
    running, dry, result = 0.0, 0.0, np.empty_like(share)
    for i, (part, length) in enumerate(zip(share, lengths, strict=True)):
        dry = 0.0 if part else dry + length
        running = 0.0 if dry >= reset_after else running + part
        result[i] = running
    return result


def vtt_limit(t: ArrayLike) -> Numbers:
    """Return the critical humidity of the VTT model in % (Hukka and Viitanen 1999)."""
    t = _array(t)
    return np.where(t > 20.0, 80.0, -0.00267 * t**3 + 0.160 * t**2 - 3.13 * t + 100.0)


def lifetime_multiplier(t: ArrayLike, rh: ArrayLike, energy: float = PAPER) -> Numbers:
    """Return how many times longer things last than at 20 °C and 50 % (Michalski 2002).

    ``energy`` is the activation energy in J/mol. Averages over time are harmonic.
    """
    t, rh = _array(t), _array(rh)
    with np.errstate(divide="ignore"):
        humidity = (50.0 / rh) ** 1.3
    return _array(humidity * np.exp(energy / GAS_CONSTANT * (1.0 / (t + KELVIN) - 1.0 / 293.15)))


def isoperm(t_f: ArrayLike, rh: ArrayLike, enthalpy: float = 35.0) -> Numbers:
    """Return the permanence of paper relative to 68 °F and 50 % (Sebera 1994).

    ``t_f`` is in °F, ``enthalpy`` in kcal/mol. The paper is in equilibrium with the air.
    """
    t = _array(t_f) + 460.0
    power: Numbers = 394.0 * enthalpy * (1.0 / t - 1.0 / 528.0)
    humidity: Numbers = 50.0 / _array(rh)
    return _array(humidity * 528.0 / t * np.exp(np.log(10.0) * power))


def degradation_rate(t: ArrayLike, rh: ArrayLike, ph: float) -> Numbers:
    """Return the yearly rate at which chains of cellulose break (Strlič et al. 2015)."""
    t, rh = _array(t), _array(rh)
    ratio = np.log(1.0 - rh / 100.0) / (1.67 * t - 285.655)
    water = ratio ** (1.0 / (2.491 - 0.012 * t))
    acid = 0.244 * np.log(10.0**-ph)
    return _array(np.exp(36.981 + 36.72 * water + acid - 14_300.0 / (t + KELVIN)))


def paper_years(
    t: ArrayLike, rh: ArrayLike, ph: float, start: float = 600.0, end: float = 300.0
) -> Numbers:
    """Return the years until the degree of polymerisation falls from ``start`` to ``end``."""
    return (1.0 / end - 1.0 / start) / degradation_rate(t, rh, ph)


def light_dose(lux: ArrayLike, hours: ArrayLike) -> float:
    """Return the exposure to light in lx h; reciprocity is assumed."""
    return float(np.sum(_array(lux) * _array(hours)))


def fade_years(wool: int, yearly_dose: float) -> float:
    """Return the years until a fade is noticeable at so many lx h a year; see FADE_DOSES."""
    return FADE_DOSES[wool] * 1e6 / yearly_dose if yearly_dose else float("inf")


def seasonal_band(
    rh: ArrayLike, window: int, low: float = 7.0, high: float = 93.0, least: float = 10.0
) -> tuple[Numbers, Numbers, tuple[float, float], tuple[float, float]]:
    """Return the historic climate by EN 15757: mean, deviation, percentiles, limits, in % RH.

    ``window`` is the number of readings of 30 days; ``rh`` has NaN where a reading is missing, at
    even steps. The mean is centred; where half a window is not there, it is NaN, so that a series
    shorter than the window has none. Percentiles are interpolated linearly; a band narrower than
    ``least`` on a side is widened to it.
    """
    rh = _array(rh)
    half = window // 2
    known = np.isfinite(rh)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, rh, 0.0))))
    count = np.concatenate(([0.0], np.cumsum(known)))
    size = len(rh)
    mean = np.full(size, np.nan)
    if size > 2 * half:
        first, last = np.arange(0, size - 2 * half), np.arange(2 * half + 1, size + 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean[half : size - half] = (total[last] - total[first]) / (count[last] - count[first])
    deviation = rh - mean
    assessed = deviation[np.isfinite(deviation)]
    if not len(assessed):
        nothing = (float("nan"), float("nan"))
        return mean, deviation, nothing, (-least, least)
    below, above = (float(p) for p in np.percentile(assessed, [low, high]))
    return mean, deviation, (below, above), (min(below, -least), max(above, least))


def rate_twpi(years: float) -> str:
    """Return the rating of a TWPI: ``good`` from 75 years, ``ok`` from 45, else ``risk`` (IPI)."""
    return _rate(years, ((75.0, "good"), (45.0, "ok")))


def rate_metal(emc: float) -> str:
    """Return the rating of the highest moisture content for metal: below 7 % is good (IPI)."""
    return _rate(-emc, ((-6.999999999, "good"), (-10.499999999, "ok")))


def rate_mechanical(least: float, most: float) -> str:
    """Return the rating of the span of moisture content: 5 to 12.5 % is ok (IPI)."""
    return "ok" if least >= 5.0 and most <= 12.5 else "risk"


def _rate(value: float, steps: Sequence[tuple[float, str]]) -> str:
    return next((name for least, name in steps if value >= least), "risk")
