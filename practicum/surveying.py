"""Placements, their people and periods, and what their hours add up to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from practicum.data import Actor, EntryState, MandateRecord, PlacementRecord, Rules, Totals
from practicum.errors import NotFound
from practicum.models import EntryVersion, LedgerLine, Mandate, Period, Person, Placement
from practicum.reading import find_placement, page, sees_all, visible_placements
from practicum.rules import machine
from practicum.rules.calendar import local_day
from practicum.rules.programme import load_rules
from practicum.rules.totals import add_requirements, by_competency, figures, forecast, overall
from practicum.sealing import Vault
from practicum.trail import current_sequence

# --- Placements -----------------------------------------------------------------------------------


def placements(
    actor: Actor,
    *,
    trainee: UUID | None = None,
    only: Collection[UUID] | None = None,
    running_on: date | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[PlacementRecord]:
    """Placements that the actor sees, the latest first: a trainee's, or ``only`` those of ids."""
    found = visible_placements(actor)
    if trainee is not None:
        found = found.filter(trainee__id=trainee)
    if only is not None:
        found = found.filter(pk__in=only)
    if running_on is not None:
        found = found.filter(first__lte=running_on, last__gte=running_on)
    return placement_records(page(found.order_by("-first", "pk"), limit, offset))


def mentored_placements(actor: Actor, mentor: UUID) -> list[PlacementRecord]:
    """Placements that the actor sees and that a mentor answers for, the latest first."""
    mandates = Mandate.objects.filter(mentor__id=mentor, revoked_at=None).values("placement")
    rows = visible_placements(actor).filter(pk__in=mandates)
    return placement_records(rows.order_by("-first", "pk"))


def reviews_others(actor: Actor) -> bool:
    """Whether there are placements that the actor sees and that are not their own."""
    others = visible_placements(actor)
    if actor.person is not None:
        others = others.exclude(trainee__id=actor.person)
    return others.exists()


def placement(actor: Actor, placement: UUID) -> PlacementRecord:
    """One placement; raises ``NotFound``."""
    found = placement_records(visible_placements(actor).filter(pk=placement))
    if not found:
        raise NotFound(what="placement")
    return found[0]


def placement_records(rows: QuerySet[Placement]) -> list[PlacementRecord]:
    """Rows as records, in a fixed number of queries."""
    kept = list(
        rows.select_related(
            "trainee", "host", "programme_version", "programme_version__programme"
        ).prefetch_related("pauses", "mandates__mentor")
    )
    vault = Vault(row.trainee_id for row in kept)
    vault.load(mandate.mentor_id for row in kept for mandate in row.mandates.all())
    return [
        PlacementRecord(
            id=row.pk,
            trainee=row.trainee.id,
            trainee_name=vault.open(row.trainee_id, row.trainee.sealed_name),
            host=row.host_id,
            host_name=row.host.name,
            programme_version=row.programme_version_id,
            programme=row.programme_version.programme.code,
            programme_name=row.programme_version.programme.name,
            cohort=row.cohort_id,
            first=row.first,
            last=row.last,
            tz=row.tz,
            follows=row.follows_id,
            pauses=tuple(
                (pause.first, pause.last)
                for pause in row.pauses.all()
                if pause.cancelled_at is None
            ),
            mandates=tuple(
                MandateRecord(
                    id=mandate.pk,
                    mentor=mandate.mentor.id,
                    name=vault.open(mandate.mentor_id, mandate.mentor.sealed_name),
                    first=mandate.first,
                    last=mandate.last,
                    is_revoked=mandate.revoked_at is not None,
                )
                for mandate in row.mandates.all()
            ),
            rules=load_rules(row.programme_version.rules),
        )
        for row in kept
    ]


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """Days of a placement whose figures were closed, or opened again."""

    id: UUID
    first: date
    last: date
    is_closed: bool


def periods(actor: Actor, placement: UUID) -> list[PeriodRecord]:
    """The periods of a placement, oldest first."""
    rows = Period.objects.filter(placement=find_placement(actor, placement)).order_by("first")
    return [PeriodRecord(row.pk, row.first, row.last, row.is_closed) for row in rows]


def mutual_mentors(actor: Actor) -> list[tuple[UUID, UUID]]:
    """Pairs of people who are each other's mentors: allowed, and told to coordinators."""
    if not sees_all(actor):
        return []
    pairs = set(
        Mandate.objects.filter(revoked_at=None).values_list("mentor__id", "placement__trainee__id")
    )
    return sorted((one, other) for one, other in pairs if one < other and (other, one) in pairs)


def person_name(actor: Actor, person: UUID) -> str:
    """The name of somebody whom the actor has to do with; empty for others and once erased."""
    row = Person.objects.filter(id=person).first()
    if row is None:
        return ""
    mine = visible_placements(actor)
    concerned = mine.filter(Q(trainee=row) | Q(mandates__mentor=row)).exists()
    if actor.person != person and not sees_all(actor) and not concerned:
        return ""
    return Vault().open(row.pk, row.sealed_name)


# --- Totals ---------------------------------------------------------------------------------------


def totals(actor: Actor, placement: UUID) -> Totals:
    """What a placement's hours add up to. Confirmed is what the ledger says, nothing else.

    A mentor sees all of the placement's figures, though only the entries of their own days.
    """
    return _totals([find_placement(actor, placement)])


def person_totals(actor: Actor, person: UUID) -> Totals:
    """What all placements of a person, that the actor sees, add up to together."""
    rows = visible_placements(actor).filter(trainee__id=person)
    found = list(rows)
    if not found:
        raise NotFound(what="placement")
    return _totals(found)


def _totals(rows: list[Placement]) -> Totals:
    """Programmes that several of the placements share are required once (a rotation).

    Of a programme in several versions, what the latest of its placements asks is required.
    """
    sequence = current_sequence()
    ids = [row.pk for row in rows]
    found = Placement.objects.filter(pk__in=ids).select_related("programme_version")
    placed = list(found.order_by("first", "-pk"))
    rules = {
        row.programme_version.programme_id: load_rules(row.programme_version.rules)
        for row in placed
    }
    required = add_requirements(one.requirement for one in rules.values())
    confirmed = dict(
        LedgerLine.objects.filter(placement__in=ids)
        .values_list("category")
        .annotate(sum=Sum("minutes"))
        .order_by("category")
    )
    unconfirmed: list[tuple[EntryState, dict[str, int]]] = []
    open_competencies: list[tuple[EntryState, dict[str, int]]] = []
    competencies: dict[str, int] = {}
    served: dict[date, int] = {}
    for state, allocations, codes, net, day in _current_versions(ids):
        minutes = by_competency(codes, net)
        if state in machine.COUNTED:
            for code, amount in minutes.items():
                competencies[code] = competencies.get(code, 0) + amount
        else:
            unconfirmed.append((state, allocations))
            open_competencies.append((state, minutes))
        if state in machine.COUNTED or state is EntryState.SUBMITTED:
            served[day] = served.get(day, 0) + net
    categories = figures(required.categories, confirmed, unconfirmed)
    return Totals(
        all=overall(required.minutes, categories),
        categories=categories,
        competencies=figures(required.competencies, competencies, open_competencies),
        sequence=sequence,
        forecast=_forecast(placed, rules[placed[-1].programme_version.programme_id], served),
    )


def _current_versions(
    placements: list[UUID],
) -> list[tuple[EntryState, dict[str, int], list[str], int, date]]:
    rows = EntryVersion.objects.filter(
        entry__placement__in=placements, number=F("entry__version")
    ).exclude(entry__state=EntryState.VOID.value)
    values = rows.values_list(
        "entry__state", "allocations", "competencies", "net_minutes", "entry__day"
    )
    return [(EntryState(state), *rest) for state, *rest in values]


def _forecast(rows: list[Placement], rules: Rules, served: dict[date, int]) -> date | None:
    """Of the last of the placements, whose rules the days to come follow."""
    latest = rows[-1]
    today = min(local_day(timezone.now(), latest.tz), latest.last + timedelta(days=1))
    pauses = latest.pauses.filter(cancelled_at=None).values_list("first", "last")
    return forecast(rules, served, today, rows[0].first, pauses)
