"""A series drawn: temperature above, humidity below, episodes shaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grading.climate.formulas import Numbers
from grading.climate.series import Episode, Series

WIDTH, HEIGHT = 960, 460
_LEFT, _RIGHT, _TOP, _GAP, _BOTTOM = 52, 12, 24, 36, 34
_PANEL = (HEIGHT - _TOP - _GAP - _BOTTOM) // 2
_COLOURS = {"t": "#a33b20", "rh": "#1f5f8b"}
_SHADE = "#d9a400"


class Line(NamedTuple):
    """A stretch of a curve: points in pixels, from the upper left corner."""

    channel: str
    points: tuple[tuple[float, float], ...]


class Label(NamedTuple):
    """A word or number beside an axis; ``anchor`` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str


class Drawing(NamedTuple):
    """All there is to draw, whatever it is drawn with."""

    lines: tuple[Line, ...]
    rules: tuple[tuple[float, float, float, float], ...]
    shades: tuple[tuple[float, float, float, float], ...]
    labels: tuple[Label, ...]


def lay_out(series: Series, episodes: Sequence[Episode] = ()) -> Drawing:
    """Return the drawing of a series."""
    lines: list[Line] = []
    rules: list[tuple[float, float, float, float]] = []
    labels: list[Label] = []
    inner = WIDTH - _LEFT - _RIGHT
    count = max(len(series.times) - 1, 1)
    for number, (channel, values, unit) in enumerate(
        (("t", series.t, "°C"), ("rh", series.rh, "% RH"))
    ):
        top = _TOP + number * (_PANEL + _GAP)
        low, high, step = _axis(values)
        labels.append(Label(_LEFT, top - 7, unit, "start"))
        for tick in np.arange(low, high + step / 2, step):
            y = top + _PANEL * (1 - (tick - low) / (high - low))
            rules.append((_LEFT, y, WIDTH - _RIGHT, y))
            labels.append(Label(_LEFT - 6, y + 4, f"{tick:g}", "end"))
        for start, part in _stretches(values):
            places, shown = _thin(part, start)
            x = _LEFT + inner * places / count
            y = top + _PANEL * (1 - (shown - low) / (high - low))
            lines.append(Line(channel, tuple(zip(x.tolist(), y.tolist(), strict=True))))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        place = round(share * (len(series.times) - 1))
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        text = str(series.times[place].astype("datetime64[D]"))
        labels.append(Label(_LEFT + inner * share, HEIGHT - 10, text, anchor))
    shades = tuple(_shade(series, episode, inner / count) for episode in episodes)
    return Drawing(tuple(lines), tuple(rules), shades, tuple(labels))


def draw_svg(series: Series, episodes: Sequence[Episode] = (), title: str = "") -> str:
    """Return the drawing as SVG with a title for screen readers."""
    drawing = lay_out(series, episodes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{_escape(title or "Temperature and relative humidity")}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    parts += [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{_SHADE}" '
        'fill-opacity="0.25"/>'
        for x, y, w, h in drawing.shades
    ]
    parts += [
        f'<line x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}" stroke="#ddd"/>'
        for a, b, c, d in drawing.rules
    ]
    for line in drawing.lines:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
        colour = _COLOURS[line.channel]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}"/>')
    parts += [
        f'<text x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{label.anchor}" '
        f'font-family="sans-serif" font-size="12" fill="#333">{_escape(label.text)}</text>'
        for label in drawing.labels
    ]
    return "\n".join([*parts, "</svg>\n"])


def _escape(text: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text


def _axis(values: Numbers) -> tuple[float, float, float]:
    """Return least, most and step of an axis, in round numbers."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    span = max(high - low, 1.0)
    step = next((s for s in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0) if span / s <= 6), 100.0)
    return float(np.floor(low / step) * step), float(np.ceil((high + 1e-9) / step) * step), step


def _stretches(values: Numbers) -> list[tuple[int, Numbers]]:
    """Return the stretches without a gap, each with the place of its first reading."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], np.isfinite(values), [False]))))
    return [(int(a), values[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _thin(values: Numbers, start: int) -> tuple[NDArray[np.float64], Numbers]:
    """Return no more than two readings for each pixel: the least and the most of each bin."""
    size = max(1, len(values) // WIDTH)
    if size == 1:
        return np.arange(start, start + len(values), dtype=np.float64), values
    bins = np.arange(0, len(values), size)
    places = np.repeat(start + bins, 2).astype(np.float64)
    pairs = (np.minimum.reduceat(values, bins), np.maximum.reduceat(values, bins))
    return places, np.column_stack(pairs).ravel()


def _shade(series: Series, episode: Episode, pixels: float) -> tuple[float, float, float, float]:
    first = int(np.searchsorted(series.times, episode.start))
    last = int(np.searchsorted(series.times, episode.end))
    top = _TOP if episode.kind in ("hot", "cold") else _TOP + _PANEL + _GAP
    width = max((last - first) * pixels, 2.0)
    return _LEFT + first * pixels, float(top), width, float(_PANEL)
