"""A learner's line as it is explained to instructors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from delivery.explained import Explanation, Part, explain
from delivery.gradebook.columns import Book
from delivery.grades.api import BookLine, Cell, Column
from delivery.runtime.dates import deadlines
from grading.policy import Assignment

MayGain = Callable[[Column], bool]


def explain_line(book: Book, line: BookLine, may_gain: MayGain) -> Explanation:
    """How the grade of a line came about; ``may_gain`` tells which blocks can still be answered."""
    return explain(
        book.plan.formats or (),
        [
            _part(book, line, column, cell, may_gain)
            for column, cell in zip(book.parts, line.subsections, strict=True)
            if column.counts
        ],
    )


def _part(book: Book, line: BookLine, column: Column, cell: Cell, may_gain: MayGain) -> Part:
    now = Assignment(cell.earned or 0.0, cell.possible, column.name, cell.is_excused)
    is_decided = cell.is_overridden or cell.is_excused
    return Part(
        usage_key=column.usage_key,
        name=column.name,
        format=column.format,
        now=now if column.is_open else None,
        best=now if is_decided else _best_of(book.blocks_of(column), book, line, may_gain),
        is_begun=cell.earned is not None,
    )


def _best_of(blocks: Sequence[Column], book: Book, line: BookLine, may_gain: MayGain) -> Assignment:
    earned = possible = 0.0
    for block in blocks:
        cell = line.blocks[book.index_of(block)]
        if not block.counts or cell.is_excused:
            continue
        possible += cell.possible
        if cell.earned is not None:
            earned += cell.earned
        elif may_gain(block):
            earned += cell.possible
    return Assignment(earned, possible)


def may_gain_of(book: Book, extensions: Mapping[str, str], now: datetime) -> MayGain:
    """Whether a learner with these extensions may still answer a block, at a time."""

    def may_gain(block: Column) -> bool:
        _due, closes = deadlines(book.tree, block.usage_key, extensions)
        return closes is None or closes > now

    return may_gain


def marks_of(
    book: Book, line: BookLine, extensions: Mapping[str, str]
) -> list[tuple[Column, Cell, list[tuple[Column, Cell, datetime | None]]]]:
    """Each subsection with its mark and its blocks, with their marks and due dates."""
    return [
        (
            part,
            part_cell,
            [
                (block, line.blocks[book.index_of(block)], book.due_of(block, extensions))
                for block in book.blocks_of(part)
            ],
        )
        for part, part_cell in zip(book.parts, line.subsections, strict=True)
    ]
