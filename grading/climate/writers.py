"""A series as makers' programs write it: a plain table, or look-alikes that need cleaning first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from grading.climate.series import Series


class _Form(NamedTuple):
    """What a file begins with, and how a reading stands in it; a missing one is ``nan``."""

    head: str
    row: Callable[[int, datetime, str, str], str]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_FORMS = {
    "table": _Form("timestamp,temp_c,rh_pct\n", lambda n, d, t, rh: f"{d:%Y-%m-%d %H:%M},{t},{rh}"),
    "tinytag": _Form(
        ',,"Serial Number","812345","812345"\n,,"Product","View 2","View 2"\n'
        ',,"Property","Temperature","Humidity"\n,,"Units","°C","%RH"\n',
        lambda n, d, t, rh: f"{n},{d:%Y-%m-%d %H:%M:%S},{_with(t, ' °C')},{_with(rh, ' %RH')}",
    ),
    "hanwell": _Form(
        "Hanwell\nSite: Library\nZone: Store\n\nSensor;12\nLogged;hourly\n\nTime;Temp °C;RH %\n",
        lambda n, d, t, rh: f"{d:%H:%M} {d.day:02}/{_MONTHS[d.month - 1]}/{d.year};{t};{rh}",
    ),
    "rotronic": _Form(
        "[#D]\nDevice name\tStore\nHumidity high alarm\t65.0\nTemperature high alarm\t28.0\n"
        "Date\tTime\tHumidity\tTemperature\n\t\t%RH\t°C\n",
        lambda n, d, t, rh: f"{d:%d/%m/%Y}\t{d:%H:%M:%S}\t{rh}\t{t}",
    ),
}

FORMS: tuple[str, ...] = tuple(_FORMS)
"""The names of the forms; the first is a plain table."""


def write_log(series: Series, form: str = FORMS[0]) -> str:
    """Return the readings as a file of that form; raises KeyError for an unknown one."""
    head, row = _FORMS[form]
    rows = (row(n, *reading) for n, reading in enumerate(rows_of(series), 1))
    return head + "\n".join(rows) + "\n"


def rows_of(series: Series) -> Iterator[tuple[datetime, str, str]]:
    """Yield time, temperature and humidity of each reading; an empty text where there is none."""
    first: datetime = series.times[0].astype(object)
    step = timedelta(hours=series.step)
    for i, (t, rh) in enumerate(zip(series.t.tolist(), series.rh.tolist(), strict=True)):
        yield first + i * step, _tell(t), _tell(rh)


def _tell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1f}"


def _with(value: str, unit: str) -> str:
    return value and f"{value}{unit}"
