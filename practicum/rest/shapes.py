"""Values of the api as JSON and back, and their JSON Schema, from their type hints. Pure.

A shape is a type hint: ``str``, ``int``, ``bool``, ``UUID``, ``date``, ``datetime``, an enum, a
frozen dataclass, a tuple or mapping of shapes, or one of them or ``None``.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from practicum.rules.calendar import EARLIEST, LATEST, is_meant

MOST_ITEMS = 500

FORMATS: Mapping[type, tuple[str, Any]] = {
    UUID: ("uuid", UUID),
    datetime: ("date-time", datetime.fromisoformat),
    date: ("date", date.fromisoformat),
    time: ("time", time.fromisoformat),
}


class Misshapen(ValueError):
    """JSON that has not the shape that is needed; ``where`` is its place, ``what`` is needed."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where or 'The request'}: {what} is needed.")
        self.where = where
        self.what = what


@cache
def hints_of(owner: Any) -> dict[str, Any]:
    """The type hints of a dataclass or function, by name."""
    return typing.get_type_hints(owner)


def _choices(shape: Any) -> tuple[Any, ...]:
    is_union = typing.get_origin(shape) in (typing.Union, types.UnionType)
    return typing.get_args(shape) if is_union else ()


def read(shape: Any, raw: Any, where: str = "") -> Any:
    """JSON as a value of a shape; raises ``Misshapen``."""
    if choices := _choices(shape):
        if raw is None and type(None) in choices:
            return None
        return read(next(one for one in choices if one is not type(None)), raw, where)
    if shape in FORMATS:
        return _read_formatted(shape, raw, where)
    if shape in (str, int, bool):
        if type(raw) is not shape:
            raise Misshapen(
                where, {str: "text", int: "a whole number", bool: "true or false"}[shape]
            )
        return raw
    if isinstance(shape, type) and issubclass(shape, Enum):
        return _read_choice(shape, raw, where)
    if is_dataclass(shape):
        return _read_object(shape, raw, where)
    return _read_many(shape, raw, where)


def _read_formatted(shape: type, raw: Any, where: str) -> Any:
    name, parse = FORMATS[shape]
    try:
        value = parse(raw) if isinstance(raw, str) else None
    except ValueError:
        value = None
    if value is None or (shape is datetime and value.tzinfo is None):
        raise Misshapen(where, f"a {name}" + (" with a time zone" if shape is datetime else ""))
    day = value.date() if shape is datetime else value
    if isinstance(day, date) and not is_meant(day):
        raise Misshapen(where, f"a {name} from {EARLIEST} to {LATEST}")
    return value


def _read_choice(shape: type[Enum], raw: Any, where: str) -> Enum:
    try:
        return shape(raw)
    except ValueError as error:
        raise Misshapen(where, " or ".join(str(one.value) for one in shape)) from error


def _read_object(shape: Any, raw: Any, where: str) -> Any:
    known = {field.name: field for field in fields(shape)}
    values = read_named(
        {name: hints_of(shape)[name] for name in known},
        {name for name, field in known.items() if _is_required(field)},
        raw,
        where,
    )
    return shape(**values)


def _is_required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def read_named(
    shapes: Mapping[str, Any], required: set[str], raw: Any, where: str = ""
) -> dict[str, Any]:
    """A JSON object as values by name; raises ``Misshapen`` for what is missing or unknown."""
    if not isinstance(raw, dict):
        raise Misshapen(where, "an object")
    inner = f"{where}." if where else ""
    for name in sorted(required - raw.keys()):
        raise Misshapen(f"{inner}{name}", "a value")
    for name in sorted(raw.keys() - shapes.keys()):
        raise Misshapen(f"{inner}{name}", "nothing of this name")
    return {name: read(shapes[name], value, f"{inner}{name}") for name, value in raw.items()}


def _read_many(shape: Any, raw: Any, where: str) -> Any:
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if origin in (tuple, Sequence, Collection, list):
        if not isinstance(raw, list) or len(raw) > MOST_ITEMS:
            raise Misshapen(where, f"a list of at most {MOST_ITEMS}")
        return tuple(read(inner[0], one, f"{where}[{place}]") for place, one in enumerate(raw))
    if not isinstance(raw, dict) or len(raw) > MOST_ITEMS:
        raise Misshapen(where, "an object")
    return {name: read(inner[1], value, f"{where}.{name}") for name, value in raw.items()}


def describe(shape: Any, named: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a shape; dataclasses and enums are put into ``named`` and referred to."""
    if choices := _choices(shape):
        found = [describe(one, named) for one in choices if one is not type(None)]
        return {"anyOf": [*found, {"type": "null"}]} if type(None) in choices else found[0]
    if shape in FORMATS:
        return {"type": "string", "format": FORMATS[shape][0]}
    if shape in (str, int, bool):
        return {"type": {str: "string", int: "integer", bool: "boolean"}[shape]}
    if isinstance(shape, type) and issubclass(shape, Enum):
        named[shape.__name__] = {"type": "string", "enum": [one.value for one in shape]}
    elif is_dataclass(shape) and isinstance(shape, type):
        _describe_object(shape, named)
    else:
        return _describe_many(shape, named)
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _describe_object(shape: Any, named: dict[str, Any]) -> None:
    if shape.__name__ in named:
        return
    named[shape.__name__] = {}  # a shape within itself ends here
    known = list(fields(shape))
    named[shape.__name__] = {
        "type": "object",
        "description": (shape.__doc__ or "").partition("\n")[0],
        "properties": {field.name: describe(hints_of(shape)[field.name], named) for field in known},
        "required": [field.name for field in known if _is_required(field)],
    }


def _describe_many(shape: Any, named: dict[str, Any]) -> dict[str, Any]:
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if origin is tuple and len(inner) > 1 and inner[1] is not Ellipsis:
        return {"type": "array", "prefixItems": [describe(one, named) for one in inner]}
    if origin in (tuple, list, Sequence, Collection, frozenset):
        return {"type": "array", "items": describe(inner[0], named)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": _of_any(inner[1], named)}
    return {}


def _of_any(shape: Any, named: dict[str, Any]) -> dict[str, Any]:
    return {} if shape is Any else describe(shape, named)
