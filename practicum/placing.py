"""Placements: where a trainee goes, who answers for it, when it pauses, moves and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from practicum.data import Actor, ItemOutcome, Receipt
from practicum.errors import (
    EntriesOutside,
    InvalidValue,
    NotFound,
    OwnHours,
    WrongState,
)
from practicum.models import (
    Cohort,
    Entry,
    HostLibrary,
    Mandate,
    Pause,
    Placement,
    ProgrammeVersion,
    ReviewLink,
)
from practicum.people import (
    find_person,
    is_same,
    lock_people,
    lock_placement,
    require_coordinator,
)
from practicum.reading import find_placement
from practicum.rules.calendar import is_zone
from practicum.running import Run, perform
from practicum.sealing import Vault
from practicum.trail import Step


def create_placement(
    actor: Actor,
    *,
    trainee: UUID,
    host: UUID,
    programme_version: UUID,
    first: date,
    last: date,
    mentors: tuple[UUID, ...] = (),
    cohort: UUID | None = None,
    tz: str = "",
    follows: UUID | None = None,
    key: str = "",
) -> Receipt:
    """Place a trainee at a host library from ``first`` to ``last``, with mentors for all of it.

    ``tz`` is the host's if none is given. Coordinators and the program. Raises ``InvalidValue``,
    ``NotFound`` and ``OwnHours`` for a trainee who would be their own mentor.
    """
    if last < first:
        raise InvalidValue(what="last day")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = _new_placement(
            run, trainee, host, programme_version, first, last, cohort, tz, follows
        )
        for mentor in mentors:
            _add_mandate(run, row, mentor, first, None)
        return Receipt(row.id)

    request = [trainee, host, programme_version, first, last, mentors, cohort, tz, follows]
    return perform(actor, "create_placement", key, request, effect)


def _new_placement(
    run: Run,
    trainee: UUID,
    host: UUID,
    programme_version: UUID,
    first: date,
    last: date,
    cohort: UUID | None,
    tz: str,
    follows: UUID | None,
) -> Placement:
    person = find_person(trainee)
    lock_people([person.pk])
    library = HostLibrary.objects.select_for_update().filter(pk=host).first()
    if library is None:
        raise NotFound(what="host library")
    version = ProgrammeVersion.objects.filter(pk=programme_version).first()
    if version is None:
        raise NotFound(what="programme")
    _require_cohort(cohort)
    if follows and not Placement.objects.filter(pk=follows, trainee=person).exists():
        raise NotFound(what="placement")
    row = Placement(
        trainee=person,
        host=library.merged_into or library,
        programme_version=version,
        cohort_id=cohort,
        first=first,
        last=last,
        tz=_checked_zone(tz or library.tz),
        follows_id=follows,
        created_at=run.at,
    )
    run.add(run.step("create_placement", row.id, first=first, last=last), row)
    return row


def _checked_zone(name: str) -> str:
    if not is_zone(name):
        raise InvalidValue(what="time zone")
    return name


def change_placement(
    actor: Actor,
    placement: UUID,
    *,
    first: date | None = None,
    last: date | None = None,
    cohort: UUID | None = None,
    key: str = "",
) -> Receipt:
    """Extend or shorten a placement, or put it into another cohort; ``None`` changes nothing.

    Coordinators. Raises ``EntriesOutside``.
    """

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = lock_placement(placement)
        begins, ends = first or row.first, last or row.last
        if ends < begins:
            raise InvalidValue(what="last day")
        _refuse_entries(row, Q(day__lt=begins) | Q(day__gt=ends))
        _require_cohort(cohort)
        step = run.step("change_placement", row.id, first=begins, last=ends)
        run.change(step, row, first=begins, last=ends, cohort_id=cohort or row.cohort_id)
        return Receipt(row.id)

    return perform(actor, "change_placement", key, [placement, first, last, cohort], effect)


def _require_cohort(cohort: UUID | None) -> None:
    if cohort is not None and not Cohort.objects.filter(pk=cohort).exists():
        raise NotFound(what="cohort")


def move_placement(
    actor: Actor,
    placement: UUID,
    *,
    host: UUID,
    first: date,
    mentors: tuple[UUID, ...] = (),
    key: str = "",
) -> Receipt:
    """Rotate a trainee to another host from ``first`` on; the receipt names the new placement.

    The old one ends the day before and keeps its hours; agreed interruptions go along.
    Coordinators. Raises ``EntriesOutside``.
    """

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        old = lock_placement(placement)
        if not old.first < first <= old.last:
            raise InvalidValue(what="first day")
        _refuse_entries(old, Q(day__gte=first))
        new = _new_placement(
            run,
            old.trainee.id,
            host,
            old.programme_version_id,
            first,
            old.last,
            old.cohort_id,
            "",
            old.id,
        )
        step = run.step("move_placement", old.id, to=new.id)
        run.change(step, old, last=first - timedelta(days=1))
        for pause in old.pauses.filter(cancelled_at=None, last__gte=first):
            _add_pause(run, step, new, max(pause.first, first), pause.last, pause.sealed_reason)
        for mentor in mentors:
            _add_mandate(run, new, mentor, first, None)
        return Receipt(new.id)

    return perform(actor, "move_placement", key, [placement, host, first, mentors], effect)


def _refuse_entries(placement: Placement, outside: Q) -> None:
    count = placement.entries.exclude(state="void").filter(outside).count()
    if count:
        raise EntriesOutside(count=count)


def pause_placement(
    actor: Actor, placement: UUID, *, first: date, last: date, reason: str = "", key: str = ""
) -> Receipt:
    """Interrupt a placement; no entry may lie on those days. Coordinators."""
    if last < first:
        raise InvalidValue(what="last day")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = lock_placement(placement)
        _refuse_entries(row, Q(day__gte=first, day__lte=last))
        step = run.step("pause_placement", row.id, first=first, last=last)
        sealed_reason = run.vault.seal(row.trainee_id, reason)
        return Receipt(_add_pause(run, step, row, first, last, sealed_reason).id)

    return perform(actor, "pause_placement", key, [placement, first, last, reason], effect)


def _add_pause(
    run: Run, step: Step, placement: Placement, first: date, last: date, sealed_reason: str
) -> Pause:
    pause = Pause(placement=placement, first=first, last=last, sealed_reason=sealed_reason)
    run.add(step, pause)
    return pause


def cancel_pause(actor: Actor, pause: UUID, *, key: str = "") -> Receipt:
    """Let the days of an interruption be days of practice again. Coordinators."""

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        rows = Pause.objects.filter(pk=pause)
        _lock_placement_of(rows.values_list("placement_id", flat=True), "interruption")
        row = rows.get()
        if row.cancelled_at is not None:
            raise WrongState(state="cancelled")
        run.change(run.step("cancel_pause", row.placement_id), row, cancelled_at=run.at)
        return Receipt(row.id)

    return perform(actor, "cancel_pause", key, [pause], effect)


def _lock_placement_of(placements: QuerySet[Any, UUID], what: str) -> Placement:
    """The placement that something belongs to, locked before that is read."""
    placement = placements.first()
    if placement is None:
        raise NotFound(what=what)
    return lock_placement(placement)


@dataclass(frozen=True, slots=True)
class PauseRecord:
    """An interruption of a placement, by the id that ``cancel_pause`` takes."""

    id: UUID
    first: date
    last: date
    reason: str
    is_cancelled: bool


def pauses(actor: Actor, placement: UUID) -> list[PauseRecord]:
    """The interruptions of a placement, cancelled ones among them, oldest first."""
    place = find_placement(actor, placement)
    vault = Vault([place.trainee_id])
    return [
        PauseRecord(
            row.pk,
            row.first,
            row.last,
            vault.open(place.trainee_id, row.sealed_reason),
            row.cancelled_at is not None,
        )
        for row in place.pauses.order_by("first", "pk")
    ]


# --- Mandates -------------------------------------------------------------------------------------


def grant_mandate(
    actor: Actor,
    placement: UUID,
    mentor: UUID,
    *,
    first: date | None = None,
    last: date | None = None,
    key: str = "",
) -> Receipt:
    """Let a mentor answer for a placement on its days from ``first`` to ``last`` (T14).

    Coordinators and the program. Raises ``OwnHours`` for the trainee.
    """

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = lock_placement(placement)
        return Receipt(_add_mandate(run, row, mentor, first or row.first, last).id)

    return perform(actor, "grant_mandate", key, [placement, mentor, first, last], effect)


def assign_mentor(
    actor: Actor,
    placements: Sequence[UUID],
    mentor: UUID,
    *,
    first: date | None = None,
    last: date | None = None,
    key: str = "",
) -> Receipt:
    """Let a mentor answer for several placements, for all of them or (refused) for none.

    As ``grant_mandate``; the receipt's items are the placements.
    """
    wanted = sorted(set(placements))

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        rows = Placement.objects.filter(pk__in=wanted).select_related("trainee__key").order_by("pk")
        lock_people(rows.values_list("trainee_id", flat=True))
        found = list(rows)
        if len(found) != len(wanted):
            raise NotFound(what="placement")
        for row in found:
            _add_mandate(run, row, mentor, first or row.first, last)
        return Receipt(mentor, items=tuple(ItemOutcome(row.pk) for row in found))

    return perform(actor, "assign_mentor", key, [wanted, mentor, first, last], effect)


def _add_mandate(
    run: Run, placement: Placement, mentor: UUID, first: date, last: date | None
) -> Mandate:
    person = find_person(mentor)
    if is_same(run.vault, person, placement.trainee):
        raise OwnHours
    if last is not None and last < first:
        raise InvalidValue(what="last day")
    mandate = Mandate(placement=placement, mentor=person, first=first, last=last)
    step = run.step("grant_mandate", placement.id, mentor=mentor, first=first, last=last)
    run.add(step, mandate)
    return mandate


def end_mandate(actor: Actor, mandate: UUID, *, last: date | None = None, key: str = "") -> Receipt:
    """Let a mandate end with the day ``last``, or (``None``) count for nothing from now on.

    What the mentor has signed stays signed; a revoked mandate takes the mentor's open review links
    for the placement with it. Coordinators. Raises ``WrongState`` for one that was revoked.
    """

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        rows = Mandate.objects.filter(pk=mandate)
        _lock_placement_of(rows.values_list("placement_id", flat=True), "mandate")
        row = rows.select_related("mentor").get()
        if row.revoked_at is not None:
            raise WrongState(state="revoked")
        step = run.step("end_mandate", row.placement_id, mentor=row.mentor.id, last=last)
        if last is not None:
            if last < row.first:
                raise InvalidValue(what="last day")
            run.change(step, row, last=last)
        else:
            run.change(step, row, revoked_at=run.at)
            _revoke_links(run, step, row)
        return Receipt(row.id)

    return perform(actor, "end_mandate", key, [mandate, last], effect)


def _revoke_links(run: Run, step: Step, mandate: Mandate) -> None:
    links = ReviewLink.objects.filter(
        mentor_id=mandate.mentor_id, revoked_at=None, expires_at__gt=run.at
    )
    for link in links:
        entries = Entry.objects.filter(pk__in=[entry for entry, _hash in link.items])
        if entries.filter(placement_id=mandate.placement_id).exists():
            run.change(step, link, revoked_at=run.at)


def replace_mentor(
    actor: Actor, leaving: UUID, successor: UUID, *, first: date, key: str = ""
) -> Receipt:
    """Give all placements of a mentor who leaves to another, from ``first`` on. Coordinators.

    The old mandates end the day before, and the new ones when the old ones would have; what waits
    from before stays with whom it was for, unless they are revoked too. The items of the receipt
    are the placements.
    """

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        rows = Mandate.objects.filter(
            Q(last=None) | Q(last__gte=first),
            mentor__id=leaving,
            revoked_at=None,
            placement__last__gte=first,
        )
        lock_people(rows.values_list("placement__trainee_id", flat=True))
        outcomes = []
        for row in rows.select_related("placement__trainee").order_by("pk"):
            _add_mandate(run, row.placement, successor, max(first, row.first), row.last)
            step = run.step("end_mandate", row.placement_id, mentor=leaving, last=first)
            if row.first < first:
                run.change(step, row, last=first - timedelta(days=1))
            else:
                run.change(step, row, revoked_at=run.at)
                _revoke_links(run, step, row)
            outcomes.append(ItemOutcome(row.placement_id))
        return Receipt(successor, version=len(outcomes), items=tuple(outcomes))

    return perform(actor, "replace_mentor", key, [leaving, successor, first], effect)
