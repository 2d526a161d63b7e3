"""A trainee's objection to a return, and a coordinator's answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from practicum.data import Actor, AppealState, DecisionKind, EntryState, Receipt
from practicum.entry_rows import lock_entry, owner_of
from practicum.errors import NotFound, OwnHours, ReasonNeeded, WrongState
from practicum.models import Appeal
from practicum.people import is_same, person_of, require_coordinator
from practicum.reading import visible_entries
from practicum.running import Run, perform
from practicum.sealing import Vault


def appeal(actor: Actor, entry: UUID, *, reason: str, key: str = "") -> Receipt:
    """Object to a return, for a coordinator to decide. The trainee, once for each return."""
    if not reason.strip():
        raise ReasonNeeded

    def effect(run: Run) -> Receipt:
        row = lock_entry(entry)
        owner_of(actor, row)
        if row.state != EntryState.RETURNED.value:
            raise WrongState(state=row.state)
        returned = row.signatures.filter(kind=DecisionKind.RETURN.value).order_by("-at").first()
        if returned is None or Appeal.objects.filter(signature=returned).exists():
            raise WrongState(state="appealed")
        made = Appeal(
            entry=row,
            signature=returned,
            sealed_reason=run.vault.seal(row.trainee_id, reason.strip()),
            state=AppealState.OPEN.value,
            made_at=run.at,
        )
        run.add(run.step("appeal", row.id, appeal=made.id), made)
        return Receipt(made.id, made.state)

    return perform(actor, "appeal", key, [entry, reason], effect)


def decide_appeal(
    actor: Actor, appeal: UUID, *, uphold: bool, answer: str, key: str = ""
) -> Receipt:
    """Answer an appeal. A coordinator who is neither the trainee nor who returned the entry.

    One that is upheld changes no hours by itself: the trainee submits the entry again, and it is
    approved by a mentor like any other.
    """
    if not answer.strip():
        raise ReasonNeeded

    def effect(run: Run) -> Receipt:
        require_coordinator(actor, or_system=False)
        signer = person_of(actor)
        row = Appeal.objects.filter(pk=appeal).select_related("signature__signer").first()
        if row is None:
            raise NotFound(what="appeal")
        entry = lock_entry(row.entry_id)
        row.refresh_from_db(fields=["state"])
        if any(is_same(run.vault, signer, one) for one in (entry.trainee, row.signature.signer)):
            raise OwnHours
        if row.state != AppealState.OPEN.value:
            raise WrongState(state=row.state)
        state = AppealState.UPHELD if uphold else AppealState.DISMISSED
        run.change(
            run.step("decide_appeal", entry.id, appeal=row.id, state=state),
            row,
            state=state.value,
            sealed_answer=run.vault.seal(entry.trainee_id, answer.strip()),
            decided_by=signer,
            decided_at=run.at,
        )
        return Receipt(row.id, row.state)

    return perform(actor, "decide_appeal", key, [appeal, uphold, answer], effect)


@dataclass(frozen=True, slots=True)
class AppealRecord:
    """An appeal: why the trainee objects, and what was answered (empty while it is open)."""

    id: UUID
    entry: UUID
    placement: UUID
    state: AppealState
    reason: str
    answer: str
    made_at: datetime
    decided_at: datetime | None


def appeals(actor: Actor, *, only_open: bool = True) -> list[AppealRecord]:
    """Appeals on entries that the actor sees, the oldest first."""
    rows = Appeal.objects.filter(entry__in=visible_entries(actor)).select_related("entry")
    if only_open:
        rows = rows.filter(state=AppealState.OPEN.value)
    kept = list(rows.order_by("made_at", "pk"))
    vault = Vault(row.entry.trainee_id for row in kept)
    return [
        AppealRecord(
            id=row.pk,
            entry=row.entry_id,
            placement=row.entry.placement_id,
            state=AppealState(row.state),
            reason=vault.open(row.entry.trainee_id, row.sealed_reason),
            answer=vault.open(row.entry.trainee_id, row.sealed_answer),
            made_at=row.made_at,
            decided_at=row.decided_at,
        )
        for row in kept
    ]
