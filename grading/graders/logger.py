"""A made-up logger's year as the source of an exercise: readings, figures, what was planted.

``{"climate": {"series", "year", "events"}}`` in an exercise names it. Exercises of one course that
name the same series have the same year for the same learner, so that what is cleaned in one can be
computed in another.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from grading.climate import formulas
from grading.climate.formulas import Numbers
from grading.climate.generator import TEMPLATES, USUAL, Planted, Year, generate
from grading.climate.series import Episode, Series, clean
from grading.climate.summary import Limits, all_episodes, summarise
from grading.climate.writers import FORMS
from grading.data import gettext_noop as _
from grading.graders.reading import Node
from grading.graders.sharing import USUAL_SERIES

NO_EVENTS = _("At least one event that is no fault of the data is needed here.")
NO_FAULTS = _("At least one fault of the data is needed here.")
CROWDED = _("There is no room for so many events in one year.")

FIRST_YEAR, LAST_YEAR = 1970, 2100
LONGEST_SERIES = 80
_KEPT = 32


class Source(NamedTuple):
    """Which year: its series, the calendar year, the kinds of events planted in it."""

    series: str
    year: int
    events: tuple[str, ...]


class Found(NamedTuple):
    """An event that a learner is to find; times are ISO 8601."""

    start: str
    end: str
    kind: str
    cause: str


def read_source(node: Node) -> Source | None:
    """Read the member ``climate`` of an exercise; ``None`` without one."""
    if node.value is None:
        return None
    node.get("file").one_of(FORMS, FORMS[0])
    return Source(
        series=node.get("series").text(USUAL_SERIES, LONGEST_SERIES),
        year=node.get("year").whole(2023, FIRST_YEAR, LAST_YEAR),
        events=node.get("events").some_of(tuple(TEMPLATES), USUAL),
    )


def check_source(node: Node, source: Source, seed: str) -> None:
    """Raise InvalidExercise if no year can be made of the source."""
    try:
        year_of(source, seed)
    except ValueError:
        raise node.get("events").fail(CROWDED) from None


@lru_cache(maxsize=_KEPT)
def year_of(source: Source, seed: str) -> Year:
    """Return the year that the source becomes by a seed; raises ValueError without room for it."""
    return generate(f"{source.series}\n{seed}", source.events, source.year)


@lru_cache(maxsize=_KEPT)
def cleaned(source: Source, seed: str) -> Series:
    """Return the year as a careful learner cleans it: °F read as such, the other faults dropped."""
    year = year_of(source, seed)
    t = year.series.t.copy()
    for event in year.planted:
        if event.kind == "unit":
            span = slice(event.start, event.end + 1)
            t[span] = (t[span] - 32.0) / 1.8
    return clean(Series(year.series.times, t, year.series.rh, year.series.step))


@lru_cache(maxsize=_KEPT)
def figures(source: Source, seed: str) -> Mapping[str, float]:
    """Return what formulas of an exercise may speak of, by name (``FIGURES``)."""
    whole, tidy = year_of(source, seed).series, cleaned(source, seed)
    known = tidy.known
    t, rh = tidy.t[known], tidy.rh[known]
    told = summarise(tidy)
    index = formulas.preservation_index(t, rh)
    band = told["en15757"]
    return {
        "log_hours": told["hours"],
        "log_hours_raw": float(np.count_nonzero(whole.known)) * whole.step,
        **_spread("log_t", t),
        **_spread("log_rh", rh),
        **_spread("log_raw_t", whole.t[np.isfinite(whole.t)]),
        **_spread("log_raw_rh", whole.rh[np.isfinite(whole.rh)]),
        **_spread("log_dew", formulas.dew_point(t, rh)),
        **_spread("log_emc", formulas.moisture_content(t, rh)),
        "log_twpi": told["twpi"],
        "log_pi_mean": float(np.mean(index)),
        "log_pi_of_mean": float(formulas.preservation_index(np.mean(t), np.mean(rh))),
        "log_twpi_simple": formulas.harmonic_mean(formulas.mass_action_index(t, rh)),
        "log_paper": told["lifetime_multiplier"]["paper"],
        "log_varnish": told["lifetime_multiplier"]["varnish"],
        "log_paper_mean": float(np.mean(formulas.lifetime_multiplier(t, rh, formulas.PAPER))),
        "log_mould_risk": told["mould_risk"],
        "log_rh_above_65": told["hours_rh_above_65"],
        "log_t_below_12": float(np.count_nonzero(t < 12.0)) * tidy.step,
        "log_dew_above_16": float(np.count_nonzero(formulas.dew_point(t, rh) > 16.0)) * tidy.step,
        "log_in_band": _share_in_band(t, rh),
        "log_deviation_low": band["percentiles"][0],
        "log_deviation_high": band["percentiles"][1],
        "log_outside": band["hours_outside"],
        "log_restless_days": float(told["days_rh_range_above_10"]),
    }


FIGURES: tuple[str, ...] = (
    "log_hours",
    "log_hours_raw",
    *(
        f"log_{channel}_{what}"
        for channel in ("t", "rh", "raw_t", "raw_rh", "dew", "emc")
        for what in ("mean", "min", "max")
    ),
    "log_twpi",
    "log_pi_mean",
    "log_pi_of_mean",
    "log_twpi_simple",
    "log_paper",
    "log_varnish",
    "log_paper_mean",
    "log_mould_risk",
    "log_rh_above_65",
    "log_t_below_12",
    "log_dew_above_16",
    "log_in_band",
    "log_deviation_low",
    "log_deviation_high",
    "log_outside",
    "log_restless_days",
)
"""The names of ``figures``; the sheets' README says what each is."""


def faults_in(source: Source, seed: str) -> list[Found]:
    """Return the faults of data that are in the year, by kind."""
    year = year_of(source, seed)
    return [
        Found(year.time_of(event.start), year.time_of(event.end), event.kind, event.cause)
        for event in year.planted
        if event.is_fault
    ]


def episodes_in(source: Source, seed: str) -> list[Found]:
    """Return the episodes of the cleaned year, each with the cause that was planted."""
    year = year_of(source, seed)
    return [
        Found(_iso(found.start), _iso(found.end), found.kind, _cause(year, found))
        for found in all_episodes(cleaned(source, seed), Limits())
    ]


def kinds_of(part: str) -> tuple[str, ...]:
    """Return every kind that a learner might have to name, whatever is in the year."""
    if part == "faults":
        return tuple(kind for kind, template in TEMPLATES.items() if template.is_fault)
    return ("damp", "dry", "hot", "cold")


CAUSES: tuple[str, ...] = tuple(
    sorted({template.cause for template in TEMPLATES.values() if not template.is_fault})
)
"""Every cause that an episode may have."""


def readings(source: Source, seed: str) -> dict[str, Any]:
    """Return the year's readings for a page: ``{"start", "step", "scale", "t", "rh"}``.

    Each reading is told as its difference from the one before, in tenths; ``None`` stands for one
    that is missing. ``step`` is in hours.
    """
    series = year_of(source, seed).series
    return {
        "start": _iso(series.times[0]),
        "step": series.step,
        "scale": 10,
        "t": _differences(series.t),
        "rh": _differences(series.rh),
    }


def _differences(values: Numbers) -> list[int | None]:
    told: list[int | None] = []
    before = 0
    for value in np.where(np.isfinite(values), np.round(values * 10.0), np.nan).tolist():
        if value != value:  # NaN
            told.append(None)
        else:
            told.append(int(value) - before)
            before = int(value)
    return told


def _spread(name: str, values: Numbers) -> dict[str, float]:
    return {
        f"{name}_mean": float(np.mean(values)),
        f"{name}_min": float(np.min(values)),
        f"{name}_max": float(np.max(values)),
    }


def _share_in_band(t: Numbers, rh: Numbers) -> float:
    """Return in what part of the hours (percent) 16-20 °C and 40-55 % hold together."""
    inside = (t >= 16.0) & (t <= 20.0) & (rh >= 40.0) & (rh <= 55.0)
    return 100.0 * float(np.count_nonzero(inside)) / len(t)


def _cause(year: Year, found: Episode) -> str:
    """Return the cause of the planted event that an episode shares most time with."""
    start, end = found.start.astype("datetime64[h]"), found.end.astype("datetime64[h]")
    first = year.series.times[0].astype("datetime64[h]")
    low, high = int((start - first).astype(int)), int((end - first).astype(int))

    def shared(event: Planted) -> int:
        return min(high, event.end) - max(low, event.start)

    nearest = max((e for e in year.planted if not e.is_fault), key=shared, default=None)
    return nearest.cause if nearest is not None and shared(nearest) >= 0 else ""


def _iso(time: np.datetime64) -> str:
    return str(time.astype("datetime64[m]"))
