"""A table of marks as it was typed: which learner and which column each cell means. Pure.

The heads are those of the exported table. Columns that hold no marks are left out; an empty cell
changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from delivery.gradebook.columns import Book
from delivery.gradebook.exporting import DECIMALS, EXCUSED_WORD
from delivery.gradebook.numbers import read_points
from delivery.grades.api import Column
from grading.data import gettext_noop
from quarantine.tables import Cell

WHO_HEADS = {
    "username": "username",
    "user name": "username",
    "email": "email",
    "e-mail": "email",
    "e-mail address": "email",
}
NOT_NAMED = "\N{EN DASH}"
KEY_IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]\s*$")

NO_TABLE = gettext_noop("The table is empty.")
NO_WHO = gettext_noop("The first row names no column “username” or “email”.")
NO_COLUMNS = gettext_noop("The first row names no exercise of this course.")
TWICE = gettext_noop("Two columns are for %(name)s.")
NOBODY = gettext_noop("No trainee of this course is called %(name)s.")
SAME_PERSON = gettext_noop("%(name)s has a row above already.")
NO_NUMBER = gettext_noop("“%(given)s” is neither a number nor the word “excused”.")
TOO_MANY = gettext_noop("%(given)s is more than the %(possible)s points that are possible.")
NEGATIVE = gettext_noop("Points are never negative: %(given)s.")


class MarksRefused(ValueError):
    """A table in which no marks can be found: a sentence and what fills it."""

    def __init__(self, template: str, **params: Any) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)


@dataclass(frozen=True, slots=True)
class GivenMark:
    """Points for a learner in a column, or an excuse, as row ``row`` of the table says."""

    row: int
    user_id: int
    column: Column
    earned: float
    is_excused: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a row, in the column of that head: a sentence and what fills it."""

    row: int
    head: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Heads:
    who: Mapping[str, int]  # "username", "email": where they stand
    columns: Mapping[int, Column]
    texts: Sequence[str]


def read_marks(
    table: Sequence[Sequence[Cell]], book: Book, people: Mapping[str, int]
) -> Iterator[GivenMark | Fault]:
    """What each cell of a table says, or what is wrong with it, in order.

    ``people`` are the accounts of the course's trainees by user name and by address, in small
    letters. Raises ``MarksRefused`` if no column can be understood.
    """
    if not table:
        raise MarksRefused(NO_TABLE)
    heads = _read_heads(table[0], book)
    seen: set[int] = set()
    for number, row in enumerate(table[1:], start=2):
        if not any(_text(cell) for cell in row):
            continue
        name = next(filter(None, (_cell(row, place) for place in heads.who.values())), "")
        user_id = people.get(name.casefold())
        if user_id is None:
            yield Fault(number, "", NOBODY, {"name": name or NOT_NAMED})
        elif user_id in seen:
            yield Fault(number, "", SAME_PERSON, {"name": name})
        else:
            seen.add(user_id)
            yield from _read_row(number, row, heads, user_id)


def _read_heads(row: Sequence[Cell], book: Book) -> _Heads:
    texts = [" ".join(_text(cell).split()) for cell in row]
    who: dict[str, int] = {}
    columns: dict[int, Column] = {}
    for place, text in enumerate(texts):
        kind = WHO_HEADS.get(text.casefold())
        column = _find_column(text, book)
        if kind:
            who.setdefault(kind, place)
        elif column is not None:
            if column in columns.values():
                raise MarksRefused(TWICE, name=column.name)
            columns[place] = column
    if not who:
        raise MarksRefused(NO_WHO)
    if not columns:
        raise MarksRefused(NO_COLUMNS)
    return _Heads(dict(sorted(who.items(), reverse=True)), columns, texts)


def _find_column(text: str, book: Book) -> Column | None:
    """By the key in brackets at the end, by the key alone, or by a name that is one of a kind."""
    found = KEY_IN_BRACKETS.search(text)
    key = found[1] if found else text
    if key in book.by_key:
        return book.by_key[key]
    named = [column for column in book.by_key.values() if _name(column) == text.casefold()]
    return named[0] if len(named) == 1 and text else None


def _name(column: Column) -> str:
    """A column's name, to be compared."""
    return " ".join(column.name.split()).casefold()


def _read_row(
    number: int, row: Sequence[Cell], heads: _Heads, user_id: int
) -> Iterator[GivenMark | Fault]:
    for place, column in heads.columns.items():
        given = _cell(row, place)
        if not given:
            continue
        if given.casefold() == EXCUSED_WORD:
            yield GivenMark(number, user_id, column, 0.0, is_excused=True)
            continue
        earned = read_points(given)
        head = heads.texts[place]
        if earned is None:
            yield Fault(number, head, NO_NUMBER, {"given": given[:50]})
        elif earned < 0:
            yield Fault(number, head, NEGATIVE, {"given": f"{earned:g}"})
        elif round(earned, DECIMALS) > round(column.possible, DECIMALS):
            params = {"given": f"{earned:g}", "possible": f"{column.possible:g}"}
            yield Fault(number, head, TOO_MANY, params)
        else:
            yield GivenMark(number, user_id, column, min(earned, column.possible))


def _cell(row: Sequence[Cell], place: int) -> str:
    return _text(row[place]).strip() if place < len(row) else ""


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
