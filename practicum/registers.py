"""What is set up to choose from: hosts, programmes, codes and their names, forms, people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from practicum.data import Actor, Rules
from practicum.errors import NotAllowed
from practicum.models import (
    Category,
    Checklist,
    Cohort,
    Competency,
    EvaluationForm,
    HostLibrary,
    Person,
    ProgrammeVersion,
)
from practicum.people import require_account, require_coordinator
from practicum.reading import sees_all, visible_placements
from practicum.rules.programme import load_rules
from practicum.sealing import Vault


@dataclass(frozen=True, slots=True)
class HostRecord:
    """A library that takes trainees; ``capacity`` 0 is not said, ``merged_into`` mostly none."""

    id: UUID
    name: str
    address: str
    municipality: str
    country: str
    tz: str
    capacity: int
    contact_name: str
    contact_mail: str
    contact_phone: str
    merged_into: UUID | None


def hosts(
    actor: Actor, *, search: str = "", limit: int | None = None, offset: int = 0
) -> list[HostRecord]:
    """Host libraries by name: all for coordinators, those of their placements for others."""
    rows = HostLibrary.objects.all()
    if not sees_all(actor):
        rows = rows.filter(pk__in=visible_placements(actor).values("host_id"))
    # Compared here: databases differ in what they take for the same letter.
    wanted = search.casefold().strip()
    found = [row for row in rows.order_by("name", "pk") if wanted in row.name.casefold()]
    names = HostRecord.__dataclass_fields__
    return [
        HostRecord(**{name: getattr(row, _column(name)) for name in names})
        for row in found[offset : None if limit is None else offset + limit]
    ]


def _column(name: str) -> str:
    return "merged_into_id" if name == "merged_into" else name


@dataclass(frozen=True, slots=True)
class ProgrammeRecord:
    """The latest version of a programme (``version`` is its id), with its rules."""

    id: UUID
    code: str
    name: str
    version: UUID
    number: int
    rules: Rules


def programmes(actor: Actor) -> list[ProgrammeRecord]:
    """Programmes in their latest versions, by code: for coordinators and the program."""
    require_coordinator(actor)
    rows = ProgrammeVersion.objects.select_related("programme").order_by("number")
    latest = {row.programme.code: row for row in rows}
    return [
        ProgrammeRecord(
            id=row.programme_id,
            code=code,
            name=row.programme.name,
            version=row.pk,
            number=row.number,
            rules=load_rules(row.rules),
        )
        for code, row in sorted(latest.items())
    ]


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A code that never changes, and the name that it has now."""

    id: UUID
    code: str
    name: str


def categories(actor: Actor) -> list[NamedRecord]:
    """Activity categories by code, for everybody who takes part."""
    return _named(actor, Category.objects.all())


def cohorts(actor: Actor) -> list[NamedRecord]:
    """Cohorts by code: all for coordinators, those of their placements for others."""
    rows = Cohort.objects.all()
    if not sees_all(actor):
        rows = rows.filter(pk__in=visible_placements(actor).values("cohort_id"))
    return _named(actor, rows)


def _named(actor: Actor, rows: QuerySet[Any]) -> list[NamedRecord]:
    _require_part(actor)
    return [NamedRecord(row.pk, row.code, row.name) for row in rows.order_by("code")]


def _require_part(actor: Actor) -> None:
    """Raise ``NotAllowed`` for whoever came by a link, or is nobody."""
    require_account(actor)
    if actor.person is None and not sees_all(actor):
        raise NotAllowed


@dataclass(frozen=True, slots=True)
class CompetencyChoice:
    """A competency as it is described now; its levels go from 0 to ``levels``."""

    id: UUID
    code: str
    name: str
    description: str
    levels: int


def competencies(actor: Actor) -> list[CompetencyChoice]:
    """Competencies by code, for everybody who takes part."""
    _require_part(actor)
    return [
        CompetencyChoice(row.pk, row.code, row.name, row.description, row.levels)
        for row in Competency.objects.order_by("code")
    ]


@dataclass(frozen=True, slots=True)
class FormRecord:
    """The latest version of an evaluation form; criteria have ``code``, ``name``, ``levels``."""

    id: UUID
    code: str
    number: int
    kind: str
    title: str
    criteria: tuple[Mapping[str, Any], ...]


def forms(actor: Actor) -> list[FormRecord]:
    """Evaluation forms in their latest versions, for everybody who takes part."""
    _require_part(actor)
    latest = {row.code: row for row in EvaluationForm.objects.order_by("number")}
    return [
        FormRecord(row.pk, code, row.number, row.kind, row.title, tuple(row.criteria))
        for code, row in sorted(latest.items())
    ]


@dataclass(frozen=True, slots=True)
class ChecklistChoice:
    """The latest version of a checklist; items are pairs of code and text."""

    id: UUID
    code: str
    number: int
    title: str
    items: tuple[tuple[str, str], ...]


def checklist_versions(actor: Actor) -> list[ChecklistChoice]:
    """Checklists in their latest versions, for everybody who takes part."""
    _require_part(actor)
    latest = {row.code: row for row in Checklist.objects.order_by("number")}
    return [
        ChecklistChoice(
            row.pk, code, row.number, row.title, tuple((one, text) for one, text in row.items)
        )
        for code, row in sorted(latest.items())
    ]


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Somebody who takes part; name and address are empty once the person was erased."""

    id: UUID
    name: str
    mail: str
    has_account: bool
    is_erased: bool


def people(
    actor: Actor, *, search: str = "", limit: int | None = None, offset: int = 0
) -> list[PersonRecord]:
    """Everybody who takes part, by name; ``search`` looks in names and addresses. Coordinators.

    Names are sealed, so the database can neither sort nor search them: all are opened.
    """
    require_coordinator(actor)
    rows = list(Person.objects.order_by("pk"))
    vault = Vault(row.pk for row in rows)
    found = [
        PersonRecord(
            row.id,
            vault.open(row.pk, row.sealed_name),
            vault.open(row.pk, row.sealed_mail),
            row.user_id is not None,
            row.erased_at is not None,
        )
        for row in rows
    ]
    wanted = search.casefold().strip()
    found = [one for one in found if wanted in f"{one.name}\n{one.mail}".casefold()]
    found.sort(key=lambda one: (one.name.casefold(), one.id))
    return found[offset : offset + limit] if limit is not None else found[offset:]
