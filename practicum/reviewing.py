"""What mentors and coordinators decide on entries: approve, return, undo (T5 to T7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from practicum.data import (
    Actor,
    DecisionKind,
    ItemOutcome,
    Receipt,
    ReviewItem,
    Rules,
)
from practicum.entry_rows import (
    count,
    current_version,
    is_mandated,
    lock_entries,
    lock_entry,
    require_open,
    require_step,
    rules_of,
    sign,
    signatures_of,
)
from practicum.errors import (
    Erased,
    NoMandate,
    NotAllowed,
    NotFound,
    OwnHours,
    PracticumError,
    ReasonNeeded,
    StaleVersion,
    TooLate,
    WrongState,
)
from practicum.links import check_link
from practicum.models import (
    Amendment,
    Entry,
    EntryVersion,
    IssuedCollection,
    IssuedDocument,
    LedgerLine,
    Person,
    Withdrawal,
)
from practicum.people import is_coordinator, is_same, person_of
from practicum.running import Run, perform


def review_entries(actor: Actor, items: Sequence[ReviewItem], *, key: str = "") -> Receipt:
    """Approve or return each of the entries as they were shown (T5, T6).

    An item is decided only if its version is still the current one; the others are told in the
    receipt's items (``StaleVersion``, ``WrongState``, ``NoMandate``, ``OwnHours``,
    ``PeriodClosed``, ``ReasonNeeded``, ``NotFound``). An actor who came by a review link decides
    on what the link lists and nothing else. Where a programme asks for two, a coordinator signs
    after the mentor. Raises ``NotAllowed``, ``LinkExpired``, ``LinkRevoked``.
    """
    unique = list({item.entry: item for item in items}.values())

    def effect(run: Run) -> Receipt:
        signer = person_of(actor)
        rows = lock_entries(item.entry for item in unique)
        listed = check_link(actor, run.at)
        coordinates = is_coordinator(actor)
        outcomes = []
        for item in unique:
            entry = rows.get(item.entry)
            if listed is not None and (str(item.entry), item.content_hash) not in listed:
                entry = None
            outcomes.append(_outcome(run, item, entry, signer, coordinates))
        return Receipt(signer.id, items=tuple(outcomes))

    return perform(actor, "review_entries", key, unique, effect)


def _outcome(
    run: Run, item: ReviewItem, entry: Entry | None, signer: Person, coordinates: bool
) -> ItemOutcome:
    try:
        if entry is None:
            raise NotFound(what="entry")
        current = _require_reviewer(run, entry, item, signer, coordinates)
        decide = _approve if item.approve else _return
        decide(run, item, entry, current, signer)
    except NotAllowed as error:
        return ItemOutcome(item.entry, error=error.code)
    except PracticumError as error:
        state, version = (entry.state, entry.version) if entry is not None else ("", 0)
        return ItemOutcome(item.entry, state, version, error.code)
    return ItemOutcome(item.entry, entry.state, entry.version)


def _require_reviewer(
    run: Run, entry: Entry, item: ReviewItem, signer: Person, coordinates: bool
) -> EntryVersion:
    """The version to decide on, if the signer may. Who may not see the entry finds none."""
    if is_same(run.vault, signer, entry.trainee):
        raise OwnHours
    if entry.trainee.erased_at is not None:
        raise Erased
    if not coordinates and not is_mandated(signer, entry):
        known = entry.placement.mandates.filter(mentor=signer, revoked_at=None).exists()
        if not known:
            raise NotFound(what="entry")
        raise NoMandate(day=entry.day.isoformat())
    current = current_version(entry)
    if current.content_hash != item.content_hash:
        raise StaleVersion(current=entry.version)
    return current


def _approve(
    run: Run, item: ReviewItem, entry: Entry, current: EntryVersion, signer: Person
) -> None:
    state = require_step("approve", entry)
    require_open(entry.placement, entry.day)
    if is_same(run.vault, signer, current.author):
        raise OwnHours
    rules = rules_of(entry.placement)
    first = None
    if rules.is_two_step:
        first = signatures_of(entry, current.content_hash, DecisionKind.APPROVE).first()
    if first is not None:
        _require_second(run, first.signer, signer)
        kind, role = DecisionKind.COUNTERSIGN, "coordinator"
    else:
        if not is_mandated(signer, entry):  # a coordinator may return, but not approve alone
            raise NoMandate(day=entry.day.isoformat())
        kind, role = DecisionKind.APPROVE, "mentor"
    is_counted = not rules.is_two_step or kind is DecisionKind.COUNTERSIGN
    state = state if is_counted else require_step("sign_first", entry)
    command = "approve" if is_counted else "sign_first"
    step = run.step(
        command, entry.id, state=state, version=entry.version, hash=current.content_hash
    )
    signature = sign(run, step, entry, current.content_hash, kind, signer, role, item.reason)
    if is_counted:
        count(run, step, current, entry, signature, 1, entry.placement.tz)
    run.change(step, entry, state=state.value)


def _require_second(run: Run, first_signer: Person, signer: Person) -> None:
    if not is_coordinator(run.actor):
        raise NotAllowed
    if is_same(run.vault, signer, first_signer):
        raise OwnHours


def _return(
    run: Run, item: ReviewItem, entry: Entry, current: EntryVersion, signer: Person
) -> None:
    state = require_step("return", entry)
    reason = item.reason.strip()
    if not reason:
        raise ReasonNeeded
    role = "mentor" if is_mandated(signer, entry) else "coordinator"
    step = run.step(
        "return", entry.id, state=state, version=entry.version, hash=current.content_hash
    )
    if rules_of(entry.placement).is_two_step:
        for first in signatures_of(entry, current.content_hash, DecisionKind.APPROVE):
            run.add(step, Withdrawal(signature=first, at=run.at))
    sign(run, step, entry, current.content_hash, DecisionKind.RETURN, signer, role, reason)
    run.change(step, entry, state=state.value)


def undo_approval(actor: Actor, entry: UUID, *, key: str = "") -> Receipt:
    """Take an approval of one's own back (T7), soon after it and before it was reported on.

    Raises ``TooLate``, ``NotAllowed``, ``WrongState`` and ``PeriodClosed``.
    """

    def effect(run: Run) -> Receipt:
        signer = person_of(actor)
        row = lock_entry(entry)
        current = current_version(row)
        listed = check_link(actor, run.at)
        if listed is not None and (str(entry), current.content_hash) not in listed:
            raise NotFound(what="entry")
        if not is_mandated(signer, row) and not is_coordinator(actor):
            raise NotFound(what="entry")
        state = require_step("undo", row)
        require_open(row.placement, row.day)
        kinds = (DecisionKind.APPROVE, DecisionKind.COUNTERSIGN)
        signatures = list(signatures_of(row, current.content_hash, *kinds))
        lines = LedgerLine.objects.filter(entry=row, version=row.version, minutes__gt=0)
        counting = lines.order_by("-signature__at").values_list("signature_id", flat=True).first()
        mine = [one for one in signatures if one.pk == counting and one.signer_id == signer.pk]
        if not mine:
            raise NotAllowed
        _require_undoable(run, row, mine[0].at, rules_of(row.placement))
        step = run.step("undo", row.id, state=state, version=row.version)
        for one in signatures:
            run.add(step, Withdrawal(signature=one, at=run.at))
        count(run, step, current, row, mine[0], -1, row.placement.tz)
        run.change(step, row, state=state.value)
        return Receipt(row.id, state.value, row.version, current.content_hash)

    return perform(actor, "undo_approval", key, [entry], effect)


def _require_undoable(run: Run, entry: Entry, signed_at: datetime, rules: Rules) -> None:
    window = timedelta(minutes=rules.undo_minutes)
    if run.at - signed_at > window or _is_issued(entry, signed_at):
        raise TooLate
    if Amendment.objects.filter(entry=entry, state__in=["open", "signed"]).exists():
        raise WrongState(state="amended")


def _is_issued(entry: Entry, since: datetime) -> bool:
    """Whether a report that has the entry's day went out after it was signed."""
    when = Q(issued_at__gte=since, first__lte=entry.day, last__gte=entry.day)
    if IssuedDocument.objects.filter(when, placement_id=entry.placement_id).exists():
        return True
    lists = IssuedCollection.objects.filter(when).values_list("placements", flat=True)
    return any(str(entry.placement_id) in placements for placements in lists)
