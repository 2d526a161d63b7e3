"""Reports on what an actor sees, from the rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from documents.collation import sort_key
from practicum import figures
from practicum.attending import absences, weeks
from practicum.data import Actor, gettext_noop
from practicum.errors import InvalidValue, NotFound
from practicum.models import Absence, Category, Cohort, Competency, HostLibrary, Placement
from practicum.people import require_coordinator
from practicum.reading import entries
from practicum.reports.monthly import month_of, monthly_sheet
from practicum.reports.record import (
    PlacementReport,
    as_json,
    placement_report,
    record_of_practice,
)
from practicum.reports.summaries import cohort_summary, funders_report, host_summary
from practicum.reports.table import Report
from practicum.reports.weekly import WeekText, report_book
from practicum.surveying import placement, totals

__all__ = [
    "KINDS",
    "ReportKind",
    "ReportRequest",
    "as_json",
    "count_rows",
    "make_report",
    "report_on",
]


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report: what it is on, and whether it is of days that are asked for."""

    name: str
    title: str
    of: str  # "placement", "cohort", "host" or nothing
    has_days: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        ReportKind("record", gettext_noop("Record of practice"), "placement"),
        ReportKind("weekly", gettext_noop("Weekly report book"), "placement"),
        ReportKind("cohort", gettext_noop("Summary of a cohort"), "cohort", has_days=True),
        ReportKind("host", gettext_noop("Summary of a host library"), "host", has_days=True),
        ReportKind("monthly", gettext_noop("Monthly sheet"), "", has_days=True),
        ReportKind("funder", gettext_noop("Report for funders"), "", has_days=True),
    )
}


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Which report: ``kind`` on ``placement``, ``cohort`` or ``host`` (or all), for some days.

    Without days, all that is confirmed counts. ``language`` decides on the order of names.
    """

    kind: str
    placement: UUID | None = None
    cohort: UUID | None = None
    host: UUID | None = None
    first: date | None = None
    last: date | None = None
    language: str = "en"

    def plain(self) -> dict[str, Any]:
        """The request as JSON types."""
        return {
            name: None if value is None else str(value)
            for name, value in ((one, getattr(self, one)) for one in self.__dataclass_fields__)
        }

    @classmethod
    def of_plain(cls, stored: dict[str, Any]) -> ReportRequest:
        """The request that :meth:`plain` wrote; raises ``ValueError`` for what is none."""
        ids = {name: _read(UUID, stored.get(name)) for name in ("placement", "cohort", "host")}
        days = {name: _read(date.fromisoformat, stored.get(name)) for name in ("first", "last")}
        return cls(stored["kind"], **ids, **days, language=stored["language"])


def _read(read: Any, text: str | None) -> Any:
    return read(text) if text else None


def report_on(actor: Actor, of: UUID) -> PlacementReport:
    """The individual record of practice of a placement with all its values; raises ``NotFound``."""
    with transaction.atomic():
        return placement_report(
            placement(actor, of), entries(actor, placement=of), totals(actor, of)
        )


def make_report(actor: Actor, wanted: ReportRequest) -> Report:
    """The report that is asked for.

    Those on one placement for whoever sees it, others for coordinators. Raises ``NotFound``,
    ``NotAllowed``, ``InvalidValue``.
    """
    if wanted.first and wanted.last and wanted.last < wanted.first:
        raise InvalidValue(what="last day")
    if wanted.kind in ("record", "weekly"):
        return _on_placement(actor, wanted)
    require_coordinator(actor)
    with transaction.atomic():
        return _on_many(wanted)


def count_rows(actor: Actor, wanted: ReportRequest) -> int:
    """About how many rows a report on many will have: one for each placement. Coordinators."""
    require_coordinator(actor)
    return chosen_placements(wanted).count()


def _on_placement(actor: Actor, wanted: ReportRequest) -> Report:
    if wanted.placement is None:
        raise NotFound(what="placement")
    with transaction.atomic():
        report = report_on(actor, wanted.placement)
        names = _names_of(Category) | _names_of(Competency)
        if wanted.kind == "record":
            return record_of_practice(report, names)
        texts = [
            WeekText(week.monday, week.text, week.reflection)
            for week in weeks(actor, wanted.placement)
        ]
        kinds = dict(Absence.KINDS)
        missed = [
            (one.day, str(kinds.get(one.kind, one.kind)))
            for one in absences(actor, wanted.placement)
        ]
        return report_book(report, texts, missed, names)


def _names_of(model: type[Category] | type[Competency]) -> dict[str, str]:
    return dict(model.objects.values_list("code", "name"))


def _on_many(wanted: ReportRequest) -> Report:
    sequence = figures.refresh()
    placements = chosen_placements(wanted)
    key, categories = sort_key(wanted.language), _names_of(Category)
    name = _name_of(wanted)
    if wanted.kind == "monthly":
        first, last = month_of(wanted.first or timezone.now().date())
        found = figures.lines(placements, with_names=True, first=first, last=last)
        minutes = figures.minutes_by_day(placements, first, last)
        missed = _missed(placements, first, last)
        return monthly_sheet(first, found, minutes, missed, sequence, name=name, key=key)
    found = figures.lines(
        placements,
        with_names=wanted.kind != "funder",
        first=wanted.first,
        last=wanted.last,
    )
    first, last = _span(placements, wanted)
    if wanted.kind == "funder":
        return funders_report(found, first, last, sequence, categories=categories, key=key)
    if wanted.kind == "cohort":
        return cohort_summary(name, found, first, last, sequence, categories=categories, key=key)
    if wanted.kind == "host":
        return host_summary(name, found, first, last, sequence, categories=categories, key=key)
    raise NotFound(what="report")


def chosen_placements(wanted: ReportRequest) -> QuerySet[Placement]:
    """The placements that a report on many is on."""
    rows = Placement.objects.order_by("first", "pk")
    if wanted.cohort is not None:
        rows = rows.filter(cohort=wanted.cohort)
    if wanted.host is not None:
        rows = rows.filter(host=wanted.host)
    if wanted.first is not None:
        rows = rows.filter(last__gte=wanted.first)
    if wanted.last is not None:
        rows = rows.filter(first__lte=wanted.last)
    return rows


def _name_of(wanted: ReportRequest) -> str:
    names = []
    for model, pk, what in ((Cohort, wanted.cohort, "cohort"), (HostLibrary, wanted.host, "host")):
        if pk is not None:
            row: Any = model._default_manager.filter(pk=pk).first()
            if row is None:
                raise NotFound(what=what)
            names.append(row.name)
        elif wanted.kind == what:
            raise NotFound(what=what)
    return " · ".join(names)


def _span(placements: QuerySet[Placement], wanted: ReportRequest) -> tuple[date, date]:
    found = placements.order_by().aggregate(first=Min("first"), last=Max("last"))
    today = timezone.now().date()
    first = wanted.first or found["first"] or today
    return first, wanted.last or max(found["last"] or today, first)


def _missed(placements: QuerySet[Placement], first: date, last: date) -> dict[UUID, set[date]]:
    rows = Absence.objects.filter(
        placement__in=placements.values("pk"), day__gte=first, day__lte=last, is_withdrawn=False
    )
    found: dict[UUID, set[date]] = {}
    for pk, day in rows.values_list("placement_id", "day"):
        found.setdefault(pk, set()).add(day)
    return found
