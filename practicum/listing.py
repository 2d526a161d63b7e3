"""Lists for coordinators: placements and entries, found by what is looked for, page by page.

Names are sealed, so the database can neither search nor sort by them: looking for a name opens
those of everybody, and only then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from documents.collation import sort_key
from practicum import figures
from practicum.dashboard import AFTERWARDS, overdue_before
from practicum.data import Actor, EntryRecord, EntryState
from practicum.models import Entry, LedgerLine, Mandate, Person, Placement
from practicum.people import require_coordinator
from practicum.reading import entry_records
from practicum.reports.lines import PlacementLine, by_person
from practicum.sealing import Vault

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; nothing narrows nothing.

    ``search`` is looked for in trainees' names. ``when`` is of placements: ``running``, ``ending``
    (within thirty days), ``over``, ``coming``, ``behind`` plan, or ``lately``: what the dashboard
    counts.
    """

    search: str = ""
    cohort: UUID | None = None
    host: UUID | None = None
    mentor: UUID | None = None
    placement: UUID | None = None
    category: str = ""
    states: tuple[EntryState, ...] = ()
    first: date | None = None
    last: date | None = None
    when: str = ""
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found; ``has_more`` tells whether another follows."""

    items: Sequence[PlacementLine] | Sequence[EntryRecord]
    page: int
    has_more: bool
    names: dict[UUID, str] = field(default_factory=dict)
    places: dict[UUID, PlacementLine] = field(default_factory=dict)


def found_placements(
    actor: Actor, wanted: Wanted, *, sort: str = "", language: str = "en", page: int = 1
) -> Found:
    """Placements with their figures, the latest first or by ``name``, ``host`` or ``last``.

    Coordinators. Sums are as of the trail's last event.
    """
    require_coordinator(actor)
    figures.refresh()
    rows = _placements(wanted)
    if sort == "name" or wanted.when == "behind":
        lines = figures.lines(rows, with_names=True)
        if wanted.when == "behind":
            lines = _behind(lines)
        if sort == "name":
            key = sort_key(language)
            lines.sort(key=lambda line: (not line.trainee_name, key(line.trainee_name), line.first))
        kept = lines[(page - 1) * PAGE : page * PAGE + 1]
    else:
        order = {"host": ("host__name", "first"), "last": ("last", "first")}
        rows = rows.order_by(*order.get(sort, ("-first",)), "pk")
        ids = list(rows.values_list("pk", flat=True)[(page - 1) * PAGE : page * PAGE + 1])
        by_id = {
            line.placement: line
            for line in figures.lines(Placement.objects.filter(pk__in=ids), with_names=True)
        }
        kept = [by_id[pk] for pk in ids]
    return Found(kept[:PAGE], page, len(kept) > PAGE)


def _behind(lines: Sequence[PlacementLine]) -> list[PlacementLine]:
    today = timezone.now().date()
    late = [one for one in by_person(lines) if one.behind(today)]
    late.sort(key=lambda one: -one.behind(today))
    return [line for one in late for line in one.lines]


def _placements(wanted: Wanted) -> QuerySet[Placement]:
    rows = Placement.objects.order_by()
    today = timezone.now().date()
    running = Q(first__lte=today, last__gte=today)
    lately = Q(first__lte=today, last__gte=today - AFTERWARDS)
    spans = {
        "running": running,
        "ending": Q(last__gte=today, last__lte=today + timedelta(days=30)),
        "over": Q(last__lt=today),
        "coming": Q(first__gt=today),
        "behind": lately,
        "lately": lately,
    }
    if wanted.when in spans:
        rows = rows.filter(spans[wanted.when])
    if wanted.cohort is not None:
        rows = rows.filter(cohort=wanted.cohort)
    if wanted.host is not None:
        rows = rows.filter(host=wanted.host)
    if wanted.placement is not None:
        rows = rows.filter(pk=wanted.placement)
    if wanted.mentor is not None:
        mandates = Mandate.objects.filter(
            placement=OuterRef("pk"), mentor__id=wanted.mentor, revoked_at=None
        )
        rows = rows.filter(Exists(mandates))
    if wanted.search.strip():
        rows = rows.filter(trainee__in=_named(wanted.search))
    return rows


def _named(search: str) -> list[int]:
    """The people whose names have all of the words, whatever their case."""
    words = search.casefold().split()
    people = list(
        Person.objects.filter(erased_at=None, placements__isnull=False)
        .values_list("pk", "sealed_name")
        .distinct()
    )
    vault = Vault(pk for pk, _sealed in people)
    found = []
    for pk, sealed in people:
        name = vault.open(pk, sealed).casefold()
        if all(word in name for word in words):
            found.append(pk)
    return found


def found_entries(actor: Actor, wanted: Wanted, *, page: int = 1) -> Found:
    """Entries with the placements they belong to, the latest days first. Coordinators."""
    require_coordinator(actor)
    rows = _entries(wanted).order_by("-day", "pk")
    records = entry_records(rows[(page - 1) * PAGE : page * PAGE + 1])
    ids = {record.placement for record in records}
    lines = figures.lines(Placement.objects.filter(pk__in=ids).order_by(), with_names=True)
    return Found(
        records[:PAGE],
        page,
        len(records) > PAGE,
        places={line.placement: line for line in lines},
    )


def _entries(wanted: Wanted) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    if wanted.states:
        rows = rows.filter(state__in=[state.value for state in wanted.states])
    else:
        rows = rows.exclude(state=EntryState.VOID.value)
    if wanted.first is not None:
        rows = rows.filter(day__gte=wanted.first)
    if wanted.last is not None:
        rows = rows.filter(day__lte=wanted.last)
    if wanted.is_overdue:
        rows = rows.filter(state=EntryState.SUBMITTED.value, submitted_at__lt=overdue_before())
    if wanted.mentor is not None:
        mandates = Mandate.objects.filter(
            Q(last=None) | Q(last__gte=OuterRef("day")),
            placement=OuterRef("placement"),
            mentor__id=wanted.mentor,
            first__lte=OuterRef("day"),
            revoked_at=None,
        )
        rows = rows.filter(Exists(mandates))
    if wanted.category:
        lines = LedgerLine.objects.filter(entry=OuterRef("pk"), category=wanted.category)
        rows = rows.filter(Exists(lines))
    if wanted.placement is not None:
        return rows.filter(placement=wanted.placement)
    if wanted.search.strip() or wanted.cohort or wanted.host or wanted.when:
        rows = rows.filter(placement__in=_placements(wanted).values("pk"))
    return rows
