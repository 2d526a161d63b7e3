"""Fills a school with years of practice, for ``scripts.bench.practicum`` to measure in.

Planted rows are written past the commands, since a million entries would take hours. They have all
that commands look at: versions with their digests, texts sealed with their trainees' keys,
signatures and ledger lines. What they lack is their events: the trail has one for each placement
and lists no rows, so ``verify_audit_trail`` says in such a school that rows are in no event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone
from tqdm import tqdm

from practicum import api, overlap, trail
from practicum.api import SYSTEM, DecisionKind, EntryState, Requirement, Rules
from practicum.entry_rows import version_digest
from practicum.models import (
    Cohort,
    Entry,
    EntryVersion,
    HostLibrary,
    LedgerLine,
    Mandate,
    Person,
    PersonKey,
    Placement,
    Signature,
)
from practicum.models.base import new_id
from practicum.sealing import Vault, new_key

TZ = "Europe/Sofia"
TRAINEES_OF_A_MENTOR, TRAINEES_OF_A_HOST, TRAINEES_OF_A_COHORT = 20, 50, 500
WAITING, RETURNED, DRAFT = 10, 4, 6  # of a trainee's last entries
CHUNK = 20_000
RULES = Rules(
    requirement=Requirement(60 * 1000, {"cataloguing": 60 * 600, "desk": 60 * 400}),
    categories=("cataloguing", "desk"),
    competencies=("marc", "service"),
    back_entry_days=0,
    week_cap=0,
)
TEXT = "Описах постъпленията от седмицата и подредих рафтовете в отдела за краеведство."


def plant(trainees: int, entries_each: int) -> None:
    """Write the school: hosts, cohorts, mentors, trainees and their placements with entries."""
    version = _programme()
    mentors = _people("Mentor", -(-trainees // TRAINEES_OF_A_MENTOR))
    people = _people("Trainee", trainees)
    placements = _placements(people, mentors, version, entries_each)
    if connection.vendor == "postgresql":
        overlap.unprotect(connection)  # an index is built quicker than it grows
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
        for some in _chunks(tqdm(placements, unit="placement"), CHUNK // entries_each or 1):
            _entries(some, entries_each)
    if connection.vendor == "postgresql":
        overlap.protect(connection)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _programme() -> UUID:
    for code in RULES.categories:
        api.save_category(SYSTEM, code, code.title())
    for code in RULES.competencies:
        api.save_competency(SYSTEM, code, code.upper())
    return api.save_programme(SYSTEM, "bench", "Practice to measure", RULES).id


def _people(kind: str, count: int) -> list[Person]:
    """People with keys and sealed names, in bulk."""
    event = new_id()
    Person.objects.bulk_create([Person(event_id=event) for _ in range(count)], CHUNK)
    people = list(Person.objects.filter(event_id=event).order_by("number"))
    keys = [new_key(person) for person in people]
    PersonKey.objects.bulk_create(keys, CHUNK)
    vault = Vault(person.pk for person in people)
    for number, person in enumerate(people):
        person.sealed_name = vault.seal(person.pk, f"{kind} {number}")
        person.sealed_mail = vault.seal(person.pk, f"{kind.lower()}{number}@example.org")
    Person.objects.bulk_update(people, ["sealed_name", "sealed_mail"], 500)
    return people


def _placements(
    people: list[Person], mentors: list[Person], version: UUID, entries_each: int
) -> list[Placement]:
    hosts = [
        HostLibrary(event_id=new_id(), name=f"Sample Library {number}", tz=TZ)
        for number in range(-(-len(people) // TRAINEES_OF_A_HOST))
    ]
    cohorts = [
        Cohort(event_id=new_id(), code=f"bench-{number}", name=f"Cohort {number}")
        for number in range(-(-len(people) // TRAINEES_OF_A_COHORT))
    ]
    HostLibrary.objects.bulk_create(hosts)
    Cohort.objects.bulk_create(cohorts)
    now = timezone.now()
    first = now.date() - timedelta(days=entries_each * 2 + 30)
    steps, placements, mandates = [], [], []
    for number, person in enumerate(people):
        placement = Placement(
            trainee=person,
            host=hosts[number // TRAINEES_OF_A_HOST],
            programme_version_id=version,
            cohort=cohorts[number // TRAINEES_OF_A_COHORT],
            first=first,
            last=now.date() + timedelta(days=60),
            tz=TZ,
            created_at=now,
        )
        step = trail.Step("plant", placement.id, {"entries": entries_each})
        mentor = mentors[number // TRAINEES_OF_A_MENTOR]
        mandate = Mandate(placement=placement, mentor=mentor, first=first, event_id=step.id)
        placement.event_id = step.id
        steps.append(step)
        placements.append(placement)
        mandates.append(mandate)
    with transaction.atomic():
        Placement.objects.bulk_create(placements, CHUNK)
        Mandate.objects.bulk_create(mandates, CHUNK)
        trail.append(steps, SYSTEM, now)
    mentor_of = {mandate.placement_id: mandate.mentor for mandate in mandates}
    for placement in placements:
        placement.signer = mentor_of[placement.pk]  # type: ignore[attr-defined]  # for the rows below
    return placements


def _entries(placements: list[Placement], count: int) -> None:
    rows: dict[type[models.Model], list[models.Model]] = {
        Entry: [],
        EntryVersion: [],
        Signature: [],
        LedgerLine: [],
    }
    vault = Vault(placement.trainee_id for placement in placements)
    for placement in placements:
        for number, day in enumerate(_days(count)):
            for row in _entry(placement, day, _state(number), vault):
                rows[type(row)].append(row)
    for model, some in rows.items():
        _insert(model, some)


def _days(count: int) -> Iterator[date]:
    """The last weekdays, the latest first."""
    day = timezone.now().date()
    while count:
        day -= timedelta(days=1)
        if day.isoweekday() <= 5:
            count -= 1
            yield day


def _state(number: int) -> EntryState:
    if number < DRAFT:
        return EntryState.DRAFT
    if number < DRAFT + WAITING:
        return EntryState.SUBMITTED
    return EntryState.RETURNED if number < DRAFT + WAITING + RETURNED else EntryState.APPROVED


def _entry(
    placement: Placement, day: date, state: EntryState, vault: Vault
) -> Iterator[models.Model]:
    """The rows of an entry of four hours in the morning, as its state has them."""
    start = api.moment(day, time(9), TZ)
    at = start + timedelta(hours=9)
    shared = {"event_id": placement.event_id}
    entry = Entry(
        id=new_id(),
        placement=placement,
        trainee=placement.trainee,
        state=state.value,
        version=1,
        starts_at=start,
        ends_at=start + timedelta(hours=4),
        day=day,
        net_minutes=240,
        created_at=at,
        submitted_at=None if state is EntryState.DRAFT else at,
        **shared,
    )
    version = EntryVersion(
        entry=entry,
        number=1,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        break_minutes=0,
        net_minutes=240,
        allocations={"cataloguing": 180, "desk": 60},
        competencies=["marc"],
        sealed_text=vault.seal(placement.trainee_id, TEXT),
        author=placement.trainee,
        created_at=at,
        **shared,
    )
    version.content_hash = version_digest(version, placement.trainee.id)
    yield entry
    yield version
    if state is not EntryState.DRAFT:
        yield _signature(placement, version, DecisionKind.SUBMIT, at, vault)
    if state is EntryState.RETURNED:
        yield _signature(placement, version, DecisionKind.RETURN, at, vault)
    if state is EntryState.APPROVED:
        signature = _signature(placement, version, DecisionKind.APPROVE, at, vault)
        yield signature
        for category, minutes in version.allocations.items():
            yield LedgerLine(
                entry=entry,
                placement=placement,
                version=1,
                category=category,
                day=day,
                minutes=minutes,
                signature=signature,
                **shared,
            )


def _signature(
    placement: Placement, version: EntryVersion, kind: DecisionKind, at: datetime, vault: Vault
) -> Signature:
    is_own = kind is DecisionKind.SUBMIT
    return Signature(
        subject=version.entry_id,
        entry=version.entry,
        kind=kind.value,
        content_hash=version.content_hash,
        signer=placement.trainee if is_own else placement.signer,  # type: ignore[attr-defined]  # set above
        role="trainee" if is_own else "mentor",
        sealed_signer=vault.seal(placement.trainee_id, "Mentor\nSample Library"),
        means="account",
        at=at,
        event_id=placement.event_id,
    )


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    """Rows at once, the quickest way that the database has."""
    fields: list[Any] = list(model._meta.concrete_fields)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = (
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values))  # noqa: S608  # names of ours


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
