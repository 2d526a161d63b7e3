"""Shapes as sets of cells of a page: whole numbers whose bits are the cells.

The page is 200 by 200 cells, whatever its form; a cell belongs to a polygon if its centre lies in
it (even-odd rule). So areas are exact, alike on every machine, and cheap to intersect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil, hypot

SIZE = 200
_STRIDE = SIZE + 8
"""Bits of a row: the eight beyond the page keep what grows beyond an edge out of the next row."""
MOST_GROWTH = 8
_ROW = (1 << SIZE) - 1
_BYTES = _STRIDE // 8

Point = tuple[float, float]


def _join(rows: Iterable[int]) -> int:
    return int.from_bytes(b"".join(row.to_bytes(_BYTES, "little") for row in rows), "little")


PAGE = _join([_ROW] * SIZE)


def count_crossings(points: Sequence[Point]) -> int:
    """Return how many rows the edges of a polygon cross: what filling it costs."""
    return sum(
        int(abs(first[1] - second[1]) * SIZE) + 1
        for first, second in zip(points, [*points[1:], *points[:1]], strict=True)
    )


def fill(points: Sequence[Point]) -> int:
    """Return the cells of a polygon; coordinates are shares (0-1) of the page's sides."""
    crossings: dict[int, list[float]] = {}
    x0, y0 = points[-1]
    for x1, y1 in points:
        if y0 != y1:
            slope = (x1 - x0) / (y1 - y0)
            top, bottom = (y0, y1) if y0 < y1 else (y1, y0)
            for row in range(ceil(top * SIZE - 0.5), ceil(bottom * SIZE - 0.5)):
                x = x0 + ((row + 0.5) / SIZE - y0) * slope
                crossings.setdefault(row, []).append(x)
        x0, y0 = x1, y1
    if not crossings:
        return 0
    first = min(crossings)
    rows = []
    for row in range(first, max(crossings) + 1):
        ends = sorted(crossings.get(row, ()))
        bits = 0
        for left, right in zip(ends[::2], ends[1::2], strict=True):
            bits ^= (1 << ceil(right * SIZE - 0.5)) - (1 << ceil(left * SIZE - 0.5))
        rows.append(bits)
    return _join(rows) << (first * _STRIDE)


def draw(points: Sequence[Point]) -> int:
    """Return the cells that a line of several stretches runs through."""
    cells = 0
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(1, ceil(2 * SIZE * max(abs(x1 - x0), abs(y1 - y0))))
        for step in range(steps + 1):
            share = step / steps
            cells |= cell_at((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
    return cells


def cell_at(point: Point) -> int:
    """Return the one cell in which a point lies."""
    column, row = (min(int(part * SIZE), SIZE - 1) for part in point)
    return 1 << (row * _STRIDE + column)


def grow(cells: int, columns: int, rows: int) -> int:
    """Return the cells and all that lie within so many columns and rows of them (up to 8)."""
    for step in _steps(columns):
        cells |= (cells << step) | (cells >> step)
        cells &= PAGE
    for step in _steps(rows):
        cells |= (cells << step * _STRIDE) | (cells >> step * _STRIDE)
        cells &= PAGE
    return cells


def _steps(distance: int) -> list[int]:
    """Return steps that add up to a distance; none leaps over what was not reached yet."""
    steps = []
    walked = 0
    while walked < distance:
        step = min(walked + 1, distance - walked)
        steps.append(step)
        walked += step
    return steps


def overlap(first: int, second: int) -> float:
    """Return the intersection over the union of two sets of cells, 0-1."""
    common = (first & second).bit_count()
    return common / (first | second).bit_count() if common else 0.0


def share_within(cells: int, area: int) -> float:
    """Return the share of ``cells`` that lies in ``area``, 0-1."""
    return (cells & area).bit_count() / cells.bit_count() if cells else 0.0


def some_point(cells: int) -> Point:
    """Return the centre of the middle one of some cells."""
    middle = cells.bit_count() // 2
    for row in range(SIZE):
        bits = (cells >> (row * _STRIDE)) & _ROW
        size = bits.bit_count()
        if middle < size:
            for _skipped in range(middle):
                bits &= bits - 1
            column = (bits & -bits).bit_length() - 1
            return ((column + 0.5) / SIZE, (row + 0.5) / SIZE)
        middle -= size
    raise ValueError("no cells")


@lru_cache(maxsize=8)
def grid_cells(columns: int, rows: int) -> tuple[int, ...]:
    """Return the cells of the fields of a grid, row by row from the upper left corner."""
    return tuple(
        fill(
            [
                (column / columns, row / rows),
                ((column + 1) / columns, row / rows),
                ((column + 1) / columns, (row + 1) / rows),
                (column / columns, (row + 1) / rows),
            ]
        )
        for row in range(rows)
        for column in range(columns)
    )


def distance_to(point: Point, points: Sequence[Point], aspect: float, *, closed: bool) -> float:
    """Return how far a point is from an outline, as a share of the page's diagonal.

    ``aspect`` is the page's width divided by its height.
    """
    stretched = [(x * aspect, y) for x, y in points]
    target = (point[0] * aspect, point[1])
    ends = stretched[1:] + (stretched[:1] if closed else [])
    nearest = min(
        _distance(target, first, second) for first, second in zip(stretched, ends, strict=False)
    )
    return nearest / hypot(aspect, 1.0)


def _distance(point: Point, first: Point, second: Point) -> float:
    dx, dy = second[0] - first[0], second[1] - first[1]
    length = dx * dx + dy * dy
    along = ((point[0] - first[0]) * dx + (point[1] - first[1]) * dy) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    return hypot(point[0] - first[0] - along * dx, point[1] - first[1] - along * dy)
