"""Rows as JSON and back: which tables a dossier has, and what each column may hold."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from practicum.canonical import plain
from practicum.data import Rules
from practicum.models import (
    Absence,
    Agreement,
    Amendment,
    Appeal,
    AttendanceSheet,
    Category,
    Checklist,
    ChecklistTick,
    Cohort,
    Competency,
    CompetencyAssessment,
    Entry,
    EntryVersion,
    Evaluation,
    EvaluationForm,
    EvidenceContent,
    EvidenceFile,
    HostLibrary,
    LedgerLine,
    Mandate,
    Override,
    Pause,
    Period,
    Person,
    Placement,
    Programme,
    ProgrammeVersion,
    Reopening,
    Signature,
    WeeklyReport,
    Withdrawal,
)
from practicum.rules.programme import load_rules
from quarantine.errors import Refused, gettext_noop

Row = dict[str, Any]
Rows = dict[str, list[Row]]

# What a school has for all its trainees, and what is one trainee's; each after what it names.
SHARED: tuple[type[models.Model], ...] = (
    *(HostLibrary, Category, Competency, Programme, ProgrammeVersion, Cohort),
    *(EvaluationForm, Checklist, AttendanceSheet),
)
OWN: tuple[type[models.Model], ...] = (
    *(Placement, Pause, Mandate, Override, Period, Reopening, EvidenceFile, EvidenceContent),
    *(Agreement, Entry, EntryVersion, Signature, Withdrawal, Amendment, LedgerLine, Appeal),
    *(WeeklyReport, Absence, CompetencyAssessment, Evaluation, ChecklistTick),
)
# An event is the trail's of the school that wrote it, as are its links and merged hosts.
STAYS = frozenset({"event_id", "link", "merged_into"})

VALUE = gettext_noop("%(value)s is no value for this.")
COLUMNS = gettext_noop("The columns have to be these: %(names)s.")
ROWS = gettext_noop("There has to be a list of rows here.")
TWICE = gettext_noop("The id %(value)s occurs twice.")
NOWHERE = gettext_noop("%(value)s is nowhere in the dossier.")


def name_of(model: type[models.Model]) -> str:
    """What a table is called in a dossier, as in the trail."""
    return model._meta.model_name or ""


def columns(model: type[models.Model]) -> list[Any]:
    """The columns of a table that go into a dossier."""
    return [field for field in model._meta.concrete_fields if field.name not in STAYS]


def key_of(model: type[models.Model]) -> str:
    """The column that rows of a table are known by."""
    return model._meta.pk.attname if model._meta.pk is not None else "id"


def write_row(row: models.Model, people: Mapping[int, UUID]) -> Row:
    """A row as JSON; ``people`` are the ids of those that it names, by their numbers."""
    return {field.attname: _write(field, row, people) for field in columns(type(row))}


def _write(field: Any, row: models.Model, people: Mapping[int, UUID]) -> Any:
    value = getattr(row, field.attname)
    if field.related_model is Person:
        return None if value is None else str(people[value])
    if isinstance(field, models.BinaryField):
        return b64encode(bytes(value)).decode()
    return plain(value)


def read_rows(written: Mapping[str, Any], people: frozenset[UUID]) -> Rows:
    """The rows of a dossier, each value as its column's; raises ``Refused`` with the place.

    What a row names has to be in the dossier.
    """
    known: dict[type[models.Model], set[Any]] = {Person: set(people)}
    found: Rows = {}
    for model in (*SHARED, *OWN):
        name, ids = name_of(model), known.setdefault(model, set())
        rows = written[name]
        if not isinstance(rows, list):
            raise Refused("dossier.rows", ROWS, where=name)
        found[name] = []
        for number, one in enumerate(rows):
            row = _read_row(model, one, f"{name}[{number}]", known)
            key = row[key_of(model)]
            if key in ids:
                raise Refused("dossier.twice", TWICE, where=f"{name}[{number}]", value=str(key))
            ids.add(key)
            found[name].append(row)
    return found


def _read_row(
    model: type[models.Model], one: Any, where: str, known: Mapping[type[models.Model], set[Any]]
) -> Row:
    fields = {field.attname: field for field in columns(model)}
    if not isinstance(one, dict) or one.keys() != fields.keys():
        raise Refused("dossier.columns", COLUMNS, where=where, names=", ".join(fields))
    row = {}
    for name, field in fields.items():
        place = f"{where}.{name}"
        value = _read(field, one[name], place)
        target = field.related_model
        if target and value is not None and target is not model and value not in known[target]:
            raise Refused("dossier.nowhere", NOWHERE, where=place, value=str(value))
        row[name] = value
    return row


def _read(field: Any, given: Any, where: str) -> Any:
    """A value of a column, in the one form that it is written in."""
    if given is None and field.null:
        return None
    try:
        value = _reader(field)(given)
        is_same = (_encoded(value) if isinstance(value, bytes) else plain(value)) == given
        field.run_validators(value)
    except (ArithmeticError, KeyError, TypeError, ValueError, ValidationError) as error:
        raise Refused("dossier.value", VALUE, where=where, value=_short(given)) from error
    is_offered = not field.choices or value in dict(field.flatchoices)
    if not is_same or not is_offered:
        raise Refused("dossier.value", VALUE, where=where, value=_short(given))
    return value


def _encoded(value: bytes) -> str:
    return b64encode(value).decode()


def _short(given: Any) -> str:
    return ascii(given)[:80]


def _reader(field: Any) -> Callable[[Any], Any]:
    if field.is_relation or isinstance(field, models.UUIDField):
        return UUID
    for kind, reader in _READERS:
        if isinstance(field, kind):
            return _JSON[field.name] if kind is models.JSONField else reader
    raise TypeError(type(field).__name__)


def _moment(given: str) -> datetime:
    return datetime.fromisoformat(given).astimezone(UTC)


def _of(kind: type) -> Callable[[Any], Any]:
    def read(given: Any) -> Any:
        if type(given) is not kind:
            raise TypeError(given)
        return given

    return read


_READERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (models.JSONField, _of(dict)),
    (models.BinaryField, lambda given: b64decode(given, validate=True)),
    (models.DateTimeField, _moment),
    (models.DateField, date.fromisoformat),
    (models.BooleanField, _of(bool)),
    (models.IntegerField, _of(int)),
    (models.CharField, _of(str)),
    (models.TextField, _of(str)),
)


def _minutes(given: Any) -> dict[str, int]:
    if not all(type(minutes) is int and minutes >= 0 for minutes in _of(dict)(given).values()):
        raise ValueError(given)
    return dict(given)


def _texts(given: Any) -> list[str]:
    return [_of(str)(one) for one in _of(list)(given)]


def _pairs(given: Any) -> list[list[str]]:
    pairs = [_texts(one) for one in _of(list)(given)]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError(given)
    return pairs


def _criteria(given: Any) -> list[dict[str, Any]]:
    return [
        {"code": _of(str)(one["code"]), "name": _of(str)(one["name"]), "levels": one["levels"]}
        for one in _of(list)(given)
    ]


def _rules(given: Any) -> dict[str, Any]:
    usual, loaded = plain(Rules()), plain(load_rules(_of(dict)(given)))
    for name, value in given.items():
        if type(value) is not type(usual[name]) or loaded[name] != value:
            raise ValueError(name)
    return dict(given)


_JSON: Mapping[str, Callable[[Any], Any]] = {
    "allocations": _minutes,
    "competencies": _texts,
    "criteria": _criteria,
    "entries": _texts,
    "evidence": _pairs,
    "items": _pairs,
    "rules": _rules,
}
