"""A page: paper, writing or print, features that are no damage, and damages."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from grading.pages.damage import DAMAGES, DESK, Box, Damage, Kind
from grading.pages.drawing import HEIGHT, MARGIN, WIDTH, dot, path, shape, share, stroke, write_word
from grading.pages.telling import describe_cells, observe
from grading.pages.vocabulary import CLASSES, DEFINITIONS, FAMILIES

PAPERS = ("#efe3c8", "#f1e8d4", "#e9dcc0", "#efe6cf")
CRITICAL = ("active_mould",)
WRITTEN = ("iron_gall_corrosion",)
"""Damages that are of writing, and bring it along."""
COUNTS = ("1", "2", "3", "4", "5", "6")
"""How many damages a named page may have."""
_ATTEMPTS = 80


class Page(NamedTuple):
    """A page: its picture, its exercise for the grader ``regions``, and what can be seen.

    ``observations`` describe the picture without naming a damage, some of them of no importance;
    they are for those who cannot see it. ``oddities`` are those on the decoys, in their order.
    """

    svg: str
    exercise: dict[str, Any]
    observations: tuple[str, ...]
    oddities: tuple[str, ...]


def make_page(seed: str, kinds: Sequence[str] | None = None, *, count: int = 4) -> Page:
    """Return the page of a seed with so many damages, of these kinds or of any.

    Fewer are drawn if there is no room. Raises KeyError for a kind that is not in DAMAGES.
    """
    chance = random.Random(f"page {seed}")  # noqa: S311  # no secret
    names = list(kinds) if kinds is not None else chance.sample(sorted(DAMAGES), count)
    # What lies at an edge finds its place first; the rest goes where there is room.
    names.sort(key=lambda name: DAMAGES[name].place == "anywhere")
    boxes: list[Box] = []
    placed: list[str] = []
    found: list[tuple[str, int, Damage]] = []
    for name in names:
        box = _place(chance, DAMAGES[name], boxes)
        if box is None:
            continue
        sev = chance.randint(1, 3)
        boxes.append(box)
        placed.append(name)
        found.append((name, sev, DAMAGES[name].draw(chance, box, sev)))
    decoy_svg, decoys, remarks = _decoys(chance)
    paper = chance.choice(PAPERS)
    written = [box for name, box in zip(placed, boxes, strict=True) if name in WRITTEN]
    svg = _frame(
        paper, [_writing(chance, written), decoy_svg, *(damage.svg for _n, _s, damage in found)]
    )
    regions = [_region(n, *entry) for n, entry in enumerate(found, start=1)]
    exercise = _exercise(regions, decoys)
    observations = observe(exercise) + remarks  # the first remark is on lines that are everywhere
    chance.shuffle(observations)
    return Page(svg, exercise, tuple(observations), tuple(remarks[1:]))


@lru_cache(maxsize=64)
def named_page(name: str) -> Page:
    """Return the page of a name such as ``a1b2c3/5``: a seed, and how many damages it has."""
    seed, _slash, count = name.rpartition("/")
    return make_page(seed, count=int(count) if count in COUNTS else 4)


def draw_page(name: str) -> dict[str, Any]:
    """Return the exercise of a named page, with what is told to those who cannot see it."""
    page = named_page(name)
    exercise = {**page.exercise, "observations": list(page.observations), "page": name}
    return {**exercise, "cells": describe_cells(page.exercise, page.oddities)}


def picture_of(name: str) -> str:
    """Return the picture of a named page, as SVG."""
    return named_page(name).svg


def _region(number: int, cls: str, sev: int, damage: Damage) -> dict[str, Any]:
    region: dict[str, Any] = {
        "id": f"r{number}",
        "cls": cls,
        "sev": sev,
        "value": 2 if cls in CRITICAL else 1,
        "text": damage.text,
        "line" if damage.is_line else "poly": share(damage.outline),
    }
    if damage.active is not None:
        region["active"] = damage.active
    return region


def _exercise(regions: list[dict[str, Any]], decoys: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "regions": regions,
        "decoys": decoys,
        "families": FAMILIES,
        "classes": CLASSES,
        "definitions": DEFINITIONS,
        "settings": {
            "aspect": round(WIDTH / HEIGHT, 4),
            "critical": list(CRITICAL),
            "merge": True,
            "t1_by_class": {"insect_holes": 0.35, "tear": 0.35, "tape": 0.35},
        },
    }


def _place(chance: random.Random, kind: Kind, taken: Sequence[Box]) -> Box | None:
    """Return a free box for a damage of a kind, ``None`` if there is none."""
    for _attempt in range(_ATTEMPTS):
        width, height = chance.uniform(*kind.width), chance.uniform(*kind.height)
        right, low = WIDTH - MARGIN - width, HEIGHT - MARGIN - height
        x, y = chance.uniform(MARGIN + 12, right - 12), chance.uniform(MARGIN + 12, low - 12)
        if kind.place == "side":
            x = chance.choice([MARGIN, right])
        elif kind.place == "corner":
            x, y = chance.choice([MARGIN, right]), chance.choice([MARGIN, low])
        elif kind.place == "spine":
            x = MARGIN
        elif kind.place == "text":
            x = chance.uniform(90, max(91.0, WIDTH - 90 - width))
        box = Box(x, y, width, height)
        if not any(box.touches(other) for other in taken):
            return box
    return None


def _writing(chance: random.Random, blank: Sequence[Box]) -> str:
    """Return lines of writing, or of print, around the boxes that have writing of their own."""
    is_print = chance.random() < 0.4
    words = []
    y = 96.0
    while y < HEIGHT - 90:
        x = 84.0
        while x < WIDTH - 100:
            end = min(x + chance.uniform(22, 66), WIDTH - 84)
            word = write_word(chance, x, end, y, 2.2 if is_print else 4.2)
            if not any(Box(x, y, end - x, 0.0).touches(box, 6.0) for box in blank):
                words.append(path(word, closed=False))
            x = end + chance.uniform(7, 12)
        y += 19 if is_print else 24
        if chance.random() < 0.06:
            y += 24
    ink = "#3a3029" if is_print else "#4d3826"
    return f'<path d="{"".join(words)}" fill="none" stroke="{ink}" stroke-width="1.3"/>'


def _decoys(chance: random.Random) -> tuple[str, list[dict[str, Any]], list[str]]:
    """Return what is no damage: chain lines over the page, and perhaps a watermark or a speck."""
    parts = [
        stroke([(x, MARGIN), (x, HEIGHT - MARGIN)], "#cbb98f", 0.8, 0.5)
        for x in range(MARGIN + 40, WIDTH - MARGIN, 46)
    ]
    remarks = ["Faint straight lines run down the sheet at even distances."]
    decoys: list[dict[str, Any]] = []
    if chance.random() < 0.6:
        x, y = chance.uniform(220, 380), chance.uniform(330, 500)
        ring = [(x + 34 * math.cos(n / 3), y + 42 * math.sin(n / 3)) for n in range(19)]
        parts.append(stroke(ring, "#fffdf4", 3.0, 0.75, closed=True))
        parts.append(
            stroke([(x - 20, y), (x + 20, y), (x, y - 26)], "#fffdf4", 3.0, 0.75, closed=True)
        )
        message = "This is a watermark of the paper mill."
        decoys.append({"poly": share(ring), "message": message})
        remarks.append("A pale ring with a triangle in it shows in the paper of the middle.")
    if chance.random() < 0.5:
        x, y = chance.uniform(110, 480), chance.uniform(700, 780)
        parts.append(dot(x, y, 3.0, "#b7a67c", 0.9))
        corners = [(x - 9, y - 9), (x + 9, y - 9), (x + 9, y + 9), (x - 9, y + 9)]
        message = "This is a fibre bundle that was in the pulp."
        decoys.append({"poly": share(corners), "message": message})
        remarks.append("A single small fleck lies in the paper near the foot.")
    return "".join(parts), decoys, remarks


def _frame(paper: str, parts: Sequence[str]) -> str:
    """Return the whole picture: desk, sheet with a slightly uneven edge and grain, and the rest."""
    sheet = [
        (MARGIN, MARGIN),
        (WIDTH - MARGIN, MARGIN),
        (WIDTH - MARGIN, HEIGHT - MARGIN),
        (MARGIN, HEIGHT - MARGIN),
    ]
    edge = stroke(sheet, "#c9b78d", 3.0, 0.7, closed=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        '<defs><filter id="grain" x="0" y="0" width="1" height="1">'
        '<feTurbulence type="fractalNoise" baseFrequency="0.035 0.05" numOctaves="4" seed="7"/>'
        '<feColorMatrix values="0 0 0 0 0.45 0 0 0 0 0.36 0 0 0 0 0.2 0 0 0 0.32 -0.04"/>'
        '</filter><filter id="soft"><feGaussianBlur stdDeviation="1.4"/></filter></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{DESK}"/>'
        + shape(sheet, paper)
        + f'<rect x="{MARGIN}" y="{MARGIN}" width="{WIDTH - 2 * MARGIN}" '
        f'height="{HEIGHT - 2 * MARGIN}" filter="url(#grain)"/>'
        + edge
        + "".join(parts)
        + "</svg>\n"
    )
