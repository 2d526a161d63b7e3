"""Shapes of a page in its own units, and how they are written as SVG."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

WIDTH, HEIGHT = 600, 840
"""Units of the picture; a page lies in it with a margin of the desk around it."""
MARGIN = 24

Point = tuple[float, float]


def smooth_blob(
    chance: random.Random, centre: Point, radii: Point, *, rough: float = 0.15, size: int = 32
) -> list[Point]:
    """Return the outline of an irregular spot: waves of chance around an ellipse."""
    waves = [(chance.uniform(0, rough / k), chance.uniform(0, 2 * math.pi), k) for k in range(1, 6)]
    points = []
    for step in range(size):
        turn = 2 * math.pi * step / size
        reach = 1.0 + sum(a * math.sin(k * turn + phase) for a, phase, k in waves)
        x = centre[0] + radii[0] * reach * math.cos(turn)
        y = centre[1] + radii[1] * reach * math.sin(turn)
        points.append(keep_inside((x, y)))
    return points


def keep_inside(point: Point) -> Point:
    """Return a point moved onto the page if it lies beyond it."""
    x = min(max(point[0], MARGIN), WIDTH - MARGIN)
    return x, min(max(point[1], MARGIN), HEIGHT - MARGIN)


def hull(points: Sequence[Point]) -> list[Point]:
    """Return the convex hull of points (Andrew's monotone chain)."""
    ordered = sorted(set(points))

    def chain(row: Sequence[Point]) -> list[Point]:
        found: list[Point] = []
        for point in row:
            while len(found) > 1 and _turns_right(found[-2], found[-1], point):
                found.pop()
            found.append(point)
        return found[:-1]

    return chain(ordered) + chain(ordered[::-1])


def _turns_right(first: Point, second: Point, third: Point) -> bool:
    across = (second[0] - first[0]) * (third[1] - first[1])
    return across - (second[1] - first[1]) * (third[0] - first[0]) <= 0


def path(points: Sequence[Point], *, closed: bool = True) -> str:
    """Return the data of an SVG path through points."""
    start, *rest = points
    steps = " ".join(f"L{x:.1f} {y:.1f}" for x, y in rest)
    return f"M{start[0]:.1f} {start[1]:.1f} {steps}{' Z' if closed else ''}"


def shape(points: Sequence[Point], fill: str, opacity: float = 1.0, extra: str = "") -> str:
    """Return a filled shape."""
    return f'<path d="{path(points)}" fill="{fill}" fill-opacity="{opacity:.2f}"{extra}/>'


def dot(x: float, y: float, radius: float, fill: str, opacity: float = 1.0) -> str:
    """Return a filled circle."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" '
        f'fill-opacity="{opacity:.2f}"/>'
    )


def stroke(
    points: Sequence[Point],
    colour: str,
    width: float,
    opacity: float = 1.0,
    *,
    closed: bool = False,
) -> str:
    """Return a drawn line."""
    return (
        f'<path d="{path(points, closed=closed)}" fill="none" stroke="{colour}" '
        f'stroke-width="{width:.1f}" stroke-opacity="{opacity:.2f}" stroke-linejoin="round"/>'
    )


def soften(svg: str) -> str:
    """Return a drawing with soft edges; the page defines the filter."""
    return f'<g filter="url(#soft)">{svg}</g>'


def write_word(
    chance: random.Random, start: float, end: float, y: float, swing: float
) -> list[Point]:
    """Return a word that cannot be read: a line that goes up and down by chance."""
    size = max(3, int((end - start) / 4))
    return [
        (
            start + n * (end - start) / size,
            y + swing * math.sin(n * 2.4) * chance.uniform(0.3, 1.0),
        )
        for n in range(size + 1)
    ]


def share(points: Sequence[Point]) -> list[list[float]]:
    """Return points as shares of the picture, as the grader takes them."""
    return [
        [round(min(max(x / WIDTH, 0.0), 1.0), 4), round(min(max(y / HEIGHT, 0.0), 1.0), 4)]
        for x, y in points
    ]
