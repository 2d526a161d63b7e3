"""The weekly report book: a page for each ISO week, with what was written and served."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from practicum.data import EntryRecord, gettext_noop
from practicum.reports.record import (
    ENTRY_COLUMNS,
    PlacementReport,
    entry_row,
    entry_totals,
    facts_of,
    signers_of,
)
from practicum.reports.table import Column, Kind, Report, Section
from practicum.rules.calendar import week_of

REPORT = gettext_noop("What the trainee reports")
REFLECTION = gettext_noop("What the trainee learned")
ABSENCE_COLUMNS = (
    Column("day", gettext_noop("Day"), Kind.DAY),
    Column("absence", gettext_noop("Absence")),
)


@dataclass(frozen=True, slots=True)
class WeekText:
    """What a trainee wrote about the week that begins with ``monday``."""

    monday: date
    text: str
    reflection: str


def report_book(
    report: PlacementReport,
    weeks: Iterable[WeekText],
    absences: Iterable[tuple[date, str]],
    names: Mapping[str, str],
) -> Report:
    """Weeks in which something was served, written or missed; ``absences`` are days with kinds."""
    placement = report.placement
    by_week: dict[date, list[EntryRecord]] = {}
    for entry in report.entries:
        by_week.setdefault(week_of(entry.day), []).append(entry)
    texts = {week.monday: week for week in weeks}
    missed: dict[date, list[tuple[date, str]]] = {}
    for day, kind in absences:
        missed.setdefault(week_of(day), []).append((day, kind))
    mondays = sorted({*by_week, *texts, *missed})
    sections: list[Section] = []
    for number, monday in enumerate(mondays):
        sections += _week(
            monday,
            by_week.get(monday, []),
            texts.get(monday),
            missed.get(monday, []),
            placement.tz,
            names,
            is_on_new_page=number > 0,
        )
    return Report(
        kind="weekly",
        title=gettext_noop("Weekly report book"),
        first=placement.first,
        last=placement.last,
        sequence=report.totals.sequence,
        minutes=report.totals.all.confirmed,
        placements=(placement.id,),
        facts=facts_of(placement),
        sections=tuple(sections),
        signers=signers_of(placement),
        is_wide=True,
    )


def _week(
    monday: date,
    entries: list[EntryRecord],
    text: WeekText | None,
    absences: list[tuple[date, str]],
    tz: str,
    names: Mapping[str, str],
    *,
    is_on_new_page: bool,
) -> list[Section]:
    written = ((REPORT, text.text), (REFLECTION, text.reflection)) if text is not None else ()
    sections = [
        Section(
            gettext_noop("Week %(week)s: %(first)s – %(last)s"),  # noqa: RUF001  # a range
            params={
                "week": f"{monday.isocalendar().week}/{monday.isocalendar().year}",
                "first": monday,
                "last": monday + timedelta(days=6),
            },
            columns=ENTRY_COLUMNS if entries else (),
            rows=tuple(entry_row(entry, tz, names) for entry in entries),
            totals=entry_totals(entries) if entries else (),
            texts=tuple((label, body) for label, body in written if body.strip()),
            is_on_new_page=is_on_new_page,
        )
    ]
    if absences:
        sections.append(
            Section(
                gettext_noop("Days of absence"),
                columns=ABSENCE_COLUMNS,
                rows=tuple(sorted(absences)),
            )
        )
    return sections
