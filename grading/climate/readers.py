"""Files of data loggers, as they really come: headers, units, dates and marks of every kind.

One reader takes them all. It finds the lines that begin with a time, tells which column holds
temperature and which humidity by the words and units above them or behind the numbers, and which
number of a date is the day by what makes an even series. TinyTag, Meaco, Hanwell, T&D, Rotronic and
Trend are known by name; so is a plain table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from grading.climate.formulas import Numbers
from grading.climate.series import Series, Times, make_series

LARGEST_FILE = 30 * 1024 * 1024
MOST_ROWS = 500_000
MOST_COLUMNS = 40
MOST_HEADER = 200
"""Lines before the first reading."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(r"(?P<a>\d{1,4})[./\- ](?P<b>\d{1,2}|[A-Za-z]{3,9})[./\- ](?P<c>\d{2,4})\.?")
_TIME = re.compile(
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?(?:\.\d+)?\s*(?P<half>[AaPp][Mm])?"
)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_HUMID = re.compile(r"humid|(?<![a-z])rh(?![a-z])|%|feucht|vlag|vlažn|влаж|ылғал", re.IGNORECASE)
_WARM = re.compile(r"temp|°\s?[cf]|(?<![a-z])[tc](?![a-z])|темп", re.IGNORECASE)
_DEW = re.compile(r"dew|\bdp\b|taupunkt|rosišt|abs", re.IGNORECASE)
_FAHRENHEIT = re.compile(r"°\s?f\b|deg ?f\b|fahrenheit", re.IGNORECASE)

_SIGNATURES = (
    ("Rotronic", re.compile(r"^\s*\[#[A-Z]\]|rotronic|hygroclip", re.IGNORECASE | re.MULTILINE)),
    ("TinyTag", re.compile(r"tinytag|gemini data|serial number", re.IGNORECASE)),
    ("Meaco", re.compile(r"receiver.{0,3}transmitter|meaco", re.IGNORECASE)),
    ("Hanwell", re.compile(r"hanwell|^\W*\d\d:\d\d \d\d/[A-Z][a-z]{2}/\d{4}", re.MULTILINE)),
    ("T&D", re.compile(r"date/time\(serial\)|no\.1.*no\.2|t&d|tr-7\d", re.IGNORECASE)),
    ("Trend", re.compile(r"trend|\[%rh\].*|\d:\d\d:\d\d [AP]M", re.IGNORECASE)),
)


class UnreadableLog(ValueError):
    """A file in which no series of readings was found; the message says why."""


class Log(NamedTuple):
    """A file as it was read: the maker's name (``table`` if none is known) and its series.

    ``channels`` are those the file holds: ``t``, ``rh`` or both.
    """

    maker: str
    series: Series
    channels: tuple[str, ...]


class _Columns(NamedTuple):
    """Where in a row the readings stand; ``None`` if the file has none."""

    t: int | None
    rh: int | None
    is_fahrenheit: bool


def read_log(data: bytes) -> Log:
    """Return the readings of a logger's file; raises UnreadableLog."""
    if len(data) > LARGEST_FILE:
        raise UnreadableLog("The file is too large.")
    text = _decode(data)
    lines = text.splitlines()
    if len(lines) > MOST_ROWS + MOST_HEADER:
        raise UnreadableLog("The file has too many lines.")
    delimiter = _find_delimiter(lines)
    rows = [row[:MOST_COLUMNS] for row in csv.reader(lines, delimiter=delimiter)]
    first = next((i for i, row in enumerate(rows) if _split_time(row)), None)
    if first is None or first > MOST_HEADER:
        raise UnreadableLog("No line begins with a date and a time.")
    header, body = rows[:first], rows[first:]
    found = [(cells, stamp) for cells, stamp in map(_split, body) if stamp]
    columns = _find_columns(header, [cells for cells, _stamp in found[:50]])
    times = _read_times([stamp for _cells, stamp in found])
    t, rh = (_read_column(found, place) for place in (columns.t, columns.rh))
    if columns.is_fahrenheit:
        t = (t - 32.0) / 1.8
    keep = ~np.isnat(times)
    if not (np.isfinite(t) | np.isfinite(rh)).any() or not keep.any():
        raise UnreadableLog("No line has a reading of temperature or humidity.")
    series = make_series(times[keep], t[keep], rh[keep])
    pairs = (("t", columns.t), ("rh", columns.rh))
    return Log(_find_maker(text), series, tuple(name for name, place in pairs if place is not None))


def merge_logs(logs: Sequence[Log]) -> Series:
    """Return one series from files that each hold a channel or a stretch of time.

    Of readings at the same time the first counts. Raises BadSeries.
    """
    times = np.unique(np.concatenate([log.series.times for log in logs]))
    t, rh = np.full(len(times), np.nan), np.full(len(times), np.nan)
    for log in logs:
        place = np.searchsorted(times, log.series.times)
        for whole, part in ((t, log.series.t), (rh, log.series.rh)):
            fresh = np.isnan(whole[place]) & np.isfinite(part)
            whole[place[fresh]] = part[fresh]
    return make_series(times, t, rh)


def _decode(data: bytes) -> str:
    """Return the text: UTF-8, UTF-16 by its mark, else Windows Latin (µ and ° are all it tells)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace").replace("\0", "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\0", "")


def _find_delimiter(lines: Sequence[str]) -> str:
    """Return the mark that stands most often in the lines that hold a time."""
    sample = [line for line in lines[:MOST_HEADER] if _TIME.search(line)][:50]
    return max("\t;,", key=lambda mark: sum(line.count(mark) for line in sample))


def _find_maker(text: str) -> str:
    start = text[:4000]
    return next((name for name, pattern in _SIGNATURES if pattern.search(start)), "table")


def _split_time(row: Sequence[str]) -> bool:
    return bool(_split(row)[1])


def _split(row: Sequence[str]) -> tuple[list[str], str]:
    """Return the cells of a row with the cells of its time blanked, and that time, '' if none.

    Date and time stand in one cell or in two neighbours, within the first five.
    """
    cells = [cell.strip() for cell in row]
    for place, cell in enumerate(cells[:5]):
        date, clock = _DATE.search(cell), _TIME.search(cell)
        if date and clock:
            return [*cells[:place], "", *cells[place + 1 :]], cell
        if date and place + 1 < len(cells) and _TIME.fullmatch(cells[place + 1]):
            stamp = f"{cell} {cells[place + 1]}"
            return [*cells[:place], "", "", *cells[place + 2 :]], stamp
    return cells, ""


def _find_columns(header: Sequence[Sequence[str]], sample: Sequence[Sequence[str]]) -> _Columns:
    """Return which columns hold temperature and humidity, by what stands above or behind them."""
    width = max((len(cells) for cells in sample), default=0)
    words = []
    for place in range(width):
        above = [row[place] for row in header if place < len(row)]
        behind = [_NUMBER.sub("", cells[place], count=1) for cells in sample if place < len(cells)]
        words.append(" ".join([*above[-12:], *dict.fromkeys(behind)]))
    numeric = [place for place in range(width) if _is_numeric(sample, place)]
    if not numeric:
        raise UnreadableLog("No line has a reading of temperature or humidity.")
    rh = next((p for p in numeric if _HUMID.search(words[p]) and not _DEW.search(words[p])), None)
    warm = [p for p in numeric if p != rh and _WARM.search(words[p]) and not _DEW.search(words[p])]
    t = warm[0] if warm else None
    if t is None and rh is None:
        if len(numeric) < 2:
            raise UnreadableLog("Nothing says which column is temperature and which humidity.")
        t, rh = numeric[-2:]
    return _Columns(t, rh, t is not None and bool(_FAHRENHEIT.search(words[t])))


def _is_numeric(sample: Sequence[Sequence[str]], place: int) -> bool:
    """Tell whether a column holds readings: numbers with no more than a unit behind them."""
    cells = [cells[place] for cells in sample if place < len(cells) and cells[place]]
    fit = [cell for cell in cells if _NUMBER.match(cell) and len(cell) <= 16]
    return len(fit) * 2 > len(cells) and len(fit) > 0


def _read_column(found: Iterable[tuple[Sequence[str], str]], place: int | None) -> Numbers:
    if place is None:
        return np.full(sum(1 for _ in found), np.nan)
    return np.array([_read_number(cells, place) for cells, _stamp in found])


def _read_number(cells: Sequence[str], place: int) -> float:
    cell = cells[place] if place < len(cells) else ""
    try:
        return float(cell) if cell else float("nan")
    except ValueError:
        found = _NUMBER.match(cell)
        return float(found.group().replace(",", ".")) if found else float("nan")


def _read_times(stamps: Sequence[str]) -> Times:
    """Return the times, NaT where there is none; ISO 8601 first, since it is quick and sure."""
    if all(re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", stamp) for stamp in stamps):
        try:
            return np.array([stamp[:16] for stamp in stamps], dtype="datetime64[m]")
        except ValueError:
            pass
    orders = [_read_in_order(stamps, is_day_first=flag) for flag in (True, False)]
    return min(orders, key=_unevenness)


def _unevenness(times: Times) -> tuple[int, int]:
    """Return by what a reading of the dates is judged: times that are none, steps that differ."""
    known = times[~np.isnat(times)]
    steps = np.diff(known.astype(np.int64))
    usual = np.median(steps) if len(steps) else 0
    return int(np.count_nonzero(np.isnat(times))), int(np.count_nonzero(steps != usual))


def _read_in_order(stamps: Sequence[str], *, is_day_first: bool) -> Times:
    dates: dict[str, str] = {}
    result = []
    for stamp in stamps:
        date, clock = _DATE.search(stamp), _TIME.search(stamp)
        if not date or not clock:
            result.append("NaT")
            continue
        key = date.group()
        if key not in dates:
            dates[key] = _read_date(date, is_day_first=is_day_first)
        hour = int(clock["h"])
        if clock["half"]:
            hour = hour % 12 + (12 if clock["half"].lower() == "pm" else 0)
        is_time = hour < 24 and int(clock["m"]) < 60
        result.append(f"{dates[key]}T{hour:02}:{clock['m']}" if dates[key] and is_time else "NaT")
    return np.array(result, dtype="datetime64[m]")


def _read_date(date: re.Match[str], *, is_day_first: bool) -> str:
    """Return a date as ISO 8601, '' if it is none."""
    first, second, third = date["a"], date["b"], date["c"]
    if len(first) == 4:
        year, month, day = first, second, third
    elif is_day_first or second.isalpha():
        day, month, year = first, second, third
    else:
        month, day, year = first, second, third
    if month.isalpha():
        name = month[:3].lower()
        month = str(_MONTHS.index(name) + 1) if name in _MONTHS else "0"
    try:
        whole = int(year) + (2000 if len(year) == 2 else 0)
        return datetime(whole, int(month), int(day)).strftime("%Y-%m-%d")  # no zone
    except ValueError:
        return ""
