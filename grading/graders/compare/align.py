"""Maximum-weight assignment and longest increasing subsequence, in plain Python."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence


def assign(gains: Sequence[Sequence[float]]) -> list[int]:
    """Return for each row the column it is given so that the sum of gains is largest, or -1.

    Gains must not be negative; a cell without gain is never assigned. Hungarian method with
    potentials, O(rows² · columns).
    """
    rows, columns = len(gains), len(gains[0]) if gains else 0
    if not rows or not columns:
        return [-1] * rows
    if rows == 1 or columns == 1:
        return _assign_line(gains, rows, columns)
    favourites = _favourites(gains)
    if favourites is not None:
        return favourites
    if rows > columns:
        turned = assign(list(zip(*gains, strict=True)))
        result = [-1] * rows
        for column, row in enumerate(turned):
            if row >= 0:
                result[row] = column
        return result
    owners = _hungarian(gains, rows, columns)
    result = [-1] * rows
    for column, row in enumerate(owners):
        if row >= 0 and gains[row][column] > 0.0:
            result[row] = column
    return result


def _assign_line(gains: Sequence[Sequence[float]], rows: int, columns: int) -> list[int]:
    cells = [(gains[r][c], -r, -c) for r in range(rows) for c in range(columns)]
    gain, row, column = max(cells)
    result = [-1] * rows
    if gain > 0.0:
        result[-row] = -column
    return result


def _favourites(gains: Sequence[Sequence[float]]) -> list[int] | None:
    """Return the best column of each row, if no two rows have the same one."""
    result = []
    taken = set()
    for row in gains:
        best = max(row)
        column = row.index(best) if best > 0.0 else -1
        if column in taken:
            return None
        if column >= 0:
            taken.add(column)
        result.append(column)
    return result


def _hungarian(gains: Sequence[Sequence[float]], rows: int, columns: int) -> list[int]:
    """Return the row that owns each column (-1: none); needs rows <= columns."""
    infinity = float("inf")
    row_potential = [0.0] * (rows + 1)
    column_potential = [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        least = [infinity] * (columns + 1)
        came_from = [0] * (columns + 1)
        used = [False] * (columns + 1)
        while True:
            used[column] = True
            current = owner[column]
            line = gains[current - 1]
            base = -row_potential[current]
            delta, following = infinity, 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                cost = base - line[j - 1] - column_potential[j]
                if cost < least[j]:
                    least[j] = cost
                    came_from[j] = column
                if least[j] < delta:
                    delta, following = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    row_potential[owner[j]] += delta
                    column_potential[j] -= delta
                else:
                    least[j] -= delta
            column = following
            if owner[column] == 0:
                break
        while column:
            previous = came_from[column]
            owner[column] = owner[previous]
            column = previous
    return [row - 1 for row in owner[1:]]


def longest_increasing(numbers: Iterable[int]) -> int:
    """Return the length of the longest strictly increasing subsequence."""
    tails: list[int] = []
    for number in numbers:
        place = bisect_left(tails, number)
        if place == len(tails):
            tails.append(number)
        else:
            tails[place] = number
    return len(tails)
