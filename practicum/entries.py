"""What trainees do with their entries: log, edit, submit, recall, void (T1 to T4, T12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils import timezone

from practicum.data import (
    Actor,
    DecisionKind,
    EntryState,
    EntryValues,
    ItemOutcome,
    Problem,
    Receipt,
)
from practicum.entry_rows import (
    checked,
    current_version,
    find_problems,
    head_values,
    is_same,
    lock_entries,
    lock_entry,
    new_version,
    next_number,
    owner_of,
    require_open,
    require_step,
    sign,
    signatures_of,
    values_of,
)
from practicum.errors import (
    InvalidEntry,
    NoApprover,
    NotAllowed,
    NotFound,
    PracticumError,
    StaleVersion,
    WrongState,
)
from practicum.models import Entry, Placement
from practicum.people import living, lock_placement, mandates_on, person_of, require_account
from practicum.running import Run, perform

Act = Callable[[Run, Entry], Receipt]


def log_hours(
    actor: Actor,
    entry: UUID,
    values: EntryValues,
    *,
    placement: UUID,
    expected_version: int = 0,
    key: str = "",
) -> Receipt:
    """Keep what a trainee says of a stretch of practice, as a draft (T1) or an edit of it (T2).

    ``entry`` is an id that the client made; sending the same values for it again changes nothing,
    with or without a ``key``. ``expected_version`` is the version that was edited, 0 for a new
    entry. Warnings are in the receipt. Raises ``InvalidEntry`` (with every problem),
    ``StaleVersion``, ``WrongState``, ``NotAllowed`` and ``NotFound``.
    """

    def effect(run: Run) -> Receipt:
        require_account(actor)
        place = lock_placement(placement)
        if actor.person is None:
            raise NotAllowed
        if actor.person != place.trainee.id:
            raise NotFound(what="placement")
        run.vault.hold(living(place.trainee))
        known = Entry.objects.filter(pk=entry).select_related("trainee", "placement").first()
        if known is None:
            return _create(run, entry, values, place)
        if known.placement_id != placement:
            raise NotFound(what="entry")
        return _edit(run, known, values, expected_version, place)

    request = [entry, values, placement, expected_version]
    return perform(actor, "log_hours", key, request, effect)


def _create(run: Run, entry: UUID, values: EntryValues, place: Placement) -> Receipt:
    utc, warnings = checked(run, place, values)
    row = Entry(
        id=entry,
        placement=place,
        trainee=place.trainee,
        state=EntryState.DRAFT.value,
        created_at=run.at,
    )
    version = new_version(run, row, 1, utc, place.trainee)
    for name, value in head_values(version, place.tz).items():
        setattr(row, name, value)
    step = run.step("create", row.id, state=row.state, version=1, hash=version.content_hash)
    run.add(step, row, version)
    return Receipt(row.id, row.state, 1, version.content_hash, warnings)


def _edit(
    run: Run, entry: Entry, values: EntryValues, expected_version: int, place: Placement
) -> Receipt:
    current = current_version(entry)
    text = run.vault.open(entry.trainee_id, current.sealed_text)
    if current.author_id == place.trainee_id and is_same(values, values_of(current, text)):
        return Receipt(entry.id, entry.state, entry.version, current.content_hash)
    state = require_step("edit", entry)
    if entry.version != expected_version:
        raise StaleVersion(current=entry.version)
    require_open(place, entry.day)
    utc, warnings = checked(run, place, values, entry=entry)
    version = new_version(run, entry, next_number(entry), utc, place.trainee)
    step = run.step(
        "edit", entry.id, state=state, version=version.number, hash=version.content_hash
    )
    run.add(step, version)
    run.change(step, entry, **head_values(version, place.tz))
    return Receipt(entry.id, state.value, version.number, version.content_hash, warnings)


def submit_entries(actor: Actor, entries: Sequence[UUID], *, key: str = "") -> Receipt:
    """Ask for entries to be confirmed (T3); each for itself, so the items tell what became of it.

    A line of an attendance sheet becomes the trainee's own statement by this: a version of theirs
    with the same values.
    """
    return _each(actor, "submit_entries", entries, key, _submit)


def sign_on_sheet(actor: Actor, sheet: UUID, *, key: str = "") -> Receipt:
    """Submit the trainee's own line of an attendance sheet on the spot (T16)."""

    def effect(run: Run) -> Receipt:
        require_account(actor)
        person = person_of(actor)
        line = Entry.objects.filter(sheet_id=sheet, trainee=person).first()
        if line is None:
            raise NotFound(what="attendance sheet")
        return _submit(run, lock_entry(line.pk))

    return perform(actor, "sign_on_sheet", key, [sheet], effect)


def _submit(run: Run, entry: Entry) -> Receipt:
    trainee = owner_of(run.actor, entry)
    state = require_step("submit", entry)
    place = entry.placement
    require_open(place, entry.day)
    current = current_version(entry)
    if not mandates_on(place, entry.day):
        raise NoApprover(day=entry.day.isoformat())
    is_adopted = current.author_id != trainee.pk
    if is_adopted:
        values = values_of(current, run.vault.open(entry.trainee_id, current.sealed_text))
        current = new_version(run, entry, next_number(entry), values, trainee)
    step = run.step(
        "submit", entry.id, state=state, version=current.number, hash=current.content_hash
    )
    if is_adopted:
        run.add(step, current)
    sign(run, step, entry, current.content_hash, DecisionKind.SUBMIT, trainee, "trainee")
    changes = {"state": state.value, "submitted_at": run.at, "version": current.number}
    run.change(step, entry, **changes)
    return Receipt(entry.id, state.value, entry.version, current.content_hash)


def withdraw(actor: Actor, entries: Sequence[UUID], *, key: str = "") -> Receipt:
    """Take submitted entries back into draft, as long as nobody has decided (T4)."""
    return _each(actor, "withdraw", entries, key, _recall)


def _recall(run: Run, entry: Entry) -> Receipt:
    owner_of(run.actor, entry)
    state = require_step("recall", entry)
    current = current_version(entry)
    decided = (DecisionKind.APPROVE, DecisionKind.COUNTERSIGN)
    if signatures_of(entry, current.content_hash, *decided).exists():
        raise WrongState(state="signed")
    step = run.step("recall", entry.id, state=state, version=entry.version)
    run.change(step, entry, state=state.value, submitted_at=None)
    return Receipt(entry.id, state.value, entry.version, current.content_hash)


def void_entries(actor: Actor, entries: Sequence[UUID], *, key: str = "") -> Receipt:
    """Give up drafts and returned entries (T12); they are kept, and their time is free again."""
    return _each(actor, "void_entries", entries, key, _void)


def _void(run: Run, entry: Entry) -> Receipt:
    owner_of(run.actor, entry)
    state = require_step("void", entry)
    step = run.step("void", entry.id, state=state, version=entry.version)
    run.change(step, entry, state=state.value)
    return Receipt(entry.id, state.value, entry.version)


def _each(actor: Actor, command: str, entries: Sequence[UUID], key: str, act: Act) -> Receipt:
    ids = list(dict.fromkeys(entries))

    def effect(run: Run) -> Receipt:
        require_account(actor)
        person = person_of(actor)
        rows = lock_entries(ids)
        outcomes = tuple(_outcome(run, entry, rows.get(entry), act) for entry in ids)
        return Receipt(person.id, items=outcomes)

    return perform(actor, command, key, ids, effect)


def _outcome(run: Run, entry: UUID, row: Entry | None, act: Act) -> ItemOutcome:
    """What became of one of many: a refusal leaves the others alone. Guards come before writes."""
    try:
        if row is None:
            raise NotFound(what="entry")
        done = act(run, row)
    except NotAllowed as error:
        return ItemOutcome(entry, error=error.code)
    except PracticumError as error:
        problems = error.problems if isinstance(error, InvalidEntry) else ()
        state = row.state if row is not None else ""
        version = row.version if row is not None else 0
        return ItemOutcome(entry, state, version, error.code, problems)
    return ItemOutcome(entry, done.state, done.version, problems=done.warnings)


def check_hours(
    actor: Actor, values: EntryValues, *, placement: UUID, entry: UUID | None = None
) -> tuple[Problem, ...]:
    """Every problem that ``log_hours`` would find with ``values``; nothing is written."""
    person = person_of(actor)
    place = Placement.objects.select_related("programme_version").filter(
        pk=placement, trainee=person
    )
    found = place.first()
    if found is None or actor.link is not None:
        raise NotFound(what="placement")
    known = Entry.objects.filter(pk=entry, placement=found).first() if entry else None
    return find_problems(timezone.now(), found, values, entry=known)
