"""The coordinators' dashboard, in a fixed number of queries however many entries there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q, Sum
from django.utils import timezone

from practicum import figures
from practicum.data import Actor
from practicum.models import Category, HostLibrary, Person, Placement, PlacementFigures
from practicum.people import require_coordinator
from practicum.reports.overview import SHOWN, Overview, overview
from practicum.sealing import Vault

OVERDUE = timedelta(days=7)
AFTERWARDS = timedelta(days=30)  # how long a placement that is over is still looked at


@dataclass(frozen=True, slots=True)
class Overdue:
    """A mentor with ``entries`` that wait, the oldest ``since`` more than ``OVERDUE``."""

    mentor: UUID
    name: str
    entries: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the dashboard shows, as of the trail's event ``sequence``.

    ``names`` are those of the trainees on it and of the activity categories, by id and code.
    """

    overview: Overview
    overdue: tuple[Overdue, ...]
    people: dict[UUID, str]
    categories: dict[str, str]
    today: date
    sequence: int


def dashboard(
    actor: Actor,
    *,
    cohort: UUID | None = None,
    host: UUID | None = None,
    is_of_all: bool = False,
) -> Dashboard:
    """How practice stands: of placements that run or were over lately, or ``is_of_all``.

    Coordinators.
    """
    require_coordinator(actor)
    sequence = figures.refresh()
    today = timezone.now().date()
    placements = Placement.objects.order_by()
    if not is_of_all:
        placements = placements.filter(first__lte=today, last__gte=today - AFTERWARDS)
    if cohort is not None:
        placements = placements.filter(cohort=cohort)
    if host is not None:
        placements = placements.filter(host=host)
    hosts = HostLibrary.objects.filter(merged_into=None)
    if host is not None:
        hosts = hosts.filter(pk=host)
    found = overview(figures.lines(placements), hosts.values_list("pk", "name", "capacity"), today)
    return Dashboard(
        overview=found,
        overdue=_overdue(cohort, host),
        people=_people(found),
        categories=dict(Category.objects.values_list("code", "name")),
        today=today,
        sequence=sequence,
    )


def overdue_before() -> datetime:
    """Entries submitted before this moment have waited for too long."""
    return timezone.now() - OVERDUE


def _overdue(cohort: UUID | None, host: UUID | None) -> tuple[Overdue, ...]:
    """From the placements' sums: those whose oldest entry has waited for too long."""
    before = overdue_before()
    late = Q(waiting_since__lt=before)
    if cohort is not None:
        late &= Q(placement__cohort=cohort)
    if host is not None:
        late &= Q(placement__host=host)
    mandate = Q(
        Q(placement__mandates__last=None) | Q(placement__mandates__last__gte=before.date()),
        placement__mandates__revoked_at=None,
        placement__mandates__first__lte=before.date(),
    )
    rows = list(
        PlacementFigures.objects.filter(late, mandate)
        .values_list(
            "placement__mandates__mentor_id",
            "placement__mandates__mentor__id",
            "placement__mandates__mentor__sealed_name",
        )
        .annotate(entries=Sum("waiting"), since=Min("waiting_since"))
        .order_by("-entries", "since")[:SHOWN]
    )
    vault = Vault(row[0] for row in rows)
    return tuple(
        Overdue(mentor, vault.open(number, sealed), entries, since)
        for number, mentor, sealed, entries, since in rows
    )


def _people(found: Overview) -> dict[UUID, str]:
    wanted = {one.total.trainee for one in found.behind} | {one.trainee for one in found.ending}
    rows = list(Person.objects.filter(id__in=wanted))
    vault = Vault(row.pk for row in rows)
    return {row.id: vault.open(row.pk, row.sealed_name) for row in rows}
