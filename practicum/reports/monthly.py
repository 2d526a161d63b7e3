"""The monthly sheet, as payrolls want it: a row for each trainee, a column for each day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from practicum.data import gettext_noop
from practicum.reports.lines import PlacementLine
from practicum.reports.summaries import ERASED
from practicum.reports.table import (
    SCHOOL,
    TRAINEE,
    Column,
    Fact,
    Kind,
    NameKey,
    Report,
    Row,
    Section,
    Signer,
    total_of,
)

ABSENT = Column("absent", gettext_noop("Days absent"), Kind.COUNT)
SERVED = Column("days", gettext_noop("Days served"), Kind.COUNT)
SUM = Column("hours", gettext_noop("Hours"), Kind.HOURS)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def monthly_sheet(
    month: date,
    lines: Iterable[PlacementLine],
    minutes: Mapping[UUID, Mapping[date, int]],
    absences: Mapping[UUID, Collection[date]],
    sequence: int,
    *,
    name: str = "",
    key: NameKey = str,
) -> Report:
    """Confirmed ``minutes`` by placement and day of the month, with days of absence counted.

    Why somebody was absent is not said. ``name`` is the cohort's or the host's, if it is of one.
    Placements without either are left out.
    """
    first, last = month_of(month)
    days = [Column(f"{number:02}", str(number), Kind.HOURS, is_plain=True) for number in _of(last)]
    columns = (Column("trainee", TRAINEE), *days, SERVED, ABSENT, SUM)
    kept = [line for line in lines if minutes.get(line.placement) or absences.get(line.placement)]
    kept.sort(key=lambda line: (not line.trainee_name, key(line.trainee_name), line.first))
    rows = tuple(
        _row(line, last, minutes.get(line.placement, {}), absences.get(line.placement, ()))
        for line in kept
    )
    whole = sum(sum(minutes.get(line.placement, {}).values()) for line in kept)
    facts = (
        Fact("month", gettext_noop("Month"), f"{first:%m/%Y}"),
        *((Fact("of", gettext_noop("Of"), name),) if name else ()),
        Fact("confirmed", gettext_noop("Confirmed hours"), whole, Kind.HOURS),
    )
    return Report(
        kind="monthly",
        title=gettext_noop("Monthly sheet"),
        first=first,
        last=last,
        sequence=sequence,
        minutes=whole,
        placements=tuple(line.placement for line in kept),
        facts=facts,
        sections=(
            Section(
                gettext_noop("Hours by day"),
                columns=columns,
                rows=rows,
                totals=total_of(rows, columns),
            ),
        ),
        signers=(Signer(SCHOOL),),
        is_wide=True,
    )


def _of(last: date) -> range:
    return range(1, last.day + 1)


def _row(
    line: PlacementLine, last: date, minutes: Mapping[date, int], absences: Collection[date]
) -> Row:
    by_day = [minutes.get(last.replace(day=number)) for number in _of(last)]
    served = sum(1 for amount in by_day if amount)
    whole = sum(amount or 0 for amount in by_day)
    return (line.trainee_name or ERASED, *by_day, served, len(absences), whole)
