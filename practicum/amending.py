"""Corrections of approved hours: one proposes, another signs, both values stay (T9 to T13)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from practicum.canonical import digest
from practicum.data import (
    Actor,
    AmendmentState,
    DecisionKind,
    EntryState,
    EntryValues,
    Problem,
    Receipt,
)
from practicum.entry_rows import (
    checked,
    closed_spans,
    count,
    current_version,
    head_values,
    is_mandated,
    lock_entry,
    new_version,
    next_number,
    require_step,
    sign,
    signatures_of,
    values_of,
)
from practicum.errors import (
    AmendmentOpen,
    NoMandate,
    NotAllowed,
    NotFound,
    OwnHours,
    ReasonNeeded,
    StaleVersion,
    WrongState,
)
from practicum.models import Amendment, Entry, EntryVersion, Person
from practicum.models.base import new_id
from practicum.people import has_mandate, is_coordinator, is_same, person_of, require_account
from practicum.rules.calendar import local_day
from practicum.rules.checks import is_within
from practicum.running import Run, perform
from practicum.trail import Step

PENDING = (AmendmentState.OPEN.value, AmendmentState.SIGNED.value)


def propose_amendment(
    actor: Actor,
    entry: UUID,
    values: EntryValues | None,
    *,
    base: int,
    reason: str,
    key: str = "",
) -> Receipt:
    """Propose another value for approved hours, or (``None``) to take them back whole (T9, T13).

    The trainee, a mentor of that day or a coordinator. The old value counts until somebody else
    signs. ``base`` is the version that was looked at. Raises ``ReasonNeeded``, ``InvalidEntry``,
    ``AmendmentOpen``, ``StaleVersion``, ``WrongState``, ``NotAllowed``.
    """
    if not reason.strip():
        raise ReasonNeeded

    def effect(run: Run) -> Receipt:
        require_account(actor)
        proposer, row = person_of(actor), lock_entry(entry)
        _require_party(actor, proposer, row)
        require_step("propose", row)
        if row.version != base:
            raise StaleVersion(current=row.version)
        if row.amendments.filter(state__in=PENDING).exists():
            raise AmendmentOpen
        version: EntryVersion | None = None
        warnings: tuple[Problem, ...] = ()
        days = {row.day}
        if values is not None:
            utc, warnings = checked(run, row.placement, values, entry=row, is_amendment=True)
            version = new_version(run, row, next_number(row), utc, proposer)
            days.add(local_day(utc.start, row.placement.tz))
        pk = new_id()
        made = Amendment(
            id=pk,
            entry=row,
            base=base,
            proposed=version.number if version is not None else None,
            content_hash=version.content_hash if version is not None else _reversal(row, pk),
            sealed_reason=run.vault.seal(row.trainee_id, reason.strip()),
            proposer=proposer,
            state=AmendmentState.OPEN.value,
            needs_coordinator=_needs_coordinator(row, days),
            proposed_at=run.at,
        )
        step = run.step("propose", row.id, amendment=made.id, base=base, hash=made.content_hash)
        if version is not None:
            run.add(step, version)
        run.add(step, made)
        return Receipt(made.id, made.state, made.proposed or 0, made.content_hash, warnings)

    request = [entry, values, base, reason]
    return perform(actor, "propose_amendment", key, request, effect)


def _reversal(entry: Entry, amendment: UUID) -> str:
    """What a signature that takes an entry back whole is over: this proposal, and no other."""
    return digest(["reverse", entry.id, current_version(entry).content_hash, amendment])


def _needs_coordinator(entry: Entry, days: set[date]) -> bool:
    closed = closed_spans(entry.placement)
    in_closed = any(is_within(day, closed) for day in days)
    return entry.state == EntryState.LOCKED.value or in_closed


def _require_party(actor: Actor, person: Person, entry: Entry) -> None:
    """Whoever is not concerned learns of no entry."""
    if person.pk != entry.trainee_id and not _may_sign(actor, person, entry):
        raise NotFound(what="entry")


def _may_sign(actor: Actor, person: Person, entry: Entry) -> bool:
    return is_mandated(person, entry) or is_coordinator(actor)


def approve_amendment(
    actor: Actor, amendment: UUID, *, content_hash: str, key: str = ""
) -> Receipt:
    """Sign a proposed correction (T10, T13): a mentor of that day or a coordinator.

    Never the proposer or the trainee. Where the entry is locked or a day in question lies in a
    closed period, two people sign and one of them is a coordinator: after the first, the amendment
    is ``signed`` and the old value still counts. Raises ``OwnHours``, ``StaleVersion`` (something
    else was shown, or the entry changed), ``WrongState``, ``InvalidEntry``, ``NotAllowed``.
    """

    def effect(run: Run) -> Receipt:
        require_account(actor)
        signer = person_of(actor)
        row, entry = _lock_amendment(amendment)
        _require_party(actor, signer, entry)
        _require_another(run, signer, row, entry)
        if row.state not in PENDING:
            raise WrongState(state=row.state)
        if row.content_hash != content_hash or row.base != entry.version:
            raise StaleVersion(current=entry.version)
        days = _days(row, entry)
        role = _role(actor, signer, entry, days)
        if row.needs_coordinator or _needs_coordinator(entry, days):
            role = _second_role(run, row, entry, signer, role)
            if row.state == AmendmentState.OPEN.value:
                return _sign_first(run, row, entry, signer, role)
        return _settle(run, row, entry, signer, role)

    return perform(actor, "approve_amendment", key, [amendment, content_hash], effect)


def _require_another(run: Run, signer: Person, amendment: Amendment, entry: Entry) -> None:
    for other in (entry.trainee, amendment.proposer):
        if is_same(run.vault, signer, other):
            raise OwnHours


def _lock_amendment(amendment: UUID) -> tuple[Amendment, Entry]:
    entry = Amendment.objects.filter(pk=amendment).values_list("entry_id", flat=True).first()
    if entry is None:
        raise NotFound(what="amendment")
    locked = lock_entry(entry)
    return Amendment.objects.select_related("proposer").get(pk=amendment), locked


def _days(amendment: Amendment, entry: Entry) -> set[date]:
    """The days that a correction takes minutes from and gives them to."""
    proposed = entry.versions.filter(number=amendment.proposed or 0)
    starts = proposed.values_list("starts_at", flat=True)
    return {entry.day, *(local_day(start, entry.placement.tz) for start in starts)}


def _role(actor: Actor, signer: Person, entry: Entry, days: set[date]) -> str:
    """In what role somebody signs: a mentor has to answer for all of the days."""
    missing = [day for day in sorted(days) if not has_mandate(signer, entry.placement, day)]
    if not missing:
        return "mentor"
    if is_coordinator(actor):
        return "coordinator"
    raise NoMandate(day=missing[0].isoformat())


def _second_role(run: Run, amendment: Amendment, entry: Entry, signer: Person, role: str) -> str:
    """In what role a signer signs of two; raises unless one of the two is a coordinator."""
    signed = signatures_of(entry, amendment.content_hash, DecisionKind.AMEND, DecisionKind.REVERSE)
    first = signed.first()
    if first is None:
        return role
    if is_same(run.vault, signer, first.signer):
        raise OwnHours
    if is_coordinator(run.actor):
        return "coordinator"
    if first.role != "coordinator":
        raise NotAllowed
    return role


def _kind(amendment: Amendment) -> DecisionKind:
    return DecisionKind.REVERSE if amendment.proposed is None else DecisionKind.AMEND


def _sign_first(run: Run, amendment: Amendment, entry: Entry, signer: Person, role: str) -> Receipt:
    step = run.step("sign_amendment", entry.id, amendment=amendment.id)
    sign(run, step, entry, amendment.content_hash, _kind(amendment), signer, role)
    run.change(step, amendment, state=AmendmentState.SIGNED.value, needs_coordinator=True)
    return Receipt(amendment.id, amendment.state, entry.version, amendment.content_hash)


def _settle(run: Run, amendment: Amendment, entry: Entry, signer: Person, role: str) -> Receipt:
    """Take the old value off the ledger and put the new one on it, in one step."""
    place, old = entry.placement, current_version(entry)
    is_reversal = amendment.proposed is None
    state = require_step("reverse" if is_reversal else "amend", entry)
    new = None if is_reversal else _proposed(run, amendment, entry)
    command = "reverse" if is_reversal else "amend"
    number = new.number if new is not None else entry.version
    step = run.step(
        command,
        entry.id,
        state=state,
        version=number,
        hash=amendment.content_hash,
        amendment=amendment.id,
    )
    kind = _kind(amendment)
    signature = sign(run, step, entry, amendment.content_hash, kind, signer, role)
    count(run, step, old, entry, signature, -1, place.tz)
    changes = {"state": state.value}
    if new is not None:
        count(run, step, new, entry, signature, 1, place.tz)
        changes |= head_values(new, place.tz)
    run.change(step, entry, **changes)
    run.change(step, amendment, state=AmendmentState.APPROVED.value, decided_at=run.at)
    return Receipt(amendment.id, amendment.state, entry.version, amendment.content_hash)


def _proposed(run: Run, amendment: Amendment, entry: Entry) -> EntryVersion:
    """The proposed version, if it still breaks no rule."""
    new = entry.versions.get(number=amendment.proposed or 0)
    text = run.vault.open(entry.trainee_id, new.sealed_text)
    checked(run, entry.placement, values_of(new, text), entry=entry, is_amendment=True)
    return new


def reject_amendment(actor: Actor, amendment: UUID, *, reason: str, key: str = "") -> Receipt:
    """Refuse a proposed correction (T11): whoever could sign it. The ledger stays as it is."""
    if not reason.strip():
        raise ReasonNeeded

    def effect(run: Run) -> Receipt:
        require_account(actor)
        signer = person_of(actor)
        row, entry = _lock_amendment(amendment)
        _require_party(actor, signer, entry)
        _require_another(run, signer, row, entry)
        step = run.step("reject_amendment", entry.id, amendment=row.id)
        role = "mentor" if is_mandated(signer, entry) else "coordinator"
        receipt = _drop(run, step, row, AmendmentState.REJECTED)
        sign(run, step, entry, row.content_hash, DecisionKind.RETURN, signer, role, reason.strip())
        return receipt

    return perform(actor, "reject_amendment", key, [amendment, reason], effect)


def withdraw_amendment(actor: Actor, amendment: UUID, *, key: str = "") -> Receipt:
    """Take a proposed correction back (T11): the proposer."""

    def effect(run: Run) -> Receipt:
        require_account(actor)
        row, entry = _lock_amendment(amendment)
        if row.proposer_id != person_of(actor).pk:
            raise NotFound(what="amendment")
        step = run.step("withdraw_amendment", entry.id, amendment=row.id)
        return _drop(run, step, row, AmendmentState.WITHDRAWN)

    return perform(actor, "withdraw_amendment", key, [amendment], effect)


def _drop(run: Run, step: Step, row: Amendment, state: AmendmentState) -> Receipt:
    if row.state not in PENDING:
        raise WrongState(state=row.state)
    run.change(step, row, state=state.value, decided_at=run.at)
    return Receipt(row.id, row.state, row.proposed or 0, row.content_hash)
