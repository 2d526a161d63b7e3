"""The shape of a report: facts, and sections of rows whose columns say what is in them.

Labels are English templates marked for translation; minutes are whole numbers and become hours
only where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from practicum.data import gettext_noop

Value: TypeAlias = str | int | date | datetime | time | tuple[int, int] | None
Row: TypeAlias = tuple[Value, ...]


class Kind(StrEnum):
    """What a value is, and so how it is shown."""

    TEXT = "text"  # what somebody wrote, or a name
    LABEL = "label"  # a template to translate
    DAY = "day"
    CLOCK = "clock"
    MOMENT = "moment"  # aware, in the time zone to show it in
    HOURS = "hours"  # whole minutes
    COUNT = "count"
    SHARE = "share"  # a pair: so much of so much


FIGURES = frozenset({Kind.HOURS, Kind.COUNT, Kind.SHARE, Kind.CLOCK})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``name`` for programs, ``label`` for people.

    A label that is not to be translated (a category's name, the number of a day) is ``is_plain``.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the report says of itself."""

    name: str
    label: str
    value: Value
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title, or a text.

    ``params`` fill in the title. ``totals`` has a value for each column; hours above it, as they
    are shown, sum to it. ``texts`` are headings (templates) with what somebody wrote.
    """

    title: str
    params: Mapping[str, Value] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    totals: Row = ()
    texts: tuple[tuple[str, str], ...] = ()
    is_on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs on paper: a role (template), and the name if it is known."""

    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report on ``placements``, on the days from ``first`` to ``last``.

    ``minutes`` is what it says is confirmed in all, ``sequence`` the trail's number it was true
    at. ``is_personal`` reports name people.
    """

    kind: str
    title: str
    first: date
    last: date
    sequence: int
    minutes: int
    placements: tuple[UUID, ...]
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    signers: tuple[Signer, ...] = ()
    is_wide: bool = False
    is_personal: bool = True


ALL = gettext_noop("All")
TRAINEE = gettext_noop("Trainee")
MENTOR = gettext_noop("Mentor at the host library")
SCHOOL = gettext_noop("For the school")
HOST = gettext_noop("For the host library")
NameKey: TypeAlias = Callable[[str], object]


def total_of(rows: Iterable[Row], columns: Sequence[Column], label: str = ALL) -> Row:
    """The row of totals: sums of hours, counts and shares, under ``label`` in the first column."""
    kept = list(rows)
    sums: list[Value] = [label]
    for place, column in enumerate(columns[1:], start=1):
        values = [row[place] for row in kept]
        if column.kind in (Kind.HOURS, Kind.COUNT):
            sums.append(sum(value for value in values if isinstance(value, int)))
        elif column.kind is Kind.SHARE:
            pairs = [value for value in values if isinstance(value, tuple)]
            sums.append((sum(part for part, _ in pairs), sum(whole for _, whole in pairs)))
        else:
            sums.append(None)
    return tuple(sums)
