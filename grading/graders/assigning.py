"""One-to-one assignment of the greatest worth."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

Pairs = list[tuple[int, int]]


def assign(worth: Sequence[Sequence[float]]) -> Pairs:
    """Return pairs (row, column), each row and column in one at most, of the greatest total worth.

    ``worth`` is a matrix of numbers of 0 or more; pairs worth nothing are left out. Exact. Rows and
    columns that have nothing to do with each other are assigned apart, which is what makes the
    usual case fast.
    """
    pairs: Pairs = []
    for rows, columns in _groups(worth):
        if len(rows) <= len(columns):
            part = [[worth[i][j] for j in columns] for i in rows]
            pairs += [(rows[i], columns[j]) for i, j in _assign_rows(part)]
        else:
            part = [[worth[i][j] for i in rows] for j in columns]
            pairs += [(rows[i], columns[j]) for j, i in _assign_rows(part)]
    return sorted((i, j) for i, j in pairs if worth[i][j] > 0.0)


def _groups(worth: Sequence[Sequence[float]]) -> list[tuple[list[int], list[int]]]:
    """Return the rows and columns of each part of the matrix that hangs together."""
    links = [[j for j, value in enumerate(row) if value > 0.0] for row in worth]
    owners: dict[int, list[int]] = {}
    for i, columns in enumerate(links):
        for j in columns:
            owners.setdefault(j, []).append(i)
    seen: set[int] = set()
    groups = []
    for start, columns in enumerate(links):
        if start in seen or not columns:
            continue
        seen.add(start)
        rows, reached = [start], set()
        for i in rows:
            for j in links[i]:
                if j not in reached:
                    reached.add(j)
                    fresh = [other for other in owners[j] if other not in seen]
                    seen.update(fresh)
                    rows += fresh
        groups.append((sorted(rows), sorted(reached)))
    return groups


def _assign_rows(worth: Sequence[Sequence[float]]) -> Pairs:
    """Assign every row; there are as many columns or more.

    The Hungarian method with potentials, O(rows² · columns) (H. W. Kuhn 1955, J. Munkres 1957).
    """
    rows, columns = len(worth), len(worth[0])
    row_potential = [0.0] * (rows + 1)
    potential = [0.0] * (columns + 1)
    owner = [0] * (columns + 1)  # the row of each column, from 1; 0 is nobody
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        least = [inf] * (columns + 1)
        before = [0] * (columns + 1)
        free = list(range(1, columns + 1))
        used = [0]
        while owner[column]:
            current = owner[column]
            values, base = worth[current - 1], row_potential[current]
            delta, following = inf, 0
            for j in free:
                reduced = -values[j - 1] - base - potential[j]
                if reduced < least[j]:
                    least[j] = reduced
                    before[j] = column
                if least[j] < delta:
                    delta, following = least[j], j
            for j in used:
                row_potential[owner[j]] += delta
                potential[j] -= delta
            for j in free:
                least[j] -= delta
            column = following
            used.append(column)
            free.remove(column)
        while column:
            owner[column] = owner[before[column]]
            column = before[column]
    return [(owner[j] - 1, j - 1) for j in range(1, columns + 1) if owner[j]]
