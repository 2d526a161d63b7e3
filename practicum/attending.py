"""Attendance sheets for group practice (T16), absences and weekly reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from practicum.data import Actor, EntryState, EntryValues, ItemOutcome, Problem, Receipt
from practicum.entry_rows import checked, head_values, new_version
from practicum.errors import (
    InvalidEntry,
    InvalidValue,
    NotAllowed,
    NotFound,
    PracticumError,
    StaleVersion,
    WrongState,
)
from practicum.models import (
    Absence,
    AttendanceSheet,
    Entry,
    Person,
    Placement,
    WeeklyReport,
)
from practicum.models.base import new_id
from practicum.people import (
    clean_line,
    has_mandate,
    is_coordinator,
    lock_people,
    lock_placement,
    person_of,
    require_account,
)
from practicum.reading import find_placement, page, seen_days, visible_entries
from practicum.rules.calendar import local_day, week_of
from practicum.running import Run, perform
from practicum.sealing import Vault

MAX_REPORT = 50_000

# --- Attendance -----------------------------------------------------------------------------------


def record_attendance(
    actor: Actor,
    sheet: UUID,
    values: EntryValues,
    *,
    title: str,
    placements: Sequence[UUID],
    key: str = "",
) -> Receipt:
    """Record who was present: each line becomes a draft of its trainee, who submits it (T16).

    ``sheet`` is an id that the client made. A mentor of every one of the placements on that day,
    or a coordinator. The items are the placements, with the problems of those that got no line;
    a sheet without any line is not kept. Raises ``NotFound`` if there is none to record on.
    """
    title = clean_line(title, "title")
    wanted = list(dict.fromkeys(placements))

    def effect(run: Run) -> Receipt:
        require_account(actor)
        recorder = person_of(actor)
        if AttendanceSheet.objects.filter(pk=sheet).exists():
            raise WrongState(state="recorded")
        rows = _lock_placements(wanted)
        row = AttendanceSheet(
            id=sheet,
            recorder=recorder,
            title=title,
            starts_at=values.start,
            ends_at=values.end,
            break_minutes=values.break_minutes,
            allocations=dict(values.allocations),
            recorded_at=run.at,
        )
        coordinates, outcomes, is_kept = is_coordinator(actor), [], False
        for pk in wanted:
            try:
                place = _require_recorder(rows.get(pk), values, recorder, coordinates)
                utc, warnings = checked(run, place, values)
            except PracticumError as error:
                outcomes.append(_refused(pk, error))
                continue
            if not is_kept:
                run.add(run.step("record_attendance", sheet, placements=wanted), row)
                is_kept = True
            outcomes.append(_line(run, place, row, utc, warnings, recorder))
        if not any(outcome.is_done or outcome.problems for outcome in outcomes):
            raise NotFound(what="placement")
        return Receipt(sheet, "recorded" if is_kept else "", items=tuple(outcomes))

    request = [sheet, values, title, wanted]
    return perform(actor, "record_attendance", key, request, effect)


def _lock_placements(placements: Sequence[UUID]) -> dict[UUID, Placement]:
    rows = Placement.objects.filter(pk__in=placements)
    lock_people(rows.values_list("trainee_id", flat=True))
    rows = rows.select_related("trainee", "programme_version")
    return {row.pk: row for row in rows}


def _require_recorder(
    place: Placement | None, values: EntryValues, recorder: Person, coordinates: bool
) -> Placement:
    """The placement, if the recorder may record on it; to others it is not there."""
    if place is None or place.trainee_id == recorder.pk or place.trainee.erased_at is not None:
        raise NotFound(what="placement")
    if not coordinates and not has_mandate(recorder, place, local_day(values.start, place.tz)):
        raise NotFound(what="placement")
    return place


def _refused(pk: UUID, error: PracticumError) -> ItemOutcome:
    problems = error.problems if isinstance(error, InvalidEntry) else ()
    return ItemOutcome(pk, error=error.code, problems=problems)


def _line(
    run: Run,
    place: Placement,
    sheet: AttendanceSheet,
    utc: EntryValues,
    warnings: tuple[Problem, ...],
    recorder: Person,
) -> ItemOutcome:
    entry = Entry(
        id=new_id(),
        placement=place,
        trainee=place.trainee,
        state=EntryState.DRAFT.value,
        sheet=sheet,
        created_at=run.at,
    )
    version = new_version(run, entry, 1, utc, recorder)
    for name, value in head_values(version, place.tz).items():
        setattr(entry, name, value)
    step = run.step(
        "record_on_sheet", entry.id, state=entry.state, version=1, hash=version.content_hash
    )
    run.add(step, entry, version)
    run.flush()  # so that a second line of the same trainee, in another placement, is refused
    return ItemOutcome(place.pk, entry.state, 1, problems=warnings)


# --- Absences -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AbsenceRecord:
    """A day on which a trainee was not there; ``kind`` is one of ``Absence.KINDS``."""

    day: date
    kind: str
    note: str


def record_absence(
    actor: Actor, placement: UUID, day: date, kind: str, *, note: str = "", key: str = ""
) -> Receipt:
    """Note an absence, or put another one in its place. The trainee, a mentor, a coordinator."""
    if kind not in dict(Absence.KINDS):
        raise InvalidValue(what="kind")

    def effect(run: Run) -> Receipt:
        place, person = _party(actor, placement, day)
        if not place.first <= day <= place.last:
            raise InvalidValue(what="day")
        values = {
            "sealed_kind": run.vault.seal(place.trainee_id, kind),
            "sealed_note": run.vault.seal(place.trainee_id, note.strip()),
            "recorder": person,
            "is_withdrawn": False,
        }
        row = Absence.objects.filter(placement=place, day=day).first()
        if row is None:
            row = Absence(placement=place, day=day, **values)
            run.add(run.step("record_absence", place.id, day=day), row)
        else:
            run.change(run.step("record_absence", place.id, day=day), row, **values)
        return Receipt(row.id)

    return perform(actor, "record_absence", key, [placement, day, kind, note], effect)


def withdraw_absence(actor: Actor, placement: UUID, day: date, *, key: str = "") -> Receipt:
    """Take a noted absence back. The trainee, a mentor, a coordinator."""

    def effect(run: Run) -> Receipt:
        place, _person = _party(actor, placement, day)
        row = Absence.objects.filter(placement=place, day=day, is_withdrawn=False).first()
        if row is None:
            raise NotFound(what="absence")
        run.change(run.step("withdraw_absence", place.id, day=day), row, is_withdrawn=True)
        return Receipt(row.id)

    return perform(actor, "withdraw_absence", key, [placement, day], effect)


def absences(actor: Actor, placement: UUID) -> list[AbsenceRecord]:
    """The absences of a placement, by day; a mentor's of the days of the mandate."""
    place = find_placement(actor, placement)
    vault, is_seen = Vault([place.trainee_id]), seen_days(actor, place)
    return [
        AbsenceRecord(
            row.day,
            vault.open(place.trainee_id, row.sealed_kind),
            vault.open(place.trainee_id, row.sealed_note),
        )
        for row in place.absences.filter(is_withdrawn=False).order_by("day")
        if is_seen(row.day)
    ]


def _party(actor: Actor, placement: UUID, day: date) -> tuple[Placement, Person]:
    require_account(actor)
    place, person = lock_placement(placement), person_of(actor)
    is_own = person.pk == place.trainee_id
    if not is_own and not has_mandate(person, place, day) and not is_coordinator(actor):
        raise NotFound(what="placement")
    return place, person


# --- Weekly reports -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeekRecord:
    """A trainee's report on an ISO week, in its latest version."""

    monday: date
    version: int
    text: str
    reflection: str
    written_at: datetime


def save_week(
    actor: Actor,
    placement: UUID,
    day: date,
    *,
    text: str,
    reflection: str = "",
    expected_version: int = 0,
    key: str = "",
) -> Receipt:
    """Keep the trainee's report on the week of ``day``; earlier versions stay.

    Raises ``StaleVersion`` if another version than ``expected_version`` is the latest, and
    ``InvalidValue`` for a week that no day of the placement lies in.
    """
    if len(text) > MAX_REPORT or len(reflection) > MAX_REPORT:
        raise InvalidValue(what="text")
    monday = week_of(day)

    def effect(run: Run) -> Receipt:
        require_account(actor)
        place, person = lock_placement(placement), person_of(actor)
        if person.pk != place.trainee_id:
            raise NotAllowed
        if monday > place.last or monday + timedelta(days=6) < place.first:
            raise InvalidValue(what="day")
        latest = place.weeks.filter(monday=monday).order_by("-number").first()
        number = latest.number if latest is not None else 0
        if number != expected_version:
            raise StaleVersion(current=number)
        row = WeeklyReport(
            placement=place,
            monday=monday,
            number=number + 1,
            sealed_text=run.vault.seal(place.trainee_id, text),
            sealed_reflection=run.vault.seal(place.trainee_id, reflection),
            written_at=run.at,
        )
        run.add(run.step("save_week", place.id, monday=monday, version=row.number), row)
        return Receipt(row.id, version=row.number)

    request: Mapping[str, object] = {
        "placement": placement,
        "monday": monday,
        "text": text,
        "reflection": reflection,
        "expected": expected_version,
    }
    return perform(actor, "save_week", key, request, effect)


def weeks(actor: Actor, placement: UUID) -> list[WeekRecord]:
    """The latest report on each week of a placement, oldest first.

    A mentor sees those of the weeks in which a day of the mandate lies.
    """
    place = find_placement(actor, placement)
    vault, is_seen = Vault([place.trainee_id]), seen_days(actor, place)
    latest = {row.monday: row for row in place.weeks.order_by("monday", "number")}
    return [
        WeekRecord(
            row.monday,
            row.number,
            vault.open(place.trainee_id, row.sealed_text),
            vault.open(place.trainee_id, row.sealed_reflection),
            row.written_at,
        )
        for row in latest.values()
        if any(is_seen(row.monday + timedelta(days)) for days in range(7))
    ]


# --- Sheets ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """An attendance sheet: who recorded it, and its lines as entry, placement and state."""

    id: UUID
    title: str
    recorder: UUID
    start: datetime
    end: datetime
    recorded_at: datetime
    lines: tuple[tuple[UUID, UUID, EntryState], ...]


def attendance_sheets(
    actor: Actor, *, limit: int | None = None, offset: int = 0
) -> list[SheetRecord]:
    """Sheets with lines that the actor sees, and those lines; the latest first."""
    seen = visible_entries(actor)
    rows = AttendanceSheet.objects.filter(Exists(seen.filter(sheet=OuterRef("pk"))))
    rows = rows.select_related("recorder").order_by("-starts_at", "pk")
    kept = list(page(rows, limit, offset))
    lines: dict[UUID, list[tuple[UUID, UUID, EntryState]]] = {}
    found = seen.filter(sheet__in=kept).order_by("pk")
    for sheet, entry, placement, state in found.values_list(
        "sheet_id", "pk", "placement_id", "state"
    ):
        lines.setdefault(sheet, []).append((entry, placement, EntryState(state)))
    return [
        SheetRecord(
            row.pk,
            row.title,
            row.recorder.id,
            row.starts_at,
            row.ends_at,
            row.recorded_at,
            tuple(lines.get(row.pk, ())),
        )
        for row in kept
    ]
