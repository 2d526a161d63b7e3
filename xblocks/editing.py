"""An author's form: which fields it has, and what was typed into them read as values.

A form is made of groups of a block's fields. What a browser sends is taken apart field by field,
so that one wrong number keeps no other field from being read, previewed or checked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from xblock.fields import Boolean, Dict, Float, Integer, List, String

MOST_CHARACTERS = 100_000


def _(text: str) -> str:
    """Mark ``text`` for translation."""
    return text


class FormGroup(NamedTuple):
    """Fields that belong together in the form, under a title."""

    name: str
    title: str
    fields: tuple[str, ...]


class Fault(NamedTuple):
    """What is wrong with a field: an English message, and where within the field's value."""

    field: str
    message: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an author should know before trainees meet the exercise.

    ``severity`` is ``error`` (it cannot be saved so), ``warning`` or ``note``; ``message`` is in
    the author's language. ``where`` is a place in the value of ``field``: a path into its JSON
    (``keys[0].fields[2]``), or into a record of it (``keys[0].245[0]$b[0]``).
    """

    severity: str
    field: str
    message: str
    where: str = ""
    refs: tuple[Mapping[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The finding as the form's script reads it."""
        return {**asdict(self), "refs": [dict(ref) for ref in self.refs]}


def names_in(form: Iterable[FormGroup]) -> tuple[str, ...]:
    """The names of all fields of a form, in order."""
    return tuple(name for group in form for name in group.fields)


# --- What the form shows ------------------------------------------------------------------------


def describe_field(xfield: Any, value: Any, translate: Callable[[str], str]) -> dict[str, Any]:
    """A field as the form's template shows it.

    ``kind`` is ``line``, ``html``, ``number``, ``boolean``, ``choice`` or ``json``; ``choices``
    are of ``value``, ``label`` and ``is_chosen``.
    """
    choices = [
        {"value": choice, "label": translate(label), "is_chosen": choice == value}
        for choice, label in _choices(xfield)
    ]
    limits = xfield.values if isinstance(xfield.values, Mapping) else {}
    return {
        "name": xfield.name,
        "kind": "choice" if choices else _kind(xfield),
        "label": translate(xfield.display_name or xfield.name),
        "help": translate(xfield.help or ""),
        "value": value,
        "choices": choices,
        "least": limits.get("min"),
        "most": limits.get("max"),
    }


def _kind(xfield: Any) -> str:
    if isinstance(xfield, Boolean):
        return "boolean"
    if isinstance(xfield, Integer | Float):
        return "number"
    if isinstance(xfield, String):
        return "html" if xfield.runtime_options.get("multiline_editor") else "line"
    return "json"


def _choices(xfield: Any) -> list[tuple[Any, str]]:
    if isinstance(xfield, Boolean) or not isinstance(xfield.values, list | tuple):
        return []
    return [
        (choice["value"], choice["display_name"])
        if isinstance(choice, Mapping)
        else (choice, str(choice))
        for choice in xfield.values
    ]


# --- What was typed -----------------------------------------------------------------------------


def read_edits(
    fields: Mapping[str, Any], raw: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """The values of ``raw`` that can be read, by field, and the faults of those that cannot.

    Numbers may be typed as text, with a decimal comma or point. What is none of ``fields`` is
    passed over.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, xfield in fields.items():
        if name not in raw:
            continue
        try:
            values[name] = _read(xfield, raw[name])
        except ValueError as error:
            faults.append(Fault(name, str(error)))
    return values, faults


def _read(xfield: Any, raw: Any) -> Any:
    """The value of a field; raises ``ValueError`` with an English message."""
    for kind, reader in _READERS:
        if isinstance(xfield, kind):
            return xfield.enforce_type(reader(raw))  # without characters that XML cannot hold
    return raw


def _read_boolean(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(_("Yes or no is needed."))
    return raw


def _read_integer(raw: Any) -> int:
    number = _read_number(raw)
    if number is None or not number.is_integer():
        raise ValueError(_("A whole number is needed."))
    return int(number)


def _read_number(raw: Any) -> float | None:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    text = raw.strip().replace(",", ".") if isinstance(raw, str) else raw
    try:
        number = math.nan if isinstance(text, bool) else float(text)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(_("A number is needed."))
    return number


def _read_text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError(_("Text is needed."))
    if len(raw) > MOST_CHARACTERS:
        raise ValueError(_("This text is too long."))
    return raw


def _read_object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError(_("A JSON object is needed: {…}."))
    return raw


def _read_list(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise ValueError(_("A JSON list is needed: […]."))
    return raw


_READERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (Boolean, _read_boolean),
    (Integer, _read_integer),
    (Float, _read_number),
    (String, _read_text),
    (Dict, _read_object),
    (List, _read_list),
)
