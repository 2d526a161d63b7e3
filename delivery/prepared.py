"""Statements whose SQL is worked out once and from then on only executed.

Django works out the SQL of a query anew whenever it is made, which takes several times as long as
the database needs to answer. For the few reads and writes that nearly every request makes, it is
done once: for lists of every power of two in length in each thread, and for each number of rows.
What may be said in such a query is what Django can say; only its values come later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

MOST_ROWS = 500  # in one statement: SQLite takes some ten thousand values

Row = tuple[Any, ...]
Model = TypeVar("Model", bound=models.Model)


class Slot(Expression):
    """The place of a value in a prepared query: of a named one, or of one in the list."""

    def __init__(self, name: str, index: int = 0) -> None:
        super().__init__()
        self.name = name
        self.index = index

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # a value to come stands among the values
        """A placeholder, with the slot itself as its value."""
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values, some of them slots, and what makes Python values of its columns."""

    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Any, list[Any]], ...]

    def fetch(self, listed: Sequence[Any], values: dict[str, Any]) -> list[Row]:
        """The rows for some values."""
        with _database().cursor() as cursor:
            cursor.execute(self.sql, [_fill(param, listed, values) for param in self.params])
            rows = cursor.fetchall()
        return [self._convert(row) for row in rows] if self.converters else rows

    def _convert(self, row: Row) -> Row:
        cells, connection = list(row), _database()
        for position, expression, converters in self.converters:
            for convert in converters:
                cells[position] = convert(cells[position], expression, connection)
        return tuple(cells)


def _database() -> BaseDatabaseWrapper:
    """The connection itself: ``django.db.connection`` looks it up for each of its attributes."""
    return connections[DEFAULT_DB_ALIAS]


class _Kept(threading.local):
    """The statements of one thread, by the length of the list: each belongs to a connection."""

    def __init__(self) -> None:
        self.statements: dict[int, Statement] = {}


class Prepared:
    """A query to be made often.

    ``make`` gets the slots for a list of values (none if there is no such list) and returns a
    ``values_list`` of columns. Values are taken as the database takes them: numbers and texts.
    """

    def __init__(self, make: Callable[[list[Any]], models.QuerySet[Any, Any]]) -> None:
        self._make = make
        self._kept = _Kept()

    def fetch(self, listed: Sequence[Any] = (), **values: Any) -> list[Row]:
        """The rows for the named ``values`` and those ``listed``, which may repeat."""
        size = 1 << (len(listed) - 1).bit_length() if listed else 0
        filled = [*listed, *[listed[-1]] * (size - len(listed))] if listed else []
        return self._statement(size).fetch(filled, values)

    def _statement(self, size: int) -> Statement:
        statements = self._kept.statements
        if size not in statements:
            statements[size] = _work_out(self._make([Slot("", index) for index in range(size)]))
        return statements[size]


def _work_out(query: models.QuerySet[Any, Any]) -> Statement:
    compiler: Any = query.query.get_compiler(connection=_database())
    sql, params = compiler.as_sql()
    converters = compiler.get_converters(column for column, _sql, _alias in compiler.select)
    return Statement(
        sql,
        tuple(params),
        tuple((place, column, steps) for place, (steps, column) in converters.items()),
    )


def _fill(param: Any, listed: Sequence[Any], values: dict[str, Any]) -> Any:
    if not isinstance(param, Slot):
        return param
    return values[param.name] if param.name else listed[param.index]


def upsert(objects: Sequence[models.Model], unique: Sequence[str], updated: Sequence[str]) -> None:
    """Insert rows, or update columns of those that are there, as ``bulk_create`` would.

    ``unique`` and ``updated`` name columns. The objects do not learn their primary keys.
    """
    for batch in _batches(objects):
        model = type(batch[0])
        with _database().cursor() as cursor:
            sql = _upsert_sql(model, len(batch), tuple(unique), tuple(updated))
            cursor.execute(sql, _cells(batch))


def insert(objects: Sequence[models.Model]) -> None:
    """Insert rows, as ``bulk_create`` would. The objects do not learn their primary keys."""
    for batch in _batches(objects):
        with _database().cursor() as cursor:
            cursor.execute(_insert_sql(type(batch[0]), len(batch)), _cells(batch))


def _batches(objects: Sequence[Model]) -> Iterator[Sequence[Model]]:
    for start in range(0, len(objects), MOST_ROWS):
        yield objects[start : start + MOST_ROWS]


def _cells(batch: Sequence[models.Model]) -> list[Any]:
    fields, connection = _inserted_fields(type(batch[0])), _database()
    return [
        field.get_db_prep_save(field.pre_save(each, True), connection)
        for each in batch
        for field in fields
    ]


def _inserted_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@lru_cache(maxsize=256)
def _insert_sql(model: type[models.Model], rows: int) -> str:
    quote = _database().ops.quote_name
    names = [field.column for field in _inserted_fields(model)]
    row = f"({', '.join(['%s'] * len(names))})"
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, names))}) "  # noqa: S608  # names of our own tables
        f"VALUES {', '.join([row] * rows)}"
    )


@lru_cache(maxsize=256)
def _upsert_sql(
    model: type[models.Model], rows: int, unique: tuple[str, ...], updated: tuple[str, ...]
) -> str:
    quote = _database().ops.quote_name
    changes = (f"{quote(name)} = EXCLUDED.{quote(name)}" for name in updated)
    return (
        f"{_insert_sql(model, rows)} "
        f"ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET {', '.join(changes)}"
    )


@lru_cache(maxsize=64)
def columns_of(model: type[models.Model], prefix: str = "") -> tuple[str, ...]:
    """The names of a model's columns, for ``values_list``; ``prefix`` leads there."""
    return tuple(f"{prefix}{field.attname}" for field in model._meta.concrete_fields)


def build(model: type[Model], cells: Row) -> Model:
    """The object that a row's ``columns_of`` its model make."""
    return model.from_db(DEFAULT_DB_ALIAS, columns_of(model), cells)
