"""Kinds of damage: each is drawn into a box of the page and says exactly where it is."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import NamedTuple

from grading.pages.drawing import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Point,
    dot,
    hull,
    keep_inside,
    shape,
    smooth_blob,
    soften,
    stroke,
    write_word,
)

DESK = "#4a4642"
"""What shows where there is no paper."""


class Box(NamedTuple):
    """A part of the page, in units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def touches(self, other: Box, gap: float = 14.0) -> bool:
        """Tell whether two boxes lie nearer than ``gap``."""
        return (
            self.x < other.x + other.width + gap
            and other.x < self.x + self.width + gap
            and self.y < other.y + other.height + gap
            and other.y < self.y + self.height + gap
        )


class Damage(NamedTuple):
    """A damage as drawn; ``outline`` is a line if ``is_line``, else a polygon, in units."""

    svg: str
    outline: list[Point]
    text: str
    is_line: bool = False
    active: bool | None = None


Draw = Callable[[random.Random, Box, int], Damage]


class Kind(NamedTuple):
    """A kind of damage: its class, where it may lie, how large it is, how it is drawn."""

    cls: str
    place: str
    width: tuple[float, float]
    height: tuple[float, float]
    draw: Draw


HOW = ("", "faint", "marked", "severe")
"""Severities in words; 0 is none."""


def _foxing(chance: random.Random, box: Box, sev: int) -> Damage:
    parts, edges = [], []
    for _spot in range(9 + 7 * sev):
        x = min(max(chance.gauss(box.centre[0], box.width / 5), box.x), box.x + box.width)
        y = min(max(chance.gauss(box.centre[1], box.height / 5), box.y), box.y + box.height)
        radius = chance.uniform(1.5, 3 + 2.2 * sev)
        x, y = keep_inside((x, y))
        parts.append(dot(x, y, radius * 1.9, "#b98a4d", 0.12 + 0.07 * sev))
        parts.append(dot(x, y, radius, "#8d5a25", 0.2 + 0.17 * sev))
        reach = radius * 1.9
        edges += [keep_inside((x + dx * reach, y + dy * reach)) for dx, dy in _AROUND]
    text = f"a cluster of {HOW[sev]} round, rust-brown spots with paler halos"
    return Damage(soften("".join(parts)), hull(edges), text)


_AROUND = [(math.cos(n * math.pi / 4), math.sin(n * math.pi / 4)) for n in range(8)]


def _tide_line(chance: random.Random, box: Box, sev: int) -> Damage:
    outline = smooth_blob(chance, box.centre, (box.width / 2, box.height / 2), rough=0.12)
    svg = shape(outline, "#c9ab74", 0.10 + 0.06 * sev)
    svg += stroke(outline, "#7d5523", 1.5 + sev, 0.25 + 0.2 * sev, closed=True)
    svg += stroke(outline, "#a67b3d", 5.0 + 2 * sev, 0.12 + 0.06 * sev, closed=True)
    return Damage(soften(svg), outline, f"a {HOW[sev]} pale area with a dark brown, wavy edge")


def _mould(chance: random.Random, box: Box, sev: int) -> Damage:
    outline = smooth_blob(chance, box.centre, (box.width / 2, box.height / 2), rough=0.2)
    inner = smooth_blob(chance, box.centre, (box.width / 3.2, box.height / 3.2), rough=0.25)
    bloom = shape(outline, "#7a5a86", 0.14 + 0.12 * sev) + shape(
        inner, "#4f5a52", 0.12 + 0.12 * sev
    )
    parts = [soften(bloom)]
    for _grain in range(60 + 40 * sev):
        turn, reach = chance.uniform(0, 2 * math.pi), math.sqrt(chance.random()) * 0.42
        x = box.centre[0] + math.cos(turn) * reach * box.width
        y = box.centre[1] + math.sin(turn) * reach * box.height
        parts.append(dot(x, y, chance.uniform(0.6, 1.7), "#2c332f", 0.55))
        parts.append(dot(x + 1.2, y - 1.2, 0.9, "#e9ece6", 0.6))
    text = f"a {HOW[sev]} violet-grey, fuzzy patch with fine dark and white grains"
    return Damage("".join(parts), outline, text, active=True)


def _insects(chance: random.Random, box: Box, sev: int) -> Damage:
    parts, edges = [], []
    for _hole in range(3 + 4 * sev):
        radius = chance.uniform(2.0, 3.6)
        x = chance.uniform(box.x + 4, box.x + box.width - 4)
        y = chance.uniform(box.y + 4, box.y + box.height - 4)
        parts.append(dot(x, y, radius, DESK))
        edges += [(x + dx * radius, y + dy * radius) for dx, dy in _AROUND]
    text = f"{3 + 4 * sev} small, clean-edged round holes through the sheet"
    return Damage("".join(parts), hull(edges), text, active=False)


def _tear(chance: random.Random, box: Box, sev: int) -> Damage:
    from_left = box.x < WIDTH / 2
    x = float(MARGIN if from_left else WIDTH - MARGIN)
    y = box.centre[1]
    line = [(x, y)]
    steps, reach = 7, 34.0 + 30.0 * sev
    for _step in range(steps):
        x += (1 if from_left else -1) * reach / steps
        y += chance.uniform(-7, 7)
        line.append((x, y))
    gap = [(px, py - (1 - n / steps) * (1 + sev)) for n, (px, py) in enumerate(line)]
    back = [(px, py + (1 - n / steps) * (1 + sev)) for n, (px, py) in enumerate(line)][::-1]
    svg = shape([*gap, *back], DESK) + stroke(line, "#fffaf0", 1.2, 0.9)
    side = "left" if from_left else "right"
    return Damage(svg, line, f"a ragged split that runs in from the {side} edge", is_line=True)


def _loss(chance: random.Random, box: Box, sev: int) -> Damage:
    is_left, is_top = box.x < WIDTH / 2, box.y < HEIGHT / 2
    x, y = (
        float(MARGIN if is_left else WIDTH - MARGIN),
        float(MARGIN if is_top else HEIGHT - MARGIN),
    )
    across, down = 34.0 + 22 * sev, 38.0 + 24 * sev
    right, under = 1 if is_left else -1, 1 if is_top else -1
    rim = []
    for step in range(9):
        turn = math.pi / 2 * step / 8
        jag = chance.uniform(0.86, 1.1)
        rim.append(
            (x + right * across * jag * math.cos(turn), y + under * down * jag * math.sin(turn))
        )
    rim[0], rim[-1] = (rim[0][0], y), (x, rim[-1][1])
    outline = [(x, y), *rim]
    svg = shape(outline, DESK) + stroke(rim, "#fffaf0", 1.5, 0.8)
    corner = f"{'upper' if is_top else 'lower'} {'left' if is_left else 'right'}"
    return Damage(svg, outline, f"the {corner} corner is missing; the desk shows through")


def _iron_gall(chance: random.Random, box: Box, sev: int) -> Damage:
    halos, inks, cracks = [], [], []
    lines = max(2, int(box.height // 24))
    for row in range(lines):
        x, y = box.x + 5, box.y + (row + 0.5) * box.height / lines
        while x < box.x + box.width - 20:
            end = min(x + chance.uniform(22, 58), box.x + box.width - 5)
            word = write_word(chance, x, end, y, 4.2)
            halos.append(stroke(word, "#8a5a20", 9.0 + 2 * sev, 0.2 + 0.1 * sev))
            inks.append(stroke(word, "#2b1a10", 2.0, 0.92))
            for _crack in range(sev):
                at = chance.randrange(0, max(1, len(word) - 2))
                cracks.append(stroke(word[at : at + 2], DESK, 2.4))
            x = end + chance.uniform(6, 11)
    text = f"writing with a {HOW[sev]} brown halo, cracked where the ink is thickest"
    svg = soften("".join(halos)) + "".join(inks + cracks)
    return Damage(svg, _corners(box), text, active=True)


def _tape(chance: random.Random, box: Box, sev: int) -> Damage:
    lean = chance.uniform(-0.16, 0.16)
    (cx, cy), half, thick = box.centre, box.width / 2, 13.0
    outline = [
        (
            cx + dx * half * math.cos(lean) - dy * thick * math.sin(lean),
            cy + dx * half * math.sin(lean) + dy * thick * math.cos(lean),
        )
        for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    svg = shape(outline, "#d8a545", 0.28 + 0.13 * sev)
    svg += stroke(outline, "#9b6d1c", 1.0, 0.5, closed=True)
    svg += stroke([outline[0], outline[1]], "#fff6d8", 2.0, 0.6)
    return Damage(svg, outline, f"a straight, shiny, {HOW[sev]} yellow strip stuck over the paper")


def _red_rot(chance: random.Random, box: Box, sev: int) -> Damage:
    edge = [
        (MARGIN + box.width + chance.uniform(-4, 4), box.y + n * box.height / 12) for n in range(13)
    ]
    outline = [(float(MARGIN), box.y), *edge, (float(MARGIN), box.y + box.height)]
    parts = [shape(outline, "#6d2f1c", 0.55 + 0.12 * sev)]
    for _grain in range(90 * sev):
        x = chance.uniform(MARGIN, MARGIN + box.width)
        y = chance.uniform(box.y, box.y + box.height)
        colour = chance.choice(["#a4512f", "#c27a52", "#4a1d10"])
        parts.append(dot(x, y, chance.uniform(0.6, 2.0), colour, 0.8))
    return Damage("".join(parts), outline, "leather along the spine that is powdery and red-brown")


def _corners(box: Box) -> list[Point]:
    right, low = box.x + box.width, box.y + box.height
    return [(box.x, box.y), (right, box.y), (right, low), (box.x, low)]


DAMAGES = {
    kind.cls: kind
    for kind in (
        Kind("foxing", "anywhere", (120, 190), (110, 170), _foxing),
        Kind("tide_line", "anywhere", (170, 250), (130, 200), _tide_line),
        Kind("active_mould", "anywhere", (90, 140), (80, 130), _mould),
        Kind("insect_holes", "anywhere", (80, 120), (60, 110), _insects),
        Kind("tear", "side", (124, 124), (40, 40), _tear),
        Kind("loss", "corner", (112, 112), (124, 124), _loss),
        Kind("iron_gall_corrosion", "text", (200, 300), (66, 100), _iron_gall),
        Kind("tape", "text", (160, 260), (50, 50), _tape),
        Kind("red_rot", "spine", (34, 50), (240, 420), _red_rot),
    )
}
"""What can be drawn, by class."""
