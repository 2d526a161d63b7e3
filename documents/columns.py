"""How wide the columns of a table are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from documents import fonts
from documents.content import Table
from documents.fonts import Style

SAMPLE = 300  # rows that are measured: the widths of a long table follow from its beginning


def cell_styles(table: Table) -> tuple[Style, Style, float]:
    """The styles of a table's cells and of its heads, and the space around text in points."""
    if table.is_dense:
        return fonts.DENSE_CELL, fonts.DENSE_HEAD, 1.5
    return fonts.CELL, fonts.HEAD_CELL, 3.0


def column_widths(table: Table, breadth: float) -> list[float]:
    """Widths that sum to ``breadth`` points.

    Where everything fits on one line, what is left over goes to the columns of text in proportion.
    Otherwise each column gets what its longest word needs, and the rest by how much text it has.
    """
    _cell, head, pad = cell_styles(table)
    least, most = _measured(table, head, pad)
    if sum(most) <= breadth:
        return _widened(table, most, breadth)
    if sum(least) >= breadth:
        return [one * breadth / sum(least) for one in least]
    wanted = [upper - lower for lower, upper in zip(least, most, strict=True)]
    share = (breadth - sum(least)) / sum(wanted)
    return [lower + want * share for lower, want in zip(least, wanted, strict=True)]


def _widened(table: Table, widths: Sequence[float], breadth: float) -> list[float]:
    free = breadth - sum(widths)
    stretches = [
        0.0 if column.is_figure else wide
        for column, wide in zip(table.columns, widths, strict=True)
    ]
    whole = sum(stretches)
    if not whole:
        return [wide * breadth / sum(widths) for wide in widths]
    return [wide + free * stretch / whole for wide, stretch in zip(widths, stretches, strict=True)]


def _measured(table: Table, style: Style, pad: float) -> tuple[list[float], list[float]]:
    least, most = [], []
    rows = list(islice((*table.totals, *table.rows), SAMPLE))
    for number, column in enumerate(table.columns):
        cells = [row[number] for row in rows]
        words = [word for cell in cells for word in cell.split()]
        head_words = column.label.split()
        narrow = max(
            max((fonts.width(word, style) for word in head_words), default=0.0),
            max((fonts.width(word, style) for word in words), default=0.0),
        )
        wide = max(
            fonts.width(column.label, style),
            max((_widest(cell, style) for cell in cells), default=0.0),
        )
        least.append(narrow + 2 * pad + 0.5)
        most.append(max(wide, narrow) + 2 * pad + 0.5)
    return least, most


def _widest(cell: str, style: Style) -> float:
    return max(fonts.width(line, style) for line in cell.split("\n"))
