"""Handing out a person's dossier, and taking one in."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet

from practicum.data import Actor, Means, Receipt, gettext_noop
from practicum.dossiers.checks import check_rows
from practicum.dossiers.rows import (
    OWN,
    SHARED,
    Row,
    Rows,
    columns,
    key_of,
    name_of,
    read_rows,
    write_row,
)
from practicum.errors import InvalidEntry, InvalidValue, NotAllowed
from practicum.history import note_look
from practicum.models import (
    Agreement,
    AttendanceSheet,
    Category,
    Checklist,
    Cohort,
    Competency,
    Evaluation,
    EvaluationForm,
    EvidenceContent,
    EvidenceFile,
    HostLibrary,
    Person,
    PersonKey,
    Placement,
    Programme,
    ProgrammeVersion,
    Signature,
)
from practicum.people import find_person, mail_digest, require_coordinator
from practicum.running import Run, perform
from practicum.sealing import Vault, new_key
from practicum.trail import Step
from quarantine.errors import Refused
from quarantine.json import parse_json

FORMAT = "libschool.practicum.dossier.1"
LIMIT = 512 * 1024 * 1024  # bytes: files of evidence are in it
PARTS = ("format", "trainee", "key", "people", "rows")
PERSON = ("id", "name", "mail", "is_verified")
KEY = 32  # bytes

NO_DOSSIER = gettext_noop("This is no dossier of the practicum.")
PARTS_WRONG = gettext_noop("The parts have to be these: %(names)s.")
NO_PERSON = gettext_noop("This is nobody.")
NO_KEY = gettext_noop("This is no key.")
SEALED = gettext_noop("The key of the dossier does not open this.")
THERE = gettext_noop("The school has this already.")
ANOTHER = gettext_noop("The school has another of the same name or code.")
OVERLAPS = gettext_noop("Two entries have the same time.")


# --- Out ------------------------------------------------------------------------------------------


def export_dossier(actor: Actor, person: UUID) -> bytes:
    """A person's practice as a document that ``import_dossier`` takes in, and nothing is lost.

    Coordinators and the program, and it is in the trail: whoever has it reads all of the person's,
    also once they were erased. Raises ``NotFound`` and ``Erased``.
    """
    require_coordinator(actor)
    row = find_person(person)
    note_look(actor, "look_at_export", person)
    tables = [(model, list(_chosen(model, row))) for model in (*SHARED, *OWN)]
    numbers = {row.pk} | {
        getattr(one, field.attname)
        for model, found in tables
        for field in columns(model)
        if field.related_model is Person
        for one in found
    }
    people = list(Person.objects.filter(pk__in=numbers - {None}).order_by("id"))
    vault, ids = Vault(one.pk for one in people), {one.pk: one.id for one in people}
    document = {
        "format": FORMAT,
        "trainee": str(person),
        "key": b64encode(bytes(PersonKey.objects.get(person=row).key)).decode(),
        "people": [
            {
                "id": str(one.id),
                "name": vault.open(one.pk, one.sealed_name),
                "mail": vault.open(one.pk, one.sealed_mail),
                "is_verified": one.mail_hash is not None,
            }
            for one in people
        ],
        "rows": {name_of(model): [write_row(one, ids) for one in rows] for model, rows in tables},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _chosen(model: Any, person: Person) -> QuerySet[Any]:
    """The rows of a table that are a person's, or that those name."""
    own = Placement.objects.filter(trainee=person)
    rules = ProgrammeVersion.objects.filter(placements__in=own).values_list("rules", flat=True)
    codes = {
        name: {code for one in rules for code in one.get(name, ())}
        for name in ("categories", "competencies")
    }
    wanted = {
        HostLibrary: Q(placements__in=own),
        Category: Q(code__in=codes["categories"]),
        Competency: Q(code__in=codes["competencies"]),
        Programme: Q(versions__placements__in=own),
        ProgrammeVersion: Q(placements__in=own),
        Cohort: Q(placements__in=own),
        EvaluationForm: Q(evaluations__placement__in=own),
        Checklist: Q(ticks__placement__in=own),
        AttendanceSheet: Q(entries__trainee=person),
        Placement: Q(trainee=person),
        EvidenceFile: Q(owner=person),
        EvidenceContent: Q(file__owner=person),
    }
    chosen = wanted.get(model) or _by_way(model, person)
    found: QuerySet[Any] = model.objects.filter(chosen).distinct().order_by("pk")
    return found


def _by_way(model: Any, person: Person) -> Q:
    """A person's rows of a table that names placements, entries, periods or signatures."""
    if model is Signature:
        beside = [
            Q(subject__in=signed.objects.filter(placement__trainee=person).values("pk"))
            for signed in (Agreement, Evaluation)
        ]
        return Q(entry__trainee=person) | beside[0] | beside[1]
    names = {field.name for field in model._meta.concrete_fields}
    for way in ("placement__trainee", "entry__trainee", "period__placement__trainee"):
        if way.partition("__")[0] in names:
            return Q(**{way: person})
    return Q(signature__entry__trainee=person)


# --- In -------------------------------------------------------------------------------------------


def import_dossier(actor: Actor, data: bytes, *, is_dry_run: bool = False) -> Receipt:
    """Take in what ``export_dossier`` gave, of somebody whom this school does not have yet.

    Confirmed hours come in as confirmed, so only the program does this: whoever runs its commands
    answers for where the document is from, whose digest is in the trail. Raises ``Refused`` with
    the place for what is no dossier, does not hold together or is there already, and then nothing
    has changed; so it is after a dry run.
    """
    if actor.means is not Means.SYSTEM:
        raise NotAllowed
    trainee, key, people, rows = _read(data)
    _check_seals(rows, key)
    sha256 = hashlib.sha256(data).hexdigest()

    def effect(run: Run) -> Receipt:
        _refuse_known(rows, people, trainee)
        step = run.step("import_dossier", trainee, sha256=sha256)
        numbers = {
            one["id"]: _person(run, step, one, key if one["id"] == trainee else None)
            for one in people
        }
        _add_rows(run, step, rows, numbers)
        return Receipt(trainee)

    try:
        with transaction.atomic():
            receipt = perform(actor, "import_dossier", "", [sha256], effect)
            transaction.set_rollback(is_dry_run)
    except InvalidEntry as error:
        raise Refused("dossier.overlap", OVERLAPS, where="entry") from error
    except IntegrityError as error:
        raise Refused("dossier.another", ANOTHER, where="rows") from error
    return receipt


def _read(data: bytes) -> tuple[UUID, bytes, list[Row], Rows]:
    document = parse_json(data, limit=LIMIT)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused("dossier.none", NO_DOSSIER)
    _require_parts(document, PARTS, "")
    _require_parts(document["rows"], [name_of(model) for model in (*SHARED, *OWN)], "rows")
    try:
        key = b64decode(document["key"], validate=True)
    except (TypeError, ValueError) as error:
        raise Refused("dossier.key", NO_KEY, where="key") from error
    if len(key) != KEY:
        raise Refused("dossier.key", NO_KEY, where="key")
    given = document["people"] if isinstance(document["people"], list) else [None]
    people = [_read_person(one, f"people[{number}]") for number, one in enumerate(given)]
    ids = [one["id"] for one in people]
    trainee = next((one for one in ids if str(one) == document["trainee"]), None)
    if trainee is None or len(set(ids)) != len(ids):
        raise Refused("dossier.person", NO_PERSON, where="trainee")
    rows = read_rows(document["rows"], frozenset(ids))
    check_rows(rows, trainee)
    return trainee, key, people, rows


def _require_parts(given: Any, names: Iterable[str], where: str) -> None:
    if not isinstance(given, dict) or given.keys() != set(names):
        raise Refused("dossier.parts", PARTS_WRONG, where=where, names=", ".join(names))


def _read_person(one: Any, where: str) -> Row:
    _require_parts(one, PERSON, where)
    is_text = all(isinstance(one[name], str) for name in ("id", "name", "mail"))
    if not is_text or not isinstance(one["is_verified"], bool):
        raise Refused("dossier.person", NO_PERSON, where=where)
    try:
        known = UUID(one["id"])
    except ValueError as error:
        raise Refused("dossier.person", NO_PERSON, where=f"{where}.id") from error
    if str(known) != one["id"] or (one["is_verified"] and "@" not in one["mail"]):
        raise Refused("dossier.person", NO_PERSON, where=where)
    return {**one, "id": known}


def _check_seals(rows: Rows, key: bytes) -> None:
    """Raise ``Refused`` for what the dossier's own key does not open, or opens to another file."""
    person = Person(number=0)
    person.key = PersonKey(person=person, key=key)
    vault = Vault()
    vault.hold(person)
    files = {row["id"]: row["sha256"] for row in rows["evidencefile"]}
    for model in OWN:
        for number, row in enumerate(rows[name_of(model)]):
            for name in [name for name in row if name.startswith("sealed")]:
                where = f"{name_of(model)}[{number}].{name}"
                opened = _opened(vault, row[name], where)
                if model is EvidenceContent and _sha256(opened) != files[row["file_id"]]:
                    raise Refused("dossier.sealed", SEALED, where=where)


def _opened(vault: Vault, sealed: str | bytes, where: str) -> bytes:
    try:
        if isinstance(sealed, bytes):
            return vault.open_bytes(0, sealed)
        return vault.open(0, sealed).encode()
    except (InvalidValue, ValueError) as error:
        raise Refused("dossier.sealed", SEALED, where=where) from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refuse_known(rows: Rows, people: list[Row], trainee: UUID) -> None:
    if Person.objects.filter(id=trainee).exists():
        raise Refused("dossier.there", THERE, where="trainee")
    for model in OWN:
        ids = [row[key_of(model)] for row in rows[name_of(model)]]
        if _managed(model).filter(pk__in=ids).exists():
            raise Refused("dossier.there", THERE, where=name_of(model))
    for number, one in enumerate(people):
        is_taken = Person.objects.filter(mail_hash=mail_digest(one["mail"])).exclude(id=one["id"])
        if one["is_verified"] and is_taken.exists():
            raise Refused("dossier.another", ANOTHER, where=f"people[{number}]")


def _managed(model: type[models.Model]) -> QuerySet[Any]:
    return model._default_manager.all()


def _person(run: Run, step: Step, one: Row, key: bytes | None) -> int:
    """The number of a person, who is made if the school does not know them."""
    known = Person.objects.filter(id=one["id"]).first()
    if known is not None:
        return known.pk
    made = Person(
        id=one["id"],
        mail_hash=mail_digest(one["mail"]) if one["is_verified"] else None,
        erased_at=None if one["name"] else run.at,
    )
    run.save_now(step, made)
    if one["name"]:
        row = PersonKey(person=made, key=key) if key is not None else new_key(made)
        row.save(force_insert=True)
        sealed = {f"sealed_{name}": run.vault.seal(made.pk, one[name]) for name in ("name", "mail")}
        run.change(step, made, **sealed)
    return made.pk


def _add_rows(run: Run, step: Step, rows: Rows, numbers: Mapping[UUID, int]) -> None:
    """Insert what the school does not have; every entry has an event, as the trail tells states."""
    steps: dict[UUID, Step] = {}
    for row in rows["entry"]:
        facts = {"state": row["state"], "version": row["version"], "placement": row["placement_id"]}
        steps[row["id"]] = run.step("import_entry", row["id"], **facts)
    for row in rows["ledgerline"]:
        counted = steps[row["entry_id"]].facts.setdefault("ledger", {})
        counted[row["category"]] = counted.get(row["category"], 0) + row["minutes"]
    for model in (*SHARED, *OWN):
        known = _known(model, rows[name_of(model)]) if model in SHARED else set()
        for row in rows[name_of(model)]:
            if row[key_of(model)] in known:
                continue
            made = model(**_with_numbers(model, row, numbers))
            if model is EvidenceContent:
                run.flush()
                made.save(force_insert=True)
            else:
                entry: Any = row["id"] if name_of(model) == "entry" else row.get("entry_id")
                run.add(steps.get(entry, step), made)


def _known(model: type[models.Model], rows: list[Row]) -> set[UUID]:
    """The ids of rows that the school has: by their ids, or by codes where those stand for them."""
    found = set(
        _managed(model).filter(pk__in=[row["id"] for row in rows]).values_list("pk", flat=True)
    )
    if model is Category or model is Competency:
        codes = _managed(model).filter(code__in=[row["code"] for row in rows])
        there = set(codes.values_list("code", flat=True))
        found |= {row["id"] for row in rows if row["code"] in there}
    return found


def _with_numbers(model: type[models.Model], row: Row, numbers: Mapping[UUID, int]) -> Row:
    people = {field.attname for field in columns(model) if field.related_model is Person}
    return {
        name: numbers[value] if name in people and value is not None else value
        for name, value in row.items()
    }
