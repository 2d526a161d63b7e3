"""Closing what is settled, opening it again, and the documents that quote it (T8, T15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from practicum.data import Actor, AmendmentState, EntryState, ItemOutcome, Receipt
from practicum.entry_rows import require_step, rules_of
from practicum.errors import (
    InvalidValue,
    NotAllowed,
    NotFound,
    NotSettled,
    OwnHours,
    PeriodNotOver,
    PeriodOverlaps,
    ReasonNeeded,
    WrongState,
)
from practicum.models import (
    Amendment,
    Entry,
    IssuedDocument,
    LedgerLine,
    Period,
    Placement,
    Reopening,
)
from practicum.people import (
    has_mandate,
    is_coordinator,
    is_same,
    lock_placement,
    person_of,
    require_account,
    require_coordinator,
)
from practicum.reading import find_placement, visible_placements
from practicum.rules.calendar import local_day
from practicum.running import Run, perform
from practicum.sealing import Vault
from practicum.trail import current_sequence

CHUNK = 500  # placements asked for at once
UNSETTLED = (EntryState.DRAFT.value, EntryState.SUBMITTED.value, EntryState.RETURNED.value)


def close_period(
    actor: Actor,
    placement: UUID,
    first: date,
    last: date,
    *,
    only_settled: bool = False,
    key: str = "",
) -> Receipt:
    """Close the days from ``first`` to ``last`` of a placement, and lock what is approved (T8).

    The items are the entries of those days: the ones locked, and with ``error`` ``NotApproved``
    the ones that are missing. Coordinators, and the program by schedule. A period that was opened
    again is closed again. Raises ``PeriodNotOver`` before its days of grace are over,
    ``PeriodOverlaps``, and with ``only_settled`` ``NotSettled`` as long as anything of those days
    waits for somebody.
    """
    if last < first:
        raise InvalidValue(what="last day")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        place = lock_placement(placement)
        earliest = last + timedelta(days=rules_of(place).grace_days + 1)
        if local_day(run.at, place.tz) < earliest:
            raise PeriodNotOver(day=earliest.isoformat())
        rows = place.entries.filter(day__gte=first, day__lte=last)
        if only_settled:
            _require_settled(rows)
        period = _period(run, place, first, last)
        outcomes = []
        for entry in rows.exclude(state=EntryState.VOID.value).order_by("starts_at"):
            if entry.state == EntryState.APPROVED.value:
                state = require_step("lock", entry)
                step = run.step("lock", entry.id, state=state, version=entry.version)
                run.change(step, entry, state=state.value)
            is_missing = entry.state != EntryState.LOCKED.value
            error = "NotApproved" if is_missing else ""
            outcomes.append(ItemOutcome(entry.id, entry.state, entry.version, error))
        return Receipt(period.id, "closed", items=tuple(outcomes))

    return perform(actor, "close_period", key, [placement, first, last, only_settled], effect)


def _require_settled(rows: QuerySet[Entry]) -> None:
    is_corrected = Amendment.objects.filter(
        entry=OuterRef("pk"), state__in=[AmendmentState.OPEN.value, AmendmentState.SIGNED.value]
    )
    waiting = rows.filter(Q(state__in=UNSETTLED) | Exists(is_corrected)).count()
    if waiting:
        raise NotSettled(count=waiting)


def _period(run: Run, place: Placement, first: date, last: date) -> Period:
    known = Period.objects.filter(placement=place, first__lte=last, last__gte=first)
    for period in known:
        if (period.first, period.last) != (first, last):
            days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
            raise PeriodOverlaps(**days)
        if period.is_closed:
            raise WrongState(state="closed")
        run.change(run.step("close_period", period.id), period, is_closed=True)
        return period
    period = Period(placement=place, first=first, last=last, is_closed=True)
    step = run.step("close_period", period.id, placement=place.id, first=first, last=last)
    run.add(step, period)
    return period


def reopen_period(actor: Actor, period: UUID, *, reason: str, key: str = "") -> Receipt:
    """Ask for a closed period to be opened again (T15); it stays closed until somebody confirms.

    Coordinators. What is locked stays locked; an opened period takes new entries.
    """
    if not reason.strip():
        raise ReasonNeeded

    def effect(run: Run) -> Receipt:
        require_coordinator(actor, or_system=False)
        requester, (row, place) = person_of(actor), _lock_period(period)
        if is_same(run.vault, requester, place.trainee):
            raise OwnHours
        if not row.is_closed or row.reopenings.filter(confirmed_at=None).exists():
            raise WrongState(state="open" if not row.is_closed else "asked for")
        asked = Reopening(
            period=row,
            sealed_reason=run.vault.seal(place.trainee_id, reason.strip()),
            requester=requester,
            requested_at=run.at,
        )
        run.add(run.step("reopen_period", row.id, reopening=asked.id), asked)
        return Receipt(asked.id, "asked for")

    return perform(actor, "reopen_period", key, [period, reason], effect)


def confirm_reopening(actor: Actor, reopening: UUID, *, key: str = "") -> Receipt:
    """Open the period: another coordinator, or a mentor of its days; nobody of their own accord."""

    def effect(run: Run) -> Receipt:
        require_account(actor)
        asked = Reopening.objects.filter(pk=reopening).select_related("requester").first()
        if asked is None:
            raise NotFound(what="request")
        confirmer, (period, place) = person_of(actor), _lock_period(asked.period_id)
        asked.refresh_from_db(fields=["confirmed_at"])
        if any(is_same(run.vault, confirmer, one) for one in (place.trainee, asked.requester)):
            raise OwnHours
        if not is_coordinator(actor) and not has_mandate(confirmer, place, period.last):
            raise NotAllowed
        if asked.confirmed_at is not None:
            raise WrongState(state="open")
        step = run.step("confirm_reopening", period.id, reopening=asked.id)
        run.change(step, asked, confirmer=confirmer, confirmed_at=run.at)
        run.change(step, period, is_closed=False)
        return Receipt(period.id, "open")

    return perform(actor, "confirm_reopening", key, [reopening], effect)


def _lock_period(period: UUID) -> tuple[Period, Placement]:
    placement = Period.objects.filter(pk=period).values_list("placement_id", flat=True).first()
    if placement is None:
        raise NotFound(what="period")
    place = lock_placement(placement)
    return Period.objects.get(pk=period), place


@dataclass(frozen=True, slots=True)
class ReopeningRecord:
    """A request to open a closed period, and when somebody confirmed it (``None``: not yet)."""

    id: UUID
    period: UUID
    placement: UUID
    first: date
    last: date
    reason: str
    requester: UUID
    requested_at: datetime
    confirmed_at: datetime | None


def reopenings(actor: Actor, *, only_pending: bool = True) -> list[ReopeningRecord]:
    """Requests to open periods of placements that the actor sees, the oldest first."""
    rows = Reopening.objects.filter(period__placement__in=visible_placements(actor))
    if only_pending:
        rows = rows.filter(confirmed_at=None)
    kept = list(
        rows.select_related("period__placement", "requester").order_by("requested_at", "pk")
    )
    vault = Vault(row.period.placement.trainee_id for row in kept)
    return [
        ReopeningRecord(
            id=row.pk,
            period=row.period_id,
            placement=row.period.placement_id,
            first=row.period.first,
            last=row.period.last,
            reason=vault.open(row.period.placement.trainee_id, row.sealed_reason),
            requester=row.requester.id,
            requested_at=row.requested_at,
            confirmed_at=row.confirmed_at,
        )
        for row in kept
    ]


# --- Documents ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """What the check of a document's code tells, to whoever has the code: nothing personal."""

    kind: str
    first: date
    last: date
    minutes: int
    issued_at: datetime
    is_current: bool


def issue_document(
    actor: Actor, placement: UUID, kind: str, first: date, last: date, *, key: str = ""
) -> Receipt:
    """Note that a report on those days is handed out; the receipt's id is the code printed on it.

    Whoever sees the placement. After it no approval of those days can be taken back.
    """

    def effect(run: Run) -> Receipt:
        require_account(actor)
        place = lock_placement(find_placement(actor, placement).pk)
        issued = IssuedDocument(
            placement=place,
            kind=kind,
            first=first,
            last=last,
            sequence=current_sequence(),
            figures=confirmed_minutes([place.pk], first, last),
            issued_at=run.at,
        )
        run.add(run.step("issue_document", place.id, document=issued.id, kind=kind), issued)
        return Receipt(issued.id, version=issued.sequence)

    return perform(actor, "issue_document", key, [placement, kind, first, last], effect)


def check_document(code: UUID) -> DocumentCheck:
    """Whether a document still says what counts; raises ``NotFound`` for a code of none."""
    row = IssuedDocument.objects.filter(pk=code).first()
    if row is None:
        raise NotFound(what="document")
    return DocumentCheck(
        kind=row.kind,
        first=row.first,
        last=row.last,
        minutes=sum(row.figures.values()),
        issued_at=row.issued_at,
        is_current=row.figures == confirmed_minutes([row.placement_id], row.first, row.last),
    )


def confirmed_minutes(placements: Sequence[UUID], first: date, last: date) -> dict[str, int]:
    """What the ledger has of placements on those days: minutes by category, none of zero."""
    sums: Counter[str] = Counter()
    for start in range(0, len(placements), CHUNK):
        lines = LedgerLine.objects.filter(
            placement__in=placements[start : start + CHUNK], day__gte=first, day__lte=last
        )
        sums.update(dict(lines.values_list("category").annotate(sum=Sum("minutes")).order_by()))
    return {category: minutes for category, minutes in sorted(sums.items()) if minutes}


def due_periods(actor: Actor, *, by_rule: bool = False) -> list[tuple[UUID, date, date]]:
    """Months of placements that could be closed and are not: placement, first and last day.

    With ``by_rule`` those that their programme's rules (``close_after``) close by themselves.
    """
    require_coordinator(actor)
    found = []
    rows = Placement.objects.select_related("programme_version").prefetch_related("periods")
    for place in rows.filter(first__lte=timezone.now().date()):
        rules = rules_of(place)
        if by_rule and not rules.close_after:
            continue
        grace = max(rules.grace_days, rules.close_after if by_rule else 0)
        until = local_day(timezone.now(), place.tz) - timedelta(days=grace + 1)
        taken = [(period.first, period.last) for period in place.periods.all()]
        for first, last in _months(place.first, min(place.last, until)):
            is_over = last <= until and (last == place.last or (last + timedelta(1)).day == 1)
            if is_over and not any(begin <= last and first <= end for begin, end in taken):
                found.append((place.pk, first, last))
    return found


def _months(first: date, last: date) -> list[tuple[date, date]]:
    months = []
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        months.append((first, min(last, following - timedelta(days=1))))
        first = following
    return months
