"""The columns of a grade book by the short names that they have in addresses and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from delivery.grades.api import BookLine, Cell, Column, Columns, GradePlan, read_columns
from delivery.models import Course
from delivery.runtime.dates import due_date
from delivery.tree import CourseTree, load_tree

TYPE_MARK, BLOCK_MARK = "+type@", "+block@"


class Band(NamedTuple):
    """A subsection above the ``span`` columns of its blocks."""

    column: Column
    span: int


@dataclass(frozen=True)
class Book:
    """The columns of a course's grade book, and the version served that they come from."""

    tree: CourseTree
    columns: Columns

    @property
    def plan(self) -> GradePlan:
        """How scores become grades."""
        return self.columns.plan

    @property
    def blocks(self) -> tuple[Column, ...]:
        """The scored blocks; each stands where it stands in the plan."""
        return self.columns.blocks

    @property
    def parts(self) -> tuple[Column, ...]:
        """The subsections that have scored blocks."""
        return self.columns.subsections

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by their short names."""
        return {key_of(column): column for column in (*self.parts, *self.blocks)}

    @cached_property
    def part_of(self) -> dict[str, Column]:
        """The columns of subsections by their usage keys."""
        return {part.usage_key: part for part in self.parts}

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The subsections, to stand above the columns of their blocks."""
        return tuple(Band(part, len(self.blocks_of(part))) for part in self.parts)

    def blocks_of(self, part: Column) -> tuple[Column, ...]:
        """The blocks of a subsection."""
        planned = self.plan.subsections[self.plan.places[part.usage_key]]
        return self.blocks[planned.start : planned.stop]

    def index_of(self, column: Column) -> int:
        """Where a column stands in the plan: among its subsections, or among its blocks."""
        places = self.plan.places if column.is_subsection else self.plan.positions
        return places[column.usage_key]

    def cell_of(self, line: BookLine, column: Column) -> Cell:
        """A learner's mark in a column."""
        if column.is_subsection:
            return line.subsections[self.parts.index(column)]
        return line.blocks[self.index_of(column)]

    def due_of(self, column: Column, extensions: Mapping[str, str]) -> datetime | None:
        """When something is due for a learner who has these extensions."""
        return due_date(self.tree, column.usage_key, extensions)

    def type_of(self, column: Column) -> str:
        """The OLX tag of what is marked."""
        return self.tree.blocks[column.usage_key].block_type


def open_book(course: Course) -> Book:
    """The grade book of the version served; raises ``CourseVersion.DoesNotExist`` if none is."""
    return Book(load_tree(course.current_version_id or 0), read_columns(course))


def key_of(column: Column) -> str:
    """A column's short name: type and name of its block, which are one of a kind in a course."""
    _course, _mark, rest = column.usage_key.partition(TYPE_MARK)
    return rest.replace(BLOCK_MARK, "/", 1) if rest else column.usage_key


def path_of(column: Column) -> str:
    """The short name as a part of an address."""
    return quote(key_of(column))
