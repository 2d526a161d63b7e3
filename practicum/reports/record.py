"""The individual record of practice: a placement's entries with their signatures, and totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from practicum.canonical import plain
from practicum.data import EntryRecord, EntryState, Figure, PlacementRecord, Totals, gettext_noop
from practicum.reports.table import (
    ALL,
    HOST,
    MENTOR,
    SCHOOL,
    TRAINEE,
    Column,
    Fact,
    Kind,
    Report,
    Row,
    Section,
    Signer,
    Value,
)
from practicum.rules import machine
from practicum.rules.calendar import zone

STATES = {
    EntryState.DRAFT: gettext_noop("draft"),
    EntryState.SUBMITTED: gettext_noop("waits"),
    EntryState.RETURNED: gettext_noop("returned"),
    EntryState.APPROVED: gettext_noop("approved"),
    EntryState.LOCKED: gettext_noop("locked"),
    EntryState.VOID: gettext_noop("void"),
}
ENTRY_COLUMNS = (
    Column("day", gettext_noop("Day"), Kind.DAY),
    Column("start", gettext_noop("Start"), Kind.CLOCK),
    Column("end", gettext_noop("End"), Kind.CLOCK),
    Column("break", gettext_noop("Break (minutes)"), Kind.COUNT),
    Column("hours", gettext_noop("Hours"), Kind.HOURS),
    Column("activities", gettext_noop("Activities")),
    Column("text", gettext_noop("What was done")),
    Column("state", gettext_noop("State"), Kind.LABEL),
    Column("signed_by", gettext_noop("Signed by")),
    Column("signed_at", gettext_noop("Signed"), Kind.DAY),
)
FIGURE_COLUMNS = (
    Column("required", gettext_noop("Required"), Kind.HOURS),
    Column("confirmed", gettext_noop("Confirmed"), Kind.HOURS),
    Column("waiting", gettext_noop("Waiting"), Kind.HOURS),
    Column("draft", gettext_noop("Draft"), Kind.HOURS),
    Column("returned", gettext_noop("Returned"), Kind.HOURS),
)
CONFIRMING = ("approve", "countersign", "amend")


@dataclass(frozen=True, slots=True)
class PlacementReport:
    """A placement with its entries in order and the totals that they make."""

    placement: PlacementRecord
    entries: tuple[EntryRecord, ...]
    totals: Totals


def placement_report(
    placement: PlacementRecord, entries: Iterable[EntryRecord], totals: Totals
) -> PlacementReport:
    """A report on what is not void, by start."""
    kept = [entry for entry in entries if entry.state is not EntryState.VOID]
    kept.sort(key=lambda entry: (entry.values.start, entry.id))
    return PlacementReport(placement, tuple(kept), totals)


def as_json(report: PlacementReport) -> dict[str, Any]:
    """The record with all there is of each entry, as JSON types: moments in UTC, minutes whole."""
    placement = plain(report.placement)
    return {
        "placement": {
            name: placement[name]
            for name in (
                "id",
                "trainee",
                "trainee_name",
                "host_name",
                "programme_name",
                "first",
                "last",
                "tz",
            )
        },
        "sequence": report.totals.sequence,
        "totals": plain(report.totals),
        "entries": [plain(entry) for entry in report.entries],
    }


def record_of_practice(report: PlacementReport, names: Mapping[str, str]) -> Report:
    """The record as a report; ``names`` are those of categories and competencies by code."""
    placement, totals = report.placement, report.totals
    return Report(
        kind="record",
        title=gettext_noop("Record of practice"),
        first=placement.first,
        last=placement.last,
        sequence=totals.sequence,
        minutes=totals.all.confirmed,
        placements=(placement.id,),
        facts=facts_of(placement),
        sections=(
            _figures(gettext_noop("Hours by activity"), totals.categories, names, totals.all),
            _figures(gettext_noop("Hours by competency"), totals.competencies, names),
            Section(
                gettext_noop("Entries"),
                columns=ENTRY_COLUMNS,
                rows=tuple(entry_row(entry, placement.tz, names) for entry in report.entries),
                totals=entry_totals(report.entries),
            ),
        ),
        signers=signers_of(placement),
        is_wide=True,
    )


def facts_of(placement: PlacementRecord) -> tuple[Fact, ...]:
    """Who practises where, when, in which programme, answered for by whom."""
    return (
        Fact("trainee", TRAINEE, placement.trainee_name),
        Fact("host", gettext_noop("Host library"), placement.host_name),
        Fact("programme", gettext_noop("Programme of practice"), placement.programme_name),
        Fact("first", gettext_noop("First day"), placement.first, Kind.DAY),
        Fact("last", gettext_noop("Last day"), placement.last, Kind.DAY),
        Fact("mentors", gettext_noop("Mentors"), "; ".join(_mentors(placement))),
    )


def _mentors(placement: PlacementRecord) -> list[str]:
    names = [one.name for one in placement.mandates if not one.is_revoked and one.name]
    return list(dict.fromkeys(names))


def signers_of(placement: PlacementRecord) -> tuple[Signer, ...]:
    """Who signs a printed report on a placement."""
    mentors = _mentors(placement)
    return (
        Signer(TRAINEE, placement.trainee_name),
        Signer(MENTOR, mentors[0] if len(mentors) == 1 else ""),
        Signer(SCHOOL),
    )


def host_signers() -> tuple[Signer, ...]:
    """Who signs a printed report on a host."""
    return (Signer(HOST), Signer(SCHOOL))


def _figures(
    title: str, figures: Iterable[Figure], names: Mapping[str, str], whole: Figure | None = None
) -> Section:
    first = Column("name", gettext_noop("Name"))
    return Section(
        title,
        columns=(first, *FIGURE_COLUMNS),
        rows=tuple((names.get(one.code, one.code), *_minutes(one)) for one in figures),
        totals=(ALL, *_minutes(whole)) if whole is not None else (),
    )


def _minutes(figure: Figure) -> Row:
    return (figure.required, figure.confirmed, figure.pending, figure.draft, figure.returned)


def entry_row(entry: EntryRecord, tz: str, names: Mapping[str, str]) -> Row:
    """An entry under ``ENTRY_COLUMNS``, in the placement's time zone."""
    values = entry.values
    signed = [
        one
        for one in entry.signatures
        if one.kind in CONFIRMING
        and one.content_hash == entry.content_hash
        and not one.is_withdrawn
        and entry.state in machine.COUNTED
    ]
    local = zone(tz)
    last: date | None = max((one.at.astimezone(local).date() for one in signed), default=None)
    return (
        entry.day,
        values.start.astimezone(local).time(),
        values.end.astimezone(local).time(),
        values.break_minutes,
        entry.net_minutes,
        activities(values.allocations, names),
        values.text,
        STATES[entry.state],
        "; ".join(dict.fromkeys(one.name for one in signed)),
        last,
    )


def activities(allocations: Mapping[str, int], names: Mapping[str, str]) -> str:
    """Minutes by activity in words; only the names where there is but one."""
    if len(allocations) == 1:
        return "".join(names.get(code, code) for code in allocations)
    return "; ".join(
        f"{names.get(code, code)} {minutes // 60}:{minutes % 60:02}"
        for code, minutes in sorted(allocations.items())
    )


def entry_totals(entries: Iterable[EntryRecord]) -> Row:
    """The row under entries: the sum of their hours, whatever their state."""
    minutes: Value = sum(entry.net_minutes for entry in entries)
    return (ALL, None, None, None, minutes, None, None, None, None, None)
