"""Placements from a table, all or none: a dry run tells what would be done and what is wrong.

Columns by their headings, in any order: ``trainee_name``, ``trainee_mail``, ``host``,
``programme``, ``first``, ``last``; and, if wanted, ``mentor_name`` with ``mentor_mail``,
``cohort`` and ``tz``. Hosts are named by their names, programmes and cohorts by their codes, days
as ``2026-02-28``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from practicum.data import Actor, gettext_noop
from practicum.errors import PracticumError
from practicum.models import Cohort, HostLibrary, Person, Placement, ProgrammeVersion
from practicum.people import add_person, mail_digest, require_coordinator
from practicum.placing import create_placement
from practicum.rules.calendar import is_meant
from quarantine.tables import Cell, read_table

REQUIRED = ("trainee_name", "trainee_mail", "host", "programme", "first", "last")
OPTIONAL = ("mentor_name", "mentor_mail", "cohort", "tz")

MISSING_COLUMN = gettext_noop("The table has no column %(name)s.")
UNKNOWN_COLUMN = gettext_noop("No column is called %(name)s.")
EMPTY = gettext_noop("%(name)s is missing.")
UNKNOWN = gettext_noop("There is no %(name)s “%(value)s”.")
SEVERAL = gettext_noop("Several host libraries are called “%(value)s”.")
NO_DAY = gettext_noop("%(name)s is not a day such as 2026-02-28: “%(value)s”.")
BOTH = gettext_noop("A mentor needs both a name and an address.")
THERE = gettext_noop("This placement is there already.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of the table (1 is the headings)."""

    line: int
    template: str
    params: dict[str, str]

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.params


@dataclass(frozen=True, slots=True)
class Planned:
    """A placement that a line asks for."""

    line: int
    trainee_name: str
    trainee_mail: str
    mentor_name: str
    mentor_mail: str
    host: UUID
    host_name: str
    programme_version: UUID
    cohort: UUID | None
    first: date
    last: date
    tz: str


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, or would do: nothing, if there are ``faults``."""

    planned: tuple[Planned, ...]
    faults: tuple[Fault, ...]
    placements: tuple[UUID, ...] = ()


class _LineFault(Exception):
    def __init__(self, template: str, **params: str) -> None:
        super().__init__(template)
        self.template = template
        self.params = params


def import_placements(
    actor: Actor, data: bytes, name: str, *, is_dry_run: bool = False
) -> ImportOutcome:
    """Create the placements of a CSV or XLSX table, people included where they are new.

    Coordinators and the program. Raises ``quarantine.errors.Refused`` for a file that is no table,
    ``NotAllowed``. Faults are in the outcome, with their lines, and then nothing is created.
    """
    require_coordinator(actor)
    planned, faults = _plan(read_table(data, name))
    if faults or is_dry_run:
        return ImportOutcome(planned, faults)
    with transaction.atomic():
        made = []
        for plan in planned:
            try:
                made.append(_create(actor, plan))
            except PracticumError as error:
                faults = (*faults, Fault(plan.line, error.template, dict(error.params)))
        if faults:
            transaction.set_rollback(True)
            return ImportOutcome(planned, faults)
    return ImportOutcome(planned, (), tuple(made))


def _create(actor: Actor, plan: Planned) -> UUID:
    trainee = add_person(actor, name=plan.trainee_name, mail=plan.trainee_mail).id
    mentors: tuple[UUID, ...] = ()
    if plan.mentor_mail:
        mentors = (add_person(actor, name=plan.mentor_name, mail=plan.mentor_mail).id,)
    return create_placement(
        actor,
        trainee=trainee,
        host=plan.host,
        programme_version=plan.programme_version,
        first=plan.first,
        last=plan.last,
        mentors=mentors,
        cohort=plan.cohort,
        tz=plan.tz,
    ).id


def _plan(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Planned, ...], tuple[Fault, ...]]:
    headings = [str(cell).strip().lower() for cell in (rows[0] if rows else ())]
    faults = [Fault(1, MISSING_COLUMN, {"name": one}) for one in REQUIRED if one not in headings]
    known = {*REQUIRED, *OPTIONAL}
    faults += [Fault(1, UNKNOWN_COLUMN, {"name": one}) for one in headings if one not in known]
    if faults:
        return (), tuple(faults)
    planned: list[Planned] = []
    for line, row in enumerate(rows[1:], start=2):
        if not any(str(cell).strip() for cell in row):
            continue
        cells = dict(zip(headings, [*row, *[""] * (len(headings) - len(row))], strict=False))
        try:
            plan = _planned(line, cells)
            _refuse_double(plan, planned)
        except _LineFault as fault:
            faults.append(Fault(line, fault.template, fault.params))
        else:
            planned.append(plan)
    return tuple(planned), tuple(faults)


def _planned(line: int, cells: dict[str, Cell]) -> Planned:
    texts = {name: " ".join(str(cell).split()) for name, cell in cells.items()}
    for name in REQUIRED:
        if not texts[name]:
            raise _LineFault(EMPTY, name=name)
    mentor_name, mentor_mail = texts.get("mentor_name", ""), texts.get("mentor_mail", "")
    if bool(mentor_name) != bool(mentor_mail):
        raise _LineFault(BOTH)
    for name in ("trainee_mail", "mentor_mail"):
        if texts.get(name) and "@" not in texts[name]:
            raise _LineFault(UNKNOWN, name=name, value=texts[name])
    first, last = _day("first", cells["first"]), _day("last", cells["last"])
    if last < first:
        raise _LineFault(NO_DAY, name="last", value=last.isoformat())
    host = _host(texts["host"])
    return Planned(
        line=line,
        trainee_name=texts["trainee_name"],
        trainee_mail=texts["trainee_mail"].lower(),
        mentor_name=mentor_name,
        mentor_mail=mentor_mail.lower(),
        host=host.pk,
        host_name=host.name,
        programme_version=_version(texts["programme"]),
        cohort=_cohort(texts.get("cohort", "")),
        first=first,
        last=last,
        tz=texts.get("tz", ""),
    )


def _day(name: str, cell: Cell) -> date:
    try:
        found = _read_day(cell)
    except ValueError as error:
        raise _LineFault(NO_DAY, name=name, value=str(cell)) from error
    if not is_meant(found):
        raise _LineFault(NO_DAY, name=name, value=str(cell))
    return found


def _read_day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else date.fromisoformat(str(cell).strip())


def _host(name: str) -> HostLibrary:
    found = list(HostLibrary.objects.filter(name=name, merged_into=None)[:2])
    if not found:
        raise _LineFault(UNKNOWN, name="host", value=name)
    if len(found) > 1:
        raise _LineFault(SEVERAL, value=name)
    return found[0]


def _version(code: str) -> UUID:
    versions = ProgrammeVersion.objects.filter(programme__code=code).order_by("-number")
    found: UUID | None = versions.values_list("pk", flat=True).first()
    if found is None:
        raise _LineFault(UNKNOWN, name="programme", value=code)
    return found


def _cohort(code: str) -> UUID | None:
    if not code:
        return None
    found = Cohort.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise _LineFault(UNKNOWN, name="cohort", value=code)
    return found


def _refuse_double(plan: Planned, earlier: Sequence[Planned]) -> None:
    """The same person at the same host from the same day is the same placement."""
    same = (plan.trainee_mail, plan.host, plan.first)
    if any((one.trainee_mail, one.host, one.first) == same for one in earlier):
        raise _LineFault(THERE)
    person = Person.objects.filter(mail_hash=mail_digest(plan.trainee_mail)).first()
    if person is None:
        return
    there = Placement.objects.filter(trainee=person, host_id=plan.host, first=plan.first)
    if there.exists():
        raise _LineFault(THERE)
