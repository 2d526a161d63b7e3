"""The sums that lists and the dashboard show, kept up to the trail.

Writing hours costs nothing for them: whoever shows sums first brings those of the placements up to
date whose entries were written since (``refresh``), which the trail tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet, Sum

from practicum.data import EntryState
from practicum.models import (
    AuditEvent,
    Entry,
    FiguresHead,
    LedgerLine,
    Pause,
    Person,
    Placement,
    PlacementFigures,
    ProgrammeVersion,
)
from practicum.reports.lines import PlacementLine
from practicum.rules.programme import load_rules
from practicum.sealing import Vault
from practicum.trail import current_sequence

HEAD = 1
CHUNK = 500
MANY_EVENTS = 50_000  # from here on it is quicker to sum up everything than to read what changed
COLUMNS = {
    EntryState.LOCKED.value: "locked",
    EntryState.SUBMITTED.value: "pending",
    EntryState.DRAFT.value: "draft",
    EntryState.RETURNED.value: "returned",
}
SUMS = (*("confirmed", "locked", "pending", "draft", "returned"), "categories")


def refresh() -> int:
    """Bring the sums up to the trail's last event, and return its number."""
    known = FiguresHead.objects.filter(pk=HEAD).values_list("sequence", flat=True).first()
    sequence = current_sequence()
    return sequence if known == sequence else _catch_up()


@transaction.atomic
def _catch_up() -> int:
    FiguresHead.objects.bulk_create([FiguresHead(pk=HEAD)], ignore_conflicts=True)
    head = FiguresHead.objects.select_for_update().get(pk=HEAD)
    sequence = current_sequence()
    for placements in _chunks(_changed(head.sequence, sequence)):
        _sum_up(placements)
    head.sequence = sequence
    head.save(update_fields=["sequence"])
    return sequence


def _changed(since: int, until: int) -> Iterable[UUID]:
    """The placements whose entries were written by the events after ``since``."""
    if not since or until - since > MANY_EVENTS:
        return Placement.objects.values_list("pk", flat=True).iterator(CHUNK)
    entries: set[str] = set()
    placements: set[UUID] = set()
    events = AuditEvent.objects.filter(sequence__gt=since, sequence__lte=until)
    for rows in events.values_list("rows", flat=True).iterator(CHUNK):
        for table, key, _digest in rows:
            if table == "entry":
                entries.add(key)
            elif table == "placement":
                placements.add(UUID(key))
    for some in _chunks(entries):
        found = Entry.objects.filter(pk__in=some).values_list("placement_id", flat=True)
        placements.update(found.distinct())
    return placements


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(items)
    while some := list(islice(left, CHUNK)):
        yield some


def _sum_up(placements: Collection[UUID]) -> None:
    rows = {pk: PlacementFigures(placement_id=pk, categories={}) for pk in placements}
    waits = Q(state=EntryState.SUBMITTED.value)
    states = (
        Entry.objects.filter(placement__in=rows)
        .values("placement_id", "state")
        .annotate(
            minutes=Sum("net_minutes"),
            waiting=Count("pk", filter=waits),
            since=Min("submitted_at", filter=waits),
        )
        .order_by()
    )
    for found in states:
        row = rows[found["placement_id"]]
        if found["state"] in COLUMNS:
            setattr(row, COLUMNS[found["state"]], found["minutes"])
        row.waiting += found["waiting"]
        row.waiting_since = found["since"] or row.waiting_since
    for placement, category, minutes in _confirmed(Q(placement__in=rows)):
        row = rows[placement]
        row.confirmed += minutes
        if minutes:
            row.categories[category] = minutes
    options: dict[str, Any] = {"update_conflicts": True}
    if connection.features.supports_update_conflicts_with_target:
        options["unique_fields"] = ["placement"]
    columns = [*SUMS, "waiting", "waiting_since"]
    PlacementFigures.objects.bulk_create(list(rows.values()), update_fields=columns, **options)


def _confirmed(which: Q) -> Iterator[tuple[UUID, str, int]]:
    found = LedgerLine.objects.filter(which).values_list("placement_id", "category")
    yield from found.annotate(minutes=Sum("minutes")).order_by()


# --- Lines ----------------------------------------------------------------------------------------


def lines(
    placements: QuerySet[Placement],
    *,
    with_names: bool = False,
    first: date | None = None,
    last: date | None = None,
) -> list[PlacementLine]:
    """Placements as lines of figures, in a fixed number of queries; ``refresh`` first.

    From ``first`` to ``last``, if given, only what is confirmed for those days counts. Names are
    opened ``with_names``, which takes a while for thousands.
    """
    rows = list(
        placements.values_list(
            *("pk", "trainee_id", "trainee__id", "host_id", "host__name", "host__municipality"),
            *("cohort_id", "cohort__name", "first", "last", "programme_version_id"),
            "trainee__erased_at",
            *(f"figures__{name}" for name in SUMS),
        )
    )
    pauses = _pauses(placements)
    programmes = _programmes({row[10] for row in rows})
    names = _names(row[1] for row in rows) if with_names else {}
    served = _served(placements, first, last) if first or last else None
    found = []
    for row in rows:
        (pk, number, trainee, host, host_name, municipality, cohort, cohort_name) = row[:8]
        first_day, last_day, version, erased_at = row[8:12]
        programme, programme_name, required = programmes[version]
        confirmed, locked, pending, draft, returned, categories = row[12:]
        if served is not None:
            categories = served.get(pk, {})
            confirmed = sum(categories.values())
            locked = pending = draft = returned = 0
        found.append(
            PlacementLine(
                pk,
                trainee,
                host,
                host_name,
                programme,
                programme_name,
                first_day,
                last_day,
                names.get(number, ""),
                municipality,
                cohort,
                cohort_name or "",
                required,
                confirmed or 0,
                locked or 0,
                pending or 0,
                draft or 0,
                returned or 0,
                categories or {},
                tuple(pauses.get(pk, ())),
                erased_at is not None,
            )
        )
    return found


def _pauses(placements: QuerySet[Placement]) -> dict[UUID, list[tuple[date, date]]]:
    found: dict[UUID, list[tuple[date, date]]] = {}
    rows = Pause.objects.filter(cancelled_at=None, placement__in=placements.values("pk"))
    for pk, first, last in rows.values_list("placement_id", "first", "last"):
        found.setdefault(pk, []).append((first, last))
    return found


def _programmes(versions: Collection[UUID]) -> dict[UUID, tuple[UUID, str, int]]:
    """Programme, its name and the minutes it requires, by version."""
    rows = ProgrammeVersion.objects.filter(pk__in=versions).select_related("programme")
    return {
        row.pk: (row.programme_id, row.programme.name, load_rules(row.rules).requirement.minutes)
        for row in rows
    }


def _served(
    placements: QuerySet[Placement], first: date | None, last: date | None
) -> dict[UUID, dict[str, int]]:
    which = Q(placement__in=placements.values("pk"))
    if first is not None:
        which &= Q(day__gte=first)
    if last is not None:
        which &= Q(day__lte=last)
    found: dict[UUID, dict[str, int]] = {}
    for placement, category, minutes in _confirmed(which):
        if minutes:
            found.setdefault(placement, {})[category] = minutes
    return found


def minutes_by_day(
    placements: QuerySet[Placement], first: date, last: date
) -> dict[UUID, dict[date, int]]:
    """Confirmed minutes by placement and day."""
    rows = (
        LedgerLine.objects.filter(
            placement__in=placements.values("pk"), day__gte=first, day__lte=last
        )
        .values_list("placement_id", "day")
        .annotate(minutes=Sum("minutes"))
        .order_by()
    )
    found: dict[UUID, dict[date, int]] = {}
    for placement, day, minutes in rows:
        if minutes:
            found.setdefault(placement, {})[day] = minutes
    return found


def _names(numbers: Iterable[int]) -> dict[int, str]:
    wanted = set(numbers)
    vault = Vault(wanted)
    rows = Person.objects.filter(pk__in=wanted).values_list("pk", "sealed_name")
    return {pk: vault.open(pk, sealed) for pk, sealed in rows}
