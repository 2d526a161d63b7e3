"""What is agreed on a placement beside its days: contracts with signatures, and exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from practicum.canonical import digest
from practicum.data import Actor, OverrideKind, Receipt, SignatureRecord
from practicum.errors import (
    InvalidValue,
    NotAllowed,
    NotFound,
    OwnHours,
    ReasonNeeded,
    WrongState,
)
from practicum.models import Agreement, EvidenceFile, Override, Signature
from practicum.people import (
    has_mandate,
    is_coordinator,
    is_same,
    lock_placement,
    person_of,
    require_account,
    require_coordinator,
    signer_snapshot,
)
from practicum.reading import find_placement, signature_record
from practicum.rules.calendar import week_of
from practicum.running import Run, perform
from practicum.sealing import Vault

# --- Exceptions -----------------------------------------------------------------------------------


def override(
    actor: Actor,
    placement: UUID,
    kind: OverrideKind,
    day: date,
    *,
    reason: str,
    minutes: int = 0,
    key: str = "",
) -> Receipt:
    """Let a longer day or week, or a late entry for a day, pass. Coordinators; never their own.

    ``minutes`` is what the day, or the week of the day, may hold.
    """
    if not reason.strip():
        raise ReasonNeeded
    if minutes < 0 or (kind is not OverrideKind.BACK_ENTRY and not minutes):
        raise InvalidValue(what="minutes")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor, or_system=False)
        row, signer = lock_placement(placement), person_of(actor)
        if is_same(run.vault, signer, row.trainee):
            raise OwnHours
        given = Override(
            placement=row,
            kind=kind.value,
            day=week_of(day) if kind is OverrideKind.WEEK_CAP else day,
            minutes=minutes,
            sealed_reason=run.vault.seal(row.trainee_id, reason.strip()),
            signer=signer,
            at=run.at,
        )
        step = run.step("override", row.id, kind=kind, day=given.day, minutes=minutes)
        run.add(step, given)
        return Receipt(given.id)

    return perform(actor, "override", key, [placement, kind, day, minutes, reason], effect)


@dataclass(frozen=True, slots=True)
class OverrideRecord:
    """What a coordinator let pass: ``day`` is the Monday where a week may be longer."""

    id: UUID
    kind: OverrideKind
    day: date
    minutes: int
    reason: str
    signer: UUID
    at: datetime


def overrides(actor: Actor, placement: UUID) -> list[OverrideRecord]:
    """What was let pass on a placement, by day."""
    place = find_placement(actor, placement)
    vault = Vault([place.trainee_id])
    return [
        OverrideRecord(
            row.pk,
            OverrideKind(row.kind),
            row.day,
            row.minutes,
            vault.open(place.trainee_id, row.sealed_reason),
            row.signer.id,
            row.at,
        )
        for row in place.overrides.select_related("signer").order_by("day", "at")
    ]


# --- Agreements -----------------------------------------------------------------------------------


def create_agreement(
    actor: Actor,
    placement: UUID,
    *,
    first: date,
    last: date,
    minutes: int,
    reference: str = "",
    file: UUID | None = None,
    key: str = "",
) -> Receipt:
    """Write down the contract of a placement; a later one takes its place. Coordinators."""
    if last < first or minutes < 0:
        raise InvalidValue(what="agreement")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = lock_placement(placement)
        kept = _find_file(file, row.trainee_id) if file is not None else None
        sealed = run.vault.seal(row.trainee_id, reference)
        sha256 = kept.sha256 if kept is not None else ""
        agreement = Agreement(
            placement=row,
            first=first,
            last=last,
            minutes=minutes,
            sealed_reference=sealed,
            file=kept,
            content_hash=digest([row.id, first, last, minutes, sealed, sha256]),
            created_at=run.at,
        )
        run.add(run.step("create_agreement", row.id), agreement)
        return Receipt(agreement.id, content_hash=agreement.content_hash)

    request = [placement, first, last, minutes, reference, file]
    return perform(actor, "create_agreement", key, request, effect)


def _find_file(file: UUID, owner: int) -> EvidenceFile:
    row: EvidenceFile | None = EvidenceFile.objects.filter(pk=file, owner_id=owner).first()
    if row is None:
        raise NotFound(what="file")
    return row


def sign_agreement(actor: Actor, agreement: UUID, *, content_hash: str, key: str = "") -> Receipt:
    """Sign a contract as the trainee, a mentor for the host, or a coordinator for the school.

    Once each, and only the contract that is in force. Raises ``WrongState`` otherwise.
    """

    def effect(run: Run) -> Receipt:
        require_account(actor)
        row = Agreement.objects.filter(pk=agreement).first()
        if row is None:
            raise NotFound(what="agreement")
        placement, signer = lock_placement(row.placement_id), person_of(actor)
        if row.content_hash != content_hash:
            raise InvalidValue(what="digest")
        if signer.pk == placement.trainee_id:
            role, organisation = "trainee", ""
        elif has_mandate(signer, placement, placement.first):
            role, organisation = "mentor", placement.host.name
        elif is_coordinator(actor):
            role, organisation = "coordinator", ""
        else:
            raise NotAllowed
        if placement.agreements.filter(created_at__gt=row.created_at).exists():
            raise WrongState(state="replaced")
        if Signature.objects.filter(subject=row.id, signer=signer).exists():
            raise WrongState(state="signed")
        signature = Signature(
            subject=row.id,
            kind="agreement",
            content_hash=content_hash,
            signer=signer,
            role=role,
            sealed_signer=signer_snapshot(run.vault, signer, organisation, placement.trainee_id),
            means=actor.means.value,
            at=run.at,
        )
        run.add(run.step("sign_agreement", row.id, role=role), signature)
        return Receipt(signature.id)

    return perform(actor, "sign_agreement", key, [agreement, content_hash], effect)


@dataclass(frozen=True, slots=True)
class AgreementRecord:
    """A contract of a placement with the signatures on it; the last one is in force."""

    id: UUID
    first: date
    last: date
    minutes: int
    reference: str
    file: UUID | None
    content_hash: str
    created_at: datetime
    signatures: tuple[SignatureRecord, ...]


def agreements(actor: Actor, placement: UUID) -> list[AgreementRecord]:
    """The contracts of a placement, oldest first."""
    place = find_placement(actor, placement)
    vault = Vault([place.trainee_id])
    kept = list(place.agreements.order_by("created_at", "pk"))
    signatures: dict[UUID, list[SignatureRecord]] = {}
    signed = Signature.objects.filter(subject__in=[row.pk for row in kept])
    for row in signed.select_related("signer", "withdrawal").order_by("at", "pk"):
        record = signature_record(row, place.trainee_id, vault)
        signatures.setdefault(row.subject, []).append(record)
    return [
        AgreementRecord(
            row.pk,
            row.first,
            row.last,
            row.minutes,
            vault.open(place.trainee_id, row.sealed_reference),
            row.file_id,
            row.content_hash,
            row.created_at,
            tuple(signatures.get(row.pk, ())),
        )
        for row in kept
    ]
