"""What there is to see, and who sees it: trainees their own, mentors the days of their mandates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from practicum.data import (
    Actor,
    AmendmentRecord,
    AmendmentState,
    EntryRecord,
    EntryState,
    EntryValues,
    Means,
    SignatureRecord,
)
from practicum.entry_rows import values_of
from practicum.errors import NotFound
from practicum.models import (
    Amendment,
    Entry,
    EntryVersion,
    Mandate,
    Placement,
    Signature,
)
from practicum.people import is_coordinator
from practicum.sealing import Vault

Row = TypeVar("Row", bound=Model)

# --- Who sees what --------------------------------------------------------------------------------


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees all placements: a coordinator, or the program."""
    return (actor.means is Means.SYSTEM and actor.person is None) or is_coordinator(actor)


def visible_entries(actor: Actor) -> QuerySet[Entry]:
    """The entries that an actor sees; by a review link none but through ``open_review_link``."""
    if sees_all(actor):
        return Entry.objects.all()
    if actor.person is None or actor.link is not None:
        return Entry.objects.none()
    return Entry.objects.filter(Q(trainee__id=actor.person) | _has_mandate(actor.person))


def mandated_entries(mentor: UUID) -> QuerySet[Entry]:
    """The entries of the days that a person answers for."""
    return Entry.objects.filter(_has_mandate(mentor))


def _has_mandate(mentor: UUID) -> Exists:
    return Exists(
        Mandate.objects.filter(
            Q(last=None) | Q(last__gte=OuterRef("day")),
            placement=OuterRef("placement"),
            mentor__id=mentor,
            mentor__erased_at=None,
            first__lte=OuterRef("day"),
            revoked_at=None,
        )
    )


def seen_days(actor: Actor, placement: Placement) -> Callable[[date], bool]:
    """Tells of which days of a placement an actor, who sees the placement, sees what happened."""
    if sees_all(actor) or placement.trainee.id == actor.person:
        return lambda _day: True
    mine = [
        mandate
        for mandate in placement.mandates.select_related("mentor").filter(revoked_at=None)
        if mandate.mentor.id == actor.person
    ]
    return lambda day: any(
        mandate.first <= day and (mandate.last is None or day <= mandate.last) for mandate in mine
    )


def visible_placements(actor: Actor) -> QuerySet[Placement]:
    """The placements that an actor sees: own ones, and those of mandates that count."""
    if sees_all(actor):
        return Placement.objects.all()
    if actor.person is None or actor.link is not None:
        return Placement.objects.none()
    mandates = Mandate.objects.filter(
        placement=OuterRef("pk"),
        mentor__id=actor.person,
        mentor__erased_at=None,
        revoked_at=None,
    )
    return Placement.objects.filter(Q(trainee__id=actor.person) | Exists(mandates))


def find_placement(actor: Actor, placement: UUID) -> Placement:
    """A placement that the actor sees; raises ``NotFound``."""
    row = visible_placements(actor).select_related("trainee").filter(pk=placement).first()
    if row is None:
        raise NotFound(what="placement")
    return row


# --- Entries --------------------------------------------------------------------------------------


def entries(
    actor: Actor,
    *,
    placement: UUID | None = None,
    trainee: UUID | None = None,
    states: Collection[EntryState] = (),
    first: date | None = None,
    last: date | None = None,
    limit: int | None = None,
    offset: int = 0,
    latest: int | None = None,
    signed_since: datetime | None = None,
) -> list[EntryRecord]:
    """Entries that the actor sees, by start; void ones only if ``states`` names them.

    With ``latest`` no more than the last so many; with ``signed_since`` only those that somebody
    signed from then on.
    """
    found = visible_entries(actor)
    if placement is not None:
        found = found.filter(placement_id=placement)
    if trainee is not None:
        found = found.filter(trainee__id=trainee)
    if states:
        found = found.filter(state__in=[state.value for state in states])
    else:
        found = found.exclude(state=EntryState.VOID.value)
    if first is not None:
        found = found.filter(day__gte=first)
    if last is not None:
        found = found.filter(day__lte=last)
    if signed_since is not None:
        recent = Signature.objects.filter(entry=OuterRef("pk"), at__gte=signed_since)
        found = found.filter(Exists(recent))
    if latest is not None:
        return entry_records(found.order_by("-starts_at", "-pk")[:latest])[::-1]
    return entry_records(page(found.order_by("starts_at", "pk"), limit, offset))


def waiting_entries(
    actor: Actor, *, limit: int | None = None, offset: int = 0
) -> list[EntryRecord]:
    """Submitted entries that the actor may decide on as a mentor, the longest waiting first.

    Of the program's, all that wait.
    """
    found = visible_entries(actor) if actor.person is None else Entry.objects.none()
    if actor.person is not None and actor.link is None:
        found = mandated_entries(actor.person).exclude(trainee__id=actor.person)
    found = found.filter(state=EntryState.SUBMITTED.value).order_by("submitted_at", "pk")
    return entry_records(page(found, limit, offset))


def page(rows: QuerySet[Row], limit: int | None, offset: int) -> QuerySet[Row]:
    """``limit`` rows (``None``: all) from ``offset`` on."""
    return rows[offset : offset + limit] if limit is not None else rows[offset:]


def entry(actor: Actor, entry: UUID) -> EntryRecord:
    """One entry with its signatures; raises ``NotFound``."""
    found = entry_records(visible_entries(actor).filter(pk=entry))
    if not found:
        raise NotFound(what="entry")
    return found[0]


def entry_records(rows: Iterable[Entry]) -> list[EntryRecord]:
    """Rows as records, in a fixed number of queries."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("trainee")
    kept = list(rows)
    ids = [row.pk for row in kept]
    vault = Vault(row.trainee_id for row in kept)
    versions = {
        (version.entry_id, version.number): version
        for version in EntryVersion.objects.filter(
            entry__in=ids, number=F("entry__version")
        ).select_related("author")
    }
    signatures = _signatures(ids, {row.pk: row.trainee_id for row in kept}, vault)
    amended = set(
        Amendment.objects.filter(entry__in=ids, state__in=["open", "signed"]).values_list(
            "entry_id", flat=True
        )
    )
    return [
        _record(row, versions[row.pk, row.version], signatures.get(row.pk, ()), amended, vault)
        for row in kept
    ]


def _record(
    row: Entry,
    version: EntryVersion,
    signatures: Iterable[SignatureRecord],
    amended: Collection[UUID],
    vault: Vault,
) -> EntryRecord:
    return EntryRecord(
        id=row.pk,
        placement=row.placement_id,
        trainee=row.trainee.id,
        state=EntryState(row.state),
        version=row.version,
        values=_values(version, row.trainee_id, vault),
        day=row.day,
        net_minutes=row.net_minutes,
        content_hash=version.content_hash,
        author=version.author.id,
        from_sheet=row.sheet_id,
        submitted_at=row.submitted_at,
        has_amendment=row.pk in amended,
        signatures=tuple(signatures),
    )


def _values(version: EntryVersion, trainee: int, vault: Vault) -> EntryValues:
    return values_of(version, vault.open(trainee, version.sealed_text))


def _signatures(
    ids: Collection[UUID], keepers: dict[UUID, int], vault: Vault
) -> dict[UUID, list[SignatureRecord]]:
    rows = Signature.objects.filter(entry__in=ids).select_related("signer", "withdrawal")
    found: dict[UUID, list[SignatureRecord]] = {}
    for row in rows.order_by("at", "pk"):
        if row.entry_id is not None:
            record = signature_record(row, keepers[row.entry_id], vault)
            found.setdefault(row.entry_id, []).append(record)
    return found


def signature_record(row: Signature, keeper: int, vault: Vault) -> SignatureRecord:
    """A signature with the signer's name, which is sealed for the trainee ``keeper``."""
    name, _line, organisation = vault.open(keeper, row.sealed_signer).partition("\n")
    return SignatureRecord(
        id=row.pk,
        kind=row.kind,
        content_hash=row.content_hash,
        signer=row.signer.id,
        name=name,
        role=row.role,
        organisation=organisation,
        means=row.means,
        reason=vault.open(keeper, row.sealed_reason),
        at=row.at,
        is_withdrawn=hasattr(row, "withdrawal"),
    )


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version of an entry, current or not."""

    number: int
    values: EntryValues
    net_minutes: int
    content_hash: str
    author: UUID
    created_at: datetime
    is_current: bool


def versions(actor: Actor, entry: UUID) -> list[VersionRecord]:
    """Every version of an entry, proposed ones among them, oldest first."""
    row = visible_entries(actor).filter(pk=entry).first()
    if row is None:
        raise NotFound(what="entry")
    vault = Vault([row.trainee_id])
    return [
        VersionRecord(
            number=version.number,
            values=_values(version, row.trainee_id, vault),
            net_minutes=version.net_minutes,
            content_hash=version.content_hash,
            author=version.author.id,
            created_at=version.created_at,
            is_current=version.number == row.version,
        )
        for version in row.versions.select_related("author").order_by("number")
    ]


def amendments(
    actor: Actor, *, placement: UUID | None = None, only_pending: bool = True
) -> list[AmendmentRecord]:
    """Proposed corrections of entries that the actor sees, oldest first."""
    rows = Amendment.objects.filter(entry__in=visible_entries(actor)).select_related(
        "entry", "proposer"
    )
    if placement is not None:
        rows = rows.filter(entry__placement_id=placement)
    if only_pending:
        rows = rows.filter(state__in=["open", "signed"])
    kept = list(rows.order_by("proposed_at", "pk"))
    vault = Vault(row.entry.trainee_id for row in kept)
    proposed = {
        (version.entry_id, version.number): version
        for version in EntryVersion.objects.filter(entry__in=[row.entry_id for row in kept])
    }
    return [
        AmendmentRecord(
            id=row.pk,
            entry=row.entry_id,
            placement=row.entry.placement_id,
            base=row.base,
            values=_values(proposed[row.entry_id, row.proposed], row.entry.trainee_id, vault)
            if row.proposed is not None
            else None,
            content_hash=row.content_hash,
            reason=vault.open(row.entry.trainee_id, row.sealed_reason),
            proposer=row.proposer.id,
            state=AmendmentState(row.state),
            needs_coordinator=row.needs_coordinator,
            proposed_at=row.proposed_at,
        )
        for row in kept
    ]
